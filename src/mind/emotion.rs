//! The emotions a reply can carry, and the set a persona may use.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A feeling that a reply can show on face and body.
///
/// The eight built-in ones are what the sample personas use. A game adds its own as
/// [`Emotion::Custom`]: declare it in the persona's palette and map it in the avatar's rig.
///
/// Written as a word, in files as in tags: `joy`, `sad`, …
///
/// # Example
/// ```
/// use bevy_persona::mind::Emotion;
///
/// assert_eq!("joy".parse(), Ok(Emotion::Joy));
/// assert_eq!("smug".parse::<Emotion>().unwrap().as_str(), "smug");
/// assert!("not a word!".parse::<Emotion>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Emotion {
    /// At rest.
    #[default]
    Neutral,
    /// Glad.
    Joy,
    /// Down, or feeling with somebody who is.
    Sad,
    /// Cross.
    Angry,
    /// Caught unawares.
    Surprised,
    /// Bashful.
    Shy,
    /// Warm towards somebody.
    Love,
    /// Teasing.
    Playful,
    /// A feeling that a game adds: lower-case ASCII letters and `_`, 2 to 24 of them.
    Custom(Arc<str>),
}

impl Emotion {
    /// The built-in emotions, neutral first.
    pub const BUILT_IN: [Self; 8] = [
        Self::Neutral,
        Self::Joy,
        Self::Sad,
        Self::Angry,
        Self::Surprised,
        Self::Shy,
        Self::Love,
        Self::Playful,
    ];

    /// The word that stands for this emotion in tags and files.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Neutral => "neutral",
            Self::Joy => "joy",
            Self::Sad => "sad",
            Self::Angry => "angry",
            Self::Surprised => "surprised",
            Self::Shy => "shy",
            Self::Love => "love",
            Self::Playful => "playful",
            Self::Custom(name) => name,
        }
    }
}

impl fmt::Display for Emotion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that cannot name an emotion.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` cannot name an emotion: use 2 to 24 lower-case letters or `_`, such as `joy`")]
pub struct ParseEmotionError(pub String);

impl FromStr for Emotion {
    type Err = ParseEmotionError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        if let Some(known) = Self::BUILT_IN.iter().find(|known| known.as_str() == word) {
            return Ok(known.clone());
        }
        let is_word = (2..=24).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if is_word { Ok(Self::Custom(word.into())) } else { Err(ParseEmotionError(word.into())) }
    }
}

impl TryFrom<String> for Emotion {
    type Error = ParseEmotionError;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        word.parse()
    }
}

impl From<Emotion> for String {
    fn from(emotion: Emotion) -> Self {
        emotion.as_str().into()
    }
}

/// An emotion with its strength: what a tag such as `[joy]` or `[joy:0.6]` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmotionTag {
    /// Which feeling.
    pub emotion: Emotion,
    /// How strong, 0..1.
    pub intensity: f32,
}

impl EmotionTag {
    /// The strength of a tag that names none.
    pub const DEFAULT_INTENSITY: f32 = 0.8;

    /// A tag of the given strength, clamped to 0..1.
    #[must_use]
    pub fn new(emotion: Emotion, intensity: f32) -> Self {
        let intensity = if intensity.is_nan() { Self::DEFAULT_INTENSITY } else { intensity };
        Self { emotion, intensity: intensity.clamp(0.0, 1.0) }
    }
}

impl From<Emotion> for EmotionTag {
    fn from(emotion: Emotion) -> Self {
        Self::new(emotion, Self::DEFAULT_INTENSITY)
    }
}

/// The emotions a character may show: never empty, no doubles, in the order given.
///
/// A reply is decoded so that no other tag is possible.
///
/// # Example
/// ```
/// use bevy_persona::mind::{Emotion, Palette};
///
/// let persona = Palette::new([Emotion::Neutral, Emotion::Joy, Emotion::Sad]).unwrap();
/// let rig = [Emotion::Joy, Emotion::Neutral];
/// assert_eq!(persona.limited_to(&rig).emotions(), [Emotion::Neutral, Emotion::Joy]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Emotion>", into = "Vec<Emotion>")]
pub struct Palette(Vec<Emotion>);

/// A palette that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PaletteError {
    /// No emotion at all.
    #[error("an emotion palette needs at least one emotion, such as `neutral`")]
    Empty,
    /// The same emotion twice.
    #[error("`{0}` stands twice in the emotion palette: name each emotion once")]
    Double(Emotion),
}

impl Palette {
    /// A palette of these emotions.
    ///
    /// # Errors
    /// If there is none, or one stands twice.
    pub fn new(emotions: impl IntoIterator<Item = Emotion>) -> Result<Self, PaletteError> {
        let emotions: Vec<_> = emotions.into_iter().collect();
        if emotions.is_empty() {
            return Err(PaletteError::Empty);
        }
        for (index, emotion) in emotions.iter().enumerate() {
            if emotions[..index].contains(emotion) {
                return Err(PaletteError::Double(emotion.clone()));
            }
        }
        Ok(Self(emotions))
    }

    /// The emotions, in order.
    #[must_use]
    pub fn emotions(&self) -> &[Emotion] {
        &self.0
    }

    /// Whether a tag of this emotion is allowed.
    #[must_use]
    pub fn contains(&self, emotion: &Emotion) -> bool {
        self.0.contains(emotion)
    }

    /// The emotions that the avatar's rig can show as well.
    ///
    /// Where none is left this is the palette itself: better an unseen feeling than no reply.
    #[must_use]
    pub fn limited_to(&self, rig: &[Emotion]) -> Self {
        let both: Vec<_> = self.0.iter().filter(|emotion| rig.contains(emotion)).cloned().collect();
        if both.is_empty() { self.clone() } else { Self(both) }
    }

    /// The palette without these emotions; itself, where none would be left.
    #[must_use]
    pub fn without(&self, never: &[Emotion]) -> Self {
        let left: Vec<_> =
            self.0.iter().filter(|emotion| !never.contains(emotion)).cloned().collect();
        if left.is_empty() { self.clone() } else { Self(left) }
    }
}

impl Default for Palette {
    /// All built-in emotions.
    fn default() -> Self {
        Self(Emotion::BUILT_IN.to_vec())
    }
}

impl TryFrom<Vec<Emotion>> for Palette {
    type Error = PaletteError;

    fn try_from(emotions: Vec<Emotion>) -> Result<Self, Self::Error> {
        Self::new(emotions)
    }
}

impl From<Palette> for Vec<Emotion> {
    fn from(palette: Palette) -> Self {
        palette.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_emotion_reads_back_from_its_word() {
        for emotion in Emotion::BUILT_IN {
            assert_eq!(emotion.as_str().parse(), Ok(emotion));
        }
    }

    #[test]
    fn a_palette_refuses_doubles_and_emptiness() {
        assert_eq!(Palette::new([]), Err(PaletteError::Empty));
        let twice = Palette::new([Emotion::Joy, Emotion::Sad, Emotion::Joy]);
        assert_eq!(twice, Err(PaletteError::Double(Emotion::Joy)));
    }

    #[test]
    fn a_rig_that_shows_nothing_leaves_the_palette_as_it_is() {
        let palette = Palette::default();
        assert_eq!(palette.limited_to(&[]), palette);
    }
}
