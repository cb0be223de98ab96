//! Replies from a server that speaks chat completions: settings, backend, errors (feature `remote`).
//!
//! [`RemoteBackend`] asks a server and streams its replies. What the worker's thread does here never
//! waits: connections have threads of their own, and times are looked at as it comes by.

mod address;
mod answer;
mod backend;
mod backoff;
mod body;
mod error;
mod exchange;
mod gate;
mod generation;
mod json_words;
mod key;
mod limits;
mod server;
mod settings;
mod sse;
mod tag_mode;
mod words;

pub use address::{ParseRemoteAddressError, RemoteAddress};
pub use backend::RemoteBackend;
pub use error::{RemoteError, TimeoutStage};
pub use limits::{RemoteLimits, RemoteTimeouts, RetrySettings};
pub use settings::{NotesPlace, RemoteSettings};
pub use tag_mode::{ParseTagModeError, TagMode};
