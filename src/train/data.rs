//! What a character learns from: dialogues in files.

mod chat_lines;

use std::{collections::BTreeMap, fmt, path::Path};

use chat_lines::{Conversation, Messages};
use thiserror::Error;

use crate::{
    mind::{
        Palette,
        exemplars::{Exemplar, Exemplars},
    },
    persona::{AssetFileError, PersonaId, Place},
};

/// Why a file cannot be learnt from: all its faults, each with file, line and field.
#[derive(Debug, Clone, Error)]
pub struct DataError {
    /// The faults, in the order of the lines.
    pub faults: Vec<AssetFileError>,
}

impl DataError {
    /// How many faults are shown; a file of another form has one in each line.
    const SHOWN: usize = 20;
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<String> =
            self.faults.iter().take(Self::SHOWN).map(ToString::to_string).collect();
        f.write_str(&shown.join("\n"))?;
        match self.faults.len().saturating_sub(Self::SHOWN) {
            0 => Ok(()),
            more => write!(f, "\nand {more} faults more"),
        }
    }
}

/// Reads dialogues, one JSON object a line; lines of these forms may stand in one file:
///
/// * our own, as in `personas/*.dialogues.jsonl`; see `docs/writing/dialogues.md`
/// * `ShareGPT`: `{"conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "Hey."}]}`
/// * `ChatML`: `{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", …}]}`
///
/// In the latter two it is `member` who speaks, what the system says is true of that moment, and a
/// reply without a tag is `[neutral]`.
///
/// # Errors
/// All faults of the file, not only the first.
///
/// # Example
/// ```
/// use bevy_persona::{mind::Palette, train::read_dialogues};
///
/// let text = r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Hey."}]}"#;
/// let read = read_dialogues("otto.jsonl", text, &"otto".parse()?, &Palette::default())?;
/// assert_eq!(&*read[0].turns[0].idol, "[neutral] Hey.");
///
/// let broken = read_dialogues("otto.jsonl", "{}\n[1]\n", &"otto".parse()?, &Palette::default());
/// assert_eq!(broken.unwrap_err().faults.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_dialogues(
    file: &str,
    text: &str,
    member: &PersonaId,
    palette: &Palette,
) -> Result<Vec<Exemplar>, DataError> {
    let (mut read, mut faults) = (Vec::new(), Vec::new());
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if line.trim().is_empty() {
            continue;
        }
        match read_line(file, number, line, member, palette) {
            Ok(exemplar) => {
                if let Some(first) = lines.insert(exemplar.id.clone(), number) {
                    let problem =
                        format!("`{}` stands in line {first}, too; choose another", exemplar.id);
                    faults.push(fault(file, number, "id", problem));
                }
                read.push(exemplar);
            }
            Err(error) => faults.push(error),
        }
    }
    if faults.is_empty() { Ok(read) } else { Err(DataError { faults }) }
}

fn read_line(
    file: &str,
    number: usize,
    line: &str,
    member: &PersonaId,
    palette: &Palette,
) -> Result<Exemplar, AssetFileError> {
    let value: serde_json::Value = match serde_json::from_str(line) {
        Ok(value) => value,
        // Ours says where the JSON breaks.
        Err(_) => return Exemplars::from_line(file, number, line, palette),
    };
    let of_messages = |messages: Result<Messages, serde_json::Error>| {
        let messages = messages
            .map_err(|error| fault(file, number, "", error.to_string()))?
            .dialogue(format!("{}:{number}", stem(file)), member);
        let dialogue = messages.map_err(|(field, problem)| fault(file, number, &field, problem))?;
        Exemplars::from_line(file, number, &dialogue.to_string(), palette)
    };
    if value.get("conversations").is_some() {
        let read = serde_json::from_value::<Conversation>(value);
        return of_messages(read.map(Messages::from));
    }
    if value.get("messages").is_some() {
        return of_messages(serde_json::from_value(value));
    }
    if value.get("turns").is_none() {
        let problem = "holds no dialogue: there must be `turns`, `conversations` or `messages`";
        return Err(fault(file, number, "", problem));
    }
    Exemplars::from_line(file, number, line, palette)
}

fn stem(file: &str) -> String {
    Path::new(file).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn fault(file: &str, line: usize, field: &str, problem: impl Into<String>) -> AssetFileError {
    crate::mind::content::fault(file, Place { line, column: 1 }, field, problem)
}

/// Whether a dialogue is kept apart, to measure on and never to learn from: one of twelve, by what
/// the fan says first, so that the same question is never on both sides, whatever file it is in.
#[must_use]
pub fn is_held_out(dialogue: &Exemplar) -> bool {
    let first = dialogue.turns.first().map_or("", |turn| &*turn.fan);
    let letters = first.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    // FNV-1a: the same in every build and on every machine.
    let hash = letters.fold(0xcbf2_9ce4_8422_2325_u64, |hash, letter| {
        (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 16).is_multiple_of(12)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Vec<Exemplar>, DataError> {
        read_dialogues("a.jsonl", text, &"otto".parse().unwrap(), &Palette::default())
    }

    #[test]
    fn three_forms_say_the_same() {
        let ours = r#"{"id": "x", "member": "otto", "lang": "en", "topic": "chat", "affinity": 0,
            "told": ["It rains."], "turns": [{"role": "user", "content": "hi"},
            {"role": "assistant", "content": "[joy] Hey."}]}"#
            .replace('\n', " ");
        let share = r#"{"conversations": [{"from": "system", "value": "It rains."},
            {"from": "human", "value": "hi"}, {"from": "gpt", "value": "[joy] Hey."}]}"#
            .replace('\n', " ");
        let chat = r#"{"messages": [{"role": "system", "content": "It rains."},
            {"role": "user", "content": "hi"}, {"role": "assistant", "content": "[joy] Hey."}]}"#
            .replace('\n', " ");
        let read = read(&format!("{ours}\n\n{share}\n{chat}\n")).unwrap();
        for one in &read[1..] {
            assert_eq!((&one.turns, &one.told), (&read[0].turns, &read[0].told));
            assert_eq!(
                (one.member.clone(), one.language),
                (read[0].member.clone(), read[0].language)
            );
        }
        assert_eq!([&*read[1].id, &*read[2].id], ["a:3", "a:4"]);
    }

    #[test]
    fn every_bad_line_is_named() {
        let lines = [
            r#"{"messages": [{"role": "user", "content": "hi"}]}"#,
            r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "tool", "content": "x"}]}"#,
            r#"{"conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": ""}]}"#,
            r#"{"text": "hi"}"#,
            r#"{"turns": []}"#,
            "{",
        ];
        let error = read(&lines.join("\n")).unwrap_err();
        assert_eq!(error.faults.len(), lines.len());
        let told = error.to_string();
        for (line, told) in (1..).zip(told.lines()) {
            assert!(told.starts_with(&format!("a.jsonl:{line}:")), "{told}");
        }
        assert!(told.contains("`tool`") && told.contains("`conversations`"), "{told}");
    }

    #[test]
    fn many_faults_are_counted() {
        let error = read(&"{}\n".repeat(50)).unwrap_err().to_string();
        assert!(error.ends_with("and 30 faults more"), "{error}");
    }

    #[test]
    fn a_part_is_held_out_by_what_the_fan_says() {
        let dialogue = |fan: &str| {
            let line = serde_json::json!({"messages": [{"role": "user", "content": fan},
                {"role": "assistant", "content": "Hey."}]});
            read(&line.to_string()).unwrap().remove(0)
        };
        let held_out = (0..1200).filter(|n| is_held_out(&dialogue(&format!("number {n}")))).count();
        assert!((60..140).contains(&held_out), "{held_out}");
        for n in 0..40 {
            let (plain, loud) = (format!("Number {n}"), format!("NUMBER {n}!!"));
            assert_eq!(is_held_out(&dialogue(&plain)), is_held_out(&dialogue(&loud)));
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(
            junk in ".{0,40}",
            key in "(messages|conversations|turns)",
            inside in r#"[\[\]{}",:a-z]{0,20}"#,
        ) {
            let _ = read(&junk);
            let _ = read(&format!(r#"{{"{key}": [{inside}]}}"#));
        }
    }
}
