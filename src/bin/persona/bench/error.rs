//! Why a benchmark could not be run.

use std::{io, path::PathBuf, process::ExitStatus};

use thiserror::Error;

/// Why a benchmark could not be run.
#[derive(Debug, Error)]
pub enum BenchError {
    /// There is no place for what the model keeps.
    #[error(
        "cannot make the folder {folder} for the benchmark: {error}; let `TMPDIR` name a folder \
         with some room",
        folder = .folder.display()
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// There is no thread for the load.
    #[error("the system gives no thread for `--busy`: {0}; keep fewer cores busy")]
    Thread(io::Error),
    /// The program cannot be started a second time.
    #[error("cannot start this program again to measure its memory: {0}")]
    Again(io::Error),
    /// The program that was started a second time failed.
    #[error("the measurement of memory failed: {0}")]
    Memory(ExitStatus),
    /// The program that was started a second time wrote something else.
    #[error("the measurement of memory gave no figures: {0}")]
    Figures(serde_json::Error),
    /// The model does not tell where its time goes.
    #[error(
        "models of this architecture are computed by candle, which does not tell where the time \
         goes; profile one of the llama architecture"
    )]
    NoProfile,
    /// The model says nothing.
    #[error("the model ended its reply before it said anything; measure a model for chats")]
    Silent,
}
