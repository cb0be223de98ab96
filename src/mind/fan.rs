//! Who talks with the characters.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Names a fan: what the characters remember is kept under it.
///
/// 1 to 64 letters (of any script), digits, `-`, `_`, `.` or `@`: a login, a user number, a nick
/// name. Kept in NFC, so that a name is the same from every keyboard; upper and lower case differ.
///
/// # Example
/// ```
/// use bevy_persona::mind::FanId;
///
/// let fan: FanId = "mina@example.org".parse()?;
/// assert_eq!(fan.as_str(), "mina@example.org");
/// assert!("두 단어".parse::<FanId>().is_err());
/// # Ok::<(), bevy_persona::mind::ParseFanIdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FanId(String);

impl FanId {
    /// The longest id, in characters.
    pub const MAX_CHARS: usize = 64;

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for FanId {
    /// `fan`, where there is only one.
    fn default() -> Self {
        Self("fan".into())
    }
}

impl fmt::Display for FanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that cannot be a [`FanId`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` cannot name a fan: use 1 to 64 letters, digits, `-`, `_`, `.` or `@`")]
pub struct ParseFanIdError(pub String);

impl FromStr for FanId {
    type Err = ParseFanIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // One more than fits is enough to see that it is too long.
        let id: String = text.nfc().take(Self::MAX_CHARS + 1).collect();
        let allowed = |c: char| c.is_alphanumeric() || "-_.@".contains(c);
        if (1..=Self::MAX_CHARS).contains(&id.chars().count()) && id.chars().all(allowed) {
            Ok(Self(id))
        } else {
            let shown = text.chars().take(80).filter(|c| !c.is_control()).collect();
            Err(ParseFanIdError(shown))
        }
    }
}

impl TryFrom<String> for FanId {
    type Error = ParseFanIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<FanId> for String {
    fn from(fan: FanId) -> Self {
        fan.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_is_one_short_word() {
        let long = "a".repeat(65);
        for text in ["", " ", "a b", "a/b", "a'b", "a\0", "a;b", "\u{1f600}", &long] {
            assert!(text.parse::<FanId>().is_err(), "{text}");
        }
        for text in ["7", "Mina-2", "민아", "a.b_c@d", &long[1..]] {
            assert_eq!(text.parse::<FanId>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn letters_typed_apart_name_the_same_fan() {
        assert_eq!("\u{1112}\u{1161}\u{11ab}".parse::<FanId>(), "한".parse());
    }

    proptest! {
        #[test]
        fn an_id_survives_saving(text in ".{0,70}") {
            if let Ok(fan) = text.parse::<FanId>() {
                let json = serde_json::to_string(&fan).unwrap();
                prop_assert_eq!(serde_json::from_str::<FanId>(&json).unwrap(), fan);
            }
        }
    }
}
