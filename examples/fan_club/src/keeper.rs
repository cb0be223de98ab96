//! What is kept of fans: in an SQLite file of one server, or on a PostgreSQL server for several.
//!
//! Both keep the same and tell the same, in the words of [`bevy_persona::store`].

mod facts;
mod lines;
mod manage;
mod postgres;
mod problem;
mod queues;
mod read;
mod trouble;
mod turn;
mod work;

use std::{io, path::Path, time::Duration};

use bevy_persona::store::{NotQueued, Store, StoreError, StoreEvent, StoreJob, StoreWriter};
use sqlx::PgPool;
use thiserror::Error;
use tokio::runtime::Handle;

pub use postgres::PostgresWriter;

use crate::database::DatabaseError;

/// Where what is kept of fans is written.
#[derive(Debug)]
pub enum Keeper {
    /// To a file, on a thread of its own.
    Sqlite(StoreWriter),
    /// To a server, by tasks.
    Postgres(PostgresWriter),
}

/// Why nothing can be kept.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeeperError {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] StoreError),
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The system gives no thread.
    #[error("cannot start the thread that writes: {0}; end other programs and try again")]
    Thread(io::Error),
    /// The tasks of this server do not run.
    #[error("nothing was heard of the database: the server ends, or has too much to do")]
    Silent,
}

impl Keeper {
    /// How long what cannot be written is tried when the keeper is closed.
    pub const PARTING: Duration = StoreWriter::PARTING;

    /// Keeps all in this file; makes it if need be.
    ///
    /// # Errors
    /// If the file cannot be used, or is another program's.
    pub fn sqlite(file: &Path) -> Result<Self, KeeperError> {
        let store = Store::open(file)?;
        StoreWriter::spawn(store).map(Self::Sqlite).map_err(KeeperError::Thread)
    }

    /// Keeps all in a database; makes its tables if need be. Waits for that, so it is not for a
    /// task of the runtime.
    ///
    /// # Errors
    /// If the database cannot be used.
    pub fn postgres(pool: PgPool, runtime: Handle) -> Result<Self, KeeperError> {
        PostgresWriter::start(pool, runtime).map(Self::Postgres)
    }

    /// Hands over a job; never waits. Jobs of one fan are done in their order.
    ///
    /// # Errors
    /// If it was not taken. The job is given back, so that it can be tried again.
    pub fn submit(&self, job: StoreJob) -> Result<(), NotQueued> {
        match self {
            Self::Sqlite(writer) => writer.submit(job),
            Self::Postgres(writer) => writer.submit(job),
        }
    }

    /// What happened since it was asked last; never waits.
    #[must_use]
    pub fn events(&self) -> Vec<StoreEvent> {
        match self {
            Self::Sqlite(writer) => writer.events().collect(),
            Self::Postgres(writer) => writer.events().collect(),
        }
    }

    /// Waits until all is written, and gives what could not be.
    #[must_use]
    pub fn close(self) -> Vec<StoreJob> {
        match self {
            Self::Sqlite(writer) => writer.close(),
            Self::Postgres(writer) => writer.close(),
        }
    }
}
