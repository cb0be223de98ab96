//! A keeper, and what it told so far.

use std::{
    cell::Cell,
    thread,
    time::{Duration, Instant},
};

use bevy_persona::{
    mind::FanId,
    store::{NotQueued, Saved, StoreEvent, StoreJob},
};
use fan_club::{database, keeper::Keeper};
use serde_json::Value;
use tokio::runtime::Runtime;

/// Longer than any machine takes.
const LONG: Duration = Duration::from_secs(120);

pub struct Desk {
    keeper: Keeper,
    pub told: Vec<StoreEvent>,
    questions: Cell<usize>,
    _runtime: Runtime,
}

impl Desk {
    /// A desk at a database.
    pub fn at(url: &str) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let pool = runtime.block_on(database::connect(url)).expect("a database");
        let keeper = Keeper::postgres(pool, runtime.handle().clone()).expect("a keeper");
        Self { keeper, told: Vec::new(), questions: Cell::new(0), _runtime: runtime }
    }

    /// A desk at a file.
    pub fn of(keeper: Keeper) -> Self {
        let _runtime = Runtime::new().expect("a runtime");
        Self { keeper, told: Vec::new(), questions: Cell::new(0), _runtime }
    }

    pub fn submit(&self, job: StoreJob) {
        self.questions.update(|asked| asked + usize::from(is_question(&job)));
        self.keeper.submit(job).expect("room for the job");
    }

    /// Hands over a job, and gives it back if it is not taken.
    pub fn try_submit(&self, job: StoreJob) -> Result<(), NotQueued> {
        self.keeper.submit(job)
    }

    /// Waits until this holds of what was told.
    pub fn until(&mut self, what: &str, holds: impl Fn(&[StoreEvent]) -> bool) {
        let deadline = Instant::now() + LONG;
        loop {
            self.told.extend(self.keeper.events());
            if holds(&self.told) {
                return;
            }
            assert!(Instant::now() < deadline, "{what} never came; told: {:?}", self.told);
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits for so many turns that are saved.
    pub fn until_saved(&mut self, turns: usize) {
        self.until("a saved turn", |told| saved(told) >= turns);
    }

    /// Everything of a fan, all jobs before included.
    pub fn load(&mut self, fan: &FanId) -> Saved {
        self.submit(StoreJob::Load(fan.clone()));
        self.until_answered();
        let of_fan = |event: &StoreEvent| match event {
            StoreEvent::Loaded(of, saved) if of == fan => Some((**saved).clone()),
            _ => None,
        };
        self.told.iter().rev().find_map(of_fan).expect("what was just loaded")
    }

    /// Everything of a fan as JSON, all jobs before included.
    pub fn export(&mut self, fan: &FanId) -> Value {
        self.submit(StoreJob::Export(fan.clone()));
        self.until_answered();
        let of_fan = |event: &StoreEvent| match event {
            StoreEvent::Exported(of, value) if of == fan => Some(value.clone()),
            _ => None,
        };
        self.told.iter().rev().find_map(of_fan).expect("what was just exported")
    }

    fn until_answered(&mut self) {
        let asked = self.questions.get();
        let is_answer = |event: &&StoreEvent| match event {
            StoreEvent::Loaded(..) | StoreEvent::Exported(..) => true,
            StoreEvent::Refused(job, _) => is_question(job),
            _ => false,
        };
        self.until("an answer", |told| told.iter().filter(is_answer).count() == asked);
    }

    /// Closes; gives what was not written.
    pub fn close(self) -> Vec<StoreJob> {
        self.keeper.close()
    }
}

fn is_question(job: &StoreJob) -> bool {
    matches!(job, StoreJob::Load(_) | StoreJob::Export(_))
}

/// How many turns were told as saved.
pub fn saved(told: &[StoreEvent]) -> usize {
    told.iter().filter(|event| matches!(event, StoreEvent::Saved { .. })).count()
}

/// What was told of trouble: `f` for failing, `r` for recovered.
pub fn trouble(told: &[StoreEvent]) -> String {
    told.iter()
        .filter_map(|event| match event {
            StoreEvent::Failing(_) => Some('f'),
            StoreEvent::Recovered => Some('r'),
            _ => None,
        })
        .collect()
}
