//! A voice for everybody, without weights.

use std::collections::HashMap;

use super::{FormantVoice, Speech, SpeechRequest, Synthesizer, VoiceError};

/// Speaks wordless syllables, each speaker in her own pitch.
///
/// # Example
/// ```
/// use bevy_persona::{persona::Language, voice::{Babble, SpeechRequest, Synthesizer}};
///
/// let request = SpeechRequest {
///     speaker: "siwoo".into(),
///     pitch_hz: 215.0,
///     text: "I was waiting for you!".into(),
///     language: Language::English,
///     tone: Default::default(),
/// };
/// let speech = Babble::default().synthesize(&request)?;
/// assert_eq!(speech.words.len(), 5);
/// # Ok::<(), bevy_persona::voice::VoiceError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Babble {
    voices: HashMap<String, FormantVoice>,
}

impl Synthesizer for Babble {
    fn synthesize(&mut self, request: &SpeechRequest) -> Result<Speech, VoiceError> {
        let new = || FormantVoice::new(&request.speaker, request.pitch_hz);
        self.voices.entry(request.speaker.clone()).or_insert_with(new).synthesize(request)
    }
}
