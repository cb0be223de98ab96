//! From a microphone to words: what a fan says aloud, as text.
//!
//! An [`Ear`] has a thread that records and one that understands. It is told when to listen and tells
//! what it heard; it needs neither the network nor Bevy.

mod activity;
mod ct2;
mod ear;
mod error;
mod mel;
mod microphone;
mod own;
mod plugin;
mod resample;
mod source;
mod vocabulary;
mod whisper;

pub use activity::{Edge, VoiceActivity};
pub use ct2::{Ct2Error, Ct2Problem};
pub use ear::{Attention, Ear, EarEvent, LoadTranscriber, Transcribe};
pub use error::ListenError;
pub use microphone::{Microphone, MicrophoneState};
pub use own::of_this_user;
pub use plugin::{CancelListening, FanHeard, Hearing, Listen, ListenPlugin, StopListening};
pub use source::AudioSource;
pub use whisper::{Heard, Whisper};

/// How many samples a second all of this works with, in hertz.
pub const SAMPLE_RATE: u32 = 16_000;

/// Where the tests look for the weights; tests that need them pass without them.
#[cfg(test)]
fn test_model() -> Option<std::path::PathBuf> {
    let folder = dirs::cache_dir()?.join("bevy_persona/models/whisper-base");
    folder.join("model.bin").is_file().then_some(folder)
}
