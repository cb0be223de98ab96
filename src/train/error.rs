//! Why a training cannot be done.

use std::{io, path::PathBuf};

use thiserror::Error;

use crate::{inference::model::GgufError, persona::PersonaId};

/// Why a training cannot be done, or not be gone on with.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A setting makes no sense.
    #[error("the training cannot be done like this: {0}")]
    Settings(String),
    /// There is no dialogue in a language of the model.
    #[error(
        "there is no dialogue to learn from: the model speaks {languages}; give data in it with \
         `--data FILE`, or another model"
    )]
    NothingToLearn {
        /// What the model speaks.
        languages: String,
    },
    /// A dialogue of somebody else.
    #[error(
        "the dialogue `{dialogue}` is of `{member}`, who is not trained here; trained are {known}"
    )]
    Stranger {
        /// Its id.
        dialogue: String,
        /// Who talks in it.
        member: PersonaId,
        /// Who may.
        known: String,
    },
    /// A dialogue that tells a fact that does not exist.
    #[error(
        "the dialogue `{dialogue}` tells the fact `{fact}`, which is not in the lore; correct its id"
    )]
    NoFact {
        /// Its id.
        dialogue: String,
        /// The fact's.
        fact: String,
    },
    /// The architecture cannot be trained.
    #[error(
        "a model of the architecture `{0}` cannot be trained; give one of `llama` (SmolLM2, Llama, SOLAR)"
    )]
    Architecture(String),
    /// The model cannot be used.
    #[error(transparent)]
    Model(#[from] GgufError),
    /// Something else about the model's file.
    #[error("the model cannot be used: {0}")]
    Unusable(String),
    /// The tensor library failed.
    #[error("the training failed: {0}")]
    Tensor(#[from] candle_core::Error),
    /// The loss became infinite.
    #[error(
        "the loss is no number any more at step {step}; go on from the checkpoint with a lower learning rate"
    )]
    Diverged {
        /// When.
        step: usize,
    },
    /// A file cannot be written or read.
    #[error("{path}: {error}; check that the folder can be written to", path = .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A checkpoint is of another training.
    #[error(
        "{path} is a checkpoint of another training: {difference} differs; train into another \
         folder, or remove it",
        path = .path.display()
    )]
    OtherTraining {
        /// The checkpoint.
        path: PathBuf,
        /// What is different.
        difference: String,
    },
    /// There is a checkpoint that nobody asked to go on from.
    #[error(
        "{path} is the checkpoint of an unfinished training; go on with it (`--resume`), train into \
         another folder, or remove it",
        path = .path.display()
    )]
    Unfinished {
        /// The checkpoint.
        path: PathBuf,
    },
    /// A checkpoint is broken.
    #[error("{path}: the checkpoint cannot be read: {error}; remove it and begin again", path = .path.display())]
    Checkpoint {
        /// The checkpoint.
        path: PathBuf,
        /// What is wrong.
        error: String,
    },
}

impl TrainError {
    pub(super) fn model(error: impl std::fmt::Display) -> Self {
        Self::Unusable(error.to_string())
    }

    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |error| Self::Io { path, error }
    }
}
