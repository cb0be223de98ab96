//! Whole sounds, and sounds in pieces.

use proptest::prelude::*;

use super::*;

const RATIOS: [(u32, u32); 7] = [
    (48_000, 16_000),
    (44_100, 16_000),
    (24_000, 16_000),
    (24_000, 48_000),
    (24_000, 44_100),
    (16_000, 24_000),
    (22_050, 47_999),
];

fn sine(hertz: f64, rate: u32, seconds: f64) -> Vec<f32> {
    let length = (f64::from(rate) * seconds) as usize;
    (0..length).map(|at| (2.0 * PI * hertz * at as f64 / f64::from(rate)).sin() as f32).collect()
}

/// The loudness of a sound without its ends, in decibels below a sine of height 1.
fn decibels(pcm: &[f32]) -> f32 {
    let middle = &pcm[pcm.len() / 5..pcm.len() * 4 / 5];
    let power = middle.iter().map(|x| x * x).sum::<f32>() / middle.len() as f32;
    10.0 * (2.0 * power).log10()
}

#[test]
fn a_sine_stays_the_same_sine() {
    for (from, to) in RATIOS {
        for part in [0.01, 0.1, 0.3, 0.4] {
            let hertz = part * f64::from(from.min(to));
            let heard = resample(&sine(hertz, from, 0.25), from, to);
            let wanted = sine(hertz, to, 0.25);
            let error: Vec<f32> = heard.iter().zip(&wanted).map(|(x, y)| x - y).collect();
            let error = decibels(&error);
            assert!(error < -60.0, "{from} to {to} at {hertz}: {error} dB");
        }
    }
}

#[test]
fn what_the_new_rate_cannot_hold_is_gone() {
    for (from, to) in [(48_000_u32, 16_000_u32), (44_100, 16_000), (24_000, 16_000)] {
        for part in [1.04, 1.2, 1.45] {
            let hertz = part * 0.5 * f64::from(to);
            let left = decibels(&resample(&sine(hertz, from, 0.25), from, to));
            assert!(left < -50.0, "{from} to {to}: {hertz} Hz is left at {left} dB");
        }
    }
}

#[test]
fn it_lasts_as_long() {
    for (from, to) in RATIOS {
        let heard = resample(&vec![0.1; from as usize], from, to);
        assert_eq!(heard.len(), to as usize);
        assert!((heard[heard.len() / 2] - 0.1).abs() < 1e-4, "as loud as before");
    }
}

#[test]
fn a_rate_that_nobody_has_does_no_harm() {
    assert_eq!(resample(&[0.5; 100], u32::MAX, 1).len(), 1);
    assert!(resample(&[0.5; 100], 0, 16_000).is_empty());
    assert!(resample(&[0.5; 100], 16_000, 0).is_empty());
}

proptest! {
    #[test]
    fn any_ratio_will_do(
        pcm in prop::collection::vec(-1.0..1.0f32, 0..300),
        from in 0..100_000u32,
        to in 0..100_000u32,
    ) {
        // Without this the result alone would be gigabytes.
        let to = to.min(from.saturating_mul(50));
        let heard = resample(&pcm, from, to);
        prop_assert!(heard.iter().all(|sample| sample.is_finite() && sample.abs() < 4.0));
        if from > 0 {
            let wanted = pcm.len() as f64 * f64::from(to) / f64::from(from);
            prop_assert!((heard.len() as f64 - wanted).abs() <= 1.0);
        }
    }
}

fn resampled(pcm: &[f32], from: u32, piece: usize) -> Vec<f32> {
    let (mut resampler, mut output) = (Resampler::new(from, 16_000), Vec::new());
    pcm.chunks(piece).for_each(|piece| resampler.push(piece, &mut output));
    output
}

fn loudness(pcm: &[f32]) -> f32 {
    (pcm.iter().map(|x| x * x).sum::<f32>() / pcm.len() as f32).sqrt()
}

#[test]
fn a_tone_stays_the_same_tone() {
    for rate in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000] {
        let output = resampled(&sine(1000.0, rate, 1.0), rate, 441);
        assert!((15_900..=16_000).contains(&output.len()), "{rate}: {}", output.len());
        let wanted = sine(1000.0, 16_000, 1.0);
        let middle = 200..15_800;
        let wrong = middle.map(|n| (output[n] - wanted[n]).abs()).fold(0.0, f32::max);
        assert!(wrong < 0.003, "{rate}: {wrong}");
    }
}

#[test]
fn what_is_too_high_is_taken_out_and_not_folded_back() {
    for hertz in [9_000.0, 12_000.0, 15_000.0, 20_000.0] {
        let output = resampled(&sine(hertz, 48_000, 1.0), 48_000, 480);
        assert!(loudness(&output[200..15_800]) < 0.003, "{hertz}");
    }
    assert!(loudness(&resampled(&sine(6_500.0, 48_000, 1.0), 48_000, 480)[200..15_800]) > 0.69);
}

#[test]
fn pieces_of_any_size_give_the_same() {
    let pcm = sine(440.0, 44_100, 1.0);
    let whole = resampled(&pcm, 44_100, pcm.len());
    for piece in [1, 7, 160, 5000] {
        let output = resampled(&pcm, 44_100, piece);
        assert_eq!(output, whole, "{piece}");
    }
    assert_eq!(resample(&pcm, 44_100, 16_000)[..whole.len()], whole);
}

#[test]
fn a_rate_of_nothing_does_no_harm() {
    let mut output = Vec::new();
    Resampler::new(0, 16_000).push(&[], &mut output);
    assert!(output.is_empty());
}
