//! A store on a thread of its own: the game never waits for the disk.

use std::{
    io,
    thread::{Builder, JoinHandle},
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded, unbounded};
use serde_json::Value;
use thiserror::Error;
use tracing::error;

use super::{Saved, SavedStory, Store, StoreError, TurnRecord, work::Work};
use crate::{
    mind::{
        FanId,
        memory::{FactId, FanFact},
    },
    persona::PersonaId,
};

/// Jobs that may wait. A game has a turn every few seconds at most: an hour of a full disk.
const WAITING: usize = 1024;

/// What a [`StoreWriter`] is to do.
#[derive(Debug, Clone, PartialEq)]
pub enum StoreJob {
    /// [`Store::save_turn`].
    SaveTurn {
        /// Who talked.
        fan: FanId,
        /// With whom.
        member: PersonaId,
        /// What changed.
        record: Box<TurnRecord>,
    },
    /// [`Store::unlock`].
    Unlock {
        /// Who finished it.
        fan: FanId,
        /// The scene.
        scene: String,
    },
    /// [`Store::save_story`].
    SaveStory {
        /// Whose it is.
        fan: FanId,
        /// What written scenes left.
        story: Box<SavedStory>,
    },
    /// [`Store::load`]; answered by [`StoreEvent::Loaded`].
    Load(FanId),
    /// [`Store::export`]; answered by [`StoreEvent::Exported`].
    Export(FanId),
    /// [`Store::import`].
    Import(Box<Value>),
    /// [`Store::correct`].
    Correct(FanId, Box<FanFact>),
    /// [`Store::forget`].
    Forget(FanId, FactId),
    /// [`Store::forget_fan`].
    ForgetFan(FanId),
}

/// What a [`StoreWriter`] tells.
#[derive(Debug, Clone)]
pub enum StoreEvent {
    /// Everything of a fan, all jobs before the question included.
    Loaded(FanId, Box<Saved>),
    /// A turn is on the disk; told in the order in which turns were handed over.
    Saved {
        /// Whose.
        fan: FanId,
        /// With whom.
        member: PersonaId,
    },
    /// Everything of a fan as JSON.
    Exported(FanId, Value),
    /// The file cannot be used at the moment. Told once; jobs are kept and tried again until they
    /// are done, in their order.
    Failing(StoreError),
    /// The file can be used again.
    Recovered,
    /// A job that cannot be done, now or later. The others go on.
    Refused(Box<StoreJob>, StoreError),
}

/// A job that was not taken; it is given back.
#[derive(Debug, Clone, Error)]
pub enum NotQueued {
    /// Too many jobs are waiting, because the file could not be used for long.
    #[error("too many changes wait for the store; make its file writable and try again")]
    Full(Box<StoreJob>),
    /// The thread has ended.
    #[error("the store's thread has ended; open the store again")]
    Ended(Box<StoreJob>),
}

/// A store on a thread of its own.
///
/// Jobs are done in the order in which they come. What the file cannot take at the moment is tried
/// again (another process writes, the disk is full), and the game is told. Dropping the writer
/// waits until all is written, up to three seconds where that fails.
///
/// # Example
/// ```
/// use bevy_persona::{mind::ChatTurn, store::*};
///
/// let writer = StoreWriter::spawn(Store::in_memory()?)?;
/// let (fan, member) = ("mina".parse()?, "siwoo".parse()?);
/// let record = TurnRecord { lines: vec![ChatTurn::Fan("Hi!".into())], ..TurnRecord::default() };
/// writer.submit(StoreJob::SaveTurn { fan, member, record: record.into() })?;
/// writer.submit(StoreJob::Load("mina".parse()?))?;
/// assert!(matches!(writer.wait(), Some(StoreEvent::Saved { .. })));
/// let told = writer.wait();
/// assert!(matches!(told, Some(StoreEvent::Loaded(_, saved)) if saved.turns() == 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct StoreWriter {
    jobs: Option<Sender<StoreJob>>,
    /// Closed when the writer is, so that a thread that waits to try again wakes up.
    open: Option<Sender<()>>,
    events: Receiver<StoreEvent>,
    thread: Option<JoinHandle<Vec<StoreJob>>>,
}

impl StoreWriter {
    /// How long what cannot be written is tried when the writer is dropped.
    pub const PARTING: Duration = Duration::from_secs(3);

    /// Hands a store to a new thread, `persona store`.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn spawn(store: Store) -> io::Result<Self> {
        let (jobs, queue) = bounded(WAITING);
        let (open, closing) = bounded(0);
        // Unbounded, so that the thread never waits for a game that does not read; there are no
        // more events than jobs and their failures.
        let (tell, events) = unbounded();
        let work = move || Work::new(store, queue, closing, tell).run();
        let thread = Builder::new().name("persona store".into()).spawn(work)?;
        Ok(Self { jobs: Some(jobs), open: Some(open), events, thread: Some(thread) })
    }

    /// Hands over a job; never waits.
    ///
    /// # Errors
    /// If it was not taken. The job is given back, so that it can be tried again.
    pub fn submit(&self, job: StoreJob) -> Result<(), NotQueued> {
        let Some(jobs) = &self.jobs else { return Err(NotQueued::Ended(job.into())) };
        jobs.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(job) => NotQueued::Full(job.into()),
            TrySendError::Disconnected(job) => NotQueued::Ended(job.into()),
        })
    }

    /// What happened since it was asked last; never waits.
    pub fn events(&self) -> impl Iterator<Item = StoreEvent> + '_ {
        self.events.try_iter()
    }

    /// Waits for the next event; nothing if the thread has ended. For tests and tools, not for a
    /// game.
    #[must_use]
    pub fn wait(&self) -> Option<StoreEvent> {
        self.events.recv().ok()
    }

    /// Waits until all is written, as dropping does, and gives what could not be written.
    #[must_use]
    pub fn close(mut self) -> Vec<StoreJob> {
        self.end()
    }

    fn end(&mut self) -> Vec<StoreJob> {
        self.jobs = None;
        self.open = None;
        let ended = self.thread.take().map(JoinHandle::join);
        ended.and_then(Result::ok).unwrap_or_default()
    }
}

impl Drop for StoreWriter {
    fn drop(&mut self) {
        let lost = self.end().len();
        if lost > 0 {
            error!("{lost} changes could not be written to the store and are lost");
        }
    }
}
