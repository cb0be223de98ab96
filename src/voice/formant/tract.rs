//! Throat and mouth: they colour what the glottis makes.

use super::{FormantVoice, resonator::Resonator};

/// The resonances that move with tongue and lips, and those that only the size of the head decides.
const MOVING: usize = 3;
const FIXED: [f32; 6] = [4200.0, 5300.0, 6400.0, 7500.0, 8600.0, 9700.0];

/// How wide the moving resonances are, in hertz.
const WIDTHS: [f32; MOVING] = [110.0, 150.0, 230.0];

/// A row of resonators, one behind the other.
#[derive(Debug, Clone)]
pub(super) struct Tract {
    scale: f32,
    moving: [Resonator; MOVING],
    fixed: Vec<Resonator>,
}

impl Tract {
    pub(super) fn new(voice: &FormantVoice) -> Self {
        let fixed = FIXED.map(|frequency| frequency * voice.tract);
        Self {
            scale: voice.tract,
            moving: [Resonator::default(); MOVING],
            fixed: fixed
                .into_iter()
                .filter(|frequency| *frequency < 11_000.0)
                .map(|frequency| Resonator::new(frequency, 60.0 + 0.06 * frequency))
                .collect(),
        }
    }

    /// Moves tongue and lips. Breath, 0..1, means an open glottis, which dampens the resonances; a
    /// singer opens the mouth until its lowest resonance is not below her pitch.
    pub(super) fn shape(&mut self, formants: [f32; MOVING], breath: f32, pitch_hz: f32) {
        let damping = 1.0 + 1.2 * breath;
        let [lowest, higher @ ..] = &mut self.moving;
        // The nose, which is open where the first resonance is that low, has soft walls.
        let nose = if formants[0] < 300.0 { 2.0 } else { 1.0 };
        let width = WIDTHS[0].max(0.45 * pitch_hz) * nose;
        lowest.tune((formants[0] * self.scale).max(1.04 * pitch_hz), width * damping);
        for ((resonator, formant), width) in higher.iter_mut().zip(&formants[1..]).zip(&WIDTHS[1..])
        {
            resonator.tune(formant * self.scale, width * damping);
        }
    }

    /// The next sample.
    pub(super) fn next(&mut self, source: f32) -> f32 {
        let moved = self.moving.iter_mut().fold(source, |sound, resonator| resonator.next(sound));
        self.fixed.iter_mut().fold(moved, |sound, resonator| resonator.next(sound))
    }
}
