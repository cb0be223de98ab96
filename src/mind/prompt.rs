//! Writes who a character is, in the few words that a small model can use.

use std::fmt::Write;

use super::{Beats, ChatTurn, Palette, TagParser};
use crate::persona::{Language, PersonaSheet, SpeechStyle};

/// How many rules of conduct the model reads.
const RULES: usize = 3;
/// How many likes, dislikes, habits and phrases the model reads of each.
const FEW: usize = 3;

/// The instructions: where all live, who speaks, how, and by which rules.
///
/// What the members of a group have in common comes first, so that the model reads it once for all
/// of them.
///
/// # Example
/// ```
/// use bevy_persona::{mind::prompt::system_prompt, persona::{Language, PersonaSheet}};
///
/// let otto = PersonaSheet::new("otto".parse()?, "Otto", "the gate guard of a small town");
/// let text = system_prompt(&otto, Language::English);
/// assert!(text.starts_with("You are Otto, the gate guard of a small town."));
/// # Ok::<(), bevy_persona::persona::ParsePersonaIdError>(())
/// ```
#[must_use]
pub fn system_prompt(sheet: &PersonaSheet, language: Language) -> String {
    let mut text = String::new();
    for fact in sheet.group.first().into_iter().chain(sheet.world.first()) {
        sentence(&mut text, "", [fact.clone()], "", 1);
    }
    let who = format!("{}, {}", sheet.name_in(language), bare(&sheet.role));
    sentence(&mut text, "You are", [who], "", 1);
    let nature = sheet.mbti.map(|mbti| format!("{mbti}, {}", mbti.hint()));
    let nature = [Some(sheet.temperament.clone()), nature].into_iter().flatten();
    sentence(&mut text, "You are", nature, "; ", usize::MAX);
    let speech = sheet.speech_in(language);
    sentence(&mut text, "You speak like this:", speech.map(|s| s.manner.clone()), "", 1);
    sentence(&mut text, "You like", sheet.likes.iter().cloned(), ", ", FEW);
    sentence(&mut text, "You dislike", sheet.dislikes.iter().cloned(), ", ", FEW);
    sentence(&mut text, "You", sheet.habits.iter().cloned(), ", ", FEW);
    let phrases = phrases(sheet, speech).iter().map(|phrase| format!("\"{phrase}\""));
    sentence(&mut text, "You often say", phrases, " or ", FEW);
    sentence(
        &mut text,
        "A fan chats with you.",
        sheet.conduct.iter().map(|r| bare(r)),
        ". ",
        RULES,
    );
    let tongue = match speech.and_then(|style| style.level).and_then(|level| level.word(language)) {
        Some(level) => format!("{} ({level})", language.name()),
        None => language.name().into(),
    };
    // Writing to a string cannot fail.
    let _ = write!(text, " Answer the fan's last message in {tongue}, in 1 to 3 short sentences.");
    text
}

/// The turns that show how the character replies, in this language.
#[must_use]
pub fn examples(sheet: &PersonaSheet, language: Language) -> Vec<ChatTurn> {
    sheet
        .examples
        .iter()
        .filter(|example| example.language == language)
        .flat_map(|example| {
            [
                ChatTurn::Fan(example.fan.as_str().into()),
                authored_turn(&sheet.emotions, &example.idol),
            ]
        })
        .collect()
}

/// A reply that somebody wrote with its tags: `[joy] You came. [shy] I waited.`
///
/// # Example
/// ```
/// use bevy_persona::mind::{Palette, prompt::authored_turn};
///
/// let turn = authored_turn(&Palette::default(), "[joy] You came.  [shy] I waited.");
/// assert_eq!(turn.to_prompt(), "[joy] You came. [shy] I waited.");
/// ```
#[must_use]
pub fn authored_turn(palette: &Palette, written: &str) -> ChatTurn {
    let (segments, _) = TagParser::read(palette.clone(), written);
    let mut beats = Beats::default();
    segments.iter().for_each(|segment| beats.segment(segment));
    ChatTurn::Idol(beats.take().into())
}

fn phrases<'a>(sheet: &'a PersonaSheet, speech: Option<&'a SpeechStyle>) -> &'a [String] {
    match speech {
        Some(style) if !style.phrases.is_empty() => &style.phrases,
        _ => &sheet.phrases,
    }
}

/// Without white space and full stop around it.
fn bare(text: &str) -> String {
    text.trim().trim_end_matches('.').to_owned()
}

/// Adds a sentence that begins with `lead`, unless there is nothing to say.
fn sentence(
    text: &mut String,
    lead: &str,
    parts: impl IntoIterator<Item = String>,
    between: &str,
    most: usize,
) {
    let parts = parts.into_iter().filter(|part| !part.trim().is_empty()).take(most);
    let joined = bare(&parts.collect::<Vec<_>>().join(between));
    if !joined.is_empty() {
        let space = if text.is_empty() { "" } else { " " };
        let gap = if lead.is_empty() { "" } else { " " };
        let end = if joined.ends_with(['.', '!', '?', '…', '"']) { "" } else { "." };
        let _ = write!(text, "{space}{lead}{gap}{joined}{end}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The four sample personas, as the model reads them.
    #[test]
    fn sample_personas_read_well() {
        for name in ["siwoo", "jena", "taira", "marty"] {
            for language in [Language::English, Language::Korean] {
                let file = format!("{}/personas/{name}.persona.ron", env!("CARGO_MANIFEST_DIR"));
                let sheet = PersonaSheet::from_bytes(&file, &std::fs::read(&file).unwrap());
                let sheet = sheet.unwrap();
                let mut text = system_prompt(&sheet, language);
                for turn in examples(&sheet, language) {
                    let mark = if matches!(turn, ChatTurn::Fan(_)) { "fan" } else { "idol" };
                    let _ = write!(text, "\n\n<{mark}> {}", turn.to_prompt());
                }
                insta::assert_snapshot!(format!("{name}_{language}"), text);
            }
        }
    }

    #[test]
    fn a_sheet_with_nothing_but_a_name_gives_whole_sentences() {
        let sheet = PersonaSheet::new("otto".parse().unwrap(), "Otto", "a guard. ");
        assert_eq!(
            system_prompt(&sheet, Language::English),
            "You are Otto, a guard. Answer the fan's last message in English, in 1 to 3 short \
             sentences."
        );
    }
}
