//! What is asked of a model on this machine, whatever its format.

use std::{collections::HashMap, path::Path};

use candle_core::{
    Tensor,
    quantized::{QTensor, gguf_file::Value},
};

use super::{
    Fingerprint, GgufError, GgufFile, Metadata, SafetensorsFolder,
    tokenizer::{Tokenizer, TokenizerError},
};
use crate::persona::Language;

/// A model on this machine: what it says of itself, and its weights.
///
/// Values and tensors have the names that they have in GGUF files. A folder of safetensors is read as
/// the GGUF file that a converter would make of it, so that those who ask need not know what it is.
///
/// # Example
/// ```no_run
/// use bevy_persona::inference::model;
///
/// let file = model::open("models/SmolLM2-360M-Instruct".as_ref())?;
/// let layers = file.metadata().u32("llama.block_count")?;
/// println!("{} has {layers} layers and {} weights", file.name(), file.parameters());
/// # Ok::<(), bevy_persona::inference::model::GgufError>(())
/// ```
pub trait ModelFile {
    /// Where it is: a file or a folder.
    fn path(&self) -> &Path;

    /// What it says of itself, by the names that GGUF has for it.
    fn values(&self) -> &HashMap<String, Value>;

    /// Which model it is.
    fn fingerprint(&self) -> Fingerprint;

    /// What tensors there are, sorted by their names.
    fn tensors(&self) -> Vec<TensorFacts>;

    /// Whether there is a tensor of this name.
    fn has(&self, tensor: &str) -> bool;

    /// Reads a tensor as it is stored.
    ///
    /// # Errors
    /// If it is missing or cannot be read.
    fn tensor(&mut self, name: &str) -> Result<QTensor, GgufError>;

    /// Reads a tensor as f32.
    ///
    /// # Errors
    /// If it is missing or cannot be read.
    fn dequantized(&mut self, name: &str) -> Result<Tensor, GgufError>;

    /// Its vocabulary, and how text is split into it.
    ///
    /// # Errors
    /// If it is missing, broken or of an unknown kind.
    fn tokenizer(&self) -> Result<Tokenizer, TokenizerError>;

    /// What it says of itself, typed.
    fn metadata(&self) -> Metadata<'_> {
        Metadata::new(self.values())
    }

    /// The kind of model, as GGUF names it: `llama`, `gemma3`, …
    ///
    /// # Errors
    /// If it does not say.
    fn architecture(&self) -> Result<&str, GgufError> {
        Ok(self.metadata().string("general.architecture")?)
    }

    /// What the model is called: what it says, or how its file or folder is called.
    fn name(&self) -> String {
        let named = self.metadata().string("general.name").ok();
        let stem = || self.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
        named.filter(|name| !name.trim().is_empty()).map_or_else(stem, str::to_owned)
    }

    /// How many numbers its weights are.
    fn parameters(&self) -> u64 {
        self.tensors().iter().map(TensorFacts::elements).fold(0, u64::saturating_add)
    }

    /// The languages that it says it speaks; English, where it says nothing.
    fn languages(&self) -> Vec<Language> {
        let named = self.metadata().strings("general.languages").unwrap_or_default();
        let mut known: Vec<Language> = named.iter().filter_map(|code| code.parse().ok()).collect();
        if known.is_empty() {
            known.push(Language::English);
        }
        known
    }
}

/// What is known of a tensor before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorFacts {
    /// Its name in GGUF files.
    pub name: String,
    /// How many numbers in each direction; of a matrix first the rows.
    pub shape: Vec<usize>,
    /// How its numbers are stored: `Q4_0`, `F32`, `BF16`, …
    pub kind: String,
    /// Its length in the file, in bytes.
    pub bytes: u64,
}

impl TensorFacts {
    /// How many numbers it is.
    #[must_use]
    pub fn elements(&self) -> u64 {
        self.shape.iter().fold(1, |product, &dim| product.saturating_mul(dim as u64))
    }
}

/// Opens a model: a GGUF file, a folder with `config.json` and safetensors, or one of the
/// `.safetensors` files in such a folder.
///
/// # Errors
/// If it cannot be read, or is of a kind that we cannot run. The error says what to do.
pub fn open(path: &Path) -> Result<Box<dyn ModelFile>, GgufError> {
    let is_part = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("safetensors"));
    match is_part || path.is_dir() {
        true => Ok(Box::new(SafetensorsFolder::open(path)?)),
        false => Ok(Box::new(GgufFile::open(path)?)),
    }
}
