//! How one feeling passes into the next.

use bevy::prelude::*;

use crate::mind::{Emotion, EmotionTag};

/// How fast feelings come and go. Spawn it beside a persona to change it for her.
#[derive(Debug, Clone, Copy, PartialEq, Component)]
pub struct EmotionFade {
    /// Seconds in which a new feeling reaches 95 % of its strength.
    pub seconds: f32,
    /// Seconds for which a feeling stays after the reply has ended.
    pub linger: f32,
}

impl Default for EmotionFade {
    fn default() -> Self {
        Self { seconds: 1.5, linger: 4.0 }
    }
}

/// The feelings a character shows right now, each with its weight.
///
/// Moved by [`CuePlugin`](super::CuePlugin) only; views read it.
///
/// # Example
/// ```
/// use bevy_persona::{cue::EmotionBlend, mind::{Emotion, EmotionTag}};
///
/// let mut blend = EmotionBlend::default();
/// blend.aim(EmotionTag::new(Emotion::Joy, 0.8));
/// blend.advance(1.0, 0.6);
/// assert!(blend.weight(&Emotion::Joy) > 0.75);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Component)]
pub struct EmotionBlend {
    target: Option<EmotionTag>,
    weights: Vec<(Emotion, f32)>,
    /// Seconds since the reply ended; none while she speaks.
    quiet: Option<f32>,
}

impl EmotionBlend {
    /// Below this a weight is nothing.
    const NOTHING: f32 = 1e-3;

    /// The feeling to move towards.
    pub fn aim(&mut self, tag: EmotionTag) {
        if self.weights.iter().all(|(emotion, _)| *emotion != tag.emotion) {
            self.weights.push((tag.emotion.clone(), 0.0));
        }
        self.target = Some(tag);
        self.quiet = None;
    }

    /// The reply is over: after a while the feeling fades.
    pub fn rest(&mut self) {
        self.quiet = Some(0.0);
    }

    /// Moves every weight on by `dt` seconds, reaching 95 % of the way in `fade` seconds.
    ///
    /// Gives whether anything moved.
    pub fn advance(&mut self, dt: f32, fade: f32) -> bool {
        let rate = 1.0 - (-3.0 * dt / fade.max(1e-3)).exp();
        let mut moved = false;
        for (emotion, weight) in &mut self.weights {
            let goal = match &self.target {
                Some(tag) if tag.emotion == *emotion => tag.intensity,
                _ => 0.0,
            };
            let gap = goal - *weight;
            moved |= gap != 0.0;
            *weight = if gap.abs() < Self::NOTHING { goal } else { *weight + gap * rate };
        }
        let target = self.target.as_ref().map(|tag| &tag.emotion);
        let count = self.weights.len();
        self.weights
            .retain(|(emotion, weight)| *weight >= Self::NOTHING || Some(emotion) == target);
        moved || self.weights.len() != count
    }

    /// Counts `dt` seconds of quiet; lets the feeling go after `linger` seconds.
    pub fn settle(&mut self, dt: f32, linger: f32) {
        if let Some(quiet) = &mut self.quiet {
            *quiet += dt;
            if *quiet >= linger {
                self.quiet = None;
                self.target = None;
            }
        }
    }

    /// How strongly she shows this feeling, 0..1.
    #[must_use]
    pub fn weight(&self, emotion: &Emotion) -> f32 {
        self.weights.iter().find(|(known, _)| known == emotion).map_or(0.0, |(_, weight)| *weight)
    }

    /// All feelings that show, with their weights.
    #[must_use]
    pub fn weights(&self) -> &[(Emotion, f32)] {
        &self.weights
    }

    /// The feeling she is moving towards; none at rest.
    #[must_use]
    pub fn target(&self) -> Option<&EmotionTag> {
        self.target.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: f32 = 1.0 / 60.0;

    #[test]
    fn a_feeling_passes_into_the_next_without_a_jump() {
        let mut blend = EmotionBlend::default();
        blend.aim(EmotionTag::new(Emotion::Sad, 1.0));
        for _ in 0..120 {
            blend.advance(FRAME, 0.6);
        }
        blend.aim(EmotionTag::new(Emotion::Joy, 1.0));
        let mut before = (blend.weight(&Emotion::Sad), blend.weight(&Emotion::Joy));
        for _ in 0..120 {
            blend.advance(FRAME, 0.6);
            let now = (blend.weight(&Emotion::Sad), blend.weight(&Emotion::Joy));
            assert!((now.0 - before.0).abs() < 0.1 && (now.1 - before.1).abs() < 0.1);
            before = now;
        }
        assert!(before.0 < 0.01 && before.1 > 0.95);
    }

    #[test]
    fn after_a_while_of_quiet_she_is_at_rest() {
        let mut blend = EmotionBlend::default();
        blend.aim(EmotionTag::new(Emotion::Joy, 1.0));
        blend.rest();
        for _ in 0..600 {
            blend.settle(FRAME, 1.0);
            blend.advance(FRAME, 0.6);
        }
        assert_eq!(blend.target(), None);
        assert!(blend.weights().is_empty());
    }

    #[test]
    fn a_still_face_reports_no_movement() {
        let mut blend = EmotionBlend::default();
        blend.aim(EmotionTag::new(Emotion::Joy, 1.0));
        for _ in 0..600 {
            blend.advance(FRAME, 0.6);
        }
        assert!(!blend.advance(FRAME, 0.6));
    }
}
