//! Speech as a source of Bevy's audio, that can be stopped without a click.

use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use bevy::{
    audio::{ChannelCount, Sample, SampleRate, Source},
    prelude::*,
};

use crate::voice::Speech;

/// A sound that is spoken.
#[derive(Debug, Clone, Asset, TypePath)]
pub(super) struct SpeechSound {
    pcm: Arc<[f32]>,
    rate: SampleRate,
    control: Arc<SoundControl>,
}

/// What the game and the sound card tell each other about a sound.
#[derive(Debug, Default)]
pub(super) struct SoundControl {
    /// Samples that were taken.
    taken: AtomicU32,
    stop: AtomicBool,
}

impl SoundControl {
    /// Samples that the sound card has taken.
    pub(super) fn taken(&self) -> u32 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Ends the sound, softly.
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl SpeechSound {
    /// None for speech that has no sample rate.
    pub(super) fn new(speech: &Speech, control: Arc<SoundControl>) -> Option<Self> {
        let rate = SampleRate::new(speech.sample_rate)?;
        Some(Self { pcm: speech.pcm.clone(), rate, control })
    }
}

impl Decodable for SpeechSound {
    type Decoder = SpeechSamples;

    fn decoder(&self) -> SpeechSamples {
        SpeechSamples { sound: self.clone(), at: 0, gain: 1.0 }
    }
}

/// The samples of a sound, one after another.
#[derive(Debug)]
pub(super) struct SpeechSamples {
    sound: SpeechSound,
    at: usize,
    gain: f32,
}

impl SpeechSamples {
    /// Seconds in which a sound that is stopped fades out.
    const FADE: f32 = 0.12;
}

impl Iterator for SpeechSamples {
    type Item = Sample;

    #[expect(clippy::cast_precision_loss, reason = "a sample rate is below 2^24")]
    fn next(&mut self) -> Option<Sample> {
        let SpeechSound { pcm, rate, control } = &self.sound;
        let sample = pcm.get(self.at)?;
        self.at += 1;
        control.taken.store(u32::try_from(self.at).unwrap_or(u32::MAX), Ordering::Relaxed);
        if control.stop.load(Ordering::Relaxed) {
            self.gain -= 1.0 / (Self::FADE * rate.get() as f32);
            if self.gain <= 0.0 {
                return None;
            }
        }
        Some(sample * self.gain)
    }
}

impl Source for SpeechSamples {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> ChannelCount {
        NonZero::<u16>::MIN
    }

    fn sample_rate(&self) -> SampleRate {
        self.sound.rate
    }

    fn total_duration(&self) -> Option<Duration> {
        let samples = u32::try_from(self.sound.pcm.len()).ok()?;
        Some(Duration::from_secs(1) * samples / self.sound.rate.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> (SpeechSamples, Arc<SoundControl>) {
        let control = Arc::<SoundControl>::default();
        let pcm = vec![0.5; 24_000].into();
        let speech = Speech { pcm, sample_rate: 24_000, ..Speech::default() };
        let sound = SpeechSound::new(&speech, control.clone()).unwrap();
        (sound.decoder(), control)
    }

    #[test]
    fn a_stopped_sound_fades_and_is_silent_within_an_eighth_of_a_second() {
        let (mut samples, control) = sound();
        assert!(samples.by_ref().take(1000).all(|sample| sample == 0.5));
        control.stop();
        let rest: Vec<f32> = samples.collect();
        assert!((2400..=24_000 / 8).contains(&rest.len()), "{}", rest.len());
        assert!(rest.windows(2).all(|pair| pair[1] < pair[0] && pair[0] - pair[1] < 0.001));
    }

    #[test]
    fn it_tells_how_much_was_taken() {
        let (mut samples, control) = sound();
        samples.by_ref().take(480).for_each(drop);
        assert_eq!(control.taken(), 480);
    }

    #[test]
    fn speech_without_a_rate_is_no_sound() {
        assert!(SpeechSound::new(&Speech::default(), Arc::default()).is_none());
    }
}
