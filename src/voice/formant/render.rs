//! From keys to samples.

use std::f32::consts::TAU;

use super::{
    FormantVoice, RATE,
    glottis::Glottis,
    key::{self, Key},
    resonator::Band,
    tract::Tract,
};
use crate::cue::random::SplitMix;

/// Filters are tuned anew every so many samples.
const TUNING: usize = 4;

/// How loud noise is beside the voice.
const BREATH: f32 = 0.9;
const HISS: f32 = 10.0;
const AIR: f32 = 1.2;

/// The narrow space in front of the teeth: where breath is heard even in vowels, in hertz.
const AIR_HZ: f32 = 9500.0;
/// From where on the voice is lifted, in hertz, and how much. Without it, it sounds through a wall.
const BRIGHT_HZ: f32 = 6000.0;
const BRIGHTER: f32 = 1.6;

/// A person in the middle of speaking.
struct Speaker {
    now: Key,
    glottis: Glottis,
    tract: Tract,
    hiss: Band,
    air: Band,
    /// How far the mouth is open for air to be heard. 0..1.
    open: f32,
    low: f32,
    darkness: f32,
    noise: SplitMix,
    breathiness: f32,
}

/// The sound of the keys, as long as they are: not yet levelled. The same seed sounds the same.
pub(super) fn render(keys: &[Key], voice: &FormantVoice, seed: u64) -> Vec<f32> {
    let Some(first) = keys.first() else { return Vec::new() };
    let mut speaker = Speaker {
        now: first.sounding(0.0, 0.0).hissing(0.0, first.hiss_hz),
        glottis: Glottis::new(voice, seed),
        tract: Tract::new(voice),
        hiss: Band::default(),
        air: Band::new(AIR_HZ, 5000.0),
        open: 0.0,
        low: 0.0,
        darkness: 1.0 - (-TAU * BRIGHT_HZ / RATE).exp(),
        noise: SplitMix(seed),
        breathiness: voice.breath,
    };
    let mut pcm = Vec::with_capacity(key::ends(keys).last().unwrap_or(0));
    for (key, end) in keys.iter().zip(key::ends(keys)) {
        let pace = Pace::new(key.glide);
        while pcm.len() < end {
            if pcm.len().is_multiple_of(TUNING) {
                speaker.tune(key, &pace);
            }
            pcm.push(speaker.next(key, &pace));
        }
    }
    pcm
}

/// What part of the way to a key is gone in one step.
struct Pace {
    /// Tongue and lips, once every [`TUNING`] samples.
    shape: f32,
    /// Voice and breath, each sample.
    sound: f32,
    /// Melody, each sample.
    pitch: f32,
}

impl Pace {
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    fn new(glide: f32) -> Self {
        let part = |seconds: f32, samples: f32| 1.0 - (-samples / (seconds.max(1e-4) * RATE)).exp();
        Self {
            shape: part(glide, TUNING as f32),
            sound: part(0.4 * glide, 1.0),
            pitch: part(1.8 * glide, 1.0),
        }
    }
}

impl Speaker {
    fn tune(&mut self, key: &Key, pace: &Pace) {
        for (now, goal) in self.now.formants.iter_mut().zip(key.formants) {
            *now += (goal - *now) * pace.shape;
        }
        // The lower the first resonance, the narrower the mouth.
        self.open = ((self.now.formants[0] - 270.0) / 400.0).clamp(0.0, 1.0);
        // A hiss does not glide: another place begins to hiss.
        self.now.hiss_hz = if key.hiss > 0.0 { key.hiss_hz } else { self.now.hiss_hz };
        self.tract.shape(self.now.formants, self.now.breath, self.now.pitch_hz);
        self.hiss.tune(self.now.hiss_hz, 0.45 * self.now.hiss_hz);
    }

    fn next(&mut self, key: &Key, pace: &Pace) -> f32 {
        let now = &mut self.now;
        now.voicing += (key.voicing - now.voicing) * pace.sound;
        now.breath += (key.breath - now.breath) * pace.sound;
        now.hiss += (key.hiss - now.hiss) * pace.sound;
        now.vibrato += (key.vibrato - now.vibrato) * pace.sound;
        now.pitch_hz += (key.pitch_hz - now.pitch_hz) * pace.pitch;
        let (pulse, open) = self.glottis.next(now.pitch_hz, now.vibrato);
        let noise = self.noise.between(-1.0, 1.0);
        let breath = now.breath + self.breathiness * now.voicing * open;
        let voiced = self.tract.next(now.voicing * pulse + BREATH * breath * noise);
        self.low += self.darkness * (voiced - self.low);
        let bright = voiced + BRIGHTER * (voiced - self.low);
        let air = AIR * self.open * breath * self.air.next(noise);
        bright + HISS * now.hiss * self.hiss.next(noise) + air
    }
}
