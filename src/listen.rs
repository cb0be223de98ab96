//! From a microphone to words: what a fan says aloud, as text.
//!
//! An [`Ear`] has a thread that records and one that understands. It is told when to listen and tells
//! what it heard; it needs neither the network nor Bevy.

mod activity;
mod ct2;
mod ear;
mod error;
mod hearing;
mod mel;
mod microphone;
mod own;
mod plugin;
mod recordings;
#[cfg(test)]
mod script;
mod source;
mod vocabulary;
mod whisper;

pub use activity::{Edge, VoiceActivity};
pub use ct2::{Ct2Error, Ct2Problem};
pub use ear::{Attention, Ear, EarEvent, LoadTranscriber, RecordingId, Told, Transcribe};
pub use error::ListenError;
pub use hearing::{Hearing, Listening, Understanding};
pub use microphone::{Microphone, MicrophoneState};
pub use own::of_this_user;
pub use plugin::{CancelListening, FanHeard, Listen, ListenPlugin, StopListening};
pub use source::AudioSource;
pub use whisper::{Heard, Whisper};

/// How many samples a second all of this works with, in hertz.
pub const SAMPLE_RATE: u32 = 16_000;

/// The folder of the weights, for tests; fetched if they are not here.
#[cfg(test)]
fn test_model() -> std::path::PathBuf {
    use crate::model_store::ModelStore;

    let store = ModelStore::user().expect("a cache folder");
    let files = store.fetch_listen(&mut |_| {}, &std::sync::atomic::AtomicBool::new(false));
    files.expect("the files of Whisper").folder
}
