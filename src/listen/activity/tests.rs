use std::f32::consts::TAU;

use proptest::prelude::*;

use super::*;

/// A stretch of synthetic sound.
#[derive(Debug, Clone, Copy)]
enum Sound {
    /// Noise of so many dB.
    Noise(f32),
    /// Syllables of so many dB, five a second, over a quiet room.
    Speech(f32),
    /// The same, over noise of so many dB.
    SpeechOver(f32, f32),
    /// A chord that is struck twice a second and never quite fades.
    Music(f32),
    /// One click of 5 ms at full scale in a quiet room.
    Click,
    /// Nothing at all.
    Zeros,
}
use Sound::{Click, Music, Noise, Speech, SpeechOver, Zeros};

const SECOND: usize = SAMPLE_RATE as usize;

fn gain(decibels: f32) -> f32 {
    10.0_f32.powf(decibels / 20.0)
}

fn syllables(seconds: f32) -> f32 {
    let loudness = (TAU * 5.0 * seconds).sin().max(0.0).sqrt();
    2.0 * loudness * (TAU * 180.0 * seconds).sin()
}

/// Strings stretches together; each lasts so many seconds.
fn synthesize(script: &[(Sound, f32)]) -> Vec<f32> {
    let mut seed = 12_345_u32;
    let mut random = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed as f32 / u32::MAX as f32 * 2.0 - 1.0
    };
    let mut pcm = Vec::new();
    for (sound, seconds) in script {
        for n in 0..(seconds * SECOND as f32) as usize {
            let t = n as f32 / SECOND as f32;
            let room = 0.001 * random();
            pcm.push(match sound {
                Noise(level) => gain(*level) * 1.7 * random(),
                Speech(level) => room + gain(*level) * syllables(t),
                SpeechOver(level, noise) => {
                    gain(*noise) * 1700.0 * room + gain(*level) * syllables(t)
                }
                Music(level) => {
                    let fade = 0.6 + 0.4 * (-8.0 * (t * 2.0).fract()).exp();
                    let chord = [220.0, 277.2, 329.6].map(|hertz| (TAU * hertz * t).sin());
                    room + gain(*level) * fade * chord.iter().sum::<f32>()
                }
                Click if n < SECOND / 200 => random(),
                Click => room,
                Zeros => 0.0,
            });
        }
    }
    pcm
}

/// All edges, in seconds: positive where speech begins, negative where it ends.
fn edges(pcm: &[f32], block: usize) -> Vec<f32> {
    let mut activity = VoiceActivity::default();
    let mut edges: Vec<Edge> = pcm.chunks(block).filter_map(|it| activity.push(it)).collect();
    edges.extend(std::iter::from_fn(|| activity.push(&[])));
    let seconds = |sample| sample as f32 / SECOND as f32;
    edges
        .into_iter()
        .map(|edge| match edge {
            Edge::Began(sample) => seconds(sample),
            Edge::Ended(sample) => -seconds(sample),
        })
        .collect()
}

#[test]
fn speech_is_told_from_rooms_clicks_and_lasting_noise() {
    // What is heard, when speech begins and when it ends (negative), and how exactly, in seconds.
    let table: &[(&str, &[(Sound, f32)], &[f32], f32)] = &[
        ("nothing", &[(Zeros, 3.0)], &[], 0.0),
        ("a quiet room", &[(Noise(-52.0), 5.0)], &[], 0.0),
        (
            "speech in a quiet room",
            &[(Noise(-58.0), 2.0), (Speech(-25.0), 2.0), (Noise(-58.0), 2.0)],
            &[1.65, -4.1],
            0.15,
        ),
        (
            "speech at once, as when a key is pressed",
            &[(Speech(-25.0), 1.5), (Zeros, 1.0)],
            &[0.0, -1.6],
            0.15,
        ),
        ("quiet speech", &[(Zeros, 1.0), (Speech(-42.0), 2.0), (Zeros, 1.0)], &[0.65, -3.1], 0.15),
        (
            "two sentences",
            &[(Zeros, 1.0), (Speech(-25.0), 1.0), (Zeros, 1.0), (Speech(-25.0), 1.0), (Zeros, 1.0)],
            &[0.65, -2.1, 2.65, -4.1],
            0.15,
        ),
        (
            "a breath within a sentence",
            &[(Zeros, 1.0), (Speech(-25.0), 1.0), (Zeros, 0.3), (Speech(-25.0), 1.0), (Zeros, 1.0)],
            &[0.65, -3.4],
            0.15,
        ),
        ("clicks", &[(Click, 0.7), (Click, 0.2), (Click, 1.5)], &[], 0.0),
        (
            "a fan that is switched on becomes part of the room",
            &[(Noise(-55.0), 2.0), (Noise(-30.0), 8.0)],
            &[1.65, -5.2],
            0.5,
        ),
        (
            "speech over the fan",
            &[(Noise(-30.0), 5.0), (SpeechOver(-8.0, -30.0), 1.5), (Noise(-30.0), 3.0)],
            &[0.0, -3.2, 4.65, -6.6],
            0.5,
        ),
        (
            "music becomes part of the room",
            &[(Noise(-55.0), 2.0), (Music(-25.0), 8.0)],
            &[1.65, -5.2],
            0.6,
        ),
    ];
    for (name, script, wanted, exactly) in table {
        let found = edges(&synthesize(script), 480);
        let near = |(found, wanted): (&f32, &f32)| (found - wanted).abs() <= *exactly;
        let alike = found.len() == wanted.len() && found.iter().zip(*wanted).all(near);
        assert!(alike, "{name}: {found:?} and not {wanted:?}");
    }
}

#[test]
fn the_meter_goes_from_nothing_to_everything() {
    let mut activity = VoiceActivity::default();
    activity.push(&[0.0; 320]);
    assert_eq!(activity.level(), 0.0);
    activity.push(&[1.0; 320]);
    assert_eq!(activity.level(), 1.0);
}

proptest! {
    #[test]
    fn how_the_sound_is_cut_into_blocks_does_not_matter(block in 1..40_000_usize) {
        let pcm = synthesize(&[(Zeros, 0.5), (Speech(-25.0), 1.0), (Zeros, 1.0)]);
        prop_assert_eq!(edges(&pcm, block), edges(&pcm, 480));
    }

    #[test]
    fn speech_begins_and_ends_in_turn_whatever_is_heard(
        pcm in proptest::collection::vec(any::<f32>(), 0..4000),
    ) {
        let edges = edges(&pcm.repeat(20), 700);
        prop_assert!(edges.iter().enumerate().all(|(n, edge)| (n % 2 == 1) == (*edge < 0.0)));
    }
}
