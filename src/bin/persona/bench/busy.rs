//! The load of a game: threads that never rest.

use std::{
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{Builder, JoinHandle},
};

use super::error::BenchError;

/// Threads of usual priority that compute until this is dropped.
#[derive(Debug, Default)]
pub struct Busy {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Busy {
    /// So many threads.
    ///
    /// # Errors
    /// If the system gives none.
    pub fn start(threads: u32) -> Result<Self, BenchError> {
        let mut busy = Self::default();
        for number in 0..threads {
            let stop = Arc::clone(&busy.stop);
            let thread = Builder::new().name(format!("busy {number}")).spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    compute(10_000);
                }
            });
            busy.threads.push(thread.map_err(BenchError::Thread)?);
        }
        Ok(busy)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // They do nothing that can panic.
            let _ = thread.join();
        }
    }
}

/// A fixed amount of arithmetic, always the same.
pub fn compute(rounds: u64) {
    let mut state = 1_u64;
    for round in 0..rounds {
        state = black_box(state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(round));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_threads_end_with_their_owner() {
        let busy = Busy::start(2).unwrap();
        assert_eq!(busy.threads.len(), 2);
        let stop = Arc::clone(&busy.stop);
        drop(busy);
        assert_eq!(Arc::strong_count(&stop), 1);
    }
}
