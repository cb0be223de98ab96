//! Vowels and consonants: where tongue and lips are for each.

pub(super) use crate::voice::letters::{Consonant, Vowel};

use super::key::Key;
use crate::voice::MouthShape;

impl Vowel {
    /// The first three resonances of women's vowels (Peterson and Barney, 1952), in hertz.
    pub(super) const fn formants(self) -> [f32; 3] {
        match self {
            Self::A => [850.0, 1300.0, 2850.0],
            Self::E => [600.0, 2250.0, 2980.0],
            Self::I => [320.0, 2750.0, 3300.0],
            Self::O => [520.0, 950.0, 2720.0],
            Self::U => [370.0, 1050.0, 2670.0],
            Self::Uh => [720.0, 1250.0, 2780.0],
            Self::Eu => [400.0, 1550.0, 2700.0],
            Self::Hum => [280.0, 1150.0, 2500.0],
        }
    }

    /// What the lips show, and how far, 0..1.
    const fn mouth(self) -> (MouthShape, f32) {
        match self {
            Self::A => (MouthShape::Aa, 0.9),
            Self::E => (MouthShape::Ee, 0.8),
            Self::I => (MouthShape::Ih, 0.75),
            Self::O => (MouthShape::Oh, 0.85),
            Self::U => (MouthShape::Ou, 0.8),
            Self::Uh => (MouthShape::Aa, 0.55),
            Self::Eu => (MouthShape::Ih, 0.4),
            Self::Hum => (MouthShape::Closed, 0.8),
        }
    }

    /// The vowel, still without sound.
    pub(super) fn key(self, pitch_hz: f32, seconds: f32) -> Key {
        let (mouth, weight) = self.mouth();
        let formants = self.formants();
        Key { formants, ..Key::silent(pitch_hz, seconds) }.shaped(mouth, weight)
    }

    /// The vowel, voiced.
    pub(super) fn sung(self, pitch_hz: f32, seconds: f32) -> Key {
        self.key(pitch_hz, seconds).sounding(self.loudness(), 0.0)
    }

    /// How loud the glottis must be for the vowel to be as loud as others: an open mouth is louder.
    const fn loudness(self) -> f32 {
        match self {
            Self::A => 0.65,
            Self::Uh => 0.85,
            Self::E | Self::O | Self::Eu => 1.0,
            Self::U => 1.1,
            Self::I => 1.3,
            Self::Hum => 1.5,
        }
    }
}

impl Consonant {
    /// Says it before a vowel, at a pitch in hertz; `length` is a factor on its usual length.
    pub(super) fn say(self, before: Vowel, pitch_hz: f32, length: f32, keys: &mut Vec<Key>) {
        let place = self.place(before);
        let hold = |seconds: f32| place.gliding(0.013).lasting(pitch_hz, seconds * length);
        match self {
            Self::M | Self::N => keys.push(hold(0.058).sounding(0.8, 0.0)),
            Self::L => keys.push(hold(0.042).sounding(0.65, 0.0)),
            Self::W | Self::Y => keys.push(hold(0.046).sounding(0.75, 0.0).gliding(0.02)),
            Self::H => keys.push(hold(0.05).sounding(0.06, 0.6)),
            Self::B | Self::D | Self::G => {
                keys.push(hold(0.034).sounding(0.14, 0.0));
                keys.push(hold(0.01).sounding(0.3, 0.12).hissing(0.14, self.hiss_hz()));
            }
            Self::J => {
                keys.push(hold(0.03).sounding(0.12, 0.0));
                keys.push(hold(0.034).sounding(0.25, 0.0).hissing(0.2, self.hiss_hz()));
            }
            Self::P | Self::T | Self::K => {
                keys.push(hold(0.036));
                keys.push(
                    hold(0.012).sounding(0.0, 0.2).hissing(0.3, self.hiss_hz()).gliding(0.005),
                );
                let open = before.key(pitch_hz, 0.024 * length);
                keys.push(open.sounding(0.1, 0.5));
            }
            Self::Ch => {
                keys.push(hold(0.034));
                let burst = hold(0.046).gliding(0.007);
                keys.push(burst.sounding(0.0, 0.1).hissing(0.3, self.hiss_hz()));
            }
            Self::F | Self::S | Self::Sh => {
                let loudness = if self == Self::F { 0.14 } else { 0.26 };
                keys.push(hold(0.064).hissing(loudness, self.hiss_hz()).gliding(0.02));
            }
        }
    }

    /// Says it after a vowel: nasals are held, the rest is a short stop of the voice.
    pub(super) fn close(self, after: Vowel, pitch_hz: f32, length: f32, keys: &mut Vec<Key>) {
        let place = self.place(after);
        let hold = |seconds: f32| place.lasting(pitch_hz, seconds * length);
        match self {
            Self::M | Self::N => keys.push(hold(0.06).sounding(0.7, 0.0)),
            Self::L => keys.push(hold(0.04).sounding(0.55, 0.0)),
            Self::F | Self::S | Self::Sh | Self::Ch | Self::J => {
                keys.push(hold(0.05).hissing(0.15, self.hiss_hz()).gliding(0.02));
            }
            Self::H | Self::W | Self::Y => {}
            _ => keys.push(hold(0.03).sounding(0.05, 0.0).gliding(0.013)),
        }
    }

    /// Tongue and lips, without sound.
    fn place(self, beside: Vowel) -> Key {
        let [_, second, third] = beside.formants();
        // A locus: from where the second resonance comes, which tells the ear the place.
        let toward = |locus: f32| 0.5 * (second + locus);
        let (mouth, weight, formants) = match self {
            Self::M => (MouthShape::Closed, 0.9, [270.0, toward(950.0), 2450.0]),
            Self::B | Self::P => (MouthShape::Closed, 0.9, [250.0, toward(800.0), 2400.0]),
            Self::F => (MouthShape::Closed, 0.5, [330.0, toward(1000.0), 2450.0]),
            Self::W => (MouthShape::Ou, 0.8, [340.0, 750.0, 2500.0]),
            Self::Y => (MouthShape::Ih, 0.5, [300.0, 2650.0, 3200.0]),
            Self::N => (MouthShape::Ee, 0.25, [270.0, toward(1800.0), 2750.0]),
            Self::L => (MouthShape::Ee, 0.3, [380.0, toward(1400.0), 2900.0]),
            Self::G | Self::K => (MouthShape::Ee, 0.25, [270.0, toward(2300.0), 2600.0]),
            Self::Sh | Self::Ch | Self::J => {
                (MouthShape::Ou, 0.35, [320.0, toward(2100.0), 2900.0])
            }
            Self::H => return beside.key(0.0, 0.0),
            Self::D | Self::T | Self::S => (MouthShape::Ee, 0.25, [290.0, toward(1900.0), third]),
        };
        Key { formants, ..Key::silent(0.0, 0.0) }.shaped(mouth, weight)
    }

    /// Where its hiss is loudest, in hertz.
    const fn hiss_hz(self) -> f32 {
        match self {
            Self::F => 7000.0,
            Self::S => 8300.0,
            Self::T | Self::D => 5800.0,
            Self::Sh | Self::Ch | Self::J => 4200.0,
            Self::P | Self::B => 1400.0,
            _ => 2400.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lips_touch_for_m_and_the_mouth_opens_for_a() {
        let mut keys = Vec::new();
        Consonant::M.say(Vowel::A, 200.0, 1.0, &mut keys);
        keys.push(Vowel::A.sung(200.0, 0.1));
        let mouths: Vec<_> = keys.iter().map(|key| key.mouth).collect();
        assert_eq!(mouths, [MouthShape::Closed, MouthShape::Aa]);
    }

    #[test]
    fn every_key_has_a_pitch_and_a_length() {
        use Consonant::{B, Ch, D, F, G, H, J, K, L, M, N, P, S, Sh, T, W, Y};
        let mut keys = Vec::new();
        for consonant in [B, Ch, D, F, G, H, J, K, L, M, N, P, S, Sh, T, W, Y] {
            consonant.say(Vowel::I, 200.0, 1.0, &mut keys);
            consonant.close(Vowel::O, 200.0, 1.0, &mut keys);
        }
        assert!(keys.iter().all(|key| key.pitch_hz == 200.0 && key.seconds > 0.005));
    }
}
