//! What can go wrong with a voice.

use std::{
    ffi::OsStr,
    io,
    path::{Path, PathBuf},
};

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
    #[error("{} is broken: {problem}; {}", path.display(), remedy(path))]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A file cannot be written.
    #[error("{} cannot be written: {problem}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
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
    #[error(
        "`{0}` has no voice, and there is none to borrow: put `{0}.voice` into assets/voices, or tell the pitches of \
         the others in assets/voices/pitches.toml"
    )]
    NoVoice(String),
    /// A sound file cannot be read.
    #[error(transparent)]
    Wav(#[from] WavError),
}

impl VoiceError {
    /// The system refuses to read a file.
    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing(path.into()),
            _ => Self::Broken { path: path.into(), problem: error.to_string() },
        }
    }
}

/// What to do about a broken file: some are fetched, others belong to the game.
fn remedy(path: &Path) -> &'static str {
    match path.extension().and_then(OsStr::to_str) {
        Some("voice") => "make it anew with tools/voices/blend.py",
        Some("toml") => "mend it",
        _ => "delete it and run `persona voice fetch`",
    }
}
