//! A filter with one resonance.

use std::f32::consts::{PI, TAU};

use super::RATE;

/// Klatt's digital resonator: it lets low sounds through as they are and rings at its own frequency.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Resonator {
    gain: f32,
    first: f32,
    second: f32,
    last: f32,
    before: f32,
}

impl Resonator {
    /// A resonator of this frequency and bandwidth, in hertz.
    pub(super) fn new(frequency: f32, bandwidth: f32) -> Self {
        let mut resonator = Self::default();
        resonator.tune(frequency, bandwidth);
        resonator
    }

    /// Moves the resonance, in hertz, while it rings.
    pub(super) fn tune(&mut self, frequency: f32, bandwidth: f32) {
        let frequency = frequency.clamp(20.0, 0.48 * RATE);
        let radius = (-PI * bandwidth.max(10.0) / RATE).exp();
        self.second = -radius * radius;
        self.first = 2.0 * radius * (TAU * frequency / RATE).cos();
        self.gain = 1.0 - self.first - self.second;
    }

    /// The next sample.
    pub(super) fn next(&mut self, input: f32) -> f32 {
        let output = self.gain * input + self.first * self.last + self.second * self.before;
        self.before = self.last;
        self.last = output;
        output
    }
}

/// A band of sound around a frequency: as loud there as what comes in, softer above and below.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Band {
    resonator: Resonator,
    level: f32,
    last: f32,
    before: f32,
}

impl Band {
    /// A band around this frequency, of this width, in hertz.
    pub(super) fn new(frequency: f32, bandwidth: f32) -> Self {
        let mut band = Self::default();
        band.tune(frequency, bandwidth);
        band
    }

    /// Moves the band, in hertz.
    pub(super) fn tune(&mut self, frequency: f32, bandwidth: f32) {
        self.resonator.tune(frequency, bandwidth);
        let radius = (-PI * bandwidth / RATE).exp();
        self.level = (1.0 - radius * radius) / (2.0 * self.resonator.gain.max(1e-6));
    }

    /// The next sample.
    pub(super) fn next(&mut self, input: f32) -> f32 {
        let sharp = input - self.before;
        self.before = self.last;
        self.last = input;
        self.resonator.next(sharp) * self.level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(mut next: impl FnMut(f32) -> f32, frequency: f32) -> f32 {
        let sine = |index: u16| (TAU * frequency * f32::from(index) / RATE).sin();
        let heard: Vec<f32> = (0..12_000).map(|index| next(sine(index))).skip(6000).collect();
        (heard.iter().map(|x| x * x).sum::<f32>() / 6000.0 * 2.0).sqrt()
    }

    #[test]
    fn it_rings_at_its_frequency_and_lets_low_sounds_through() {
        let at = |frequency| {
            let mut resonator = Resonator::new(1000.0, 80.0);
            level(|x| resonator.next(x), frequency)
        };
        assert!((at(50.0) - 1.0).abs() < 0.05, "{}", at(50.0));
        assert!(at(1000.0) > 8.0 && at(3000.0) < 0.2);
    }

    #[test]
    fn a_band_is_as_loud_as_its_input_in_the_middle() {
        for centre in [1500.0, 4000.0, 8000.0] {
            let at = |frequency| {
                let mut band = Band::new(centre, 900.0);
                level(|x| band.next(x), frequency)
            };
            assert!((at(centre) - 1.0).abs() < 0.2, "{centre}: {}", at(centre));
            assert!(at(100.0) < 0.1, "{centre}: {}", at(100.0));
        }
    }
}
