//! What can go wrong with a voice.

use std::path::PathBuf;

use thiserror::Error;

use super::wav::WavError;

/// Why a voice cannot speak.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VoiceError {
    /// The weights are not here.
    #[error("the voice model is not here: {}; `persona voice fetch` brings it", .0.display())]
    Missing(PathBuf),
    /// A file is not what it should be.
    #[error("{} is broken: {problem}; delete it and run `persona voice fetch`", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The model did not run.
    #[error("the voice model failed: {0}")]
    Model(String),
    /// The files are not to be had.
    #[cfg(feature = "voice")]
    #[error(transparent)]
    Fetch(#[from] crate::model_store::ModelStoreError),
    /// There is no voice of that name.
    #[error("`{0}` has no voice of her own: put `{0}.voice` into assets/voices")]
    NoVoice(String),
    /// A sound file cannot be read.
    #[error(transparent)]
    Wav(#[from] WavError),
}
