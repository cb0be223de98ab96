//! One model, from a GGUF file or from a folder of safetensors: what it says of itself, tokenizer, chat
//! template, weights, forward pass.

mod candle;
mod causal;
mod device;
mod estimate;
mod facts;
mod fingerprint;
mod floats;
mod folder;
mod gguf;
mod llama;
mod matrices;
mod metadata;
mod model_file;
mod packed_file;
mod peft;
mod profile;
mod rotary;
mod rotation;
pub mod template;
pub mod tokenizer;

pub use super::kernels::Level;
pub use candle::CandleModel;
pub use causal::{
    AdapterId, CausalModel, ForwardError, LoadProgress, ModelMemory, ModelOptions, SequenceId,
    Span, TokenCounts, load,
};
pub use device::DeviceChoice;
pub use estimate::{DoesNotFit, MemoryEstimate, MemoryPlan};
pub use facts::{ModelFacts, ModelSizes, Pass, TypeShare};
pub use fingerprint::Fingerprint;
pub use folder::{FolderError, SafetensorsFolder};
pub use gguf::{GgufError, GgufFile};
#[cfg(all(test, feature = "train"))]
pub(crate) use llama::Layer as LlamaLayer;
use llama::context_of as llama_context;
pub use llama::{Adapter, Llama, LowRank, MatrixSizes, Target};
#[cfg(feature = "train")]
pub(crate) use llama::{Config as LlamaConfig, Weights as LlamaWeights};
pub use metadata::{Metadata, MetadataError};
pub use model_file::{ModelFile, TensorFacts, open};
use packed_file::PackedFile;
pub use peft::{PeftAdapter, PeftConfig, PeftError};
pub use profile::{Operation, Profile, Work};
