//! Whether the server can be used, and who is told.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use bevy_persona::store::{StoreError, StoreEvent};
use crossbeam_channel::Sender;
use tracing::{info, warn};

/// Tells what happens; of trouble only that it begins and that it is over.
pub(super) struct Trouble {
    tell: Sender<StoreEvent>,
    /// When something failed last; nothing if all is well.
    latest: Mutex<Option<Instant>>,
}

impl Trouble {
    pub(super) fn new(tell: Sender<StoreEvent>) -> Self {
        Self { tell, latest: Mutex::new(None) }
    }

    pub(super) fn say(&self, event: StoreEvent) {
        // Nobody listens any more when the server ends.
        let _ = self.tell.send(event);
    }

    /// Something failed.
    pub(super) fn failed(&self, error: StoreError) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.replace(Instant::now()).is_none() {
            warn!("{error}");
            self.say(StoreEvent::Failing(error));
        }
    }

    /// Something was done that began then. What began before the latest failure says nothing: its
    /// end was only heard late.
    pub(super) fn done(&self, began: Instant) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.is_some_and(|failed| failed < began) {
            *latest = None;
            info!("the database can be used again");
            self.say(StoreEvent::Recovered);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn told(events: &crossbeam_channel::Receiver<StoreEvent>) -> String {
        let letter = |event| match event {
            StoreEvent::Failing(_) => 'f',
            StoreEvent::Recovered => 'r',
            _ => '?',
        };
        events.try_iter().map(letter).collect()
    }

    #[test]
    fn trouble_is_told_once_and_so_is_its_end() {
        let (tell, events) = crossbeam_channel::unbounded();
        let trouble = Trouble::new(tell);
        let error = || StoreError::Server { server: "it".into(), problem: "gone".into() };
        let before = Instant::now();
        trouble.done(before);
        trouble.failed(error());
        trouble.done(before);
        trouble.failed(error());
        assert_eq!(told(&events), "f");
        let after = Instant::now() + Duration::from_secs(1);
        trouble.done(after);
        trouble.done(after);
        assert_eq!(told(&events), "r");
        trouble.failed(error());
        assert_eq!(told(&events), "f");
    }
}
