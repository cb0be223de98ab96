//! Why a task ended early, in words that say what to do next.

use std::{error::Error, fmt, io, path::PathBuf, process::ExitStatus};

use crate::{demo, usage::USAGE};

/// Why a task ended early.
#[derive(Debug)]
pub enum TaskError {
    /// The command line asks for nothing we know.
    Usage {
        /// What is wrong with it; none if help was asked for.
        complaint: Option<String>,
    },
    /// The stage needs a screen to be talked to.
    NoScreen,
    /// Something must be installed that we cannot install.
    Setup {
        /// What to run.
        advice: String,
    },
    /// A command could not be started.
    Start {
        /// The command line.
        command: String,
        /// Why not.
        error: io::Error,
    },
    /// A command ended without success.
    Failed {
        /// The command line.
        command: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// The folder of the screenshots cannot be used.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// A file cannot be written.
    Write {
        /// The file.
        file: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// The stage ended with success and left no screenshot.
    NoScreenshots {
        /// Where they should be.
        folder: PathBuf,
    },
}

impl TaskError {
    /// What the process ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage { .. } => 2,
            _ => 1,
        }
    }
}

impl Error for TaskError {}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { complaint: None } => f.write_str(USAGE),
            Self::Usage { complaint: Some(complaint) } => write!(f, "{complaint}\n\n{USAGE}"),
            Self::NoScreen => f.write_str(demo::NO_SCREEN),
            Self::Setup { advice } => f.write_str(advice),
            Self::Start { command, error } => {
                write!(f, "could not be started: {error}\n  {command}")
            }
            Self::Failed { command, status } => {
                write!(f, "failed ({status}). To repeat only this:\n  {command}")
            }
            Self::Folder { folder, error } => {
                write!(f, "{}: {error}; remove it and try again", folder.display())
            }
            Self::Write { file, error } => {
                write!(f, "{}: {error}; see whether its folder may be written to", file.display())
            }
            Self::NoScreenshots { folder } => {
                write!(f, "the stage left no screenshot (*.png) in {}", folder.display())
            }
        }
    }
}
