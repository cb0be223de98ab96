//! What a helping thread does.

use std::{
    hint::spin_loop,
    sync::atomic::{
        AtomicBool, AtomicU32,
        Ordering::{Acquire, Relaxed, Release},
    },
    thread::{Thread, park, yield_now},
    time::{Duration, Instant},
};

use super::board::Board;
use crate::inference::lower_priority;

/// How long a helper stays awake without work: longer than what lies between the jobs of a pass,
/// too short to be felt by the game.
const SPIN: Duration = Duration::from_micros(50);

/// What a helper and the pool's owner tell each other.
///
/// All but `stop` are hints. If one is seen late, a helper misses a job or sleeps a little later:
/// nobody waits for a helper that has not taken a chunk.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(super) struct Post {
    stop: AtomicBool,
    on_duty: AtomicBool,
    asleep: AtomicBool,
    holds: AtomicBool,
    done: AtomicU32,
}

impl Post {
    /// Whether the helper holds a chunk.
    pub(super) fn holds(&self) -> bool {
        self.holds.load(Relaxed)
    }

    /// How many chunks the helper has run; begins anew at the end of the numbers.
    pub(super) fn done(&self) -> u32 {
        self.done.load(Relaxed)
    }

    /// Lets the helper take chunks, or not.
    pub(super) fn set_on_duty(&self, on_duty: bool) {
        if self.on_duty.load(Relaxed) != on_duty {
            self.on_duty.store(on_duty, Relaxed);
        }
    }

    /// Wakes the helper if it sleeps.
    pub(super) fn wake(&self, helper: &Thread) {
        if self.asleep.load(Relaxed) {
            self.asleep.store(false, Relaxed);
            helper.unpark();
        }
    }

    /// Ends the helper, after the chunk it may be at.
    pub(super) fn stop(&self, helper: &Thread) {
        self.stop.store(true, Release);
        helper.unpark();
    }

    /// The helper's whole life.
    pub(super) fn serve(&self, board: &Board) {
        lower_priority();
        let mut idle_since = Instant::now();
        while !self.stop.load(Acquire) {
            let on_duty = self.on_duty.load(Relaxed);
            let ran = if on_duty { board.help(&self.holds) } else { 0 };
            if ran > 0 {
                self.done.fetch_add(ran, Relaxed);
                idle_since = Instant::now();
            } else if on_duty && idle_since.elapsed() < SPIN {
                spin_for_work(board);
            } else {
                self.sleep(board);
                idle_since = Instant::now();
            }
        }
    }

    fn sleep(&self, board: &Board) {
        self.asleep.store(true, Relaxed);
        let needed = self.on_duty.load(Relaxed) && board.has_free();
        if !needed {
            // If it was stopped or woken just before, this returns at once.
            park();
        }
        self.asleep.store(false, Relaxed);
    }
}

/// Not for long: the clock is read between.
///
/// The core is offered to others each time. It may be the caller's, whose next job would otherwise
/// come only when this helper sleeps.
fn spin_for_work(board: &Board) {
    for _ in 0..16 {
        if board.has_free() {
            return;
        }
        spin_loop();
    }
    yield_now();
}
