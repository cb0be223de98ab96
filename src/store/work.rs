//! What a store's thread does: one job after the other, again where the file is in the way.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use tracing::warn;

use super::{Store, StoreError, StoreEvent, StoreJob, StoreWriter};

/// How long one try waits for another process; short, so that the end of the game is noticed.
const PATIENCE: Duration = Duration::from_millis(250);
/// The time between two tries: the first, and the longest.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_secs(2)];

/// The store's thread.
pub(super) struct Work {
    store: Store,
    jobs: Receiver<StoreJob>,
    /// Closed when the game ends.
    closing: Receiver<()>,
    tell: Sender<StoreEvent>,
    failing: bool,
    /// When trying ends; set when the game ends.
    deadline: Option<Instant>,
}

impl Work {
    pub(super) fn new(
        store: Store,
        jobs: Receiver<StoreJob>,
        closing: Receiver<()>,
        tell: Sender<StoreEvent>,
    ) -> Self {
        Self { store, jobs, closing, tell, failing: false, deadline: None }
    }

    /// Works until the game ends; gives the jobs that could not be done by then.
    pub(super) fn run(mut self) -> Vec<StoreJob> {
        if let Err(error) = self.store.set_patience(PATIENCE) {
            warn!("{error}");
        }
        let mut undone = Vec::new();
        while let Ok(job) = self.jobs.recv() {
            undone.extend(self.finish(job));
        }
        undone
    }

    /// Does a job, however often it takes; gives it back if the time is up.
    fn finish(&mut self, job: StoreJob) -> Option<StoreJob> {
        let [mut pause, longest] = PAUSES;
        loop {
            if self.deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                return Some(job);
            }
            match self.attempt(&job) {
                Ok(answer) => {
                    self.done(answer);
                    return None;
                }
                Err(error) if is_worth_another_try(&job, &error) => self.failed(error),
                Err(error) => {
                    self.say(StoreEvent::Refused(job.into(), error));
                    return None;
                }
            }
            self.pause(pause);
            pause = (pause * 2).min(longest);
        }
    }

    fn attempt(&mut self, job: &StoreJob) -> Result<Option<StoreEvent>, StoreError> {
        let store = &mut self.store;
        match job {
            StoreJob::SaveTurn { fan, member, record } => {
                store.save_turn(fan, member, record)?;
                return Ok(Some(StoreEvent::Saved { fan: fan.clone(), member: member.clone() }));
            }
            StoreJob::Unlock { fan, scene } => store.unlock(fan, scene).map(drop)?,
            StoreJob::SaveStory { fan, story } => store.save_story(fan, story)?,
            StoreJob::Load(fan) => {
                return Ok(Some(StoreEvent::Loaded(fan.clone(), store.load(fan)?.into())));
            }
            StoreJob::Export(fan) => {
                return Ok(Some(StoreEvent::Exported(fan.clone(), store.export(fan)?)));
            }
            StoreJob::Import(exported) => store.import(exported).map(drop)?,
            StoreJob::Correct(fan, fact) => store.correct(fan, fact)?,
            StoreJob::Forget(fan, fact) => store.forget(fan, *fact)?,
            StoreJob::ForgetFan(fan) => store.forget_fan(fan).map(drop)?,
        }
        Ok(None)
    }

    fn done(&mut self, answer: Option<StoreEvent>) {
        if std::mem::take(&mut self.failing) {
            self.say(StoreEvent::Recovered);
        }
        if let Some(answer) = answer {
            self.say(answer);
        }
    }

    fn failed(&mut self, error: StoreError) {
        if !std::mem::replace(&mut self.failing, true) {
            warn!("{error}");
            self.say(StoreEvent::Failing(error));
        }
    }

    /// Waits, or notices that the game ends.
    fn pause(&mut self, pause: Duration) {
        if self.deadline.is_some() {
            std::thread::sleep(pause.min(PATIENCE));
        } else if self.closing.recv_timeout(pause) == Err(RecvTimeoutError::Disconnected) {
            self.deadline = Some(Instant::now() + StoreWriter::PARTING);
        }
    }

    fn say(&self, event: StoreEvent) {
        // Nobody listens any more when the game ends.
        let _ = self.tell.send(event);
    }
}

/// Whether a job is kept for later. A question is answered now, or refused.
fn is_worth_another_try(job: &StoreJob, error: &StoreError) -> bool {
    let asks = matches!(job, StoreJob::Load(_) | StoreJob::Export(_));
    if asks { matches!(error, StoreError::Busy { .. }) } else { error.is_of_file() }
}
