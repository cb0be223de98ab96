//! From a character of ours to a card.

use std::collections::BTreeMap;

use super::{
    Card, Exported, Imported, Spec, book,
    draft::Draft,
    files::{hello_id, talk_id},
    import::{import, language_of},
    talk::{Talk, joined, written},
    told::{told, untagged},
    world::{NO_ROLE, Origin, World},
};
use crate::{
    mind::{Library, Lines, exemplars::Exemplar, lore::Fact},
    persona::{Language, PersonaSheet},
};

/// How many talks that the card did not have are put into it.
const NEW_TALKS: usize = 12;
/// From which affinity on a dialogue is not for strangers.
const CLOSE: u8 = 35;
/// Topics of dialogues that belong to us alone: they are about rules, or about one fan.
const OURS: [&str; 8] =
    ["greeting", "safety", "injection", "secret", "troll", "crush", "memory", "unknown"];

/// What becomes a card.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// Who it is.
    pub sheet: &'a PersonaSheet,
    /// What was written for the character.
    pub library: &'a Library,
    /// The card that the character was imported from.
    pub kept: Option<&'a Card>,
    /// The form to write; that of the kept card, or V2, if there is none.
    pub spec: Option<Spec>,
    /// The language of lines, dialogues and lore; that of the kept card, or English.
    pub language: Option<Language>,
    /// Now, in seconds since 1970: a card of V3 says when it was changed last.
    pub now: Option<u64>,
}

impl<'a> Export<'a> {
    /// A character that was never a card.
    #[must_use]
    pub const fn new(sheet: &'a PersonaSheet, library: &'a Library) -> Self {
        Self { sheet, library, kept: None, spec: None, language: None, now: None }
    }

    /// The card.
    #[must_use]
    pub fn card(&self) -> Exported {
        let spec = self.spec.or(self.kept.map(Card::spec)).unwrap_or(Spec::V2).max(Spec::V2);
        let made = self.kept.map(|card| import(card, &self.sheet.id));
        let language = self.language.or(self.kept.map(language_of)).unwrap_or_default();
        let mut draft = Draft::of(self.kept);
        self.describe(made.as_ref(), &mut draft);
        self.greet(made.as_ref(), language, &mut draft);
        self.talk(made.as_ref(), language, &mut draft);
        let kept_back = self.lore(made.as_ref(), language, &mut draft);
        let note = || format!("{kept_back} facts that are not public were left out");
        let notes = (kept_back > 0).then(note).into_iter().collect();
        Exported::new(spec, draft.finished(spec, self.now), notes)
    }

    /// Name, description, personality and scenario.
    fn describe(&self, made: Option<&Imported>, draft: &mut Draft) {
        let sheet = self.sheet;
        if made.is_none_or(|made| made.sheet.name != sheet.name) {
            let nickname = self.kept.is_some_and(|card| !card.data().nickname.trim().is_empty());
            draft.set(if nickname { "nickname" } else { "name" }, sheet.name.as_str().into());
        }
        let nothing =
            World { role: NO_ROLE.into(), temperament: String::new(), sentences: Vec::new() };
        let world = made.map_or(&nothing, |made| &made.world);
        let changed = world.changed(&sheet.world);
        let now = |origin| world.now(origin, &changed).join("\n");
        if changed.contains_key(&Origin::Scenario) {
            draft.set("scenario", now(Origin::Scenario).into());
        }
        if sheet.temperament != world.temperament || changed.contains_key(&Origin::Personality) {
            let nature = [sheet.temperament.clone(), now(Origin::Personality)];
            draft.set("personality", lines(nature).into());
        }
        let is_same = sheet.role == world.role && !changed.contains_key(&Origin::Description);
        let known = self.kept.filter(|_| is_same).map(|card| card.data().description.clone());
        let role = (sheet.role != NO_ROLE)
            .then(|| format!("{{{{char}}}} is {}.", sheet.role.trim_end_matches('.')));
        let told_now = || lines([role.unwrap_or_default(), now(Origin::Description)]);
        let more = told(sheet);
        if known.is_none() || !more.is_empty() {
            let description = known.unwrap_or_else(told_now);
            draft.set("description", lines([description, more.join("\n")]).into());
        }
        for (origin, told) in &changed {
            if let Origin::Entry(at) = origin {
                draft.set_entry(*at, "content", told.join("\n").into());
            }
        }
    }

    /// The greetings: as the card had them, where the line is still what it was.
    fn greet(&self, made: Option<&Imported>, language: Language, draft: &mut Draft) {
        let lines = self.library.lines(&self.sheet.id).into_iter().flat_map(Lines::iter);
        let own = lines.filter(|(moment, of, _)| *moment == "greeting" && *of == language);
        let now: Vec<&str> = own.map(|(_, _, line)| line).collect();
        let before = made.map_or(&[][..], |made| &made.greetings);
        if now.is_empty() || made.is_some_and(|made| made.lines().eq(now.iter().copied())) {
            return;
        }
        let original = |line: &str| {
            let same = before.iter().find(|greeting| greeting.line.as_deref() == Some(line));
            same.map_or_else(|| untagged(line), |greeting| greeting.original.clone())
        };
        let mut greetings: Vec<String> = now.into_iter().map(original).collect();
        let wordless = before.iter().filter(|g| g.line.is_none() && !g.original.trim().is_empty());
        greetings.extend(wordless.map(|greeting| greeting.original.clone()));
        let mut greetings = greetings.into_iter();
        draft.set("first_mes", greetings.next().unwrap_or_default().into());
        draft.set("alternate_greetings", greetings.collect());
    }

    /// The talks: as the card had them, where the dialogue is still what it was.
    fn talk(&self, made: Option<&Imported>, language: Language, draft: &mut Draft) {
        let id = &self.sheet.id;
        let own = self.library.exemplars.all().iter();
        let own = own.filter(|own| own.member == *id && own.language == language);
        let mut own: BTreeMap<&str, &Exemplar> = own.map(|own| (&*own.id, own)).collect();
        own.retain(|name, _| !name.starts_with(&hello_id(id)));
        let before = made.map_or(&[][..], |made| &made.talks);
        let is_gone = own.is_empty();
        let mut is_changed = false;
        let mut all = Vec::new();
        for (at, talk) in before.iter().enumerate() {
            match own.remove(&*talk_id(id, at)).filter(|_| !talk.turns.is_empty()) {
                Some(now) if turns(now).ne(pairs(talk)) => {
                    is_changed = true;
                    all.push(plain(now));
                }
                // Where no dialogue is left, nobody says that there should be none.
                None if !talk.turns.is_empty() && !is_gone => is_changed = true,
                Some(_) | None => all.push(talk.original.clone()),
            }
        }
        let new = self.new_talks(made, own.into_values(), language);
        if is_changed || !new.is_empty() {
            draft.set("mes_example", joined(all.into_iter().chain(new)).into());
        }
    }

    /// What the card does not show yet: the examples of the sheet, then dialogues for everybody.
    fn new_talks<'e>(
        &self,
        made: Option<&Imported>,
        own: impl Iterator<Item = &'e Exemplar>,
        language: Language,
    ) -> Vec<String> {
        let examples = self.sheet.examples.iter().filter(|example| {
            let is_made = made.is_some_and(|made| made.sheet.examples.contains(example));
            example.language == language && !is_made
        });
        let examples = examples.map(|e| written([(e.fan.as_str(), untagged(&e.idol))]));
        let own = own.filter(|own| {
            let is_plain = own.facts.is_empty() && own.memory.is_empty();
            is_plain && own.affinity < CLOSE && !OURS.contains(&own.topic.as_str())
        });
        examples.chain(own.map(plain)).take(NEW_TALKS).collect()
    }

    /// The lorebook. Gives how many facts are not for everybody.
    fn lore(&self, made: Option<&Imported>, language: Language, draft: &mut Draft) -> usize {
        let facts = self.library.lore.facts();
        let known: Vec<&Fact> = facts.filter(|f| f.known_by.contains(&self.sheet.id)).collect();
        if known.is_empty() {
            return 0;
        }
        let made = made.map_or(&[][..], |made| &made.facts);
        book::update(draft.book(), made, &known, language)
    }
}

fn lines(parts: [String; 2]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn turns(dialogue: &Exemplar) -> impl Iterator<Item = (&str, &str)> {
    dialogue.turns.iter().map(|turn| (&*turn.fan, &*turn.idol))
}

fn pairs(talk: &Talk) -> impl Iterator<Item = (&str, &str)> {
    talk.turns.iter().map(|(fan, idol)| (&**fan, &**idol))
}

fn plain(dialogue: &Exemplar) -> String {
    written(turns(dialogue).map(|(fan, idol)| (fan, untagged(idol))))
}
