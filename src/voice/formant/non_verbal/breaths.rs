//! Breath, drawn in and let go.

use crate::{
    cue::random::SplitMix,
    voice::{
        MouthShape,
        formant::{key::Key, melody::transpose, phones::Vowel},
    },
};

/// A gasp: air drawn in sharply, without any voice.
pub(super) fn gasp(pitch_hz: f32, chance: &mut SplitMix) -> Vec<Key> {
    let seconds = chance.between(0.2, 0.3);
    let strength = chance.between(0.85, 1.1);
    let open = |vowel: Vowel, seconds: f32, loudness: f32| {
        let key = vowel.key(pitch_hz, seconds).gliding(0.03);
        key.sounding(0.0, loudness * strength).hissing(0.07 * loudness, 6500.0)
    };
    vec![
        open(Vowel::Eu, 0.04, 0.3).gliding(0.012),
        open(Vowel::E, 0.45 * seconds, 1.0).shaped(MouthShape::Aa, 0.6),
        open(Vowel::A, 0.55 * seconds, 0.9).shaped(MouthShape::Aa, 0.95),
        open(Vowel::A, 0.05, 0.0).shaped(MouthShape::Aa, 0.9).gliding(0.015),
        Key::silent(pitch_hz, 0.1).shaped(MouthShape::Aa, 0.6),
    ]
}

/// A sigh: a slow breath in, and a longer one out that takes a little voice with it.
pub(super) fn sigh(pitch_hz: f32, chance: &mut SplitMix) -> Vec<Key> {
    let slow = chance.between(0.85, 1.2);
    let voice = chance.between(0.12, 0.3);
    let high = transpose(pitch_hz, chance.between(1.0, 3.5));
    let out = |vowel: Vowel, semitones: f32, seconds: f32, voicing: f32, breath: f32| {
        let key = vowel.key(transpose(high, semitones), seconds * slow).gliding(0.05);
        key.sounding(voicing * voice, breath)
    };
    let mut keys = vec![
        Vowel::E.key(high, 0.16 * slow).sounding(0.0, 0.16).hissing(0.015, 6500.0).gliding(0.06),
        Vowel::Uh.key(high, 0.14 * slow).sounding(0.0, 0.26).hissing(0.02, 6500.0).gliding(0.06),
        Vowel::Uh.key(high, 0.07).gliding(0.025),
        out(Vowel::A, 0.0, 0.14, 1.0, 0.55),
        out(Vowel::A, -3.0, 0.22, 0.8, 0.6),
        out(Vowel::Uh, -6.0, 0.24, 0.35, 0.45),
        out(Vowel::Uh, -8.0, 0.22, 0.05, 0.28),
        out(Vowel::O, -9.0, 0.2, 0.0, 0.1),
        out(Vowel::O, -9.0, 0.12, 0.0, 0.0),
    ];
    for key in &mut keys {
        key.mouth = if key.mouth == MouthShape::Ee { MouthShape::Aa } else { key.mouth };
        key.weight *= 0.3 + 0.6 * key.breath;
    }
    keys
}
