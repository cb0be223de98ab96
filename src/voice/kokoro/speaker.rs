//! The voice of whoever has a style table.

use std::path::PathBuf;

use super::{
    Kokoro, SAMPLE_RATE,
    shelf::{Shelf, Voice},
};
use crate::{
    cue::VoiceCue,
    persona::Language,
    voice::{Pronunciation, Speech, SpeechRequest, Synthesizer, VoiceError, mouth},
};

/// Turns a text into phones; the language is that of the text where its script does not tell.
pub type Pronouncer = Box<dyn FnMut(&str, Language) -> Pronunciation + Send>;

/// How far a feeling may change the pitch: more would be another voice.
const MOST_PITCH: f32 = 0.12;
/// How far the rate may differ: her own, and what a feeling makes of it.
const MOST_RATE: f32 = 0.25;
/// How far a feeling may change the loudness.
const MOST_ENERGY: f32 = 0.5;

/// Speaks with the voice model, each speaker in a voice of her own.
pub struct KokoroVoice {
    model: Kokoro,
    shelf: Shelf,
    pronounce: Pronouncer,
}

impl KokoroVoice {
    /// A voice that finds `{speaker}.voice` in a folder. Who has none borrows the one whose pitch, as `pitches.toml`
    /// tells, is the nearest.
    #[must_use]
    pub fn new(model: Kokoro, folder: PathBuf, pronounce: Pronouncer) -> Self {
        Self { model, shelf: Shelf::new(folder), pronounce }
    }
}

impl Synthesizer for KokoroVoice {
    fn synthesize(&mut self, request: &SpeechRequest) -> Result<Speech, VoiceError> {
        let voice = self.shelf.voice(&request.speaker, request.pitch_hz)?;
        let pronunciation = (self.pronounce)(&request.text, request.language);
        let VoiceCue { pitch, rate, energy, .. } = within_limits(request.tone);
        let Voice { table, pitch: tuned } = voice;
        let pitch = pitch * tuned;
        // Played faster it is higher; so it is said as much slower.
        let sound = self.model.speak(&pronunciation, table, rate / pitch)?;
        let sound = sound.pitched(pitch).levelled(energy);
        Ok(Speech {
            mouth_keys: mouth::keys(&pronunciation.phones, &sound.edges, &sound.pcm, SAMPLE_RATE),
            words: mouth::words(&pronunciation, &sound.edges, SAMPLE_RATE),
            pcm: sound.pcm.into(),
            sample_rate: SAMPLE_RATE,
        })
    }
}

fn within_limits(tone: VoiceCue) -> VoiceCue {
    let near = |factor: f32, most: f32| {
        if factor.is_finite() { factor.clamp(1.0 - most, 1.0 + most) } else { 1.0 }
    };
    VoiceCue {
        pitch: near(tone.pitch, MOST_PITCH),
        rate: near(tone.rate, MOST_RATE),
        energy: near(tone.energy, MOST_ENERGY),
        ..tone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feelings_have_limits() {
        let wild = VoiceCue { pitch: 3.0, rate: 0.1, energy: f32::NAN, ..VoiceCue::default() };
        assert_eq!(within_limits(wild), VoiceCue { pitch: 1.12, rate: 0.75, energy: 1.0, ..wild });
        let mild = VoiceCue { pitch: 1.05, rate: 0.95, energy: 1.2, ..wild };
        assert_eq!(within_limits(mild), mild);
    }
}
