//! Sounds that are sung.

use crate::{
    cue::random::SplitMix,
    voice::{
        MouthShape,
        formant::{key::Key, melody::transpose, phones::Vowel},
    },
};

/// Little tunes, in semitones above her mean pitch.
const TUNES: [&[f32]; 5] = [
    &[0.0, 4.0, 7.0, 4.0, 7.0, 12.0],
    &[7.0, 4.0, 2.0, 0.0, 4.0],
    &[0.0, 2.0, 4.0, 7.0, 9.0, 7.0],
    &[4.0, 7.0, 4.0, 2.0, 0.0],
    &[7.0, 9.0, 7.0, 4.0, 7.0, 4.0],
];

/// Some notes with the mouth shut.
pub(super) fn hum(pitch_hz: f32, chance: &mut SplitMix) -> Vec<Key> {
    let tune = TUNES[chance.below(TUNES.len())];
    let beat = chance.between(0.2, 0.27);
    let mut keys = Vec::new();
    for (index, semitones) in tune.iter().enumerate() {
        let is_last = index + 1 == tune.len();
        let pitch = transpose(pitch_hz, *semitones + chance.between(-0.15, 0.15));
        let attack = Vowel::Hum.sung(pitch, 0.045).louder(0.6).gliding(0.018);
        let held = if is_last { 2.2 * beat } else { beat * chance.between(0.9, 1.1) };
        let vibrato = if is_last { 0.013 } else { 0.005 };
        keys.extend([attack, Vowel::Hum.sung(pitch, held).trembling(vibrato).gliding(0.025)]);
    }
    let pitch = keys.last().map_or(pitch_hz, |key| key.pitch_hz);
    keys.push(Vowel::Hum.key(pitch, 0.18).gliding(0.05));
    keys
}

/// Ooh: up, and down again.
pub(super) fn ooh(pitch_hz: f32, chance: &mut SplitMix) -> Vec<Key> {
    let height = chance.between(5.0, 8.0);
    let slow = chance.between(0.9, 1.25);
    let note = |vowel: Vowel, semitones: f32, seconds: f32, loudness: f32| {
        let key = vowel.sung(transpose(pitch_hz, semitones), seconds * slow).gliding(0.04);
        key.louder(loudness).sounding(loudness, 0.06).trembling(0.009)
    };
    vec![
        note(Vowel::O, 1.0, 0.09, 0.6).gliding(0.02),
        note(Vowel::U, height, 0.2, 1.0),
        note(Vowel::U, height + 0.6, 0.13, 1.0),
        note(Vowel::U, 2.0, 0.2, 0.75),
        note(Vowel::U, -2.0, 0.12, 0.35),
        note(Vowel::U, -3.0, 0.14, 0.0),
    ]
}

/// Hmm: down and up, as one who thinks it over.
pub(super) fn hmm(pitch_hz: f32, chance: &mut SplitMix) -> Vec<Key> {
    let slow = chance.between(0.85, 1.25);
    let asks = chance.between(1.5, 5.0);
    let note = |semitones: f32, seconds: f32, loudness: f32| {
        let key = Vowel::Hum.sung(transpose(pitch_hz, semitones), seconds * slow);
        key.louder(loudness).gliding(0.045).shaped(MouthShape::Closed, 0.6)
    };
    vec![
        Vowel::Hum.key(pitch_hz, 0.05).sounding(0.0, 0.12).shaped(MouthShape::Closed, 0.3),
        note(-0.5, 0.14, 0.9),
        note(-3.5, 0.26, 1.0),
        note(-2.0, 0.14, 1.0),
        note(asks, 0.14, 0.7),
        note(asks, 0.14, 0.0),
    ]
}
