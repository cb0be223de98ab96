//! A PostgreSQL server is written to by tasks: one for each fan of whom jobs wait.

use std::{
    fmt,
    sync::{Arc, mpsc},
    time::Duration,
};

use bevy_persona::store::{NotQueued, StoreEvent, StoreJob};
use crossbeam_channel::{Receiver, unbounded};
use sqlx::PgPool;
use tokio::runtime::Handle;
use tracing::error;

use super::{KeeperError, queues::Queues, work};
use crate::database;

/// How long the first answer of the server is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is kept of fans, on a PostgreSQL server.
///
/// Jobs of one fan are done in the order in which they come, each of them one transaction; fans do
/// not wait for each other. What the server cannot take at the moment is tried again, and told. A
/// change whose end was not heard, because the connection broke just then, is not made twice.
///
/// Dropping it waits until all is written, and gives up when nothing has been for three seconds.
pub struct PostgresWriter {
    queues: Arc<Queues>,
    events: Receiver<StoreEvent>,
    runtime: Handle,
}

impl PostgresWriter {
    pub(super) fn start(pool: PgPool, runtime: Handle) -> Result<Self, KeeperError> {
        let (answer, answered) = mpsc::sync_channel(1);
        let asked = pool.clone();
        runtime.spawn(async move { answer.send(database::prepare(&asked).await) });
        let server = answered.recv_timeout(PATIENCE).map_err(|_| KeeperError::Silent)??;
        // Unbounded, so that no task ever waits for a world that does not read; there are no more
        // events than jobs and their failures.
        let (tell, events) = unbounded();
        let queues = Arc::new(Queues::new(pool, server, tell));
        Ok(Self { queues, events, runtime })
    }

    /// Hands over a job; never waits for the server.
    pub(super) fn submit(&self, job: StoreJob) -> Result<(), NotQueued> {
        if let Some(fan) = self.queues.push(job)? {
            // A runtime that has ended drops the task, and the job stays to be given back.
            self.runtime.spawn(work::run(self.queues.clone(), fan));
        }
        Ok(())
    }

    pub(super) fn events(&self) -> impl Iterator<Item = StoreEvent> + '_ {
        self.events.try_iter()
    }

    /// Waits until all is written, and gives what could not be. A change that is given back may
    /// have been made all the same, if the server took it and could not say so.
    pub(super) fn close(self) -> Vec<StoreJob> {
        self.queues.close()
    }
}

impl Drop for PostgresWriter {
    fn drop(&mut self) {
        let lost = self.queues.close().len();
        if lost > 0 {
            error!("{lost} changes could not be written to the database and are lost");
        }
    }
}

impl fmt::Debug for PostgresWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The pool would show where it connects to, and as whom.
        f.debug_struct("PostgresWriter").field("waiting", &self.queues.waiting()).finish()
    }
}
