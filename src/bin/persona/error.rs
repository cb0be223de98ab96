//! Why the command ends with exit code 1.

use std::io;

use bevy_persona::{
    inference::{InferenceError, model::GgufError},
    library::LibraryError,
    model_store::{ModelSource, ModelStoreError},
    store::StoreError,
};
use thiserror::Error;

use crate::{
    bench::BenchError, card::CardFileError, cast::CastError, eval::SuiteError, new::NewError,
    play::PlayError, script::ScriptError, shelf::ShelfError,
};

/// Why the command could not do what it was told.
#[derive(Debug, Error)]
pub enum CliError {
    /// The character was not found, or her file is broken.
    #[error(transparent)]
    Cast(#[from] CastError),
    /// The file of replies is broken.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// What was written for the characters is broken.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// A scene cannot be played, or was not played well.
    #[error(transparent)]
    Play(#[from] PlayError),
    /// There are no scenes, or a file of them cannot be read or written.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// There is nothing new.
    #[error(transparent)]
    New(#[from] NewError),
    /// A card cannot be read or written.
    #[error(transparent)]
    Card(#[from] CardFileError),
    /// A suite of cases is broken.
    #[error(transparent)]
    Suite(#[from] SuiteError),
    /// What is remembered of fans cannot be used.
    #[error(transparent)]
    Memory(#[from] StoreError),
    /// There is no training.
    #[cfg(feature = "train")]
    #[error(transparent)]
    Tune(#[from] crate::tune::TuneError),
    /// The benchmark could not be run.
    #[error(transparent)]
    Bench(#[from] BenchError),
    /// The model could not be loaded.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// The model's file cannot be used.
    #[error(transparent)]
    Model(#[from] GgufError),
    /// The model store failed.
    #[error(transparent)]
    Store(#[from] ModelStoreError),
    /// The model is not on this machine.
    #[error("the model `{0}` is not on this machine: {advice}", advice = advice(.0))]
    NotHere(ModelSource),
    /// The voice cannot speak.
    #[cfg(any(feature = "voice", feature = "listen"))]
    #[error(transparent)]
    Voice(#[from] bevy_persona::voice::VoiceError),
    /// Nothing can be heard.
    #[cfg(feature = "listen")]
    #[error(transparent)]
    Listen(#[from] bevy_persona::listen::ListenError),
    /// A file cannot be read.
    #[cfg(feature = "listen")]
    #[error("cannot read {}: {error}", path.display())]
    Read {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// There are no words.
    #[cfg(feature = "voice")]
    #[error("there is nothing to say: the text has no words")]
    NothingToSay,
    /// A file cannot be written.
    #[cfg(feature = "voice")]
    #[error("cannot write {}: {error}; is there such a folder?", path.display())]
    Write {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The terminal or the pipe failed.
    #[error("cannot read the messages or write the replies: {0}")]
    Terminal(#[from] io::Error),
}

fn advice(model: &ModelSource) -> String {
    match model {
        ModelSource::Path(_) => "check that the path is right".into(),
        _ => format!("fetch it with `persona model get {model}`"),
    }
}

impl CliError {
    /// Whether nobody reads our output any more.
    pub fn is_broken_pipe(&self) -> bool {
        match self {
            Self::Terminal(error) | Self::Play(PlayError::Terminal(error)) => {
                error.kind() == io::ErrorKind::BrokenPipe
            }
            _ => false,
        }
    }
}
