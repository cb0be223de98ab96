//! What a fan can feel, as far as the mind tells it apart.

use serde::Deserialize;

use crate::mind::Emotion;

/// What a fan can feel: one of the eight built-in emotions, or grief.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Neutral,
    Joy,
    Sad,
    Angry,
    Surprised,
    Shy,
    Love,
    Playful,
    Grief,
}

/// A number for each [`Kind`].
pub(super) type PerKind = [f32; Kind::COUNT];

impl Kind {
    pub(super) const COUNT: usize = 9;

    pub(super) const ALL: [Self; Self::COUNT] = [
        Self::Neutral,
        Self::Joy,
        Self::Sad,
        Self::Angry,
        Self::Surprised,
        Self::Shy,
        Self::Love,
        Self::Playful,
        Self::Grief,
    ];

    /// The emotion it is: grief is sadness.
    pub(super) fn emotion(self) -> Emotion {
        match self {
            Self::Grief => Emotion::Sad,
            other => Emotion::BUILT_IN[other as usize].clone(),
        }
    }

    /// The kind of an emotion, if it is a built-in one.
    pub(super) fn of(emotion: &Emotion) -> Option<Self> {
        let at = Emotion::BUILT_IN.iter().position(|known| known == emotion)?;
        Some(Self::ALL[at])
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "grief" => Some(Self::Grief),
            name => Self::of(&name.parse().ok()?),
        }
    }

    /// The name in files.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Grief => "grief",
            Self::Neutral => "neutral",
            Self::Joy => "joy",
            Self::Sad => "sad",
            Self::Angry => "angry",
            Self::Surprised => "surprised",
            Self::Shy => "shy",
            Self::Love => "love",
            Self::Playful => "playful",
        }
    }
}

/// Scales numbers so that they sum to 1; all the same where there is none.
pub(super) fn normalised(mut numbers: PerKind) -> PerKind {
    let sum: f32 = numbers.iter().sum();
    for number in &mut numbers {
        *number = if sum > 0.0 { *number / sum } else { 1.0 / Kind::COUNT as f32 };
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.name()), Some(kind));
            assert_eq!(Kind::ALL[kind as usize], kind);
        }
        assert_eq!(Kind::named("smug"), None);
        assert_eq!(Kind::Grief.emotion(), Emotion::Sad);
    }
}
