//! The small typed values of a sheet: id, colour, birthday.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Names a persona: in relations, in logs, in save games.
///
/// 1 to 32 lower-case ASCII letters, digits, `-` or `_`.
///
/// # Example
/// ```
/// use bevy_persona::persona::PersonaId;
///
/// let id: PersonaId = "siwoo".parse().unwrap();
/// assert_eq!(id.as_str(), "siwoo");
/// assert!("Si Woo".parse::<PersonaId>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonaId(String);

impl PersonaId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that cannot be a [`PersonaId`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` cannot be an id: use 1 to 32 lower-case letters, digits, `-` or `_`")]
pub struct ParsePersonaIdError(pub String);

impl FromStr for PersonaId {
    type Err = ParsePersonaIdError;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b);
        if (1..=32).contains(&id.len()) && id.bytes().all(allowed) {
            Ok(Self(id.into()))
        } else {
            Err(ParsePersonaIdError(id.chars().take(40).collect()))
        }
    }
}

impl TryFrom<String> for PersonaId {
    type Error = ParsePersonaIdError;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        id.parse()
    }
}

impl From<PersonaId> for String {
    fn from(id: PersonaId) -> Self {
        id.0
    }
}

/// A character's own colour, for name plates and light sticks.
///
/// Written `"#rrggbb"`, in sRGB.
///
/// # Example
/// ```
/// use bevy_persona::persona::Colour;
///
/// let lavender: Colour = "#b497d6".parse().unwrap();
/// assert_eq!(lavender, Colour { red: 180, green: 151, blue: 214 });
/// assert_eq!(lavender.to_string(), "#b497d6");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour {
    /// 0..255, sRGB.
    pub red: u8,
    /// 0..255, sRGB.
    pub green: u8,
    /// 0..255, sRGB.
    pub blue: u8,
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// A text that is no [`Colour`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a colour: write it as `#rrggbb`, such as `#b497d6`")]
pub struct ParseColourError(pub String);

impl FromStr for Colour {
    type Err = ParseColourError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseColourError(text.chars().take(40).collect());
        let digits = text.strip_prefix('#').ok_or_else(error)?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(error());
        }
        let [_, red, green, blue] =
            u32::from_str_radix(digits, 16).map_err(|_| error())?.to_be_bytes();
        Ok(Self { red, green, blue })
    }
}

impl TryFrom<String> for Colour {
    type Error = ParseColourError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

/// A day of the year.
///
/// # Example
/// ```
/// use bevy_persona::persona::Birthday;
///
/// assert_eq!(Birthday { month: 10, day: 13 }.to_string(), "13 October");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Birthday {
    /// 1..12.
    pub month: u8,
    /// 1..31, as far as the month goes; 29 February is a day.
    pub day: u8,
}

impl Birthday {
    const MONTHS: [(&'static str, u8); 12] = [
        ("January", 31),
        ("February", 29),
        ("March", 31),
        ("April", 30),
        ("May", 31),
        ("June", 30),
        ("July", 31),
        ("August", 31),
        ("September", 30),
        ("October", 31),
        ("November", 30),
        ("December", 31),
    ];

    /// The name of the month and how many days it can have; nothing if there is no such month.
    #[must_use]
    pub fn month(self) -> Option<(&'static str, u8)> {
        Self::MONTHS.get(usize::from(self.month).checked_sub(1)?).copied()
    }
}

impl fmt::Display for Birthday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.month() {
            Some((name, _)) => write!(f, "{} {name}", self.day),
            None => write!(f, "day {} of month {}", self.day, self.month),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_has_six_hex_digits() {
        for text in ["", "#", "b497d6", "#b497d", "#b497d6f", "#b497dg", "#+497d6", "#보라색"] {
            assert_eq!(text.parse::<Colour>(), Err(ParseColourError(text.into())));
        }
    }

    #[test]
    fn an_id_is_short_and_plain() {
        let long = "a".repeat(33);
        for text in ["", "Siwoo", "si woo", "시우", &long] {
            assert!(text.parse::<PersonaId>().is_err(), "{text}");
        }
    }
}
