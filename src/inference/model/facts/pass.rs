//! Which of our two passes computes a model.

use std::fmt;

use crate::inference::model::{
    CandleModel, GgufError, ModelFile, causal::SUPPORTED, llama::ARCHITECTURES, llama_context,
};

/// What computes a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pass {
    /// Our own kernels: all speakers in one batch, what was read in eight bits, adapters.
    Own,
    /// candle's tensors: slower, one speaker after the other, no adapters.
    Candle,
}

impl Pass {
    /// The one for a model on the CPU, and the most tokens that it reads at once.
    ///
    /// # Errors
    /// If neither computes such a model, or a value that they need is missing or makes no sense.
    pub fn of(file: &dyn ModelFile) -> Result<(Self, usize), GgufError> {
        let architecture = file.architecture()?;
        if ARCHITECTURES.contains(&architecture) {
            return Ok((Self::Own, llama_context(file)?));
        }
        match CandleModel::context_of(architecture, file) {
            Some(context) => Ok((Self::Candle, context?)),
            None => {
                let (found, supported) = (architecture.to_owned(), SUPPORTED);
                Err(GgufError::Architecture { found, supported })
            }
        }
    }

    /// Whether it takes fine-tuned changes.
    #[must_use]
    pub fn takes_adapters(self) -> bool {
        self == Self::Own
    }
}

impl fmt::Display for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Own => "our own kernels",
            Self::Candle => "candle",
        })
    }
}
