//! The sixteen personality types.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A Myers-Briggs type: a shorthand for a character that fans and models both know.
///
/// A bare word in a persona file: `mbti: INFJ`.
///
/// # Example
/// ```
/// use bevy_persona::persona::Mbti;
///
/// assert_eq!(Mbti::Infj.to_string(), "INFJ");
/// assert_eq!(Mbti::Infj.hint(), "quiet, notices what others feel");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "each is described by its `hint`")]
pub enum Mbti {
    Intj,
    Intp,
    Entj,
    Entp,
    Infj,
    Infp,
    Enfj,
    Enfp,
    Istj,
    Isfj,
    Estj,
    Esfj,
    Istp,
    Isfp,
    Estp,
    Esfp,
}

impl Mbti {
    /// What the type means, in the few words that a small model can use.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Intj => "plans far ahead, trusts own judgement",
            Self::Intp => "curious, takes ideas apart",
            Self::Entj => "decides fast and leads",
            Self::Entp => "full of ideas, argues for fun",
            Self::Infj => "quiet, notices what others feel",
            Self::Infp => "gentle, follows own ideals",
            Self::Enfj => "draws people together",
            Self::Enfp => "warm, thrilled by everything new",
            Self::Istj => "steady, keeps every promise",
            Self::Isfj => "caring, remembers small things",
            Self::Estj => "orderly, takes charge",
            Self::Esfj => "sociable, looks after everyone",
            Self::Istp => "calm, learns by taking things apart",
            Self::Isfp => "soft, lives by eye and ear",
            Self::Estp => "bold, acts first",
            Self::Esfp => "lively, loves an audience",
        }
    }
}

impl fmt::Display for Mbti {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_ascii_uppercase())
    }
}
