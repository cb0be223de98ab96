//! Laughter and weeping: breath that comes in pushes.

use crate::{
    cue::random::SplitMix,
    voice::{
        MouthShape,
        formant::{key::Key, melody::transpose, phones::Vowel},
    },
};

/// A giggle: hihihi, high and falling.
pub(super) fn giggle(pitch_hz: f32, chance: &mut SplitMix) -> Vec<Key> {
    let count = 4 + chance.below(4);
    let vowel = if chance.unit() < 0.6 { Vowel::I } else { Vowel::E };
    let top = transpose(pitch_hz, chance.between(7.0, 10.0));
    let mut keys = vec![breath(vowel, top, 0.05, 0.25)];
    for index in 0..count {
        let along = part(index, count);
        let pitch = transpose(top, -6.0 * along + chance.between(-0.7, 0.7));
        let loudness = (1.0 - 0.55 * along) * chance.between(0.85, 1.1);
        let pace = 1.0 + 0.25 * along;
        let voiced = vowel.sung(pitch, 0.068 * pace * chance.between(0.9, 1.15));
        keys.push(voiced.shaped(MouthShape::Ee, 0.55).sounding(1.0, 0.1).louder(loudness));
        let fall = voiced.lasting(transpose(pitch, -1.5), 0.03).sounding(0.4, 0.25);
        keys.push(fall.louder(loudness).shaped(MouthShape::Ee, 0.45));
        keys.push(breath(vowel, pitch, 0.055 * pace, 0.16 * loudness));
    }
    keys.push(draw_in(top, 0.16, 0.14));
    keys.push(Key::silent(top, 0.06).gliding(0.02));
    keys
}

/// A laugh: hahaha, from the belly, each push longer than in a giggle.
pub(super) fn laugh(pitch_hz: f32, chance: &mut SplitMix) -> Vec<Key> {
    let count = 4 + chance.below(3);
    let top = transpose(pitch_hz, chance.between(5.0, 7.5));
    let mut keys = vec![breath(Vowel::A, top, 0.07, 0.5)];
    for index in 0..count {
        let along = part(index, count);
        let rise = if index == 1 { 1.5 } else { 0.0 };
        let pitch = transpose(top, rise - 7.0 * along + chance.between(-0.6, 0.6));
        let loudness = (1.0 - 0.5 * along) * chance.between(0.9, 1.1);
        let open = 0.95 - 0.35 * along;
        let voiced = Vowel::A.sung(pitch, 0.085 * chance.between(0.9, 1.15));
        keys.push(voiced.shaped(MouthShape::Aa, open).sounding(1.0, 0.12).louder(loudness));
        let fall = Vowel::Uh.sung(transpose(pitch, -2.5), 0.045).sounding(0.45, 0.3);
        keys.push(fall.louder(loudness).shaped(MouthShape::Aa, 0.7 * open));
        keys.push(breath(Vowel::A, pitch, 0.085 * (1.0 + 0.2 * along), 0.2 * loudness));
    }
    keys.push(draw_in(top, 0.26, 0.22));
    keys.push(Key::silent(top, 0.08).gliding(0.025));
    keys
}

/// Sobs: a few jerks of breath in, and a moan that trembles out.
pub(super) fn sob(pitch_hz: f32, chance: &mut SplitMix) -> Vec<Key> {
    let count = 2 + chance.below(2);
    let high = transpose(pitch_hz, chance.between(4.0, 6.0));
    let mut keys = vec![Key::silent(high, 0.03)];
    for index in 0..count {
        let along = part(index, count);
        keys.push(draw_in(high, 0.07, 0.4));
        let catch = Vowel::Uh.sung(transpose(high, 1.5 - along), 0.06 * chance.between(0.9, 1.2));
        keys.push(catch.sounding(0.55, 0.3).gliding(0.006));
        let gap = chance.between(0.07, 0.12);
        keys.push(Vowel::Uh.key(high, gap).shaped(MouthShape::Aa, 0.25));
    }
    let moan = [
        (1.0, 0.07, 0.35),
        (2.0, 0.12, 0.8),
        (-0.5, 0.2, 0.7),
        (-3.0, 0.22, 0.45),
        (-6.0, 0.2, 0.2),
    ];
    for (semitones, seconds, loudness) in moan {
        let pitch = transpose(high, semitones + chance.between(-0.6, 0.6));
        let key = Vowel::Eu.sung(pitch, seconds * chance.between(0.85, 1.2));
        let key = key.sounding(loudness, 0.3 * loudness).trembling(0.045).gliding(0.03);
        keys.push(key.shaped(MouthShape::Oh, 0.35 * loudness));
    }
    // She sniffs.
    keys.push(Key::silent(high, 0.09));
    keys.push(Vowel::Hum.key(high, 0.13).sounding(0.0, 0.1).hissing(0.07, 3200.0).gliding(0.03));
    keys.push(Key::silent(high, 0.1).gliding(0.02));
    keys
}

/// Air let out between two pushes.
fn breath(vowel: Vowel, pitch_hz: f32, seconds: f32, loudness: f32) -> Key {
    let key = vowel.key(pitch_hz, seconds).sounding(0.0, loudness);
    Key { weight: 0.45 * key.weight, ..key }
}

/// Air drawn in: it hisses higher than air let out.
fn draw_in(pitch_hz: f32, seconds: f32, loudness: f32) -> Key {
    let key = Vowel::E.key(pitch_hz, seconds).shaped(MouthShape::Aa, 0.3).gliding(0.035);
    key.sounding(0.0, loudness).hissing(0.1 * loudness, 6000.0)
}

/// How far a row has come, 0..1.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn part(index: usize, count: usize) -> f32 {
    index as f32 / count.max(1) as f32
}
