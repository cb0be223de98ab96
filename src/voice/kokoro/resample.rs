//! Plays a sound faster or slower, and so higher or lower.

use std::f32::consts::PI;

/// Samples to each side of a point that it is made of.
const REACH: isize = 16;

/// The sound `factor` times as fast; 0.5..2.
///
/// Each sample is the sum of its neighbours under a windowed sinc, which also takes away what would be
/// too high for the sample rate.
pub(super) fn resample(pcm: &[f32], factor: f32) -> Vec<f32> {
    if (factor - 1.0).abs() < 1e-4 {
        return pcm.to_vec();
    }
    let cutoff = factor.recip().min(1.0);
    let length = scaled(pcm.len(), factor);
    let sample = |i: usize| {
        let place = i as f64 * f64::from(factor);
        let base = place.floor() as isize;
        let offset = (place - place.floor()) as f32;
        let (mut sum, mut weights) = (0.0, 0.0);
        for k in 1 - REACH..=REACH {
            let weight = kernel(k as f32 - offset, cutoff);
            let at = (base + k).clamp(0, pcm.len() as isize - 1) as usize;
            sum += weight * pcm[at];
            weights += weight;
        }
        sum / weights
    };
    (0..length).map(sample).collect()
}

/// Where a sample of a sound is when it is played `factor` times as fast.
pub(super) fn scaled(place: usize, factor: f32) -> usize {
    (place as f64 / f64::from(factor)).round() as usize
}

/// A sinc under a Hann window.
fn kernel(distance: f32, cutoff: f32) -> f32 {
    let reach = REACH as f32;
    if distance.abs() >= reach {
        return 0.0;
    }
    let x = PI * distance * cutoff;
    let sinc = if x.abs() < 1e-4 { 1.0 } else { x.sin() / x };
    sinc * (0.5 + 0.5 * (PI * distance / reach).cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f32) -> Vec<f32> {
        (0..24_000).map(|i| (i as f32 * 2.0 * PI * hertz / 24_000.0).sin()).collect()
    }

    /// How often it goes up through zero.
    fn cycles(pcm: &[f32]) -> usize {
        pcm.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count()
    }

    #[test]
    fn faster_is_shorter_and_higher() {
        let fast = resample(&tone(200.0), 1.12);
        assert_eq!(fast.len(), 21_429);
        // As many cycles in less time.
        assert!(cycles(&fast).abs_diff(200) <= 1);
        let slow = resample(&tone(200.0), 0.88);
        assert_eq!(slow.len(), 27_273);
        assert!(cycles(&slow).abs_diff(200) <= 1);
    }

    #[test]
    fn a_tone_stays_a_tone() {
        let fast = resample(&tone(1_000.0), 1.1);
        let expected = tone(1_100.0);
        let wrong = fast[100..20_000].iter().zip(&expected[100..]).map(|(a, b)| (a - b).abs());
        assert!(wrong.fold(0.0, f32::max) < 0.01);
    }

    #[test]
    fn what_would_be_too_high_is_taken_away() {
        let fast = resample(&tone(11_900.0), 1.12);
        assert!(fast[200..20_000].iter().all(|sample| sample.abs() < 0.2));
    }

    #[test]
    fn nothing_stays_nothing() {
        assert!(resample(&[], 1.1).is_empty());
        assert_eq!(resample(&[0.25; 7], 1.0), [0.25; 7]);
    }
}
