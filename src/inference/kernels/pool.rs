//! Threads that share the work of one pass, on a machine that has other things to do.

mod board;
mod crew;
mod helper;
mod patience;
mod ticket;

use std::{
    cell::{Cell, RefCell},
    sync::Arc,
    time::Instant,
};

use board::Board;
use crew::Crew;

/// Runs the chunks of a job on the calling thread and on helpers that happen to have a core.
///
/// A game uses the same cores, so nothing here counts on a helper: the caller takes chunks itself
/// until none are left and waits only for chunks that a helper has begun. A helper that keeps it
/// waiting, because its core was taken in the middle of a chunk, gets no work for a while. Helpers
/// stay awake between the jobs of a pass and sleep soon after it.
///
/// One thread at a time runs jobs on a pool; it may be handed to another thread.
#[derive(Debug)]
pub struct Pool {
    threads: Cell<usize>,
    crew: RefCell<Crew>,
    board: Arc<Board>,
}

impl Pool {
    /// A pool on which `threads` threads may work, the caller counted; at least 1.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self {
            threads: Cell::new(threads.max(1)),
            crew: RefCell::new(Crew::default()),
            board: Arc::new(Board::default()),
        }
    }

    /// Changes how many threads may work, the caller counted; at least 1, which never uses helpers.
    ///
    /// Helpers are started when a job first needs them. Those beyond the number sleep.
    pub fn set_threads(&self, threads: usize) {
        self.threads.set(threads.max(1));
        self.crew.borrow_mut().keep(self.threads.get() - 1);
    }

    /// How many threads may work, the caller counted. Lower than asked for if the system gave no
    /// more.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads.get()
    }

    /// Calls `work(i)` once for each `i` in `0..count`, on this thread and the helpers; returns when
    /// all are done.
    ///
    /// # Panics
    /// If `work` does. Chunks not begun by then are left out, and the pool can be used again.
    pub fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        let note_late = || self.crew.borrow_mut().note_late();
        if let Ok(chunks) = u32::try_from(count)
            && self.call_helpers(chunks)
            && let Some(account) = self.board.share(chunks, work, note_late)
        {
            if account.was_late {
                self.crew.borrow_mut().send_late_away(&account, Instant::now());
            }
        } else {
            (0..count).for_each(work);
        }
    }

    /// Gives whether any helper may come.
    fn call_helpers(&self, chunks: u32) -> bool {
        let helpers = self.threads.get() - 1;
        if helpers == 0 || chunks < 2 {
            return false;
        }
        let mut crew = self.crew.borrow_mut();
        if crew.len() < helpers && crew.hire(helpers, &self.board).is_err() {
            self.threads.set(crew.len() + 1);
        }
        crew.call(helpers, chunks as usize - 1, Instant::now())
    }
}

thread_local! {
    static WORKER: Cell<usize> = const { Cell::new(0) };
}

/// The number of this thread in its pool: from 1 on for helpers, 0 for all others.
pub(super) fn worker() -> usize {
    WORKER.get()
}

#[cfg(test)]
mod tests;
