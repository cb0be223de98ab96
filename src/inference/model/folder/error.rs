//! What can be wrong with a folder of safetensors.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use thiserror::Error;

/// Why a folder of safetensors cannot be used, and what to do about it.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum FolderError {
    /// A file cannot be read.
    #[error(
        "cannot read the model: {path}: {error}; check that the path is right. A model folder \
         holds config.json, tokenizer.json, tokenizer_config.json and model.safetensors, or its \
         parts with their index",
        path = .path.display()
    )]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: Arc<io::Error>,
    },
    /// A file is no JSON, or none of the kind that it should be.
    #[error("{path} is broken: {error}; fetch it again", path = .path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: String,
    },
    /// A field is missing.
    #[error("{path} lacks `{field}`; fetch the file again from where the model is from",
        path = .path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// Its name, with those of the objects around it.
        field: String,
    },
    /// A field has a value that cannot be.
    #[error("`{field}` in {path} is {found}, not {expected}; fetch the file again",
        path = .path.display())]
    Field {
        /// The file.
        path: PathBuf,
        /// Its name.
        field: String,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// The model does something that we do not.
    #[error("`{field}` in {path} is {found}; supported: {supported}. {advice}",
        path = .path.display(), advice = ADVICE)]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What asks for it.
        field: String,
        /// Its value.
        found: String,
        /// What we can do.
        supported: String,
    },
    /// The weights are quantised in a way that belongs to other programs.
    #[error(
        "the weights of {path} are quantised ({method}), which only other programs read; take the \
         folder with the original weights, or a GGUF file of this model",
        path = .path.display()
    )]
    Quantised {
        /// The file that says so.
        path: PathBuf,
        /// How, as far as it is known.
        method: String,
    },
    /// There are no weights.
    #[error(
        "there are no weights in {path}; put model.safetensors there, or its parts together with \
         model.safetensors.index.json",
        path = .path.display()
    )]
    NoWeights {
        /// The folder.
        path: PathBuf,
    },
    /// A part of the weights is missing.
    #[error(
        "{index} names {shard}, which is not there; fetch all parts of the model",
        index = .index.display(),
        shard = .shard.display()
    )]
    Shard {
        /// The file that names it.
        index: PathBuf,
        /// The missing file.
        shard: PathBuf,
    },
    /// A file of weights is broken.
    #[error("{path} is no whole safetensors file: {error}; fetch it again", path = .path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: String,
    },
    /// A tensor is missing or not as it should be.
    #[error(
        "the tensor `{tensor}` in {path} {error}; fetch the model again, or a GGUF file of it",
        path = .path.display()
    )]
    Tensor {
        /// The file, or the folder where it is in none.
        path: PathBuf,
        /// Its name in there.
        tensor: String,
        /// What is wrong.
        error: String,
    },
}

const ADVICE: &str = "Take a GGUF file of this model, or another model";

impl FolderError {
    pub(super) fn io(path: &Path, error: io::Error) -> Self {
        Self::Io { path: path.into(), error: Arc::new(error) }
    }

    pub(super) fn json(path: &Path, error: impl ToString) -> Self {
        Self::Json { path: path.into(), error: error.to_string() }
    }

    pub(super) fn tensor(path: &Path, tensor: &str, error: impl Into<String>) -> Self {
        Self::Tensor { path: path.into(), tensor: tensor.into(), error: error.into() }
    }
}
