//! The helpers, as seen by the thread that runs jobs.

use std::{
    io,
    mem::take,
    sync::Arc,
    thread::{Builder, JoinHandle},
    time::Instant,
};

use super::{
    WORKER,
    board::{Account, Board},
    helper::Post,
    patience::Patience,
};

/// Helpers started so far. Dropping them stops and joins them.
#[derive(Debug, Default)]
pub(super) struct Crew(Vec<Member>);

#[derive(Debug)]
struct Member {
    post: Arc<Post>,
    thread: JoinHandle<()>,
    patience: Patience,
    /// Kept the owner of the present job waiting.
    is_late: bool,
    /// The chunks it had run when it was last sent away.
    done_before: u32,
}

impl Crew {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Starts helpers until there are this many.
    pub(super) fn hire(&mut self, helpers: usize, board: &Arc<Board>) -> io::Result<()> {
        while self.0.len() < helpers {
            let post = Arc::new(Post::default());
            let (desk, board) = (Arc::clone(&post), Arc::clone(board));
            let number = self.0.len() + 1;
            let thread =
                Builder::new().name(format!("persona math {number}")).spawn(move || {
                    WORKER.set(number);
                    desk.serve(&board);
                })?;
            let patience = Patience::new(Instant::now());
            self.0.push(Member { post, thread, patience, is_late: false, done_before: 0 });
        }
        Ok(())
    }

    /// Lets the helpers beyond this many sleep.
    pub(super) fn keep(&mut self, helpers: usize) {
        for member in self.0.iter().skip(helpers) {
            member.post.set_on_duty(false);
        }
    }

    /// Puts the first `helpers` on duty, but those sent away, and wakes up to `wanted` of them;
    /// gives whether any is on duty.
    pub(super) fn call(&mut self, helpers: usize, wanted: usize, now: Instant) -> bool {
        let mut called = 0;
        for member in self.0.iter().take(helpers).filter(|member| member.patience.offers(now)) {
            member.post.set_on_duty(true);
            if called < wanted {
                member.post.wake(member.thread.thread());
            }
            called += 1;
        }
        called > 0
    }

    /// Gives no more chunks to those that hold one now.
    pub(super) fn note_late(&mut self) {
        for member in self.0.iter_mut().filter(|member| member.post.holds()) {
            member.post.set_on_duty(false);
            member.is_late = true;
        }
    }

    /// Sends those away for a while that were late in a job, now that it is done.
    pub(super) fn send_late_away(&mut self, job: &Account, now: Instant) {
        for member in &mut self.0 {
            if take(&mut member.is_late) {
                let done = member.post.done();
                let gained = job.chunk * done.wrapping_sub(member.done_before);
                member.done_before = done;
                member.patience.send_away(gained, job.waited, now);
            }
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        for member in &self.0 {
            member.post.stop(member.thread.thread());
        }
        for member in self.0.drain(..) {
            // A helper keeps the panics of jobs for their owner and has none of its own.
            let _ = member.thread.join();
        }
    }
}
