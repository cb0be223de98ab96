//! Writes an imported character as files of ours.

use std::{collections::BTreeMap, fmt::Write};

use serde::Serialize;

use super::{Imported, book::Told, import::hello};
use crate::persona::{Language, PersonaId};

/// What the dialogues are about. Not `greeting`: where there are few dialogues, all that is not like the
/// others would be taken for one.
const TOPIC: &str = "smalltalk";

impl Imported {
    /// The files of the character, by name: persona, lines, dialogues and lore, each if there is
    /// something in it, and the card itself.
    #[must_use]
    pub fn files(&self) -> Vec<(String, String)> {
        let id = &self.sheet.id;
        let files = [
            ("persona.ron", Some(self.persona())),
            ("lines.toml", self.greeting_lines()),
            ("dialogues.jsonl", self.dialogues()),
            ("lore.md", self.lore()),
            ("card.json", Some(self.text.clone())),
        ];
        let there = files.into_iter().filter_map(|(kind, text)| Some((kind, text?)));
        there.map(|(kind, text)| (format!("{id}.{kind}"), text)).collect()
    }

    fn persona(&self) -> String {
        let sheet = &self.sheet;
        let mut text = format!(
            "// From a character card. The guide to this file is docs/writing/persona.md.\n\
             // `{}.card.json` keeps the card; docs/writing/cards.md says what became of it.\n\
             Persona(\n    id: {},\n    name: {},\n    role: {},\n",
            sheet.id,
            quoted(sheet.id.as_str()),
            quoted(&sheet.name),
            quoted(&sheet.role)
        );
        // Writing to a string cannot fail.
        if !sheet.world.is_empty() {
            let told: String =
                sheet.world.iter().map(|told| format!("        {},\n", quoted(told))).collect();
            let _ = writeln!(text, "    world: [\n{told}    ],");
        }
        if !sheet.temperament.is_empty() {
            let _ = writeln!(text, "    temperament: {},", quoted(&sheet.temperament));
        }
        let emotions: Vec<_> =
            sheet.emotions.emotions().iter().map(|emotion| quoted(emotion.as_str())).collect();
        let _ = writeln!(text, "    emotions: [{}],", emotions.join(", "));
        if !sheet.examples.is_empty() {
            text.push_str("    examples: [\n");
            for example in &sheet.examples {
                let (fan, idol) = (quoted(&example.fan), quoted(&example.idol));
                let language = example.language;
                let _ = writeln!(
                    text,
                    "        (\n            language: {language},\n            fan: {fan},\n            \
                     idol: {idol},\n        ),"
                );
            }
            text.push_str("    ],\n");
        }
        text.push_str(")\n");
        text
    }

    fn greeting_lines(&self) -> Option<String> {
        let greeting: Vec<&str> = self.lines().collect();
        let lines = BTreeMap::from([("greeting", BTreeMap::from([(self.language, greeting)]))]);
        let written = self.lines().next().and_then(|_| toml::to_string_pretty(&lines).ok())?;
        Some(format!("# What {} says word for word at set moments.\n\n{written}", self.sheet.name))
    }

    fn dialogues(&self) -> Option<String> {
        let id = &self.sheet.id;
        let hellos = hello(self.language).into_iter().zip(self.lines().cycle()).enumerate();
        let hellos = hellos.map(|(at, (fan, line))| {
            (format!("{}{}", hello_id(id), at + 1), vec![(fan.to_owned(), line.to_owned())])
        });
        let talks = self.talks.iter().enumerate();
        let talks = talks.filter(|(_, talk)| !talk.turns.is_empty());
        let talks = talks.map(|(at, talk)| (talk_id(id, at), talk.turns.clone()));
        let lines: Vec<String> = hellos
            .chain(talks)
            .filter_map(|(name, turns)| dialogue(id, self.language, &name, &turns))
            .collect();
        (!lines.is_empty()).then(|| lines.concat())
    }

    fn lore(&self) -> Option<String> {
        if self.facts.is_empty() {
            return None;
        }
        let facts = self.facts.iter().filter_map(|told| fact(told, &self.sheet.id, self.language));
        let facts: Vec<String> = facts.collect();
        let name = &self.sheet.name;
        Some(format!(
            "# What {name} knows\n\nFrom the lorebook of a character card. The guide to this file is \
             docs/writing/lore.md.\n{}",
            facts.concat()
        ))
    }
}

/// The id of the dialogue that a talk of a card becomes.
pub(super) fn talk_id(id: &PersonaId, at: usize) -> String {
    format!("{id}-card-{}", at + 1)
}

/// How the ids of the dialogues begin in which fans greet.
pub(super) fn hello_id(id: &PersonaId) -> String {
    format!("{id}-card-hello-")
}

/// Text in quotes, as in RON.
fn quoted(text: &str) -> String {
    ron::to_string(text).unwrap_or_else(|_| format!("{text:?}"))
}

/// A dialogue as a file of dialogues has it.
#[derive(Serialize)]
struct DialogueText<'a> {
    id: &'a str,
    member: &'a PersonaId,
    lang: Language,
    topic: &'static str,
    affinity: u8,
    facts: [&'static str; 0],
    memory: [&'static str; 0],
    turns: Vec<TurnText<'a>>,
}

#[derive(Serialize)]
struct TurnText<'a> {
    role: &'static str,
    content: &'a str,
}

fn dialogue(
    member: &PersonaId,
    lang: Language,
    id: &str,
    turns: &[(String, String)],
) -> Option<String> {
    let turns = turns.iter().flat_map(|(fan, idol)| {
        [("user", fan), ("assistant", idol)].map(|(role, content)| TurnText { role, content })
    });
    let turns = turns.collect();
    let (facts, memory) = ([], []);
    let dialogue =
        DialogueText { id, member, lang, topic: TOPIC, affinity: 10, facts, memory, turns };
    serde_json::to_string(&dialogue).ok().map(|line| line + "\n")
}

/// A fact as a file of lore has it.
#[derive(Serialize)]
struct FactText<'a> {
    id: &'a str,
    known_by: [&'a PersonaId; 1],
    audience: &'static str,
    unlock: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    title: BTreeMap<Language, &'a str>,
    keys: BTreeMap<Language, &'a [String]>,
    text: BTreeMap<Language, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    say: BTreeMap<&'a PersonaId, BTreeMap<Language, &'a str>>,
}

fn fact(told: &Told, id: &PersonaId, language: Language) -> Option<String> {
    let title = (!told.title.is_empty()).then_some((language, told.title.as_str()));
    let say = told.say.as_deref().map(|say| (id, BTreeMap::from([(language, say)])));
    let fact = FactText {
        id: &told.id,
        known_by: [id],
        audience: "public",
        unlock: "none",
        title: title.into_iter().collect(),
        keys: BTreeMap::from([(language, told.keys.as_slice())]),
        text: BTreeMap::from([(language, told.text.as_str())]),
        say: say.into_iter().collect(),
    };
    let written = toml::to_string_pretty(&fact).ok()?;
    let heading = if told.title.is_empty() { String::new() } else { format!(" · {}", told.title) };
    Some(format!("\n## {}{heading}\n\n```toml\n{}```\n", told.id, written))
}
