//! One model file: metadata, tokenizer, chat template, weights, forward pass.

mod candle;
mod causal;
mod estimate;
mod facts;
mod fingerprint;
mod gguf;
mod llama;
mod matrices;
mod metadata;
mod packed_file;
mod peft;
pub mod template;
pub mod tokenizer;

pub use candle::CandleModel;
pub use causal::{
    AdapterId, CausalModel, ForwardError, LoadProgress, ModelMemory, ModelOptions, SequenceId,
    Span, TokenCounts, load,
};
pub use estimate::{DoesNotFit, MemoryEstimate, MemoryPlan};
pub use facts::{ModelFacts, ModelSizes, Pass, TensorFacts, TypeShare};
pub use fingerprint::Fingerprint;
pub use gguf::{GgufError, GgufFile};
#[cfg(all(test, feature = "train"))]
pub(crate) use llama::Layer as LlamaLayer;
use llama::context_of as llama_context;
pub use llama::{Adapter, Llama, LowRank, MatrixSizes, Target};
#[cfg(feature = "train")]
pub(crate) use llama::{Config as LlamaConfig, Weights as LlamaWeights};
pub use metadata::{Metadata, MetadataError};
use packed_file::PackedFile;
pub use peft::{PeftAdapter, PeftConfig, PeftError};
