//! A tape that runs in a circle: whatever is recorded beyond its end goes on at its start, so that no
//! loop has a seam.

use std::{f32::consts::TAU, num::NonZero};

use bevy::audio::SampleRate;

/// Samples in a second.
pub const RATE: SampleRate = NonZero::new(22_050).expect("it is not 0");

/// A loop while it is made.
#[derive(Debug, Clone)]
pub struct Tape {
    samples: Vec<f32>,
    seed: u32,
}

/// How a tone sounds.
#[derive(Debug, Clone, Copy)]
pub struct Tone {
    /// Hertz.
    pub pitch: f32,
    /// Seconds in which it comes, and in which it fades to a third.
    pub attack: f32,
    pub decay: f32,
    /// How strong its 2nd, 3rd and 4th partials are.
    pub partials: [f32; 3],
    /// How far its pitch moves, in parts of it.
    pub vibrato: f32,
}

impl Tone {
    pub const PLUCK: Self = Self {
        pitch: 440.0,
        attack: 0.004,
        decay: 0.7,
        partials: [0.35, 0.12, 0.05],
        vibrato: 0.0,
    };
    /// A hummed note.
    pub const HUM: Self = Self {
        pitch: 220.0,
        attack: 0.18,
        decay: 1.6,
        partials: [0.3, 0.08, 0.02],
        vibrato: 0.006,
    };
    /// A wire in the wind.
    pub const WIRE: Self =
        Self { pitch: 110.0, attack: 0.9, decay: 2.6, partials: [0.5, 0.3, 0.22], vibrato: 0.002 };

    /// The same at a note of the MIDI scale.
    pub fn note(self, note: i16) -> Self {
        Self { pitch: 440.0 * ((f32::from(note) - 69.0) / 12.0).exp2(), ..self }
    }

    pub fn decay(self, decay: f32) -> Self {
        Self { decay, ..self }
    }
}

impl Tape {
    pub fn of_seconds(seconds: f32) -> Self {
        Self { samples: vec![0.0; samples(seconds).max(1)], seed: 1 }
    }

    pub fn seconds(&self) -> f32 {
        self.samples.len() as f32 / RATE.get() as f32
    }

    /// Adds a sound of so many seconds, of the seconds since it began.
    pub fn add(&mut self, at: f32, seconds: f32, mut sound: impl FnMut(f32) -> f32) {
        let (start, length) = (samples(at.max(0.0)), self.samples.len());
        for index in 0..samples(seconds) {
            let place = (start + index) % length;
            self.samples[place] += sound(index as f32 / RATE.get() as f32);
        }
    }

    pub fn tone(&mut self, at: f32, tone: Tone, loud: f32) {
        let long = tone.attack + tone.decay * 4.5;
        let [second, third, fourth] = tone.partials;
        self.add(at, long, |t| {
            let sway = tone.vibrato * (TAU * 5.1 * t).sin() * (t * 2.0).min(1.0) / 5.1;
            let turns = tone.pitch * (t + sway);
            let part = |number: f32| (TAU * turns * number).sin();
            let wave = part(1.0) + second * part(2.0) + third * part(3.0) + fourth * part(4.0);
            wave * loud * swell(t, tone.attack, tone.decay, long)
        });
    }

    /// A chord that stays: its pitches are moved so little that they fit the loop.
    pub fn drone(&mut self, notes: &[i16], loud: f32) {
        let seconds = self.seconds();
        for (index, note) in notes.iter().enumerate() {
            let pitch = (Tone::HUM.note(*note).pitch * seconds).round() / seconds;
            let slow = (1.0 + index as f32) / seconds;
            self.add(0.0, seconds, |t| {
                let breath = 0.7 + 0.3 * (TAU * slow * t + index as f32).sin();
                let wave = (TAU * pitch * t).sin() + 0.3 * (TAU * 2.0 * pitch * t).sin();
                wave * breath * loud
            });
        }
    }

    /// Noise all along, between two pitches in hertz, as loud as it is at this part of the loop.
    pub fn noise(&mut self, low: f32, high: f32, loud: impl Fn(f32) -> f32) {
        const OVERLAP: f32 = 0.8;
        let seconds = self.seconds();
        let overlap = OVERLAP.min(seconds / 2.0);
        let mut band = Band::new(low, high, self.draw());
        // What comes after the end is blended into the start.
        self.add(0.0, seconds + overlap, |t| {
            let part = if t < overlap {
                (t / overlap).sqrt()
            } else if t > seconds {
                (1.0 - (t - seconds) / overlap).max(0.0).sqrt()
            } else {
                1.0
            };
            band.next() * loud((t / seconds).fract()) * part
        });
    }

    /// A short noise: a drum, a step, a brush.
    pub fn hit(&mut self, at: f32, low: f32, high: f32, attack: f32, decay: f32, loud: f32) {
        let mut band = Band::new(low, high, self.draw());
        let long = attack + decay * 5.0;
        self.add(at, long, |t| band.next() * loud * swell(t, attack, decay, long));
    }

    /// A deep drum that falls.
    pub fn kick(&mut self, at: f32, loud: f32) {
        self.add(at, 0.5, |t| {
            let turns = 46.0 * t + 3.4 * (1.0 - (-t * 24.0).exp());
            (TAU * turns).sin() * loud * swell(t, 0.004, 0.12, 0.5)
        });
    }

    /// Numbers in 0..1 without a pattern.
    pub fn chance(&mut self) -> f32 {
        (self.draw() >> 8) as f32 / (1 << 24) as f32
    }

    fn draw(&mut self) -> u32 {
        self.seed = self.seed.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        let word = ((self.seed >> ((self.seed >> 28) + 4)) ^ self.seed).wrapping_mul(277_803_737);
        (word >> 22) ^ word
    }

    /// The loop, as loud as loops are.
    pub fn finish(self) -> Vec<i16> {
        const PEAK: f32 = 0.8;
        let loudest = self.samples.iter().fold(1e-6_f32, |most, sample| most.max(sample.abs()));
        let scale = PEAK / loudest * f32::from(i16::MAX);
        self.samples.into_iter().map(|sample| (sample * scale) as i16).collect()
    }
}

fn samples(seconds: f32) -> usize {
    (seconds * RATE.get() as f32) as usize
}

/// How loud a tone is that comes, fades and has ended after `long` seconds, without a click.
fn swell(t: f32, attack: f32, decay: f32, long: f32) -> f32 {
    let comes = (t / attack).min(1.0);
    let fades = (-(t - attack).max(0.0) / decay).exp();
    let ends = ((long - t) / 0.02).clamp(0.0, 1.0);
    comes * fades * ends
}

/// Noise between two pitches.
struct Band {
    state: u32,
    high: f32,
    low: f32,
    /// What the two filters hold, twice each.
    held: [f32; 3],
}

impl Band {
    fn new(low: f32, high: f32, seed: u32) -> Self {
        let share = |hertz: f32| 1.0 - (-TAU * hertz / RATE.get() as f32).exp();
        Self { state: seed | 1, high: share(high), low: share(low), held: [0.0; 3] }
    }

    fn next(&mut self) -> f32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 17;
        self.state ^= self.state << 5;
        let white = f32::from((self.state >> 16) as u16) / 32_767.5 - 1.0;
        let [a, b, c] = &mut self.held;
        *a += (white - *a) * self.high;
        *b += (*a - *b) * self.high;
        *c += (*b - *c) * self.low;
        *b - *c
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_beyond_the_end_goes_on_at_the_start() {
        let mut tape = Tape::of_seconds(1.0);
        tape.add(0.9, 0.3, |_| 1.0);
        assert_eq!(tape.samples[0], 1.0);
        assert_eq!(tape.samples[samples(0.5)], 0.0);
        assert_eq!(tape.samples[samples(0.95)], 1.0);
    }

    #[test]
    fn noise_has_no_seam() {
        let mut tape = Tape::of_seconds(3.0);
        tape.noise(100.0, 800.0, |_| 1.0);
        let loud = |part: &[f32]| part.iter().map(|s| s * s).sum::<f32>() / part.len() as f32;
        let (start, middle) = (loud(&tape.samples[..8000]), loud(&tape.samples[30_000..38_000]));
        assert!(start > 0.4 * middle && start < 2.5 * middle, "{start} {middle}");
        let jump = (tape.samples[0] - tape.samples[tape.samples.len() - 1]).abs();
        assert!(jump < 0.2, "{jump}");
    }
}
