//! What an error of the server means for a job.

use bevy_persona::store::StoreError;

use crate::database::{Server, VERSION, sentence};

/// Why a change was not made.
#[derive(Debug)]
pub(super) enum Failure {
    Sql(sqlx::Error),
    Store(StoreError),
    /// A newer version of this program made the tables new while this one runs.
    Newer(i64),
}

impl Failure {
    pub(super) fn at(self, server: &Server) -> StoreError {
        match self {
            Self::Sql(error) => of_server(server, &error),
            Self::Store(error) => error,
            Self::Newer(version) => {
                StoreError::Newer { path: server.as_str().into(), version, known: VERSION }
            }
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The server did not answer in time.
pub(super) fn silent(server: &Server) -> StoreError {
    StoreError::Server { server: server.to_string(), problem: "it does not answer".into() }
}

fn of_server(server: &Server, error: &sqlx::Error) -> StoreError {
    let problem = sentence(error);
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    let Some(code) = code.as_deref() else {
        // Broken connections; and what can only be our own fault.
        return match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => {
                StoreError::Server { server: server.to_string(), problem }
            }
            _ => StoreError::ServerRefused { server: server.to_string(), problem },
        };
    };
    let class = code.get(..2).unwrap_or_default();
    match (class, code) {
        (_, "53100") => StoreError::Full { path: server.as_str().into() },
        // Another process holds the fan: waited for a lock, or each for the other.
        (_, "55P03" | "57014" | "40001" | "40P01") => {
            StoreError::Busy { path: server.as_str().into() }
        }
        // Connections, resources, the server's own state, the system; a password that was changed;
        // a server that only copies another one; a database that is gone.
        ("08" | "53" | "57" | "58" | "28", _) | (_, "25006" | "25P03" | "3D000") => {
            StoreError::Server { server: server.to_string(), problem }
        }
        _ => StoreError::ServerRefused { server: server.to_string(), problem },
    }
}
