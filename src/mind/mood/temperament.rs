//! How easily a character is moved, and how long it lasts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{mind::Emotion, persona::Mbti};

/// How easily a character is moved, and how long it lasts.
///
/// Taken from the personality type, or written by hand.
///
/// # Example
/// ```
/// use bevy_persona::{mind::Temperament, persona::Mbti};
///
/// let (cool, bright) = (Temperament::of(Mbti::Istp), Temperament::of(Mbti::Enfp));
/// assert!(cool.swing < bright.swing && cool.gloom > bright.gloom);
/// let patient = Temperament { gloom: 60.0, ..cool };
/// assert_eq!(patient.gloom, 60.0);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Temperament {
    /// How much feelings rise: 1 as told, below 1 less.
    pub swing: f32,
    /// Seconds until joy, love, play and shyness are halved.
    pub bright: f32,
    /// Seconds until sadness and anger are halved.
    pub gloom: f32,
    /// Seconds until surprise is halved.
    pub surprise: f32,
    /// What is always felt a little, 0..1: where feelings fade to. Nothing unless given.
    pub rest: BTreeMap<Emotion, f32>,
}

impl Default for Temperament {
    fn default() -> Self {
        Self { swing: 1.0, bright: 900.0, gloom: 1_200.0, surprise: 60.0, rest: BTreeMap::new() }
    }
}

impl Temperament {
    /// The temperament of a personality type: outgoing (E) people change faster, feeling (F) ones
    /// are moved more, planning (J) ones stay longer in a mood, intuitive (N) ones brood longer.
    #[must_use]
    pub fn of(kind: Mbti) -> Self {
        let letters = kind.to_string();
        let pick = |letter, with: f32, without: f32| {
            if letters.contains::<char>(letter) { with } else { without }
        };
        let base = Self::default();
        let pace = pick('E', 0.75, 1.25) * pick('J', 1.2, 0.9);
        Self {
            swing: pick('F', 1.1, 0.75) * pick('E', 1.1, 0.95),
            bright: base.bright * pace,
            gloom: base.gloom * pace * pick('N', 1.1, 1.0),
            ..base
        }
    }

    /// Seconds until a feeling is halved; at least one.
    #[must_use]
    pub fn half_life(&self, emotion: &Emotion) -> f32 {
        let seconds = match emotion {
            Emotion::Sad | Emotion::Angry => self.gloom,
            Emotion::Surprised => self.surprise,
            _ => self.bright,
        };
        if seconds.is_nan() { 1.0 } else { seconds.max(1.0) }
    }
}
