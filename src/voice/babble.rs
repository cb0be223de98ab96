//! A voice for everybody, without weights.

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
/// let speech = Babble.synthesize(&request)?;
/// assert_eq!(speech.words.len(), 5);
/// # Ok::<(), bevy_persona::voice::VoiceError>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Babble;

impl Synthesizer for Babble {
    fn synthesize(&mut self, request: &SpeechRequest) -> Result<Speech, VoiceError> {
        FormantVoice::new(&request.speaker, request.pitch_hz).synthesize(request)
    }
}
