//! Why an adapter cannot be read or written.

use std::{path::PathBuf, sync::Arc};

use thiserror::Error;

/// Why a PEFT folder cannot be used.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum PeftError {
    /// A file cannot be read or written.
    #[error("cannot {what} {path}: {error}; check the folder of the adapter", path = .path.display())]
    Io {
        /// What was tried: `read` or `write`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: Arc<std::io::Error>,
    },
    /// A file is not what its name says.
    #[error("{path} is broken: {error}; save or fetch the adapter again", path = .path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: String,
    },
    /// It asks for what we cannot apply.
    #[error(
        "{path}: `{field}` is {value}, which cannot be applied here; train a plain LoRA of the \
         attention and feed-forward matrices",
        path = .path.display()
    )]
    Unsupported {
        /// The configuration file.
        path: PathBuf,
        /// The field that asks for it.
        field: &'static str,
        /// What stands there.
        value: String,
    },
    /// A tensor is of nothing that we can change.
    #[error(
        "{path}: the tensor `{tensor}` belongs to no matrix that an adapter may change \
         ({known} of `model.layers`, as lora_A and lora_B); train again with these \
         `target_modules` only",
        path = .path.display(),
        known = super::names::KNOWN
    )]
    Target {
        /// The file.
        path: PathBuf,
        /// The tensor.
        tensor: String,
    },
    /// A tensor cannot be used.
    #[error("{path}: the tensor `{tensor}` {error}; save the adapter again", path = .path.display())]
    Tensor {
        /// The file.
        path: PathBuf,
        /// The tensor.
        tensor: String,
        /// What is wrong.
        error: String,
    },
    /// There is nothing in it.
    #[error("{path} changes no matrix; check that the training saved the adapter", path = .path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
}
