//! Brings sound that comes in pieces to another rate.

use std::f64::consts::PI;

/// How many zero crossings of the kernel are used, each side.
const CROSSINGS: usize = 16;
/// How finely the kernel is tabulated, in steps for a crossing.
const STEPS: usize = 256;
/// How much of the lower band is kept: the rest is where the filter falls.
const KEPT: f64 = 0.94;

/// A windowed-sinc resampler that remembers where the last piece ended.
#[derive(Debug)]
pub(super) struct Resampler {
    /// One half of the kernel, from its middle.
    kernel: Vec<f32>,
    /// Steps of the table for an input sample.
    scale: f64,
    /// How far the kernel reaches, in input samples.
    reach: usize,
    /// Input samples for an output sample.
    step: f64,
    /// Input that is still needed.
    input: Vec<f32>,
    /// Where in it the next output sample lies.
    place: f64,
}

impl Resampler {
    /// From a rate to another, in hertz. A rate of 0 counts as 1.
    pub(super) fn new(from: u32, to: u32) -> Self {
        let (from, to) = (f64::from(from.max(1)), f64::from(to.max(1)));
        // Of the Nyquist frequency of the input.
        let cutoff = (to / from).min(1.0) * KEPT;
        let reach = (CROSSINGS as f64 / cutoff).ceil() as usize;
        Self {
            kernel: kernel(cutoff),
            scale: cutoff * STEPS as f64,
            reach,
            step: from / to,
            // The first samples are heard as well.
            input: vec![0.0; reach],
            place: reach as f64,
        }
    }

    /// Appends what the piece gives to `output`.
    pub(super) fn push(&mut self, piece: &[f32], output: &mut Vec<f32>) {
        self.input.extend_from_slice(piece);
        while self.place as usize + self.reach < self.input.len() {
            output.push(self.sample());
            self.place += self.step;
        }
        let done = (self.place as usize).saturating_sub(self.reach).min(self.input.len());
        self.input.drain(..done);
        self.place -= done as f64;
    }

    fn sample(&self) -> f32 {
        let first = (self.place as usize + 1).saturating_sub(self.reach);
        let inputs = &self.input[first..=self.place as usize + self.reach];
        let weigh = |(n, input): (usize, &f32)| {
            let away = (first + n) as f64 - self.place;
            input * self.weight(away.abs() * self.scale)
        };
        inputs.iter().enumerate().map(weigh).sum()
    }

    fn weight(&self, place: f64) -> f32 {
        let (whole, part) = (place as usize, place.fract() as f32);
        let at = |n: usize| self.kernel.get(n).copied().unwrap_or(0.0);
        at(whole) * (1.0 - part) + at(whole + 1) * part
    }
}

/// A sinc under a Blackman window; its integral is 1 in input samples.
fn kernel(cutoff: f64) -> Vec<f32> {
    let value = |n: usize| {
        let x = n as f64 / STEPS as f64;
        let sinc = if n == 0 { 1.0 } else { (PI * x).sin() / (PI * x) };
        let turn = PI * x / CROSSINGS as f64;
        let window = 0.42 + 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos();
        (cutoff * sinc * window) as f32
    };
    (0..=CROSSINGS * STEPS).map(value).collect()
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;

    fn tone(hertz: f32, rate: u32) -> Vec<f32> {
        (0..rate).map(|n| (TAU * hertz * n as f32 / rate as f32).sin()).collect()
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
            let output = resampled(&tone(1000.0, rate), rate, 441);
            assert!((15_900..=16_000).contains(&output.len()), "{rate}: {}", output.len());
            let wanted = tone(1000.0, 16_000);
            let middle = 200..15_800;
            let wrong = middle.map(|n| (output[n] - wanted[n]).abs()).fold(0.0, f32::max);
            assert!(wrong < 0.003, "{rate}: {wrong}");
        }
    }

    #[test]
    fn what_is_too_high_is_taken_out_and_not_folded_back() {
        for hertz in [9_000.0, 12_000.0, 15_000.0, 20_000.0] {
            let output = resampled(&tone(hertz, 48_000), 48_000, 480);
            assert!(loudness(&output[200..15_800]) < 0.003, "{hertz}");
        }
        assert!(loudness(&resampled(&tone(6_500.0, 48_000), 48_000, 480)[200..15_800]) > 0.69);
    }

    #[test]
    fn pieces_of_any_size_give_the_same() {
        let pcm = tone(440.0, 44_100);
        let whole = resampled(&pcm, 44_100, pcm.len());
        for piece in [1, 7, 160, 5000] {
            let output = resampled(&pcm, 44_100, piece);
            assert_eq!(output.len(), whole.len(), "{piece}");
            assert!(output.iter().zip(&whole).all(|(a, b)| (a - b).abs() < 1e-4), "{piece}");
        }
    }

    #[test]
    fn a_rate_of_nothing_does_no_harm() {
        let mut output = Vec::new();
        Resampler::new(0, 16_000).push(&[], &mut output);
        assert!(output.is_empty());
    }
}
