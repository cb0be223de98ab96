//! One model file: metadata, tokenizer, chat template, weights, forward pass.

mod causal;
mod gguf;
mod llama;
mod metadata;
pub mod template;
pub mod tokenizer;
mod weights;

pub use causal::{CausalModel, CausalState, LoadProgress, load};
pub use gguf::{GgufError, GgufFile};
pub use llama::Llama;
pub use metadata::{Metadata, MetadataError};
