//! What makes one voice differ from another.

use crate::cue::random::SplitMix;

/// The voice of one person.
///
/// # Example
/// ```
/// use bevy_persona::voice::{FormantVoice, NonVerbal};
///
/// let voice = FormantVoice::new("siwoo", 215.0);
/// let giggle = NonVerbal::Giggle.sound(&voice, 1);
/// assert!(giggle.seconds() > 0.4);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FormantVoice {
    /// Her mean pitch, in hertz.
    pub(super) pitch_hz: f32,
    /// How much shorter her vocal tract is than a grown woman's: a factor on formants.
    pub(super) tract: f32,
    /// How much breath goes with the voice. 0..1.
    pub(super) breath: f32,
    /// The part of each glottal cycle in which the glottis is open. 0..1.
    pub(super) open: f32,
    /// From where on the voice loses its brightness, in hertz.
    pub(super) tilt_hz: f32,
    /// How fast her voice trembles, in hertz.
    pub(super) vibrato_hz: f32,
    /// How lively her melody is, a factor.
    pub(super) liveliness: f32,
    /// Stands for her where chance decides.
    pub(super) seed: u64,
}

impl FormantVoice {
    /// The voice of a speaker by her id and mean pitch in hertz (80..500): the same whenever asked.
    ///
    /// A higher voice comes from a smaller body and is brighter; the rest is hers alone.
    #[must_use]
    pub fn new(speaker: &str, pitch_hz: f32) -> Self {
        let pitch_hz = if pitch_hz.is_finite() { pitch_hz.clamp(80.0, 500.0) } else { 220.0 };
        let seed = hash(speaker.as_bytes());
        let mut chance = SplitMix(seed);
        let height = (pitch_hz / 220.0).powf(0.35);
        Self {
            pitch_hz,
            tract: 1.1 * height * chance.between(0.95, 1.05),
            breath: chance.between(0.1, 0.3),
            open: chance.between(0.58, 0.72),
            tilt_hz: 2100.0 * height * chance.between(0.75, 1.35),
            vibrato_hz: chance.between(4.8, 6.2),
            liveliness: chance.between(0.85, 1.25),
            seed,
        }
    }
}

impl Default for FormantVoice {
    fn default() -> Self {
        Self::new("", 220.0)
    }
}

/// FNV-1a (Fowler, Noll and Vo): the same number for the same bytes, on every machine.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_members_differ_and_stay_themselves() {
        let members = [("siwoo", 215.0), ("jena", 245.0), ("taira", 190.0), ("marty", 255.0)];
        let voices = members.map(|(name, pitch)| FormantVoice::new(name, pitch));
        for (index, voice) in voices.iter().enumerate() {
            assert_eq!(*voice, FormantVoice::new(members[index].0, members[index].1));
            for other in &voices[..index] {
                let formants = (voice.tract / other.tract - 1.0).abs();
                let breath = (voice.breath - other.breath).abs();
                assert!(formants + breath > 0.02, "{voice:?} is like {other:?}");
            }
        }
    }

    #[test]
    fn a_pitch_that_is_none_is_replaced() {
        assert!(FormantVoice::new("x", f32::NAN).pitch_hz > 100.0);
        assert!(FormantVoice::new("x", f32::INFINITY).tract.is_finite());
        assert!(FormantVoice::new("x", -5.0).pitch_hz >= 80.0);
    }
}
