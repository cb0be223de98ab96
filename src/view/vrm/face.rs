//! What each emotion looks like on an avatar.

use std::collections::BTreeMap;

use bevy::prelude::*;

use super::motion::FaceMotion;
use crate::mind::Emotion;

/// How an avatar shows each emotion.
///
/// Comes with every VRM; spawn it beside a [`Persona`](crate::persona::Persona) to change a look,
/// or to add one for an emotion of the game's own.
///
/// # Example
/// ```
/// use bevy_persona::{mind::Emotion, view::{Look, VrmFace}};
///
/// let smug = Emotion::Custom("smug".into());
/// let face = VrmFace::default().with(smug, Look::new([("relaxed", 0.4), ("lookLeft", 0.7)]));
/// ```
#[derive(Debug, Clone, PartialEq, Component)]
#[require(FaceMotion)]
pub struct VrmFace {
    /// The looks. An emotion without one is not used in replies.
    pub looks: BTreeMap<Emotion, Look>,
    /// Whether she blinks by herself.
    pub blinks: bool,
    /// Makes the same blinks come at the same times; taken from the entity unless given.
    pub blink_seed: Option<u64>,
}

impl VrmFace {
    /// Adds or replaces the look of an emotion.
    #[must_use]
    pub fn with(mut self, emotion: Emotion, look: Look) -> Self {
        self.looks.insert(emotion, look);
        self
    }
}

impl Default for VrmFace {
    /// Looks made of the presets that every VRM 1.0 avatar should have.
    fn default() -> Self {
        // `happy` stays below 1, where cheeks tend to crease. A glance stands for a wink, because
        // many avatars let `happy` block every blink.
        let looks = [
            (Emotion::Neutral, Look::default()),
            (Emotion::Joy, Look::new([("happy", 0.85), ("aa", 0.12)])),
            (Emotion::Sad, Look::new([("sad", 1.0), ("lookDown", 0.15), ("oh", 0.1)])),
            (Emotion::Angry, Look::new([("angry", 0.75)])),
            (Emotion::Surprised, Look::new([("surprised", 0.7)])),
            (
                Emotion::Shy,
                Look::new([("ee", 0.3), ("sad", 0.35), ("lookDown", 0.3), ("lookRight", 0.45)]),
            ),
            (Emotion::Love, Look::new([("relaxed", 0.7), ("ee", 0.4)])),
            (Emotion::Playful, Look::new([("happy", 0.5), ("lookLeft", 0.6)])),
        ];
        Self { looks: looks.into(), blinks: true, blink_seed: None }
    }
}

/// One look of a face: expressions of the avatar with their weights at full strength.
///
/// The names are the presets of VRM 1.0: `happy`, `angry`, `sad`, `relaxed`, `surprised`, `aa`,
/// `ih`, `ou`, `ee`, `oh`, `blink`, `blinkLeft`, `blinkRight`, `lookUp`, `lookDown`, `lookLeft`,
/// `lookRight`. Left and right are hers.
///
/// # Example
/// ```
/// use bevy_persona::view::Look;
///
/// let dreamy = Look::new([("relaxed", 0.6), ("lookUp", 0.4)]);
/// assert_eq!(dreamy.parts()[0], ("relaxed".to_owned(), 0.6));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Look(Vec<(String, f32)>);

impl Look {
    /// A look of these expressions; weights are clamped to 0..1.
    pub fn new(parts: impl IntoIterator<Item = (impl Into<String>, f32)>) -> Self {
        let parts = parts.into_iter();
        Self(parts.map(|(name, weight)| (name.into(), weight.clamp(0.0, 1.0))).collect())
    }

    /// The expressions with their weights.
    #[must_use]
    pub fn parts(&self) -> &[(String, f32)] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_emotion_has_a_look_of_its_own() {
        let face = VrmFace::default();
        let looks: Vec<_> = Emotion::BUILT_IN.iter().map(|emotion| &face.looks[emotion]).collect();
        for (index, look) in looks.iter().enumerate() {
            assert!(!looks[..index].contains(look));
        }
    }
}
