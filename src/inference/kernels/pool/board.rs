//! Where a job is offered and its chunks are taken.
#![expect(unsafe_code, reason = "helpers outlive the closures they are given to run")]

use std::{
    any::Any,
    hint::spin_loop,
    mem::take,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    ptr,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicPtr, Ordering::Relaxed},
    },
    thread::{Thread, current, park, park_timeout},
    time::{Duration, Instant},
};

use super::ticket::Ticket;

/// How long the owner keeps its core while it waits for a helper's last chunk.
const SPIN: Duration = Duration::from_micros(50);
/// A helper that takes longer than this, and several chunks' time, has lost its core.
const LATE: Duration = Duration::from_micros(300);
/// How many chunks' time that is.
const LATE_CHUNKS: u32 = 4;

/// What is called with the number of each chunk.
pub(super) type Work<'a> = dyn Fn(usize) + Sync + 'a;

/// What it cost the owner of a job to have helpers.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// Whether a helper had no core.
    pub(super) was_late: bool,
    /// How long the owner had nothing to do.
    pub(super) waited: Duration,
    /// How long a chunk took the owner, if it waited.
    pub(super) chunk: Duration,
}

#[derive(Clone, Copy)]
struct Job<'a> {
    work: &'a Work<'a>,
    chunks: u32,
}

impl Job<'_> {
    /// Runs a taken chunk and takes more until none is left; gives how many it ran. `free` is what
    /// taking the first gave.
    fn run(&self, mut free: Option<u32>, ticket: &Ticket) -> u32 {
        let mut done = 0;
        while let Some(left) = free {
            (self.work)((self.chunks - left) as usize);
            done += 1;
            free = ticket.take();
        }
        done
    }
}

/// One job at a time, offered by its owner to all helpers. A line of the cache for itself.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(super) struct Board {
    ticket: Ticket,
    job: AtomicPtr<Job<'static>>,
    sleeper: Mutex<Option<Thread>>,
    panics: Mutex<Vec<Box<dyn Any + Send>>>,
}

impl Board {
    /// Whether there are chunks to take.
    pub(super) fn has_free(&self) -> bool {
        self.ticket.has_free()
    }

    /// Runs a job together with the helpers; none, and nothing done, if another is under way.
    ///
    /// Calls `late` when a helper has kept the owner waiting for so long that it has no core.
    pub(super) fn share(
        &self,
        chunks: u32,
        work: &Work<'_>,
        late: impl FnOnce(),
    ) -> Option<Account> {
        if !self.ticket.open() {
            return None;
        }
        let job = Job { work, chunks };
        let offer = Offer::new(self, &job);
        let begun = Instant::now();
        let mine = job.run(self.ticket.take(), &self.ticket);
        let mut account = Account::default();
        if self.ticket.is_held() {
            let since = Instant::now();
            account.chunk = (since - begun) / mine.max(1);
            account.was_late = offer.wait(since, LATE + account.chunk * LATE_CHUNKS, late);
            account.waited = since.elapsed();
        }
        drop(offer);
        if let Some(panic) = take(&mut *lock(&self.panics)).into_iter().next() {
            resume_unwind(panic);
        }
        Some(account)
    }

    /// Runs chunks of the job on offer until none is left; gives how many.
    ///
    /// `holds` is set meanwhile. A panic of the job is kept for its owner.
    pub(super) fn help(&self, holds: &AtomicBool) -> u32 {
        let Some(free) = self.ticket.hold() else {
            return 0;
        };
        holds.store(true, Relaxed);
        // SAFETY: A chunk is held from `hold` above to `give_back` below, and all that time the job
        // is open (see `Ticket`): its owner is between `Offer::new` and the end of `Offer`'s drop,
        // which waits until nobody holds a chunk, also when the owner unwinds. So the pointer that
        // `Offer::new` wrote before the offer, and that `hold` made visible, is the one in the slot,
        // and the `Job` on the owner's stack, which outlives the `Offer` that borrows it, is alive,
        // as is the closure it borrows. It is only read; `Work` is `Sync`. The lifetime `'static`
        // is not the true one, but the reference does not leave this function.
        let job = unsafe { &*self.job.load(Relaxed) };
        let run = AssertUnwindSafe(|| job.run(Some(free), &self.ticket));
        let done = catch_unwind(run).unwrap_or_else(|panic| {
            lock(&self.panics).push(panic);
            self.ticket.abandon();
            1
        });
        holds.store(false, Relaxed);
        // The job is not touched from here on. The owner's name is left where it is: a helper slow
        // to get here may find one that sleeps for a later job, and must not keep others from it.
        if self.ticket.give_back() {
            // The lock is given back first: this thread may lose its core as soon as the owner wakes.
            let owner = lock(&self.sleeper).clone();
            if let Some(owner) = owner {
                owner.unpark();
            }
        }
        done
    }
}

/// An open job. When it is dropped, by return or by panic, no helper has the job any more.
struct Offer<'a> {
    board: &'a Board,
}

impl<'a> Offer<'a> {
    /// The board's ticket must have been opened by this thread.
    fn new(board: &'a Board, job: &'a Job<'a>) -> Self {
        // Left from a job whose owner panicked too.
        lock(&board.panics).clear();
        board.job.store(ptr::from_ref(job).cast::<Job<'static>>().cast_mut(), Relaxed);
        board.ticket.offer(job.chunks);
        Self { board }
    }

    /// Waits until no helper holds a chunk; gives whether that took longer than the limit.
    fn wait(&self, since: Instant, limit: Duration, late: impl FnOnce()) -> bool {
        while since.elapsed() < SPIN {
            for _ in 0..16 {
                if !self.board.ticket.is_held() {
                    return false;
                }
                spin_loop();
            }
        }
        // From here on the helper may need this very core.
        if self.sleep(Some(since + limit)) {
            return false;
        }
        late();
        self.sleep(None)
    }

    /// Sleeps until no helper holds a chunk; false if one still does at the deadline.
    fn sleep(&self, deadline: Option<Instant>) -> bool {
        *lock(&self.board.sleeper) = Some(current());
        let mut held = self.board.ticket.ask_for_wake();
        while held {
            match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
                None => park(),
                Some(Duration::ZERO) => return false,
                Some(left) => park_timeout(left),
            }
            held = self.board.ticket.is_held();
        }
        true
    }
}

impl Drop for Offer<'_> {
    fn drop(&mut self) {
        self.board.ticket.abandon();
        if self.board.ticket.is_held() {
            self.sleep(None);
        }
        self.board.ticket.close();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What the mutexes here guard is whole after each step.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering::SeqCst;

    use super::*;

    #[test]
    fn a_helper_that_is_late_is_told_of_and_waited_for() {
        let board = Board::default();
        let [begun, told, done] = [const { AtomicBool::new(false) }; 3];
        let owner = current().id();
        let until = |flag: &AtomicBool| {
            while !flag.load(SeqCst) {
                std::thread::yield_now();
            }
        };
        let work = |_| {
            if current().id() == owner {
                until(&begun);
            } else {
                begun.store(true, SeqCst);
                until(&told);
                done.store(true, SeqCst);
            }
        };
        let account = std::thread::scope(|scope| {
            scope.spawn(|| while board.help(&AtomicBool::new(false)) == 0 {});
            // The owner is in its chunk until the helper is in the other.
            board.share(2, &work, || told.store(true, SeqCst))
        });
        assert!(account.is_some_and(|account| account.was_late && account.waited >= LATE));
        assert!(done.into_inner());
    }

    #[test]
    fn a_second_job_is_refused_while_one_is_open() {
        let board = Board::default();
        let refused = AtomicBool::new(false);
        let work = |_| refused.store(board.share(1, &|_| {}, || {}).is_none(), SeqCst);
        assert!(board.share(1, &work, || {}).is_some());
        assert!(refused.into_inner());
        assert!(board.share(1, &|_| {}, || {}).is_some());
    }
}
