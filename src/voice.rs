//! From text to sound and a moving mouth.

mod error;
pub mod kokoro;
pub mod mouth;
mod pronunciation;
mod speech;

pub use error::VoiceError;
pub use pronunciation::{PronouncedWord, Pronunciation};
pub use speech::{MouthKey, MouthShape, Speech, SpeechRequest, SpokenWord, Synthesizer};
