//! What can go wrong with a store.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::ErrorCode;
use thiserror::Error;

use crate::mind::{FanId, memory::FactId};

/// Why something cannot be kept or read, and what to do about it.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file cannot be opened or created.
    #[error(
        "cannot open {path}: {problem}; check the path, and that its folder exists and may be \
         written",
        path = .path.display()
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        problem: String,
    },
    /// The file is something else. It was left as it is.
    #[error(
        "{path} is no memory of ours: {found}; it was not touched: give another path, or move the \
         file away to start anew",
        path = .path.display()
    )]
    NotAStore {
        /// The file.
        path: PathBuf,
        /// What it is.
        found: String,
    },
    /// A newer version of this crate wrote the file. It was left as it is.
    #[error(
        "{path} was written by a newer version: its schema is {version}, this version knows \
         schemas up to {known}; it was not touched: update the game, or give another path",
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
    /// The file is damaged. It was left as it is.
    #[error(
        "{path} is damaged: {problem}; put back a copy, or move the file away (and those beside \
         it that begin with its name) to start anew",
        path = .path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// Another process writes for too long.
    #[error(
        "{path} is being written by another process; try again, or end the other process",
        path = .path.display()
    )]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// There is no room.
    #[error(
        "there is no room for {path}: the disk or its quota is full; make room and try again, \
         nothing was lost so far",
        path = .path.display()
    )]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The file or its folder may only be read.
    #[error(
        "{path} cannot be written, only read; give the user the right to write the file and its \
         folder, or give another path",
        path = .path.display()
    )]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The disk does not play along.
    #[error(
        "cannot {action} {path}: {error}; check the disk and try again",
        path = .path.display()
    )]
    Io {
        /// What was tried: "read", "create", …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: Arc<io::Error>,
    },
    /// There is no such fact.
    #[error("nothing is known of {fan} under the number {}; list the facts to see them", .fact.0)]
    UnknownFact {
        /// The fan.
        fan: FanId,
        /// The fact that was meant.
        fact: FactId,
    },
    /// What should be imported was not exported here.
    #[error("this cannot be imported: {problem}; give what was exported, unchanged")]
    Import {
        /// What is wrong.
        problem: String,
    },
    /// Anything else that SQLite refuses.
    #[error(
        "{path}: SQLite refuses: {problem}; the change was not made, report this as a bug",
        path = .path.display()
    )]
    Sql {
        /// The file.
        path: PathBuf,
        /// What it says.
        problem: String,
    },
    /// A database server does not answer, or takes nothing at the moment.
    #[error(
        "{server} cannot be used at the moment: {problem}; check that it runs and may be reached"
    )]
    Server {
        /// Which server, without a password.
        server: String,
        /// What it says.
        problem: String,
    },
    /// A database server refuses this change.
    #[error("{server} refuses: {problem}; the change was not made, report this as a bug")]
    ServerRefused {
        /// Which server, without a password.
        server: String,
        /// What it says.
        problem: String,
    },
}

impl StoreError {
    /// Whether the file or the server is the problem: another change would fail as well, and this
    /// one may well be possible later.
    #[must_use]
    pub fn is_of_file(&self) -> bool {
        !matches!(
            self,
            Self::UnknownFact { .. }
                | Self::Import { .. }
                | Self::Sql { .. }
                | Self::ServerRefused { .. }
        )
    }

    pub(super) fn io<'a>(
        action: &'static str,
        path: &'a Path,
    ) -> impl FnOnce(io::Error) -> Self + 'a {
        move |error| Self::Io { action, path: path.into(), error: Arc::new(error) }
    }

    /// What SQLite's error means for this file.
    pub(super) fn sql(path: &Path) -> impl Fn(rusqlite::Error) -> Self + '_ {
        move |error| {
            let (path, problem) = (path.to_path_buf(), error.to_string());
            match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
                Some(ErrorCode::DiskFull) => Self::Full { path },
                Some(ErrorCode::ReadOnly) => Self::ReadOnly { path },
                Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                    Self::Open { path, problem }
                }
                Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                    Self::Damaged { path, problem }
                }
                Some(ErrorCode::SystemIoFailure) => {
                    let error = Arc::new(io::Error::other(problem));
                    Self::Io { action: "read or write", path, error }
                }
                _ => Self::Sql { path, problem },
            }
        }
    }
}
