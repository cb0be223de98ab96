//! What is asked of a voice, and what it gives.

use std::{ops::Range, sync::Arc};

use super::VoiceError;
use crate::{cue::VoiceCue, persona::Language};

/// Something to be said aloud.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeechRequest {
    /// The persona's id, such as `siwoo`.
    pub speaker: String,
    /// Her mean pitch in hertz, for who has no voice of her own. 80..500.
    pub pitch_hz: f32,
    /// The words, as a reader sees them: numbers, emoji and all.
    pub text: String,
    /// The language of the text, where its script does not tell.
    pub language: Language,
    /// How the feeling of the moment changes the voice.
    pub tone: VoiceCue,
}

/// A sound, with what the mouth does meanwhile.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Speech {
    /// One channel, -1..1.
    pub pcm: Arc<[f32]>,
    /// Samples a second, in hertz.
    pub sample_rate: u32,
    /// What the mouth does, one after another. They last as long as the sound, together.
    pub mouth_keys: Vec<MouthKey>,
    /// When each word is spoken.
    pub words: Vec<SpokenWord>,
}

impl Speech {
    /// How long it lasts, in seconds.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "speech is shorter than 2^24 samples")]
    pub fn seconds(&self) -> f32 {
        if self.sample_rate == 0 { 0.0 } else { self.pcm.len() as f32 / self.sample_rate as f32 }
    }
}

/// A shape of the mouth, held for a while.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MouthKey {
    /// The shape.
    pub shape: MouthShape,
    /// How far it is reached. 0..1.
    pub weight: f32,
    /// How long, in seconds.
    pub seconds: f32,
}

/// The shapes of a speaking mouth: the five vowels of VRM, and the mouth shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MouthShape {
    /// Nothing is said: the face has the mouth.
    Rest,
    /// The lips touch, as in m, b, p.
    Closed,
    /// As in father.
    Aa,
    /// As in see.
    Ih,
    /// As in too.
    Ou,
    /// As in bed.
    Ee,
    /// As in go.
    Oh,
}

/// A word, and when it is spoken.
#[derive(Debug, Clone, PartialEq)]
pub struct SpokenWord {
    /// Where it stands in the text of the request, in bytes.
    pub text: Range<usize>,
    /// When it is spoken, in seconds from the beginning of the sound.
    pub time: Range<f32>,
}

/// Turns text into sound.
///
/// It may take its time: it is called on a thread of its own.
pub trait Synthesizer: Send {
    /// Says it. A text without anything to say gives silence of no length.
    ///
    /// # Errors
    /// If it cannot; the caller then takes another voice.
    fn synthesize(&mut self, request: &SpeechRequest) -> Result<Speech, VoiceError>;
}
