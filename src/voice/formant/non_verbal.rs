//! Sounds that are no words.

mod breaths;
mod hums;
mod pulses;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{FormantVoice, SAMPLE_RATE, finish, key, key::Key, render};
use crate::{cue::random::SplitMix, voice::Speech};

/// A sound that people make without words.
///
/// Written as a word, in files as in tags: `giggle`, `gasp`, …
///
/// # Example
/// ```
/// use bevy_persona::voice::NonVerbal;
///
/// assert_eq!("sigh".parse(), Ok(NonVerbal::Sigh));
/// let error = "gigle".parse::<NonVerbal>().unwrap_err();
/// assert_eq!(error.to_string(), "there is no sound `gigle`: did you mean `giggle`?");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum NonVerbal {
    /// A high, quick laugh behind a hand.
    Giggle,
    /// Air drawn in, in surprise.
    Gasp,
    /// A deep breath let go.
    Sigh,
    /// Some notes of a tune, with the mouth shut.
    Hum,
    /// Weeping: breath that comes in jerks.
    Sob,
    /// Admiration.
    Ooh,
    /// An open laugh.
    Laugh,
    /// Thinking it over.
    Hmm,
}

impl NonVerbal {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Giggle,
        Self::Gasp,
        Self::Sigh,
        Self::Hum,
        Self::Sob,
        Self::Ooh,
        Self::Laugh,
        Self::Hmm,
    ];

    /// The word that stands for it in tags and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Giggle => "giggle",
            Self::Gasp => "gasp",
            Self::Sigh => "sigh",
            Self::Hum => "hum",
            Self::Sob => "sob",
            Self::Ooh => "ooh",
            Self::Laugh => "laugh",
            Self::Hmm => "hmm",
        }
    }

    /// The sound in somebody's voice. No two people, and no two seeds, make it in the same way.
    #[must_use]
    pub fn sound(&self, voice: &FormantVoice, seed: u64) -> Speech {
        let mut chance = SplitMix(seed ^ voice.seed);
        let keys = self.keys(voice.pitch_hz, &mut chance);
        let mut pcm = render::render(&keys, voice, chance.next());
        finish::finish(&mut pcm, self.loudness());
        Speech {
            pcm: pcm.into(),
            sample_rate: SAMPLE_RATE,
            mouth_keys: key::mouth_keys(&keys),
            words: Vec::new(),
        }
    }

    fn keys(self, pitch_hz: f32, chance: &mut SplitMix) -> Vec<Key> {
        match self {
            Self::Giggle => pulses::giggle(pitch_hz, chance),
            Self::Laugh => pulses::laugh(pitch_hz, chance),
            Self::Sob => pulses::sob(pitch_hz, chance),
            Self::Gasp => breaths::gasp(pitch_hz, chance),
            Self::Sigh => breaths::sigh(pitch_hz, chance),
            Self::Hum => hums::hum(pitch_hz, chance),
            Self::Ooh => hums::ooh(pitch_hz, chance),
            Self::Hmm => hums::hmm(pitch_hz, chance),
        }
    }

    /// How loud it is, as a root mean square: breath is softer than laughter.
    const fn loudness(self) -> f32 {
        finish::SPEECH
            * match self {
                Self::Laugh | Self::Ooh => 1.0,
                Self::Giggle => 0.9,
                Self::Hum | Self::Hmm | Self::Sob => 0.75,
                Self::Gasp => 0.6,
                Self::Sigh => 0.5,
            }
    }
}

impl fmt::Display for NonVerbal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no sound we make.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no sound `{word}`: {}", self.advice())]
pub struct ParseNonVerbalError {
    /// The word.
    pub word: String,
}

impl ParseNonVerbalError {
    fn advice(&self) -> String {
        let words = NonVerbal::ALL.map(NonVerbal::as_str);
        let near =
            words.into_iter().map(|word| (strsim::osa_distance(&self.word, word), word)).min();
        match near {
            Some((distance, word)) if distance <= 2 => format!("did you mean `{word}`?"),
            _ => format!("use one of {}", words.join(", ")),
        }
    }
}

impl FromStr for NonVerbal {
    type Err = ParseNonVerbalError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|sound| sound.as_str() == word);
        known.ok_or_else(|| ParseNonVerbalError { word: word.into() })
    }
}

impl TryFrom<String> for NonVerbal {
    type Error = ParseNonVerbalError;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        word.parse()
    }
}

impl From<NonVerbal> for &'static str {
    fn from(sound: NonVerbal) -> Self {
        sound.as_str()
    }
}

#[cfg(test)]
mod tests;
