//! From a request to a streamed reply, on a thread of its own.
//!
//! Nothing in here knows the ECS; `bridge` is the door to it.

mod backend;
mod bridge;
mod budget;
mod directed;
mod error;
mod fallback;
mod priority;
mod sampling;
mod scripted;
mod worker;

#[cfg(feature = "candle")]
mod adapter_folder;
#[cfg(feature = "candle")]
mod baseline;
#[cfg(feature = "candle")]
mod chat;
#[cfg(feature = "candle")]
mod constrain;
#[cfg(feature = "candle")]
mod conversation;
#[cfg(feature = "candle")]
mod free_memory;
#[cfg(feature = "candle")]
mod generation;
#[cfg(feature = "candle")]
mod gguf_backend;
#[cfg(feature = "candle")]
mod guide;
#[cfg(feature = "candle")]
pub(crate) mod kernels;
#[cfg(feature = "candle")]
mod kv_cache;
#[cfg(feature = "candle")]
pub mod model;
#[cfg(feature = "candle")]
mod pace;
#[cfg(feature = "candle")]
mod prompt_store;
#[cfg(feature = "remote")]
pub mod remote;
#[cfg(feature = "candle")]
mod sampler;
#[cfg(feature = "candle")]
mod scheduler;
#[cfg(any(feature = "candle", feature = "remote"))]
mod sentences;
#[cfg(any(feature = "candle", feature = "remote"))]
mod stop;
#[cfg(feature = "candle")]
mod window;
#[cfg(feature = "candle")]
mod words;

pub use backend::{
    Backend, BackendInfo, ConversationId, FinishReason, Generation, Loading, Outcome, ReplyStats,
    Request, Step,
};
pub(crate) use bridge::Inbox;
pub use bridge::{BackendSwitched, InferenceHandle, InferencePlugin, ModelStatus};
pub use budget::InferenceBudget;
#[cfg(feature = "train")]
pub(crate) use chat::ChatWriter;
pub use error::InferenceError;
pub use fallback::{BackendSwitch, ChainLink, FallbackChain};
#[cfg(feature = "candle")]
pub use fallback::{ModelChoice, ParseModelChoiceError};
#[cfg(feature = "candle")]
pub use free_memory::free_memory;
#[cfg(feature = "candle")]
pub use gguf_backend::{GgufBackend, GgufSettings};
#[cfg(feature = "candle")]
use pace::{Breather, Pace};
pub(crate) use priority::lower_priority;
pub use sampling::{Sampling, SamplingError, seed_of_ask};
pub use scripted::{ScriptedBackend, ScriptedFailure, ScriptedReply};
pub use worker::{BackendFactory, LoadReport, RequestId, SubmitError, Ticket, Worker, WorkerEvent};
