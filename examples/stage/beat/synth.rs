//! What the beat sounds like: kick, clap, hats, a bass, chords and a small melody, each a formula.
//! Every sample depends on its place in the loop alone, so that nothing has to be stored.

use std::{f32::consts::TAU, num::NonZero};

use bevy::audio::SampleRate;

/// Samples in a second.
pub const RATE: SampleRate = NonZero::new(48_000).expect("it is not 0");
/// Beats in a minute: those of the dances in `assets/motions`.
const BPM: u32 = 120;
/// Beats in a bar, bars in the loop, and sixteenths in a beat.
const BEATS: u32 = 4;
const BARS: u32 = 8;
const SIXTEENTHS: u32 = 4;
/// Samples in a sixteenth, and in the loop.
const STEP: u32 = RATE.get() * 60 / BPM / SIXTEENTHS;
pub const LOOP: u32 = RATE.get() * 60 / BPM * BEATS * BARS;

/// The chord of each bar, as notes of the MIDI scale: A minor, F, C, G, with sevenths.
const CHORDS: [[u8; 4]; 4] =
    [[57, 60, 64, 67], [53, 57, 60, 64], [55, 60, 64, 71], [55, 59, 62, 66]];
const ROOTS: [u8; 4] = [33, 29, 36, 31];
/// The sixteenths of a bar on which the chords sound.
const STABS: [u32; 5] = [0, 3, 6, 10, 14];
/// Which note of the chord the melody takes on each sixteenth of two bars; none where it rests.
const MELODY: [Option<usize>; 32] = {
    let (a, b, c, d, o) = (Some(0), Some(1), Some(2), Some(3), None);
    [
        c, o, o, b, o, o, a, o, b, o, c, o, d, o, c, o, //
        d, o, o, c, o, o, b, o, c, o, b, o, a, o, o, o,
    ]
};

/// One sample of the loop, -1..1.
pub fn sample(index: u32) -> f32 {
    let index = index % LOOP;
    let (step, within) = (index / STEP, seconds(index % STEP));
    let beat = step / SIXTEENTHS;
    let since_beat = seconds(index % (STEP * SIXTEENTHS));
    let bar = beat / BEATS;
    let chord = (bar % 4) as usize;

    // Everything but the drums makes room for the kick.
    let room = 1.0 - 0.75 * (-since_beat * 9.0).exp();
    let second_half = bar >= BARS / 2;
    let melody = if second_half { melody(step, within, chord) } else { 0.0 };
    let tune = bass(step, within, chord) + stab(index, chord) + melody;
    let drums = kick(since_beat) + clap(beat, since_beat) + hat(index, step, within);
    // A soft limit: never beyond 1, however much comes together.
    (0.8 * (drums + room * tune)).tanh()
}

#[expect(clippy::cast_precision_loss, reason = "the loop is shorter than 2^24 samples")]
fn seconds(samples: u32) -> f32 {
    samples as f32 / RATE.get() as f32
}

/// A deep tone that falls.
fn kick(t: f32) -> f32 {
    let turns = 48.0 * t + 5.2 * (1.0 - (-t * 26.0).exp());
    let click = (-t * 420.0).exp() * 0.25;
    (TAU * turns).sin() * (-t * 8.5).exp() * 0.85 * attack(t) + click * attack(t)
}

/// Hands on the second and fourth beat.
fn clap(beat: u32, t: f32) -> f32 {
    if beat.is_multiple_of(2) {
        return 0.0;
    }
    // Several hands are never quite together.
    let hands: f32 = [0.0, 0.011, 0.023]
        .iter()
        .map(|late| if t >= *late { (-(t - late) * 75.0).exp() } else { 0.0 })
        .sum();
    let index = (t * RATE.get() as f32) as u32;
    (noise(index) - noise(index.wrapping_add(3))) * (hands * 0.16 + (-t * 17.0).exp() * 0.1)
}

/// Open between the beats, closed on every sixteenth.
fn hat(index: u32, step: u32, t: f32) -> f32 {
    let open = step % SIXTEENTHS == 2;
    let (loudness, decay) = if open { (0.17, 22.0) } else { (0.075, 80.0) };
    // The difference of neighbours has the high part of the noise only.
    (noise(index) - noise(index.wrapping_add(1))) * loudness * (-t * decay).exp()
}

/// The root of the chord between the kicks, an octave up at the end of a bar.
fn bass(step: u32, t: f32, chord: usize) -> f32 {
    let place = step % (BEATS * SIXTEENTHS);
    let octave = if place >= 14 { 12 } else { 0 };
    if place.is_multiple_of(SIXTEENTHS) {
        return 0.0;
    }
    let turns = pitch(ROOTS[chord] + octave) * t;
    let tone: f32 = [(1.0, 1.0), (2.0, 0.45), (3.0, 0.22), (4.0, 0.1)]
        .iter()
        .map(|(partial, share)| (TAU * turns * partial).sin() * share)
        .sum();
    tone * 0.34 * attack(t) * release(t) * (-t * 3.0).exp()
}

/// Short chords: each sounds until the next one begins.
fn stab(index: u32, chord: usize) -> f32 {
    let bar = STEP * SIXTEENTHS * BEATS;
    let within = index % bar;
    let began = STABS.iter().rev().map(|step| step * STEP).find(|began| *began <= within);
    let t = seconds(within - began.unwrap_or(0));
    let tone: f32 = CHORDS[chord]
        .iter()
        .map(|note| {
            let turns = pitch(*note) * t;
            let bright = (-t * 14.0).exp();
            (TAU * turns).sin()
                + 0.5 * (TAU * turns * 2.0).sin() * bright
                + 0.3 * (TAU * turns * 3.005).sin() * bright
        })
        .sum();
    tone * 0.085 * attack(t) * (-t * 7.0).exp()
}

/// A bell over the chords.
fn melody(step: u32, t: f32, chord: usize) -> f32 {
    let Some(note) = MELODY[(step % 32) as usize] else { return 0.0 };
    let turns = pitch(CHORDS[chord][note] + 12) * t;
    let tone = (TAU * turns).sin() + 0.35 * (TAU * turns * 4.0).sin() * (-t * 30.0).exp();
    tone * 0.13 * attack(t) * release(t) * (-t * 6.0).exp()
}

/// Hertz of a note of the MIDI scale.
fn pitch(note: u8) -> f32 {
    440.0 * ((f32::from(note) - 69.0) / 12.0).exp2()
}

/// No click at the start of a tone.
fn attack(t: f32) -> f32 {
    (t / 0.003).min(1.0)
}

/// Nor at its end, a sixteenth later.
fn release(t: f32) -> f32 {
    ((seconds(STEP) - t) / 0.012).clamp(0.0, 1.0)
}

/// Noise, -1..1: the same for the same sample.
fn noise(index: u32) -> f32 {
    let mut bits = index.wrapping_mul(0x9E37_79B9) ^ 0x85EB_CA6B;
    bits = (bits ^ bits >> 15).wrapping_mul(0x2C1B_3C6D);
    bits = (bits ^ bits >> 12).wrapping_mul(0x297A_2D39);
    bits ^= bits >> 15;
    f32::from((bits >> 16) as u16) / 32_767.5 - 1.0
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn every_sample_is_a_number_and_none_is_too_loud() {
        let loudest = (0..LOOP).map(sample).fold(0.0_f32, |loudest, sample| {
            assert!(sample.is_finite());
            loudest.max(sample.abs())
        });
        assert!((0.5..=1.0).contains(&loudest), "{loudest}");
    }

    #[test]
    fn the_loop_is_eight_bars_to_the_sample() {
        assert_eq!(LOOP, STEP * SIXTEENTHS * BEATS * BARS);
        assert_eq!(LOOP, RATE.get() * 16);
    }

    #[test]
    fn it_keeps_the_time_of_every_dance() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/motions/motions.json");
        let text = fs::read_to_string(file).unwrap();
        let motions: serde_json::Value = serde_json::from_str(&text).unwrap();
        let dances =
            motions.as_object().unwrap().iter().filter(|(name, _)| name.starts_with("dance"));
        for (name, dance) in dances {
            assert_eq!(dance["bpm"], BPM, "{name}");
            assert_eq!(dance["seconds"].as_f64(), Some(f64::from(LOOP / RATE.get())), "{name}");
        }
    }

    #[test]
    fn no_tone_begins_or_ends_with_a_click() {
        assert_eq!([kick(0.0), bass(1, 0.0, 0), stab(0, 0), melody(0, 0.0, 0)], [0.0; 4]);
        let end = seconds(STEP);
        assert_eq!([bass(1, end, 0), melody(0, end, 0)], [0.0; 2]);
    }
}
