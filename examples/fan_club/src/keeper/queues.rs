//! The jobs that wait, a queue for each fan.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bevy_persona::{
    mind::FanId,
    store::{NotQueued, StoreEvent, StoreJob},
};
use crossbeam_channel::Sender;
use sqlx::PgPool;
use tokio::sync::{Notify, Semaphore};

use super::{Keeper, facts::Numbers, trouble::Trouble};
use crate::database::Server;

/// Jobs that may wait, of all fans together.
const WAITING: usize = 4096;

/// What the tasks share.
pub(super) struct Queues {
    pub(super) pool: PgPool,
    pub(super) server: Server,
    pub(super) trouble: Trouble,
    /// A connection for each; those that are left over let fans in meanwhile.
    pub(super) permits: Semaphore,
    closing: Notify,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// A fan is in here as long as a task works on the jobs. A job stays until it is done.
    jobs: HashMap<FanId, VecDeque<Arc<StoreJob>>>,
    numbers: HashMap<FanId, Numbers>,
    waiting: usize,
    done: u64,
    closing: bool,
    ended: bool,
}

impl Queues {
    pub(super) fn new(pool: PgPool, server: Server, tell: Sender<StoreEvent>) -> Self {
        let connections = pool.options().get_max_connections() as usize;
        Self {
            permits: Semaphore::new((connections * 3 / 4).max(1)),
            trouble: Trouble::new(tell),
            closing: Notify::new(),
            state: Mutex::default(),
            changed: Condvar::new(),
            pool,
            server,
        }
    }

    /// Takes a job; gives the fan if no task works for this one yet.
    pub(super) fn push(&self, job: StoreJob) -> Result<Option<FanId>, NotQueued> {
        let mut state = self.state();
        if state.ended {
            return Err(NotQueued::Ended(job.into()));
        }
        if state.waiting >= WAITING {
            return Err(NotQueued::Full(job.into()));
        }
        state.waiting += 1;
        let fan = fan_of(&job);
        let queue = state.jobs.entry(fan.clone()).or_default();
        queue.push_back(job.into());
        Ok((queue.len() == 1).then_some(fan))
    }

    /// The job that a fan's task begins with.
    pub(super) fn first(&self, fan: &FanId) -> Option<Arc<StoreJob>> {
        self.state().jobs.get(fan)?.front().cloned()
    }

    /// Takes a job that is done out of the queue; gives the next one. If there is none, the task
    /// has to end: the next job will get a new one.
    pub(super) fn done(&self, fan: &FanId, numbers: &Numbers) -> Option<Arc<StoreJob>> {
        let mut state = self.state();
        let queue = state.jobs.get_mut(fan)?;
        queue.pop_front();
        let next = queue.front().cloned();
        if next.is_none() {
            state.jobs.remove(fan);
            state.numbers.insert(fan.clone(), numbers.clone());
        }
        state.waiting -= 1;
        state.done += 1;
        self.changed.notify_all();
        next
    }

    /// What a fan's task begins with.
    pub(super) fn numbers(&self, fan: &FanId) -> Numbers {
        self.state().numbers.get(fan).cloned().unwrap_or_default()
    }

    pub(super) fn has_ended(&self) -> bool {
        self.state().ended
    }

    pub(super) fn waiting(&self) -> usize {
        self.state().waiting
    }

    /// Waits; not for long if the server is closing.
    pub(super) async fn pause(&self, pause: Duration) {
        const SHORT: Duration = Duration::from_millis(250);
        let closed = self.closing.notified();
        let pause = if self.state().closing { pause.min(SHORT) } else { pause };
        tokio::select! {
            () = closed => {}
            () = tokio::time::sleep(pause) => {}
        }
    }

    /// Waits until no job is left, or none was done for a while; gives those that are left.
    pub(super) fn close(&self) -> Vec<StoreJob> {
        let mut state = self.state();
        state.closing = true;
        self.closing.notify_waiters();
        while !state.jobs.is_empty() {
            let done = state.done;
            let waited = self.changed.wait_timeout(state, Keeper::PARTING);
            let (now, time) = waited.unwrap_or_else(PoisonError::into_inner);
            state = now;
            if time.timed_out() && state.done == done {
                break;
            }
        }
        state.ended = true;
        state.waiting = 0;
        state.jobs.drain().flat_map(|(_, jobs)| jobs).map(Arc::unwrap_or_clone).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here is left half done by a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose job it is. What is no export is nobody's, and will be refused.
fn fan_of(job: &StoreJob) -> FanId {
    match job {
        StoreJob::SaveTurn { fan, .. }
        | StoreJob::Unlock { fan, .. }
        | StoreJob::SaveStory { fan, .. }
        | StoreJob::Load(fan)
        | StoreJob::Export(fan)
        | StoreJob::Correct(fan, _)
        | StoreJob::Forget(fan, _)
        | StoreJob::ForgetFan(fan) => fan.clone(),
        StoreJob::Import(exported) => {
            exported.get("fan").and_then(|fan| fan.as_str()?.parse().ok()).unwrap_or_default()
        }
    }
}
