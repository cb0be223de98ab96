//! What a character feels at the moment: it rises with what is said and fades with time.

mod temperament;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Appraisal, Emotion};

pub use temperament::Temperament;

/// How much of what she answers with she feels herself.
const EMPATHY: f32 = 0.35;
/// How much a feeling drives out its opposites.
const DAMPS: f32 = 0.4;

/// What a character feels: emotions with their intensity, 0..1.
///
/// # Example
/// ```
/// use bevy_persona::mind::{Emotion, Mood, Temperament};
///
/// let mut mood = Mood::new(Temperament::default());
/// mood.feel(&Emotion::Sad, 0.8);
/// assert_eq!(mood.strongest(), Some(Emotion::Sad));
/// mood.decay(24.0 * 3600.0);
/// assert_eq!(mood.strongest(), None);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "Saved")]
pub struct Mood {
    temperament: Temperament,
    feelings: BTreeMap<Emotion, f32>,
}

/// A mood as it stands in a save, which may hold any number.
#[derive(Deserialize)]
struct Saved {
    temperament: Temperament,
    feelings: BTreeMap<Emotion, f32>,
}

impl From<Saved> for Mood {
    fn from(saved: Saved) -> Self {
        let mut mood = Self { temperament: saved.temperament, feelings: saved.feelings };
        for felt in mood.feelings.values_mut() {
            *felt = within(*felt);
        }
        mood
    }
}

impl Mood {
    /// How far the mood can push the choice of a tag: the natural logarithm of a factor of two.
    pub const MOST_BIAS: f32 = std::f32::consts::LN_2;
    /// Below this, a feeling does not show.
    pub const SHOWS_FROM: f32 = 0.1;

    /// A mood at rest.
    #[must_use]
    pub fn new(temperament: Temperament) -> Self {
        let feelings =
            temperament.rest.iter().map(|(e, felt)| (e.clone(), within(*felt))).collect();
        Self { temperament, feelings }
    }

    /// The temperament that drives it.
    #[must_use]
    pub const fn temperament(&self) -> &Temperament {
        &self.temperament
    }

    /// How strongly an emotion is felt, 0..1.
    #[must_use]
    pub fn intensity(&self, emotion: &Emotion) -> f32 {
        self.feelings.get(emotion).copied().unwrap_or(0.0)
    }

    /// Feels something: `amount`, 0..1, as in a tag. The stronger a feeling is already, the less
    /// it rises; its opposites fade. Neutral calms everything.
    pub fn feel(&mut self, emotion: &Emotion, amount: f32) {
        let amount = within(amount * self.temperament.swing.max(0.0));
        for (other, felt) in &mut self.feelings {
            if *emotion == Emotion::Neutral || are_opposite(emotion, other) {
                *felt = within(*felt * (1.0 - DAMPS * amount));
            }
        }
        if *emotion != Emotion::Neutral && amount > 0.0 {
            let felt = self.feelings.entry(emotion.clone()).or_insert(0.0);
            *felt = within(*felt + amount * (1.0 - *felt));
        }
    }

    /// Feels with a fan: a part of what suits as an answer.
    pub fn hear(&mut self, heard: &Appraisal) {
        let strength = 1.0 - heard.feeling.score(&Emotion::Neutral);
        for (emotion, weight) in &heard.weights {
            self.feel(emotion, EMPATHY * weight * strength);
        }
    }

    /// Lets time pass, in seconds: every feeling goes back to its rest. Any split of a time into
    /// steps comes to the same.
    pub fn decay(&mut self, seconds: f32) {
        if seconds.is_nan() || seconds <= 0.0 {
            return;
        }
        for (emotion, felt) in &mut self.feelings {
            let rest = within(self.temperament.rest.get(emotion).copied().unwrap_or(0.0));
            let left = (-seconds / self.temperament.half_life(emotion)).exp2();
            *felt = within(rest + (*felt - rest) * left);
        }
    }

    /// What is felt most, where anything shows; of equals, the first in the order of emotions.
    #[must_use]
    pub fn strongest(&self) -> Option<Emotion> {
        let shown = self.feelings.iter().filter(|(_, felt)| **felt >= Self::SHOWS_FROM);
        shown.rev().max_by(|a, b| a.1.total_cmp(b.1)).map(|(emotion, _)| emotion.clone())
    }

    /// How much likelier each built-in emotion, and each that is felt, becomes as the next tag:
    /// natural logarithms, between -[`Self::MOST_BIAS`] and [`Self::MOST_BIAS`].
    #[must_use]
    pub fn bias(&self) -> Vec<(Emotion, f32)> {
        let mut emotions = Emotion::BUILT_IN.to_vec();
        emotions.extend(self.feelings.keys().filter(|e| !Emotion::BUILT_IN.contains(e)).cloned());
        let against = |emotion: &Emotion| {
            let opposite = self.feelings.iter().filter(|(other, _)| are_opposite(emotion, other));
            opposite.map(|(_, felt)| *felt).fold(0.0, f32::max)
        };
        let push = |emotion: Emotion| {
            let push = self.intensity(&emotion) - against(&emotion);
            (emotion, Self::MOST_BIAS * push)
        };
        emotions.into_iter().map(push).collect()
    }
}

fn are_opposite(a: &Emotion, b: &Emotion) -> bool {
    let is_bright = |e: &Emotion| matches!(e, Emotion::Joy | Emotion::Playful | Emotion::Love);
    let is_gloomy = |e: &Emotion| matches!(e, Emotion::Sad | Emotion::Angry);
    // One can love and be sad.
    let both = |x: &Emotion, y: &Emotion| *x == Emotion::Love && *y == Emotion::Sad;
    ((is_bright(a) && is_gloomy(b)) || (is_gloomy(a) && is_bright(b))) && !both(a, b) && !both(b, a)
}

/// Between 0 and 1, whatever it was.
fn within(number: f32) -> f32 {
    if number.is_nan() { 0.0 } else { number.clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests;
