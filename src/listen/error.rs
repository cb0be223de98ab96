//! What can go wrong with listening.

use std::path::PathBuf;

use thiserror::Error;

use super::ct2::Ct2Error;

/// Why nothing is heard.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ListenError {
    /// The weights are not here.
    #[error("the listening model is not here: {}; `persona voice fetch --listen` brings it", .0.display())]
    Missing(PathBuf),
    /// The weights are not what they should be.
    #[error(
        "{} is broken: {error}; delete it and run `persona voice fetch --listen`", path.display()
    )]
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and where.
        error: Ct2Error,
    },
    /// Another file of the model is not what it should be.
    #[error("{} is broken: {problem}; delete it and run `persona voice fetch --listen`", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The files are not to be had.
    #[error("there is nothing to listen with: {0}")]
    Fetch(String),
    /// The model did not run.
    #[error("the listening model failed: {0}")]
    Model(String),
    /// Somebody said that it need not go on.
    #[error("listening was cancelled")]
    Cancelled,
    /// There is no microphone.
    #[error("there is no microphone: plug one in, or choose one in the settings of the system")]
    NoMicrophone,
    /// There is a microphone, and it may not or cannot be used.
    #[error("the microphone cannot be used: {0}; is it allowed in the settings of the system?")]
    MicrophoneRefused(String),
    /// The microphone went away while it was in use.
    #[error("the microphone was lost: {0}")]
    MicrophoneLost(String),
    /// A thread could not be started, or has ended.
    #[error("the listening thread is not there: {0}")]
    Thread(String),
}

impl From<candle_core::Error> for ListenError {
    fn from(error: candle_core::Error) -> Self {
        Self::Model(error.to_string())
    }
}
