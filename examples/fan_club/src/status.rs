//! Whether the server can answer fans, and if not, why.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// How the server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The model is being read.
    Loading {
        /// How much of it has been read, 0..100.
        percent: u8,
    },
    /// Fans are answered.
    Ready,
    /// There is nobody who could answer.
    Failed {
        /// Why, for the operator to read.
        message: String,
    },
    /// Open replies are finished, and no new message is taken.
    Stopping,
}

/// How the server is: told by the world, shown by the web.
///
/// Who stops stays so: nothing that the world tells later can take it back.
#[derive(Debug)]
pub struct Status(Mutex<State>);

impl Default for Status {
    fn default() -> Self {
        Self(Mutex::new(State::Loading { percent: 0 }))
    }
}

impl Status {
    /// How the server is now.
    #[must_use]
    pub fn now(&self) -> State {
        self.state().clone()
    }

    /// So much of the model has been read, 0..100.
    pub fn loading(&self, percent: u8) {
        self.set(State::Loading { percent: percent.min(100) });
    }

    /// Fans are answered from here on.
    pub fn ready(&self) {
        self.set(State::Ready);
    }

    /// Nobody can answer.
    pub fn failed(&self, message: impl Into<String>) {
        self.set(State::Failed { message: message.into() });
    }

    /// The server is about to end.
    pub fn stopping(&self) {
        self.set(State::Stopping);
    }

    /// Whether the server is about to end.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        *self.state() == State::Stopping
    }

    fn set(&self, new: State) {
        let mut state = self.state();
        if *state != State::Stopping {
            *state = new;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each state is whole in itself, so that a thread that ended badly leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stops_is_not_ready_again() {
        let status = Status::default();
        assert_eq!(status.now(), State::Loading { percent: 0 });
        status.ready();
        status.stopping();
        status.ready();
        assert!(status.is_stopping());
    }

    #[test]
    fn no_more_than_all_of_a_model_is_read() {
        let status = Status::default();
        status.loading(250);
        assert_eq!(status.now(), State::Loading { percent: 100 });
    }
}
