//! Another number of samples a second, of a sound as a whole or in pieces.
//!
//! A sinc in a Kaiser window (Smith, "Digital Audio Resampling"). Voices need it, and the microphone.

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
/// Any ratio will do. A rate of 0 gives no sound.
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
    let mut output = Vec::with_capacity(length);
    let mut resampler = Resampler::new(from, to);
    resampler.push(pcm, &mut output);
    resampler.finish(length, &mut output);
    output
}

/// Brings sound that comes in pieces to another rate: it remembers where the last piece ended.
#[derive(Debug)]
pub(crate) struct Resampler {
    /// One half of the kernel, from its middle.
    kernel: Vec<f32>,
    /// How far it is stretched, if below 1: going down, it is as wide as the new samples are apart.
    scale: f64,
    /// Input samples for an output sample.
    step: f64,
    /// Input that is still needed.
    input: Vec<f32>,
    /// How much input was before that.
    gone: usize,
    /// How many output samples there were.
    made: usize,
}

impl Resampler {
    /// From a rate to another, in hertz. A rate of 0 counts as 1.
    pub(crate) fn new(from: u32, to: u32) -> Self {
        let step = f64::from(from.max(1)) / f64::from(to.max(1));
        let scale = BAND * step.recip().min(1.0);
        Self { kernel: kernel(), scale, step, input: Vec::new(), gone: 0, made: 0 }
    }

    /// Appends what the piece gives to `output`: all but the end, where what follows is heard as well.
    pub(crate) fn push(&mut self, piece: &[f32], output: &mut Vec<f32>) {
        self.input.extend_from_slice(piece);
        while self.last() < self.gone + self.input.len() {
            self.make(output);
        }
        let done = self.first().saturating_sub(self.gone).min(self.input.len());
        self.input.drain(..done);
        self.gone += done;
    }

    /// Nothing follows: appends the end, until all pieces have given `length` samples.
    fn finish(&mut self, length: usize, output: &mut Vec<f32>) {
        while self.made < length {
            self.make(output);
        }
    }

    fn make(&mut self, output: &mut Vec<f32>) {
        output.push(self.sample());
        self.made += 1;
    }

    /// Where in the input the next output sample lies. Not summed up, so that no error grows.
    fn place(&self) -> f64 {
        self.made as f64 * self.step
    }

    /// How far the kernel reaches, in input samples.
    fn reach(&self) -> f64 {
        CROSSINGS as f64 / self.scale
    }

    /// The first input sample that is heard in the next output sample.
    fn first(&self) -> usize {
        (self.place() - self.reach()).ceil().max(0.0) as usize
    }

    /// The last one.
    fn last(&self) -> usize {
        (self.place() + self.reach()).floor() as usize
    }

    /// The next output sample; around the input is silence.
    fn sample(&self) -> f32 {
        let (place, first) = (self.place(), self.first());
        let count = (self.last() - first).saturating_add(1);
        let heard = self.input.iter().skip(first.saturating_sub(self.gone)).take(count);
        let mut sum = 0.0_f64;
        for (index, sample) in heard.enumerate() {
            let distance = ((first + index) as f64 - place).abs() * self.scale * STEPS as f64;
            let (whole, part) = (distance as usize, distance.fract() as f32);
            if let Some([one, two]) = self.kernel.get(whole..whole + 2) {
                sum += f64::from(sample * (one + (two - one) * part));
            }
        }
        (sum * self.scale) as f32
    }
}

/// One side of a windowed sinc. It ends in two zeros, for the interpolation.
fn kernel() -> Vec<f32> {
    let value = |index: usize| {
        let x = index as f64 / STEPS as f64;
        let sinc = if index == 0 { 1.0 } else { (PI * x).sin() / (PI * x) };
        let along = x / CROSSINGS as f64;
        let window = bessel(BETA * (1.0 - along * along).max(0.0).sqrt()) / bessel(BETA);
        (sinc * window) as f32
    };
    (0..CROSSINGS * STEPS).map(value).chain([0.0, 0.0]).collect()
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
mod tests;
