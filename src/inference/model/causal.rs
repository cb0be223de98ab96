//! What every language model does for us, whatever its architecture.

use std::path::PathBuf;

use thiserror::Error;

use super::{
    Adapter, CandleModel, DeviceChoice, GgufError, Level, Llama, ModelFile, Profile,
    llama::ARCHITECTURES,
};
use crate::inference::InferenceBudget;

/// Names a sequence of tokens that a model is reading: the prompt and the reply of one speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SequenceId(pub u64);

/// Names a fine-tuned change of a model that a sequence is read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AdapterId(pub u64);

/// What is to be read of one sequence in a pass.
#[derive(Debug)]
pub struct Span<'a> {
    /// Whose tokens.
    pub sequence: SequenceId,
    /// The next tokens, at least one.
    pub tokens: &'a [u32],
    /// How many of them, at the end, are only guessed; 0 where they cannot be taken back
    /// ([`CausalModel::can_take_back`]).
    pub guessed: usize,
    /// Where the logits of what comes after the tokens are wanted, one per entry of the vocabulary:
    /// behind the last token that is not guessed, then behind each that is.
    pub logits: Option<&'a mut Vec<f32>>,
    /// The tokens whose logits matter, where that is not all; others may be minus infinity then.
    pub only: Option<&'a [u32]>,
}

impl<'a> Span<'a> {
    /// Tokens that are read, and no more.
    #[must_use]
    pub fn new(sequence: SequenceId, tokens: &'a [u32]) -> Self {
        Self { sequence, tokens, guessed: 0, logits: None, only: None }
    }

    /// The same, with the logits of what comes after the last token.
    #[must_use]
    pub fn giving(self, logits: &'a mut Vec<f32>) -> Self {
        Self { logits: Some(logits), ..self }
    }
}

/// Why a pass failed. No sequence has read anything then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ForwardError {
    /// More than the model was trained to read.
    #[error(
        "{known} + {new} tokens are more than the {context} that the model reads; lower \
         `GgufSettings::max_context`"
    )]
    TooLong {
        /// Tokens that have been read.
        known: usize,
        /// Tokens that were to be read.
        new: usize,
        /// The most tokens of a sequence.
        context: usize,
    },
    /// The sequence is not open, or a span is empty or appears twice.
    #[error("a pass over a sequence that is not open, or over no token")]
    NoSequence,
    /// A token that is not in the vocabulary.
    #[error("there is no token {0}; the tokenizer does not belong to this model")]
    NoToken(u32),
    /// The tensor library failed.
    #[error("the model cannot be computed: {0}")]
    Tensor(String),
}

/// How much memory a model takes, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ModelMemory {
    /// The weights and adapters; shared with the system's file cache where they are mapped.
    pub weights: usize,
    /// What was read of all sequences, open or remembered.
    pub cache: usize,
}

/// How many tokens a model has read since it was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenCounts {
    /// Tokens that were computed.
    pub read: u64,
    /// Tokens of prompts that were known already, from memory or from disk.
    pub reused: u64,
}

/// A model whose weights are in memory, and what it has read of each speaker's sequence.
///
/// What a pass gives for a sequence does not depend on the other sequences of the pass, nor, with our
/// own kernels, on how its tokens are spread over passes.
pub trait CausalModel {
    /// How many tokens it was trained to read, prompt and reply together.
    fn context_length(&self) -> usize;

    /// How many logits it gives: one for each entry of its vocabulary.
    fn vocabulary(&self) -> usize;

    /// Adds a fine-tuned change that sequences may be opened with. The same change has the same name
    /// in each start.
    ///
    /// # Errors
    /// If the architecture takes none, or its shapes are not those of the model.
    fn add_adapter(&mut self, _adapter: &Adapter) -> Result<AdapterId, GgufError> {
        Err(GgufError::NoAdapters)
    }

    /// Opens a sequence of which nothing has been read yet.
    fn open(&mut self, adapter: Option<AdapterId>) -> SequenceId;

    /// Makes a sequence the longest beginning of `prompt` that is known from any sequence and leaves
    /// at least the last token unread; gives its length.
    ///
    /// The first `fixed` tokens are those of the persona: worth keeping on disk.
    fn rewind(&mut self, sequence: SequenceId, prompt: &[u32], fixed: usize) -> usize;

    /// Reads the tokens of all spans in one pass. No sequence may appear twice.
    ///
    /// # Errors
    /// If a sequence is not open or would get too long, or the tensor library fails.
    fn forward(&mut self, spans: &mut [Span<'_>]) -> Result<(), ForwardError>;

    /// Whether tokens can be taken back, so that it is worth while to guess.
    fn can_take_back(&self) -> bool {
        false
    }

    /// Forgets so many tokens at the end of a sequence: of those that were guessed in its last pass.
    fn take_back(&mut self, _sequence: SequenceId, _count: usize) {}

    /// Ends a sequence. What it has read may be remembered for others.
    fn close(&mut self, sequence: SequenceId);

    /// Ends a sequence of which nobody will need what stands behind the first `from` tokens: that is
    /// forgotten first.
    fn discard(&mut self, sequence: SequenceId, _from: usize) {
        self.close(sequence);
    }

    /// From now on measures where the time of passes goes, or no longer; gives what was measured
    /// since the last call. Nothing where that is not known.
    fn profile(&mut self, _measures: bool) -> Option<Profile> {
        None
    }

    /// Keeps to a budget from the next pass on.
    fn set_budget(&mut self, _budget: &InferenceBudget) {}

    /// How much memory it takes.
    fn memory(&self) -> ModelMemory {
        ModelMemory::default()
    }

    /// How much it has read.
    fn counts(&self) -> TokenCounts {
        TokenCounts::default()
    }
}

/// How a model is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelOptions {
    /// The most memory for what was read, in bytes; sequences in use may take more.
    pub cache_bytes: usize,
    /// Where repacked weights and what was read of personas are kept; nothing is kept without.
    pub cache_folder: Option<PathBuf>,
    /// What it may take of the machine at first.
    pub threads: usize,
    /// What it is computed on.
    pub device: DeviceChoice,
    /// The instructions that our own kernels use at most: by default the fastest that this machine
    /// has. All give the same bits.
    pub level: Level,
}

impl Default for ModelOptions {
    fn default() -> Self {
        Self {
            cache_bytes: 256 << 20,
            cache_folder: None,
            threads: InferenceBudget::default().max_threads,
            device: DeviceChoice::default(),
            level: Level::detect(),
        }
    }
}

/// Is told how many of how many parts of a model are loaded; gives whether to go on.
pub type LoadProgress<'a> = dyn FnMut(u64, u64) -> bool + 'a;

/// Loads a model, whatever its architecture.
///
/// On the CPU models of the llama architecture are computed by our own kernels, all others by one
/// decoder on candle's tensors; on a graphics unit that decoder serves them all.
///
/// # Errors
/// If the architecture is not supported, the file is broken, or `progress` says to stop.
pub fn load(
    file: &mut dyn ModelFile,
    options: &ModelOptions,
    progress: &mut LoadProgress<'_>,
) -> Result<Box<dyn CausalModel>, GgufError> {
    let architecture = file.architecture()?.to_owned();
    let device = options.device.open();
    if device.is_cpu() && ARCHITECTURES.contains(&architecture.as_str()) {
        return Ok(Box::new(Llama::load(file, options, progress)?));
    }
    match CandleModel::load(&architecture, file, options, &device, progress) {
        Some(model) => Ok(Box::new(model?)),
        None => Err(GgufError::Architecture { found: architecture, supported: SUPPORTED }),
    }
}

/// The architectures that can be loaded.
pub(super) const SUPPORTED: &str = "llama, smollm3, gemma3, qwen2, qwen3, phi3, lfm2";
