//! How a body holds itself.

use bevy::prelude::*;
use serde::Deserialize;

/// Angles in degrees, added to whatever the body does.
///
/// As a component: the posture of the moment, moved by [`CuePlugin`](super::CuePlugin) only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, Component)]
#[serde(default, deny_unknown_fields)]
pub struct Posture {
    /// Head down.
    pub nod: f32,
    /// Head to her left.
    pub turn: f32,
    /// Head towards her right shoulder.
    pub tilt: f32,
    /// Chest forward and down.
    pub chest: f32,
    /// Shoulders up.
    pub shoulders: f32,
    /// Upper body towards her right.
    pub lean: f32,
}

impl Posture {
    /// What is wrong with a posture that is not bearable.
    pub(super) const LIMIT: &'static str = "each angle must be between -45 and 45 degrees";

    fn angles(&self) -> [f32; 6] {
        [self.nod, self.turn, self.tilt, self.chest, self.shoulders, self.lean]
    }

    fn angles_mut(&mut self) -> [&mut f32; 6] {
        [
            &mut self.nod,
            &mut self.turn,
            &mut self.tilt,
            &mut self.chest,
            &mut self.shoulders,
            &mut self.lean,
        ]
    }

    /// Whether a body could hold it.
    #[must_use]
    pub fn is_bearable(&self) -> bool {
        self.angles().into_iter().all(|angle| angle.abs() <= 45.0)
    }

    /// Adds a share, 0..1, of another posture.
    pub fn add(&mut self, other: &Self, share: f32) {
        for (angle, more) in self.angles_mut().into_iter().zip(other.angles()) {
            *angle += more * share;
        }
    }

    /// Comes nearer to another posture, `rate` times the gap in each second.
    pub fn approach(&mut self, goal: &Self, rate: f32, dt: f32) {
        let share = 1.0 - (-rate * dt).exp();
        for (angle, goal) in self.angles_mut().into_iter().zip(goal.angles()) {
            *angle += (goal - *angle) * share;
        }
    }
}

/// What a feeling does to a voice: factors, 1 is her usual voice.
///
/// As a component: the voice of the moment.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Component)]
#[serde(default, deny_unknown_fields)]
pub struct VoiceCue {
    /// How high.
    pub pitch: f32,
    /// How fast.
    pub rate: f32,
    /// How loud.
    pub energy: f32,
    /// How long she pauses between clauses.
    pub pause: f32,
}

impl VoiceCue {
    /// In between two voices.
    #[must_use]
    pub fn mix(self, other: Self, share: f32) -> Self {
        let mix = |from: f32, to: f32| from + (to - from) * share;
        Self {
            pitch: mix(self.pitch, other.pitch),
            rate: mix(self.rate, other.rate),
            energy: mix(self.energy, other.energy),
            pause: mix(self.pause, other.pause),
        }
    }
}

impl Default for VoiceCue {
    fn default() -> Self {
        Self { pitch: 1.0, rate: 1.0, energy: 1.0, pause: 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_near_without_overshooting() {
        let goal = Posture { nod: 10.0, ..Posture::default() };
        let mut posture = Posture::default();
        for _ in 0..120 {
            posture.approach(&goal, 4.0, 1.0 / 60.0);
            assert!(posture.nod <= 10.0);
        }
        assert!(posture.nod > 9.9);
    }
}
