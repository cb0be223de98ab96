//! Mouth keys from the phones of a voice and the sound that it made of them.

use super::{
    envelope::Envelope,
    lips::Lips,
    parts::{Held, Part, shapes, with_clusters, with_firm_lips, without_marks},
};
use crate::voice::{MouthKey, MouthShape};

/// Consonants shorter than this are one with their neighbours, in milliseconds.
pub(super) const SHORT: usize = 60;
/// The lips are shut at least so long for m, b and p, in milliseconds.
pub(super) const FIRM: usize = 50;
/// A pause shorter than this is no pause but the step from word to word, in milliseconds.
const STEP: usize = 120;
/// No shape is held longer with the same weight, in milliseconds: the loudness changes meanwhile.
const SLICE: usize = 60;

/// What the mouth does in a sound.
///
/// `edges` are the samples where each phone begins and the last one ends. The mouth opens as wide as the
/// sound is loud. The keys last as long as the sound.
#[must_use]
pub fn keys(phones: &[char], edges: &[usize], pcm: &[f32], sample_rate: u32) -> Vec<MouthKey> {
    if sample_rate == 0 {
        return Vec::new();
    }
    let samples = |milliseconds: usize| sample_rate as usize * milliseconds / 1000;
    let parts = with_steps(without_marks(spoken(phones, edges, pcm.len())), samples(STEP));
    let parts = with_firm_lips(with_clusters(parts, samples(SHORT)), samples(FIRM));
    let mut held = sliced(&shapes(&parts), samples(SLICE).max(1));
    follow(&mut held, &Envelope::new(pcm, sample_rate));
    timed(&joined(held), sample_rate)
}

/// Each phone and the silence around them.
fn spoken(phones: &[char], edges: &[usize], end: usize) -> Vec<Part> {
    let mut parts = Vec::with_capacity(phones.len() + 2);
    let mut at = 0;
    let mut until = |lips, edge: usize| {
        let edge = edge.clamp(at, end);
        parts.push(Part { lips, length: edge - at });
        at = edge;
    };
    until(Lips::Rest, edges.first().copied().unwrap_or(end));
    for (phone, edge) in phones.iter().zip(edges.iter().skip(1)) {
        until(Lips::of_phone(*phone), *edge);
    }
    until(Lips::Rest, end);
    parts
}

/// Between words that flow into each other the lips do not come to rest: they are on their way.
fn with_steps(mut parts: Vec<Part>, step: usize) -> Vec<Part> {
    let within = 1..parts.len().saturating_sub(1);
    for part in parts.get_mut(within).into_iter().flatten() {
        if part.lips == Lips::Rest && part.length < step {
            part.lips = Lips::Free;
        }
    }
    parts
}

/// The same in slices of at most about `longest`.
fn sliced(held: &[Held], longest: usize) -> Vec<Held> {
    let slices = |held: &Held| {
        let count = held.length.div_ceil(longest).max(1);
        let held = *held;
        (0..count).map(move |i| Held {
            length: held.length * (i + 1) / count - held.length * i / count,
            ..held
        })
    };
    held.iter().flat_map(slices).collect()
}

fn follow(held: &mut [Held], envelope: &Envelope) {
    let mut begin = 0;
    for held in held {
        let end = begin + held.length;
        if held.shape != MouthShape::Closed {
            held.weight = (held.weight * envelope.loudness(begin, end)).clamp(0.0, 1.0);
        }
        begin = end;
    }
}

/// Neighbours that look the same are one.
pub(super) fn joined(held: Vec<Held>) -> Vec<Held> {
    let mut joined: Vec<Held> = Vec::with_capacity(held.len());
    for held in held.into_iter().filter(|held| held.length > 0) {
        match joined.last_mut() {
            Some(last) if last.shape == held.shape && (last.weight - held.weight).abs() < 0.03 => {
                last.length += held.length;
            }
            _ => joined.push(held),
        }
    }
    joined
}

/// The keys in seconds. The errors of each do not add up: their sum is as near to the length of the
/// sound as numbers allow.
pub(super) fn timed(held: &[Held], rate: u32) -> Vec<MouthKey> {
    let mut samples = 0;
    let mut begin = 0.0_f32;
    let key = |held: &Held| {
        samples += held.length;
        let end = (samples as f64 / f64::from(rate)) as f32;
        let seconds = end - begin;
        begin += seconds;
        MouthKey { shape: held.shape, weight: held.weight, seconds }
    };
    held.iter().map(key).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn loud(samples: usize) -> Vec<f32> {
        vec![0.3; samples]
    }

    fn shapes_of(keys: &[MouthKey]) -> Vec<MouthShape> {
        let mut shapes: Vec<MouthShape> = keys.iter().map(|key| key.shape).collect();
        shapes.dedup();
        shapes
    }

    #[test]
    fn a_word_opens_and_shuts_the_mouth() {
        use MouthShape::{Aa, Closed, Rest};
        let phones: Vec<char> = "mˈɑmɑ".chars().collect();
        let edges = [1_200, 2_400, 3_000, 6_000, 7_200, 12_000];
        let keys = keys(&phones, &edges, &loud(14_400), 24_000);
        assert_eq!(shapes_of(&keys), [Rest, Closed, Aa, Closed, Aa, Rest]);
        assert!(keys.iter().filter(|key| key.shape == Aa).all(|key| key.weight > 0.9));
    }

    #[test]
    fn the_mouth_opens_as_the_sound_swells() {
        let mut pcm = loud(9_600);
        pcm[4_800..].iter_mut().for_each(|sample| *sample *= 0.1);
        let keys = keys(&['ɑ'], &[0, 9_600], &pcm, 24_000);
        assert!(keys[0].weight > 0.9, "{keys:?}");
        assert!(keys.last().unwrap().weight < 0.3, "{keys:?}");
    }

    #[test]
    fn a_space_is_no_rest_and_a_pause_is_one() {
        let rests = |pause: usize| {
            let keys =
                keys(&['a', ' ', 'a'], &[0, 4_800, 4_800 + pause, 12_000], &loud(12_000), 24_000);
            keys.iter().any(|key| key.shape == MouthShape::Rest)
        };
        assert!(!rests(1_200));
        assert!(rests(4_800));
    }

    #[test]
    fn lips_meet_for_fifty_milliseconds() {
        let keys = keys(&['ɑ', 'b', 'ɑ'], &[0, 4_800, 5_400, 9_600], &loud(9_600), 24_000);
        let closed = keys.iter().find(|key| key.shape == MouthShape::Closed).unwrap();
        assert!((closed.seconds - 0.05).abs() < 0.001);
    }

    #[test]
    fn edges_that_make_no_sense_are_borne() {
        assert!(keys(&['a'], &[0, 100], &[0.0; 100], 0).is_empty());
        assert!(keys(&['a'], &[0, 1], &[], 24_000).is_empty());
        for edges in [&[][..], &[5], &[9_000, 100, 50_000]] {
            let keys = keys(&['a', 'b'], edges, &loud(2_400), 24_000);
            assert!((keys.iter().map(|key| key.seconds).sum::<f32>() - 0.1).abs() < 1e-6);
        }
    }

    proptest! {
        #[test]
        fn keys_last_as_long_as_the_sound(
            phones in "[a-zɑɛˈˌː ,.mbp]{0,80}",
            steps in proptest::collection::vec(0..4_000_usize, 1..90),
            after in 0..3_000_usize,
        ) {
            let phones: Vec<char> = phones.chars().collect();
            let edges: Vec<usize> = steps
                .iter()
                .scan(0, |at, step| { *at += step; Some(*at) })
                .take(phones.len() + 1)
                .collect();
            let samples = edges.last().unwrap() + after;
            let keys = keys(&phones, &edges, &loud(samples), 24_000);
            let total = keys.iter().fold(0.0, |sum, key| sum + key.seconds);
            prop_assert!((total - samples as f32 / 24_000.0).abs() < 1e-5);
            prop_assert!(keys.iter().all(|key| key.seconds > 0.0 && (0.0..=1.0).contains(&key.weight)));
        }
    }
}
