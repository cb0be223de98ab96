//! Other architectures than llama: Gemma 3, Qwen 2 and 3, Phi 3, LFM 2; and on a graphics unit, for
//! which our own kernels are not made, also llama and `SmolLM3`.
//!
//! One forward pass on candle's tensors serves them all, for they differ in parts only.
//! candle-transformers 0.11 has each of them, but its Qwen 2 and LFM 2 cannot hold two sequences, its
//! Qwen 3 and Phi 3 may take gigabytes for each, and its Gemma 3 uses another activation than the
//! model was trained with (<https://github.com/huggingface/candle/issues/3745>).
//!
//! candle multiplies one row with other kernels than many. What a pass gives is therefore the same
//! in the last bits only if tokens are spread over passes in the same way. It also chooses its threads
//! itself: all cores, whatever the budget says.

mod attention;
mod config;
mod convolution;
mod decoder;
mod layer;
mod matrix;
mod memory;
mod rope;
mod sequences;

use candle_core::Device;

use self::{decoder::Decoder, sequences::Sequences};
use super::{GgufError, LoadProgress, ModelFile, ModelOptions, gguf::first_line};

/// Where weights come from, and where they are to be.
struct Source<'a> {
    file: &'a mut dyn ModelFile,
    device: &'a Device,
}

/// A model of an architecture that has no kernels of its own.
pub type CandleModel = Sequences<Decoder>;

impl CandleModel {
    /// Reads the weights of a file; none if the architecture is not known.
    ///
    /// The error is that a value or tensor is missing, that their shapes do not fit together, or
    /// that `progress` says to stop.
    pub fn load(
        architecture: &str,
        file: &mut dyn ModelFile,
        options: &ModelOptions,
        device: &Device,
        progress: &mut LoadProgress<'_>,
    ) -> Option<Result<Self, GgufError>> {
        let architecture = config::Architecture::named(architecture)?;
        let decoder = Decoder::load(architecture, &mut Source { file, device }, progress);
        Some(decoder.map(|decoder| Self::new(decoder, options.cache_bytes)))
    }

    /// The most tokens that the model of a file reads; none if the architecture is not known.
    pub(super) fn context_of(
        architecture: &str,
        file: &dyn ModelFile,
    ) -> Option<Result<usize, GgufError>> {
        let architecture = config::Architecture::named(architecture)?;
        Some(config::Config::read(architecture, file).map(|config| config.context))
    }
}
