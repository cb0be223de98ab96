//! Why somebody cannot be let in, or put on the list.

use std::path::PathBuf;

use bevy_persona::mind::FanId;
use thiserror::Error;

use crate::database::DatabaseError;

/// Why the list of accounts cannot be read or changed, and what to do about it.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum AccountError {
    /// Somebody has this name.
    #[error("the name `{0}` is taken; choose another one")]
    Taken(FanId),
    /// Nobody has this name.
    #[error("there is no account `{0}`; list the accounts to see them")]
    Unknown(FanId),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}; try again, or restart the machine")]
    Random(String),
    /// The file is something else. It was left as it is.
    #[error(
        "{path} is no list of accounts: {found}; it was not touched: give another path, or move \
         the file away to start anew",
        path = .path.display()
    )]
    NotAccounts {
        /// The file.
        path: PathBuf,
        /// What it is.
        found: String,
    },
    /// A newer version wrote the file. It was left as it is.
    #[error(
        "{path} was written by a newer version: its schema is {version}, this version knows \
         schemas up to {known}; it was not touched: update this program, or give another path",
        path = .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The schema that it has.
        version: i64,
        /// The newest schema that is known here.
        known: i64,
    },
    /// The file cannot be used.
    #[error(
        "cannot use {path}: {problem}; check that its folder exists and may be written, and that \
         there is room on the disk",
        path = .path.display()
    )]
    File {
        /// The file.
        path: PathBuf,
        /// What the system or SQLite says.
        problem: String,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The program ends.
    #[error("the server is closing")]
    Closing,
}

/// A text that is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is no token: it has 43 letters, digits, `-` and `_`; copy it as a whole")]
pub struct ParseTokenError;
