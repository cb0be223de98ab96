//! Another number of samples a second.

use std::f64::consts::PI;

/// How many zero crossings of the sinc there are on each side: more of them cut off more sharply.
const CROSSINGS: usize = 32;
/// How finely the kernel is tabulated between two of them; in between it is interpolated.
const STEPS: usize = 512;
/// The part of the band that is kept: the rest is the slope of the filter.
const BAND: f64 = 0.92;
/// The shape of the Kaiser window: what is cut off is 80 dB softer.
const BETA: f64 = 8.0;

/// The same sound at another rate, both in hertz: what the new rate cannot hold is left out.
///
/// A sinc in a Kaiser window (Smith, "Digital Audio Resampling"). Any ratio will do. A rate of 0 gives
/// no sound.
///
/// # Example
/// ```
/// use bevy_persona::voice::resample;
///
/// let second = vec![0.0; 48_000];
/// assert_eq!(resample(&second, 48_000, 16_000).len(), 16_000);
/// ```
#[must_use]
pub fn resample(pcm: &[f32], from: u32, to: u32) -> Vec<f32> {
    if from == to {
        return pcm.to_vec();
    }
    if from == 0 || to == 0 || pcm.is_empty() {
        return Vec::new();
    }
    let length = (pcm.len() as u128 * u128::from(to)).div_ceil(u128::from(from)) as usize;
    let kernel = Kernel::new();
    let step = f64::from(from) / f64::from(to);
    // Going down, the kernel is as wide as the new samples are apart.
    let scale = BAND * step.recip().min(1.0);
    (0..length).map(|index| kernel.at(pcm, index as f64 * step, scale)).collect()
}

/// One side of a windowed sinc.
struct Kernel(Vec<f32>);

impl Kernel {
    fn new() -> Self {
        let length = CROSSINGS * STEPS;
        let value = |index: usize| {
            let x = index as f64 / STEPS as f64;
            let sinc = if index == 0 { 1.0 } else { (PI * x).sin() / (PI * x) };
            let along = x / CROSSINGS as f64;
            let window = bessel(BETA * (1.0 - along * along).max(0.0).sqrt()) / bessel(BETA);
            (sinc * window) as f32
        };
        // One more than is used, for the interpolation.
        Self(
            (0..=length + 1).map(|index| if index < length { value(index) } else { 0.0 }).collect(),
        )
    }

    /// The sound at a place between samples; `scale` stretches the kernel, if below 1.
    fn at(&self, pcm: &[f32], place: f64, scale: f64) -> f32 {
        let reach = CROSSINGS as f64 / scale;
        let first = (place - reach).ceil().max(0.0) as usize;
        let last = ((place + reach).floor() as usize).min(pcm.len() - 1);
        let Some(heard) = pcm.get(first..=last) else { return 0.0 };
        let mut sum = 0.0_f64;
        for (index, sample) in heard.iter().enumerate() {
            let distance = ((first + index) as f64 - place).abs() * scale * STEPS as f64;
            let (whole, part) = (distance as usize, distance.fract() as f32);
            let (Some(one), Some(two)) = (self.0.get(whole), self.0.get(whole + 1)) else {
                continue;
            };
            sum += f64::from(sample * (one + (two - one) * part));
        }
        (sum * scale) as f32
    }
}

/// The modified Bessel function of the first kind and order 0, by its series.
fn bessel(x: f64) -> f64 {
    let quarter = 0.25 * x * x;
    let (mut term, mut sum) = (1.0, 1.0);
    for order in 1..60 {
        term *= quarter / f64::from(order * order);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
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
        (0..length)
            .map(|at| (2.0 * PI * hertz * at as f64 / f64::from(rate)).sin() as f32)
            .collect()
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
}
