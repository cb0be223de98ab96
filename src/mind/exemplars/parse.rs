//! Reads dialogues from JSON lines.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{Exchange, Exemplar};
use crate::{
    mind::{Emotion, Palette, Segment, TagParser, content::fault},
    persona::{AssetFileError, Language, PersonaId, Place},
};

/// A line of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    member: PersonaId,
    lang: Language,
    topic: String,
    affinity: u8,
    #[serde(default)]
    facts: Vec<String>,
    #[serde(default)]
    memory: Vec<String>,
    #[serde(default)]
    told: Vec<String>,
    #[serde(default)]
    vary: Vec<BTreeMap<String, String>>,
    turns: Vec<Turn>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    role: Role,
    content: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Role {
    User,
    Assistant,
}

/// What is wrong in a line: the field, and the problem with what to do.
type Problem = (String, String);

pub(super) fn from_jsonl(
    file: &str,
    text: &str,
    palette: &Palette,
) -> Result<Vec<Exemplar>, AssetFileError> {
    let mut exemplars = Vec::new();
    let mut ids = BTreeSet::new();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let exemplar = from_line(file, number, line, palette)?;
        let problem = if !exemplar.told.is_empty() || !exemplar.vary.is_empty() {
            let field = if exemplar.told.is_empty() { "vary" } else { "told" };
            Some((field, "is for training; move the dialogue to a `.training.jsonl` file".into()))
        } else if !ids.insert(exemplar.id.clone()) {
            Some((
                "id",
                format!("`{}` stands in an earlier line, too; choose another", exemplar.id),
            ))
        } else {
            None
        };
        if let Some((field, problem)) = problem {
            return Err(fault(file, Place { line: number, column: 1 }, field, problem));
        }
        exemplars.push(exemplar);
    }
    Ok(exemplars)
}

/// Reads one dialogue, which may have the fields that are for training only.
pub(super) fn from_line(
    file: &str,
    number: usize,
    line: &str,
    palette: &Palette,
) -> Result<Exemplar, AssetFileError> {
    let at =
        |(field, problem): Problem| fault(file, Place { line: number, column: 1 }, field, problem);
    exemplar_of(read(file, number, line)?, palette).map_err(at)
}

fn read(file: &str, number: usize, line: &str) -> Result<Line, AssetFileError> {
    let mut json = serde_json::Deserializer::from_str(line);
    let whole = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| (error.path().to_string(), error.into_inner()))
        .and_then(|read| json.end().map(|()| read).map_err(|error| (String::new(), error)));
    whole.map_err(|(field, error): (String, serde_json::Error)| {
        let place = Place { line: number, column: error.column().max(1) };
        // Its own "at line 1" would mislead: every line is read for itself.
        let message = error.to_string();
        let message = message.rsplit_once(" at line").map_or(&*message, |(said, _)| said);
        fault(file, place, field, format!("{message}; see the guide in docs/writing"))
    })
}

fn exemplar_of(line: Line, palette: &Palette) -> Result<Exemplar, Problem> {
    let problem = |field: &str, problem: &str| Err((field.into(), problem.into()));
    if line.id.trim().is_empty() {
        return problem("id", "empty; give the dialogue a name of its own, such as `otto-en-0001`");
    }
    if line.topic.trim().is_empty() {
        return problem("topic", "empty; say in one word what the dialogue is about");
    }
    if line.affinity > 100 {
        return problem("affinity", "more than 100; use a number from 0 to 100");
    }
    let entries = line.memory.iter().enumerate();
    let memory = entries.map(|(at, entry)| memory_of(at, entry)).collect::<Result<_, _>>()?;
    let exemplar = Exemplar {
        turns: exchanges(line.turns, palette)?,
        memory,
        told: line.told,
        vary: line.vary,
        id: line.id,
        member: line.member,
        language: line.lang,
        topic: line.topic,
        affinity: line.affinity,
        facts: line.facts,
    };
    for (at, set) in exemplar.vary.iter().enumerate() {
        if let Some(slot) = exemplar.slots().into_iter().find(|slot| !set.contains_key(*slot)) {
            let problem = format!("says nothing for `{{{slot}}}`; give each set a value for it");
            return Err((format!("vary[{at}]"), problem));
        }
    }
    match exemplar.slots().first().filter(|_| exemplar.vary.is_empty()) {
        Some(slot) => {
            let problem = format!("says nothing for `{{{slot}}}`; give it values, or no braces");
            Err(("vary".into(), problem))
        }
        None => Ok(exemplar),
    }
}

fn memory_of(at: usize, entry: &str) -> Result<(String, String), Problem> {
    match entry.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
        Some((key, value)) if !key.is_empty() && !value.is_empty() => {
            Ok((key.into(), value.into()))
        }
        _ => Err((
            format!("memory[{at}]"),
            "write it as `key=value`, such as `fan_name=Mina`".into(),
        )),
    }
}

fn exchanges(turns: Vec<Turn>, palette: &Palette) -> Result<Vec<Exchange>, Problem> {
    if turns.is_empty() || turns.len() % 2 == 1 {
        let problem = "must hold messages of `user`, each with a reply of `assistant`";
        return Err(("turns".into(), problem.into()));
    }
    for (at, turn) in turns.iter().enumerate() {
        let expected = if at % 2 == 0 { Role::User } else { Role::Assistant };
        if turn.role != expected {
            let problem = "`user` and `assistant` must alternate, `user` first";
            return Err((format!("turns[{at}].role"), problem.into()));
        }
        let content = |problem: String| (format!("turns[{at}].content"), problem);
        if turn.content.trim().is_empty() {
            return Err(content("empty; write what is said".into()));
        }
        if turn.role == Role::Assistant {
            tagged(&turn.content, palette).map_err(content)?;
        }
    }
    let contents: Vec<String> = turns.into_iter().map(|turn| turn.content).collect();
    let exchange =
        |pair: &[String]| Exchange { fan: pair[0].as_str().into(), idol: pair[1].trim().into() };
    Ok(contents.chunks_exact(2).map(exchange).collect())
}

/// Whether a reply begins with a tag, and has known ones only.
fn tagged(reply: &str, palette: &Palette) -> Result<(), String> {
    let (segments, unknown) = TagParser::read(palette.clone(), reply);
    let known = || palette.emotions().iter().map(Emotion::as_str).collect::<Vec<_>>().join(", ");
    if let Some(unknown) = unknown.first() {
        return Err(format!("`[{}]` is no known feeling; use one of {}", unknown.tag, known()));
    }
    match segments.first() {
        Some(Segment::Emotion(_)) if segments.len() > 1 => Ok(()),
        Some(Segment::Emotion(_)) => Err("nothing follows the tag; write what she says".into()),
        _ => Err(format!("must begin with a tag in brackets: one of {}", known())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = concat!(
        r#"{"id": "a", "member": "otto", "lang": "en", "topic": "greeting", "affinity": 10, "#,
        r#""facts": ["g01"], "memory": ["fan_name=Mina"], "turns": [{"role": "user", "#,
        r#""content": "hi"}, {"role": "assistant", "content": "[joy] Hi. [shy] You."}]}"#
    );

    fn error(text: &str) -> String {
        from_jsonl("a.jsonl", text, &Palette::default()).unwrap_err().to_string()
    }

    #[test]
    fn a_dialogue_is_read() {
        let read = from_jsonl("a.jsonl", &format!("\n{GOOD}\n\n"), &Palette::default()).unwrap();
        assert_eq!(read[0].memory, [("fan_name".into(), "Mina".into())]);
        assert_eq!(&*read[0].turns[0].idol, "[joy] Hi. [shy] You.");
    }

    #[test]
    fn a_fault_names_line_and_field() {
        for (from, to, place, advice) in [
            ("\"en\"", "\"xx\"", "a.jsonl:2:42: in `lang`: ", "see the guide"),
            ("\"affinity\": 10", "\"affinity\": 101", "a.jsonl:2:1: in `affinity`: ", "0 to 100"),
            ("[joy]", "[smug]", "in `turns[1].content`: `[smug]`", "use one of neutral, joy"),
            ("[joy] ", "", "in `turns[1].content`: ", "must begin with a tag"),
            ("\"user\"", "\"assistant\"", "in `turns[0].role`: ", "must alternate"),
            ("=Mina", "", "in `memory[0]`: ", "key=value"),
            ("\"topic\"", "\"topik\"", "a.jsonl:2:", "unknown field `topik`"),
            ("]}", "]} x", "a.jsonl:2:", "trailing characters"),
        ] {
            let error = error(&format!("\n{}", GOOD.replacen(from, to, 1)));
            assert!(error.contains(place) && error.contains(advice), "{error}");
        }
        assert!(error(&format!("{GOOD}\n{GOOD}")).starts_with("a.jsonl:2:1: in `id`: "));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(cut in 0usize..400, junk in ".{0,20}") {
            let at = GOOD.floor_char_boundary(cut);
            let text = format!("{}{junk}{}\n{junk}", &GOOD[..at], &GOOD[at..]);
            let _ = from_jsonl("a", &text, &Palette::default());
            let _ = from_jsonl("a", &junk, &Palette::default());
        }
    }

    #[test]
    fn all_shipped_dialogues_are_read() {
        for member in ["siwoo", "jena", "taira", "marty"] {
            let file = format!("{}/personas/{member}.dialogues.jsonl", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(from_jsonl(&file, &text, &Palette::default()).unwrap().len() > 100);
        }
    }
}
