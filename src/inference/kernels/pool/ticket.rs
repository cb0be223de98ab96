//! Who has which chunk of a job, in one number.

use std::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

/// The state of the job on offer: how many chunks nobody took yet (low 32 bits), how many helpers
/// hold a chunk (next 30), and whether the owner sleeps and whether there is one (top bits).
///
/// All steps are on one atomic number, so there is an order of them that all threads agree on:
/// - 0 is closed. [`Ticket::open`] succeeds for one thread, the owner, and for no other before that
///   thread has closed it.
/// - [`Ticket::offer`], a step of the owner, is the only one that makes the low half larger.
/// - [`Ticket::hold`] succeeds only while the low half is not 0, thus on an open job, whatever a
///   slow thread read before, and counts the helper in the same step.
/// - The owner closes once nothing can be taken and nobody holds a chunk.
///
/// Therefore a job stays open from a helper's `hold` to its `give_back`.
#[derive(Debug, Default)]
pub(super) struct Ticket(AtomicU64);

const FREE: u64 = u32::MAX as u64;
const HOLDER: u64 = 1 << 32;
const SLEEPS: u64 = 1 << 62;
const OPEN: u64 = 1 << 63;
const HOLDERS: u64 = SLEEPS - HOLDER;

impl Ticket {
    /// Makes the calling thread the owner, unless there is one.
    pub(super) fn open(&self) -> bool {
        self.0.compare_exchange(0, OPEN, Acquire, Relaxed).is_ok()
    }

    /// Lets anyone take chunks. What the owner wrote before is seen by whoever takes one.
    pub(super) fn offer(&self, chunks: u32) {
        self.0.store(OPEN + u64::from(chunks), Release);
    }

    /// Whether there are chunks to take.
    pub(super) fn has_free(&self) -> bool {
        self.0.load(Relaxed) & FREE != 0
    }

    /// Takes a chunk for a helper that has none; gives how many were free with it.
    pub(super) fn hold(&self) -> Option<u32> {
        self.claim(HOLDER)
    }

    /// Takes a chunk for the owner, or for a helper in place of the one it has done; gives how many
    /// were free with it.
    pub(super) fn take(&self) -> Option<u32> {
        self.claim(0)
    }

    fn claim(&self, holder: u64) -> Option<u32> {
        let mut seen = self.0.load(Relaxed);
        while seen & FREE != 0 {
            // Steps after `offer` read and write in one, so this `Acquire` meets its `Release`
            // through any number of them.
            match self.0.compare_exchange_weak(seen, seen - 1 + holder, Acquire, Relaxed) {
                Ok(_) => return u32::try_from(seen & FREE).ok(),
                Err(now) => seen = now,
            }
        }
        None
    }

    /// A helper holds nothing any more; gives whether the owner sleeps until this.
    pub(super) fn give_back(&self) -> bool {
        let before = self.0.fetch_sub(HOLDER, Release);
        before & HOLDERS == HOLDER && before & SLEEPS != 0
    }

    /// No chunk is given out any more.
    pub(super) fn abandon(&self) {
        if self.has_free() {
            self.0.fetch_and(!FREE, Relaxed);
        }
    }

    /// Whether a helper holds a chunk. If not, all that helpers wrote is seen by the caller.
    pub(super) fn is_held(&self) -> bool {
        self.0.load(Acquire) & HOLDERS != 0
    }

    /// Lets the last helper that gives back know that the owner sleeps; gives whether there is one.
    pub(super) fn ask_for_wake(&self) -> bool {
        self.0.fetch_or(SLEEPS, Acquire) & HOLDERS != 0
    }

    /// The owner leaves.
    pub(super) fn close(&self) {
        self.0.store(0, Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_owner_at_a_time() {
        let ticket = Ticket::default();
        assert!(ticket.open() && !ticket.open());
        ticket.offer(1);
        assert!(!ticket.open());
        assert_eq!(ticket.take(), Some(1));
        assert!(!ticket.open(), "the last chunk is at work");
        ticket.close();
        assert!(ticket.open());
    }

    #[test]
    fn nothing_can_be_taken_before_the_offer_and_after_the_last() {
        let ticket = Ticket::default();
        assert_eq!(ticket.hold(), None);
        assert!(ticket.open());
        assert_eq!(ticket.hold(), None);
        ticket.offer(2);
        assert_eq!((ticket.hold(), ticket.take(), ticket.take()), (Some(2), Some(1), None));
        assert!(ticket.is_held());
    }

    #[test]
    fn the_last_to_give_back_wakes_a_waiting_owner() {
        let ticket = Ticket::default();
        assert!(ticket.open());
        ticket.offer(2);
        assert!(ticket.hold().is_some() && ticket.hold().is_some());
        assert!(ticket.ask_for_wake());
        assert!(!ticket.give_back(), "another is at work");
        assert!(ticket.give_back());
        assert!(!ticket.is_held() && !ticket.ask_for_wake());
    }

    #[test]
    fn nobody_is_woken_who_does_not_wait() {
        let ticket = Ticket::default();
        assert!(ticket.open());
        ticket.offer(1);
        assert!(ticket.hold().is_some());
        assert!(!ticket.give_back());
    }

    #[test]
    fn an_abandoned_job_stays_open_while_a_chunk_is_held() {
        let ticket = Ticket::default();
        assert!(ticket.open());
        ticket.offer(9);
        assert!(ticket.hold().is_some());
        ticket.abandon();
        assert!(ticket.take().is_none() && ticket.is_held() && !ticket.open());
    }
}
