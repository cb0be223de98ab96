//! Adds up what moves a face.

use std::collections::BTreeMap;

use super::{Look, VrmFace, mouth::Vowel};
use crate::mind::Emotion;

/// Weights of an avatar's expressions, 0..1, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Weights(BTreeMap<String, f32>);

impl Weights {
    /// Below this a weight is nothing, and a change is none.
    const NOTHING: f32 = 1e-3;

    fn add(&mut self, expression: &str, weight: f32) {
        if weight < Self::NOTHING {
            return;
        }
        match self.0.get_mut(expression) {
            Some(sum) => *sum = (*sum + weight).min(1.0),
            None => {
                self.0.insert(expression.to_owned(), weight.min(1.0));
            }
        }
    }

    /// How strongly this expression shows.
    pub(super) fn get(&self, expression: &str) -> f32 {
        self.0.get(expression).copied().unwrap_or(0.0)
    }

    /// All that show, in the order of their names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, f32)> {
        self.0.iter().map(|(name, weight)| (name.as_str(), *weight))
    }

    /// Whether somebody could see the difference.
    pub(super) fn differs_from(&self, other: &Self) -> bool {
        let moved = |(name, weight): (&str, f32)| (other.get(name) - weight).abs() > Self::NOTHING;
        self.iter().any(moved) || other.0.keys().any(|name| !self.0.contains_key(name))
    }
}

/// The feelings of the moment, as the avatar shows them.
pub(super) fn feelings(face: &VrmFace, blend: &[(Emotion, f32)]) -> Weights {
    let mut weights = Weights::default();
    for (emotion, strength) in blend {
        for (expression, weight) in face.looks.get(emotion).into_iter().flat_map(Look::parts) {
            weights.add(expression, weight * strength);
        }
    }
    weights
}

/// The feelings, with closing eyes and a speaking mouth on top.
pub(super) fn with_life(
    mut weights: Weights,
    blink: f32,
    mouth: impl IntoIterator<Item = (Vowel, f32)>,
) -> Weights {
    weights.add("blink", blink);
    for (vowel, weight) in mouth {
        weights.add(vowel.expression(), weight);
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_feelings_at_once_add_up() {
        let face = VrmFace::default();
        let weights = feelings(&face, &[(Emotion::Joy, 0.5), (Emotion::Playful, 0.5)]);
        assert!((weights.get("happy") - (0.85 + 0.5) * 0.5).abs() < 1e-6);
        assert!((weights.get("lookLeft") - 0.3).abs() < 1e-6);
    }

    #[test]
    fn no_weight_is_above_one_or_worth_nothing() {
        let face = VrmFace::default();
        let sad = feelings(&face, &[(Emotion::Sad, 1.0), (Emotion::Shy, 1.0)]);
        assert!(sad.iter().all(|(_, weight)| weight <= 1.0));
        assert_eq!(feelings(&face, &[(Emotion::Joy, 1e-4)]), Weights::default());
    }

    #[test]
    fn an_emotion_without_a_look_shows_nothing() {
        let smug = Emotion::Custom("smug".into());
        assert_eq!(feelings(&VrmFace::default(), &[(smug, 1.0)]), Weights::default());
    }

    #[test]
    fn a_weight_that_goes_is_a_difference() {
        let blinking = with_life(Weights::default(), 0.5, []);
        assert!(Weights::default().differs_from(&blinking));
        assert!(blinking.differs_from(&Weights::default()));
        assert!(!blinking.differs_from(&blinking.clone()));
    }
}
