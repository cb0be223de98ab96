//! The source of the voice.

use std::f32::consts::TAU;

use super::{FormantVoice, RATE};
use crate::cue::random::SplitMix;

/// The height of the step with which the glottis shuts: the slope of the pulse at its end.
const SHUT: f32 = 6.75;

/// The glottis: the flow of air as in KLGLOTT88 (Klatt and Klatt, 1990), which is the pulse of
/// Rosenberg (1971) with a polynomial of the third degree.
///
/// What comes out is the slope of the flow, since lips radiate that.
#[derive(Debug, Clone)]
pub(super) struct Glottis {
    open: f32,
    vibrato_hz: f32,
    vibrato_phase: f32,
    phase: f32,
    /// How long and how loud this cycle is: no two are alike.
    jitter: f32,
    shimmer: f32,
    tilt: f32,
    smooth: f32,
    chance: SplitMix,
}

impl Glottis {
    pub(super) fn new(voice: &FormantVoice, seed: u64) -> Self {
        Self {
            open: voice.open,
            vibrato_hz: voice.vibrato_hz,
            vibrato_phase: 0.0,
            phase: 0.0,
            jitter: 1.0,
            shimmer: 1.0,
            tilt: 1.0 - (-TAU * voice.tilt_hz / RATE).exp(),
            smooth: 0.0,
            chance: SplitMix(seed ^ voice.seed),
        }
    }

    /// The next sample of the pulse, and how much breath the glottis lets through now, 0..1.
    pub(super) fn next(&mut self, pitch_hz: f32, vibrato: f32) -> (f32, f32) {
        self.vibrato_phase = (self.vibrato_phase + self.vibrato_hz / RATE).fract();
        let tremble = 1.0 + vibrato * (TAU * self.vibrato_phase).sin();
        let step = (pitch_hz * tremble * self.jitter / RATE).clamp(0.0, 0.2);
        self.phase += step;
        if self.phase >= 1.0 {
            self.phase -= 1.0;
            self.jitter = 1.0 + self.chance.between(-0.012, 0.012);
            self.shimmer = 1.0 + self.chance.between(-0.06, 0.06);
        }
        let part = self.phase / self.open;
        let slope = if part < 1.0 { SHUT * (2.0 - 3.0 * part) * part } else { 0.0 };
        let slope = slope + 0.5 * SHUT * rounded_step(self.phase - self.open, step);
        self.smooth += self.tilt * (slope * self.shimmer - self.smooth);
        let breath = if part < 1.0 { 0.3 + 0.7 * (4.0 * part * (1.0 - part)) } else { 0.3 };
        (self.smooth, breath)
    }
}

/// What a step of height 2 lacks to be band-limited, `distance` cycles after it (`PolyBLEP`: Välimäki
/// and Huovilainen, 2007). Without it, high voices sound of tin.
fn rounded_step(distance: f32, step: f32) -> f32 {
    let part = distance / step.max(1e-9);
    if (0.0..1.0).contains(&part) {
        2.0 * part - part * part - 1.0
    } else if (-1.0..0.0).contains(&part) {
        part * part + 2.0 * part + 1.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::formant::spectrum::{fundamental, level};

    fn pulses(pitch_hz: f32) -> Vec<f32> {
        let mut glottis = Glottis::new(&FormantVoice::default(), 1);
        (0..24_000).map(|_| glottis.next(pitch_hz, 0.0).0).collect()
    }

    #[test]
    fn it_sounds_at_its_pitch_and_softer_above() {
        for pitch in [100.0, 220.0, 480.0] {
            let pcm = pulses(pitch);
            let heard = fundamental(&pcm[..4800]).unwrap();
            assert!((heard / pitch - 1.0).abs() < 0.03, "{heard} for {pitch}");
        }
        let pcm = pulses(250.0);
        let octaves = [500.0, 1000.0, 2000.0, 4000.0, 8000.0].map(|hz| level(&pcm, hz, 120.0));
        assert!(octaves.windows(2).all(|pair| pair[1] < pair[0]), "{octaves:?}");
    }

    #[test]
    fn no_cycle_is_like_the_last() {
        let pcm = pulses(240.0);
        assert!(pcm[..100].iter().zip(&pcm[100..]).any(|(one, two)| (one - two).abs() > 0.01));
    }
}
