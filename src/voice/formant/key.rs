//! What the organs of speech do, one moment after another.

use super::RATE;
use crate::voice::{MouthKey, MouthShape};

/// A posture of mouth, tongue and glottis that is aimed at for a while.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Key {
    /// What the lips show.
    pub(super) mouth: MouthShape,
    /// How far they show it. 0..1.
    pub(super) weight: f32,
    /// The first three resonances of a grown woman's mouth, in hertz.
    pub(super) formants: [f32; 3],
    /// How loud the glottis sounds; about 1.
    pub(super) voicing: f32,
    /// How loud breath is heard through the whole mouth. 0..1.
    pub(super) breath: f32,
    /// How loud breath hisses at a narrow place. 0..1.
    pub(super) hiss: f32,
    /// Where that hiss is loudest, in hertz.
    pub(super) hiss_hz: f32,
    /// The pitch of the voice, in hertz.
    pub(super) pitch_hz: f32,
    /// How far the pitch trembles: a part of it.
    pub(super) vibrato: f32,
    /// How fast the key is reached, in seconds.
    pub(super) glide: f32,
    /// How long it lasts, in seconds.
    pub(super) seconds: f32,
}

impl Key {
    /// A mouth that makes no sound.
    pub(super) fn silent(pitch_hz: f32, seconds: f32) -> Self {
        Self {
            mouth: MouthShape::Rest,
            weight: 0.0,
            formants: [500.0, 1500.0, 2700.0],
            voicing: 0.0,
            breath: 0.0,
            hiss: 0.0,
            hiss_hz: 5000.0,
            pitch_hz,
            vibrato: 0.006,
            glide: 0.018,
            seconds,
        }
    }

    /// With this voice and breath, 0..1 each.
    pub(super) fn sounding(self, voicing: f32, breath: f32) -> Self {
        Self { voicing, breath, ..self }
    }

    /// With a hiss, 0..1, around a frequency in hertz.
    pub(super) fn hissing(self, hiss: f32, hiss_hz: f32) -> Self {
        Self { hiss, hiss_hz, ..self }
    }

    /// Louder or softer, a factor.
    pub(super) fn louder(self, factor: f32) -> Self {
        Self {
            voicing: self.voicing * factor,
            breath: self.breath * factor,
            hiss: self.hiss * factor,
            ..self
        }
    }

    /// With lips of another shape and weight, 0..1.
    pub(super) fn shaped(self, mouth: MouthShape, weight: f32) -> Self {
        Self { mouth, weight, ..self }
    }

    /// Trembling by a part of the pitch.
    pub(super) fn trembling(self, vibrato: f32) -> Self {
        Self { vibrato, ..self }
    }

    /// At a pitch in hertz, for that many seconds.
    pub(super) fn lasting(self, pitch_hz: f32, seconds: f32) -> Self {
        Self { pitch_hz, seconds, ..self }
    }

    /// Reached within that many seconds.
    pub(super) fn gliding(self, glide: f32) -> Self {
        Self { glide, ..self }
    }
}

/// Where each key ends, in samples: rounded so that no error adds up.
pub(super) fn ends(keys: &[Key]) -> impl Iterator<Item = usize> {
    let mut seconds = 0.0_f64;
    keys.iter().map(move |key| {
        seconds += f64::from(key.seconds.max(0.0));
        (seconds * f64::from(RATE)).round() as usize
    })
}

/// What the mouth does meanwhile: to the sample as long as the sound. Equal neighbours become one.
#[expect(clippy::cast_precision_loss, reason = "keys are shorter than 2^24 samples")]
pub(super) fn mouth_keys(keys: &[Key]) -> Vec<MouthKey> {
    let mut mouth: Vec<(MouthShape, f32, usize)> = Vec::with_capacity(keys.len());
    let mut start = 0;
    for (key, end) in keys.iter().zip(ends(keys)) {
        let (shape, samples) = (key.mouth, end - start);
        let weight = if shape == MouthShape::Rest { 0.0 } else { key.weight.clamp(0.0, 1.0) };
        start = end;
        match mouth.last_mut() {
            Some(last) if last.0 == shape && last.1 == weight => last.2 += samples,
            _ if samples == 0 => {}
            _ => mouth.push((shape, weight, samples)),
        }
    }
    mouth
        .into_iter()
        .map(|(shape, weight, samples)| MouthKey { shape, weight, seconds: samples as f32 / RATE })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_does_not_add_up() {
        let keys = vec![Key::silent(200.0, 0.010_01); 1000];
        assert_eq!(ends(&keys).last(), Some(240_240));
        let mouth = mouth_keys(&keys);
        assert_eq!(mouth.len(), 1, "all alike");
        assert!((mouth[0].seconds - 10.01).abs() < 1e-4);
    }
}
