//! What is remembered about a fan: facts with their source, and episodes.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::time::{Day, Timestamp};
use crate::{mind::Emotion, persona::PersonaId};

/// The longest value of a fact, in characters.
pub const MAX_VALUE: usize = 120;
/// The longest quote of a source turn, in characters.
pub const MAX_QUOTE: usize = 200;
/// The longest summary of an episode, in characters.
pub const MAX_SUMMARY: usize = 300;

/// What a fact is about: `name`, `pet`, `favourite_colour`, …
///
/// Lower-case letters (of any script), digits and `_`, 1 to 32 of them. The rule file decides which
/// keys there are; the constants are those that code must know.
///
/// # Example
/// ```
/// use bevy_persona::mind::memory::FactKey;
///
/// let key: FactKey = "favourite_colour".parse()?;
/// assert!(key.is_single() && !FactKey::LIKES.is_single());
/// assert!("Favourite colour".parse::<FactKey>().is_err());
/// # Ok::<(), bevy_persona::mind::memory::ParseFactKeyError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FactKey(Cow<'static, str>);

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        impl FactKey {
            $($(#[$doc])* pub const $name: Self = Self(Cow::Borrowed($text));)*
        }
    };
}

keys! {
    /// What the fan is called.
    NAME = "name";
    /// What the fan wants to be called.
    NICKNAME = "nickname";
    /// In years.
    AGE = "age";
    /// The day, as the fan wrote it.
    BIRTHDAY = "birthday";
    /// Where the fan lives.
    HOME = "home";
    /// Where the fan comes from.
    ORIGIN = "origin";
    /// What the fan works as.
    JOB = "job";
    /// A pet: "a turtle named Gus".
    PET = "pet";
    /// The name of a pet told without the animal.
    PET_NAME = "pet_name";
    /// What the fan likes.
    LIKES = "likes";
    /// What the fan does not like.
    DISLIKES = "dislikes";
    /// Relatives.
    FAMILY = "family";
    /// What the fan promised.
    PROMISE = "promise";
    /// What a member promised the fan.
    HER_PROMISE = "her_promise";
    /// How the fan felt.
    MOOD = "mood";
    /// A sentence that no other key fits.
    NOTE = "note";
}

impl FactKey {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there can be one value only: a new one replaces the old one.
    #[must_use]
    pub fn is_single(&self) -> bool {
        const SINGLE: [&str; 16] = [
            "name",
            "nickname",
            "age",
            "birthday",
            "home",
            "origin",
            "job",
            "school",
            "partner",
            "bias",
            "mbti",
            "crush",
            "dream",
            "zodiac",
            "blood_type",
            "height",
        ];
        SINGLE.contains(&self.as_str()) || self.as_str().starts_with("favourite_")
    }

    /// Whether facts of this key stay whatever happens: who the fan is, and what was promised.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        !matches!(self.as_str(), "mood" | "note" | "plan" | "event")
    }
}

impl fmt::Display for FactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no [`FactKey`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` cannot be a fact key: use 1 to 32 lower-case letters, digits or `_`")]
pub struct ParseFactKeyError(pub String);

impl FromStr for FactKey {
    type Err = ParseFactKeyError;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        let allowed = |c: char| c == '_' || (c.is_alphanumeric() && !c.is_uppercase());
        if (1..=32).contains(&key.chars().count()) && key.chars().all(allowed) {
            Ok(Self(Cow::Owned(key.into())))
        } else {
            Err(ParseFactKeyError(key.chars().take(40).collect()))
        }
    }
}

impl TryFrom<String> for FactKey {
    type Error = ParseFactKeyError;

    fn try_from(key: String) -> Result<Self, Self::Error> {
        key.parse()
    }
}

impl From<FactKey> for String {
    fn from(key: FactKey) -> Self {
        key.0.into_owned()
    }
}

/// The sort of a fact.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// Who the fan is: name, job, pets, family.
    Profile,
    /// What the fan likes.
    Like,
    /// What the fan does not like.
    Dislike,
    /// A day that comes back, such as a birthday.
    Date,
    /// A promise, the fan's or the member's.
    Promise,
    /// How the fan felt.
    Mood,
    /// Something that will happen, happens or has happened.
    Event,
    /// Something told in confidence that fits no other sort.
    Private,
    /// Anything else, as a sentence.
    #[default]
    Note,
}

/// Which fact: unique in one [`FanMemory`](super::FanMemory), never used twice. 0 until it is
/// learned.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct FactId(pub u64);

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourceTurn {
    /// The number of the turn.
    pub turn: u64,
    /// What was said, at most [`MAX_QUOTE`] characters.
    pub quote: String,
}

/// When something happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// As the fan said it: `next friday`.
    pub said: String,
    /// The day that was meant, if it can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
}

/// One thing that is known about a fan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FanFact {
    /// Which one; 0 until it is learned.
    #[serde(default)]
    pub id: FactId,
    /// What it is about.
    pub key: FactKey,
    /// As the fan wrote it, at most [`MAX_VALUE`] characters.
    pub value: String,
    /// The sort of fact.
    #[serde(default)]
    pub kind: FactKind,
    /// Who was told; of a member's promise, who gave it.
    pub member: PersonaId,
    /// Told in confidence: it stays with this member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_to: Option<PersonaId>,
    /// When it happens, of events and plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Where it comes from.
    #[serde(default)]
    pub source: SourceTurn,
    /// How sure it is, 0..1.
    pub confidence: f32,
    /// When it was learned.
    #[serde(default)]
    pub learned: Timestamp,
    /// When it was last mentioned or recalled.
    #[serde(default)]
    pub used: Timestamp,
    /// How often it was mentioned or recalled.
    #[serde(default)]
    pub uses: u32,
    /// Whether a newer fact took its place. It is kept for the record and never recalled.
    #[serde(default)]
    pub replaced: bool,
}

impl FanFact {
    /// Whether `member` may know this: everybody may know what was not told in confidence.
    #[must_use]
    pub fn is_known_to(&self, member: &PersonaId) -> bool {
        self.private_to.as_ref().is_none_or(|confidant| confidant == member)
    }
}

/// A conversation, or a part of a long one, in a few words. Only the member who was there knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// Who talked with the fan.
    pub member: PersonaId,
    /// What it was about, at most [`MAX_SUMMARY`] characters.
    pub summary: String,
    /// Its first turn.
    pub first_turn: u64,
    /// Its last turn.
    pub last_turn: u64,
    /// The day of the last turn.
    pub day: Day,
    /// What was felt, the strongest first.
    #[serde(default)]
    pub feelings: Vec<Emotion>,
}

/// Cuts a text to `limit` characters, at a word's end if there is one near.
pub(super) fn clipped(text: &str, limit: usize) -> String {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.into() };
    let cut = &text[..end];
    let at_word = cut.rfind(' ').filter(|at| *at * 3 > end * 2).unwrap_or(end);
    cut[..at_word].trim_end().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_clipped_text_is_never_longer_than_its_limit(text in ".{0,200}", limit in 0..150usize) {
            prop_assert!(clipped(&text, limit).chars().count() <= limit);
        }

        #[test]
        fn a_key_that_parses_is_written_the_same(text in ".{0,40}") {
            if let Ok(key) = text.parse::<FactKey>() {
                prop_assert_eq!(key.as_str(), text);
            }
        }
    }

    #[test]
    fn a_private_fact_is_known_to_its_member_only() {
        let (siwoo, jena): (PersonaId, PersonaId) =
            ("siwoo".parse().unwrap(), "jena".parse().unwrap());
        let mut fact: FanFact = serde_json::from_str(
            r#"{"key": "name", "value": "Mina", "member": "siwoo", "confidence": 0.9}"#,
        )
        .unwrap();
        assert!(fact.is_known_to(&siwoo) && fact.is_known_to(&jena));
        fact.private_to = Some(siwoo.clone());
        assert!(fact.is_known_to(&siwoo) && !fact.is_known_to(&jena));
    }
}
