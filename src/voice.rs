//! From text to sound and a moving mouth.

mod error;
mod formant;
mod pronunciation;
mod resample;
mod speech;
pub mod wav;

pub use error::VoiceError;
pub use formant::{FormantVoice, NonVerbal, ParseNonVerbalError};
pub use pronunciation::{PronouncedWord, Pronunciation};
pub use resample::resample;
pub use speech::{MouthKey, MouthShape, Speech, SpeechRequest, SpokenWord, Synthesizer};
