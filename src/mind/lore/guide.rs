//! The guide to questions: which words mean what, and which fact answers which question.
//!
//! It is a file of the content, `questions.toml`; its comments say how it is written.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Missing;
use crate::mind::content::{fault, read_toml};
use crate::persona::{AssetFileError, PersonaId, Place};

/// The guide as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Guide {
    /// Words that are rewritten before anything else.
    pub(super) spelling: BTreeMap<String, String>,
    /// Korean endings after which a one-syllable noun is still a word of its own.
    pub(super) particles: Vec<String>,
    /// Words that are never taken for a typing error.
    pub(super) plain: Vec<String>,
    /// What the characters are called.
    pub(super) members: BTreeMap<PersonaId, Vec<String>>,
    pub(super) signs: BTreeMap<Sign, Vec<String>>,
    pub(super) concepts: BTreeMap<String, Vec<String>>,
    pub(super) rule: Vec<RuleText>,
    pub(super) claims: BTreeMap<String, Claims>,
    pub(super) numbers: Numbers,
    /// Whom a fact is about, where a question could presume somebody else.
    pub(super) about: BTreeMap<String, Vec<PersonaId>>,
    /// The fact that is the reason of another, for "why?".
    pub(super) reasons: BTreeMap<String, String>,
    #[serde(skip)]
    pub(super) file: String,
    #[serde(skip)]
    pub(super) text: String,
}

/// Words that show who is meant and whether something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sign {
    /// The character who is asked.
    You,
    /// Somebody who was named before.
    She,
    /// All characters.
    Group,
    /// The fan.
    Fan,
    /// What belongs to the fan.
    Mine,
    /// People who are no characters.
    Others,
    /// Asks for more than yes or no.
    Which,
    /// Asks without asking: tell me.
    Tell,
    /// Turns a statement into a question: isn't it.
    Tag,
    /// Begins a question: do, is, can.
    Begin,
    /// Ends a question.
    End,
    /// Ends a statement.
    Statement,
    /// May stand before all of it: so, hey.
    Filler,
    /// Goes on asking for what was held back: a hint, the first letter.
    Probe,
    /// Asks for the reason.
    Why,
    /// At least so many.
    Above,
    /// Begins what the fan takes for granted: since, because.
    Premise,
    /// Points to what was said before.
    That,
    /// Asks for her opinion, her advice or her company: what nobody can look up.
    Invite,
}

/// A rule as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RuleText {
    /// Concepts that must all be there: `a|b` one of them, `!a` must not be there.
    pub(super) when: Vec<String>,
    /// Whose: `member`, or a list of members.
    pub(super) of: Option<Of>,
    pub(super) ask: Ask,
    /// Facts that answer it, best first; `{member}` stands for the one it is about.
    pub(super) tell: Vec<String>,
    /// The fact that says that it is not so.
    pub(super) denies: Option<String>,
    /// Nobody ever wrote the answer.
    pub(super) unknown: Option<Missing>,
    /// It asks for whatever she keeps secret.
    pub(super) secret: bool,
    /// It is talk, no question for the lore.
    pub(super) chat: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Of {
    Word(OfWord),
    Members(Vec<PersonaId>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OfWord {
    /// Any character; the one who is asked, if nobody is named.
    Member,
    /// A character who is named and is not the one who is asked.
    Other,
    /// The one who is asked.
    Asked,
    /// Any character, if somebody is named or spoken to.
    Named,
    /// Nobody: neither a character nor the fan nor anybody of hers or his.
    Nobody,
}

/// How much of a question it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ask {
    /// Anything at all.
    Any,
    /// A few words that may be one: `siwoo mbti`.
    Loose,
    /// Clearly a question or a request.
    #[default]
    Question,
    /// A question for more than yes or no.
    Open,
    /// A question for yes or no.
    YesNo,
}

impl Ask {
    /// Whether a sentence that is this much of a question is what a rule asks for.
    pub(super) fn meets(self, wanted: Self) -> bool {
        match wanted {
            Self::Any => true,
            Self::Loose => self >= Self::Loose,
            Self::Question => self >= Self::Question,
            Self::Open => matches!(self, Self::Question | Self::Open),
            Self::YesNo => self == Self::YesNo,
        }
    }
}

/// Values that exclude each other.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    /// The words for each value.
    pub(super) values: BTreeMap<String, Vec<String>>,
    /// Which of them are true of which fact.
    pub(super) facts: BTreeMap<String, Vec<String>>,
}

/// Numbers, in words and in facts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Numbers {
    pub(super) words: BTreeMap<String, u64>,
    pub(super) units: BTreeMap<String, u64>,
    pub(super) facts: BTreeMap<String, Vec<u64>>,
}

impl Guide {
    /// Reads the guide.
    pub(super) fn read(file: &str, text: &str) -> Result<Self, AssetFileError> {
        let guide: Self = read_toml(file, 1, text)?;
        Ok(Self { file: file.into(), text: text.into(), ..guide })
    }

    /// A fault in a value of the guide: where the value stands first.
    pub(super) fn fault(&self, value: &str, field: &str, problem: String) -> AssetFileError {
        let at = self.text.find(&format!("\"{value}\"")).or_else(|| self.text.find(value));
        fault(&self.file, Place::of_byte(&self.text, at.unwrap_or(0)), field, problem)
    }
}

/// Advice for a name that does not exist.
pub(super) fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = known.map(|known| (strsim::osa_distance(name, known), known)).min();
    match near {
        Some((distance, known)) if distance <= 3 => format!("did you mean `{known}`?"),
        _ => "check its spelling, or add it".into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_fault_names_line_and_field() {
        let error = Guide::read("q.toml", "\n[sign]\n").unwrap_err().to_string();
        assert!(error.starts_with("q.toml:2:2"), "{error}");
        let error = Guide::read("q.toml", "[[rule]]\nask = \"loud\"").unwrap_err().to_string();
        assert!(error.starts_with("q.toml:2:7: in `rule[0].ask`"), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(\\PC|\n|=|\\[|\\]|\"){0,60}") {
            let _ = Guide::read("q.toml", &text);
        }
    }
}
