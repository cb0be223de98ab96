//! What a member says word for word at set moments.

use std::collections::BTreeMap;

use serde::Deserialize;
use strsim::jaro_winkler;

use super::{
    ChatTurn, History,
    content::{ByLanguage, fault, read_toml},
    prompt::authored_turn,
};
use crate::{
    mind::Palette,
    persona::{AssetFileError, Language, Place},
};

/// The moments for which lines are written, by their names in a file of lines.
const MOMENTS: [&str; 39] = [
    "thinking",
    "quiet",
    "interrupted",
    "resume",
    "unknown",
    "unknown_world",
    "unknown_private",
    "false_premise",
    "remember",
    "remember_name",
    "remember_date",
    "not_remembered",
    "noted",
    "noted_name",
    "noted_private",
    "forgotten",
    "comfort",
    "grief",
    "angry",
    "joy",
    "surprised",
    "shy",
    "love",
    "playful",
    "smalltalk",
    "greeting",
    "goodbye",
    "thanks",
    "compliment",
    "affirm",
    "question_back",
    "withhold",
    "guarded",
    "too_long",
    "empty",
    "repeat",
    "bridge",
    "told_again",
    "about_fan",
];

/// The lines of one member, by moment and language.
///
/// # Example
/// ```
/// use bevy_persona::{mind::{History, Lines}, persona::Language};
///
/// let text = "[greeting]\nen = [\"[joy] Hello, {value}!\"]";
/// let lines = Lines::from_toml("otto.lines.toml", text)?;
/// let greeting = lines.pick("greeting", Language::English, &History::default(), 0);
/// assert_eq!(greeting, Some("[joy] Hello, {value}!"));
/// # Ok::<(), bevy_persona::persona::AssetFileError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Lines(BTreeMap<String, ByLanguage<Vec<String>>>);

impl Lines {
    /// Reads a file of lines; `file` is its name in errors.
    ///
    /// # Errors
    /// If it is no TOML, a moment is unknown, or a line does not begin with an emotion tag.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, AssetFileError> {
        let lines: Self = read_toml(file, 1, text)?;
        for (moment, by_language) in &lines.0 {
            let place = place_of(text, moment);
            if !MOMENTS.contains(&moment.as_str()) {
                return Err(fault(file, place, moment, unknown_moment(moment)));
            }
            for (language, written) in by_language {
                let field = format!("{moment}.{language}");
                let untagged = |line: &&String| !is_tagged(line);
                if let Some(line) = written.iter().find(untagged) {
                    let start: String = line.chars().take(40).collect();
                    let problem = format!(
                        "`{start}` begins with no emotion tag: begin it with `[neutral]` or another"
                    );
                    return Err(fault(file, place, field, problem));
                }
            }
        }
        Ok(lines)
    }

    /// All lines, with their moments and languages.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Language, &str)> {
        self.0.iter().flat_map(|(moment, by_language)| {
            by_language.iter().flat_map(move |(language, written)| {
                written.iter().map(move |line| (moment.as_str(), *language, line.as_str()))
            })
        })
    }

    /// A line for a moment, in turn; not one of those she said lately, where there are others.
    ///
    /// None, where none is written in this language.
    #[must_use]
    pub fn pick(
        &self,
        moment: &str,
        language: Language,
        history: &History,
        turn: u64,
    ) -> Option<&str> {
        self.pick_where(moment, language, history, turn, |_| true)
    }

    /// As [`pick`](Self::pick), among the lines that `fits` accepts.
    #[must_use]
    pub fn pick_where(
        &self,
        moment: &str,
        language: Language,
        history: &History,
        turn: u64,
        fits: impl Fn(&str) -> bool,
    ) -> Option<&str> {
        let written = self.0.get(moment)?.get(&language)?;
        let written: Vec<&String> = written.iter().filter(|line| fits(line)).collect();
        let lately: Vec<String> = said_lately(history).collect();
        let count = written.len() as u64;
        // A prime step, so that neighbouring moments do not go through their lines in step.
        let start = turn.wrapping_mul(7).wrapping_add(moment.len() as u64);
        let in_turn = (0..count).filter_map(|next| {
            written.get(usize::try_from((start.wrapping_add(next)) % count).ok()?).copied()
        });
        let mut in_turn = in_turn.peekable();
        let first = in_turn.peek().copied();
        in_turn.find(|line| !was_said(line, &lately)).or(first).map(String::as_str)
    }

    /// Whether lines are written for a moment in this language.
    #[must_use]
    pub fn has(&self, moment: &str, language: Language) -> bool {
        self.0.get(moment).and_then(|lines| lines.get(&language)).is_some_and(|l| !l.is_empty())
    }

    /// All lines, with moment and language.
    pub fn all(&self) -> impl Iterator<Item = (&str, Language, &str)> {
        self.0.iter().flat_map(|(moment, by_language)| {
            by_language.iter().flat_map(move |(language, lines)| {
                lines.iter().map(move |line| (moment.as_str(), *language, line.as_str()))
            })
        })
    }
}

/// How many of her replies count as lately.
const LATELY: usize = 6;

/// Her latest replies as they stand in a prompt.
fn said_lately(history: &History) -> impl Iterator<Item = String> {
    let replies = history.turns.iter().rev().filter(|turn| matches!(turn, ChatTurn::Idol(_)));
    replies.take(LATELY).map(ChatTurn::to_prompt)
}

fn was_said(line: &str, lately: &[String]) -> bool {
    let line = authored_turn(&Palette::default(), line).to_prompt();
    let longest = line.split("{value}").max_by_key(|part| part.len()).unwrap_or_default().trim();
    lately.iter().any(|said| said.contains(longest))
}

fn is_tagged(line: &str) -> bool {
    let tag = line.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    tag.is_some_and(|(emotion, words)| {
        emotion.parse::<super::Emotion>().is_ok() && !words.trim().is_empty()
    })
}

fn place_of(text: &str, moment: &str) -> Place {
    Place::of_byte(text, text.find(&format!("[{moment}]")).unwrap_or_default())
}

fn unknown_moment(moment: &str) -> String {
    let likeness = |known: &str| jaro_winkler(moment, known);
    let nearest = MOMENTS.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|nearest| likeness(nearest) > 0.8) {
        Some(nearest) => format!("there is no such moment: did you mean `{nearest}`?"),
        None => format!("there is no such moment: use one of {}", MOMENTS.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Lines {
        let text = "[joy]\nen = [\"[joy] Yes!\", \"[joy] {value}, really?\"]";
        Lines::from_toml("a.lines.toml", text).expect("well written")
    }

    #[test]
    fn a_line_is_not_said_twice_while_there_are_others() {
        let (lines, mut history) = (lines(), History::default());
        let first = lines.pick("joy", Language::English, &history, 3).unwrap().to_owned();
        let ChatTurn::Idol(beats) = authored_turn(&Palette::default(), &first) else { panic!() };
        history.push_exchange("I won", beats.to_vec());
        assert_ne!(lines.pick("joy", Language::English, &history, 3), Some(&*first));
        assert_eq!(lines.pick("joy", Language::Korean, &history, 3), None);
        assert_eq!(lines.pick("thanks", Language::English, &history, 3), None);
    }

    #[test]
    fn faults_name_the_moment() {
        let error = Lines::from_toml("a.toml", "[greetings]\nen = [\"[joy] Hi\"]").unwrap_err();
        let text = "a.toml:1:1: in `greetings`: there is no such moment: did you mean `greeting`?";
        assert_eq!(error.to_string(), text);
        let error = Lines::from_toml("a.toml", "\n[joy]\nen = [\"Hi\"]").unwrap_err().to_string();
        assert!(error.starts_with("a.toml:2:1: in `joy.en`: `Hi` begins with no"), "{error}");
    }
}
