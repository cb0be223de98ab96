//! Tells how far a fetch is, and hears that nobody waits for it any more.

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use super::ModelStoreError;
use crate::inference::Loading;

/// How often progress is told, and how often a wait looks around.
pub(super) const TICK: Duration = Duration::from_millis(100);

/// Bytes per second over the last moments: it follows the network, and can still be read.
#[derive(Debug, Default)]
struct Rate {
    samples: VecDeque<(Instant, u64)>,
}

impl Rate {
    const WINDOW: Duration = Duration::from_secs(3);

    fn starting(now: Instant, done: u64) -> Self {
        Self { samples: VecDeque::from([(now, done)]) }
    }

    /// Adds a sample and gives the rate, if it can be told yet.
    fn sample(&mut self, now: Instant, done: u64) -> Option<f64> {
        self.samples.push_back((now, done));
        // The last sample before the window stays, so that the window is filled.
        while let Some(&(second, _)) = self.samples.get(1) {
            if now.duration_since(second) < Self::WINDOW {
                break;
            }
            self.samples.pop_front();
        }
        let &(since, from) = self.samples.front()?;
        let seconds = now.duration_since(since).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate to show")]
        let bytes = done.saturating_sub(from) as f64;
        (seconds > 0.0).then(|| bytes / seconds)
    }
}

/// The listener of a fetch: told what is done in which stage, and asked whether to go on.
pub(super) struct Reporter<'a> {
    report: &'a mut dyn FnMut(Loading),
    cancelled: &'a AtomicBool,
    stage: String,
    total: Option<u64>,
    rate: Rate,
    told: Instant,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(report: &'a mut dyn FnMut(Loading), cancelled: &'a AtomicBool) -> Self {
        let (stage, total, rate) = (String::new(), None, Rate::default());
        Self { report, cancelled, stage, total, rate, told: Instant::now() }
    }

    /// Begins a stage in which `from` bytes are already there.
    pub(super) fn begin(&mut self, stage: String, total: Option<u64>, from: u64) {
        let now = Instant::now();
        (self.stage, self.total, self.rate) = (stage, total, Rate::starting(now, from));
        self.tell(now, from, None);
    }

    /// Tells how many bytes are done, unless it was told a moment ago.
    ///
    /// # Errors
    /// If nobody waits any more.
    pub(super) fn advance(&mut self, done: u64) -> Result<(), ModelStoreError> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(ModelStoreError::Cancelled);
        }
        let now = Instant::now();
        if now.duration_since(self.told) >= TICK || self.total == Some(done) {
            let rate = self.rate.sample(now, done);
            self.tell(now, done, rate.filter(|_| self.total.is_some()));
        }
        Ok(())
    }

    fn tell(&mut self, now: Instant, done: u64, bytes_per_second: Option<f64>) {
        self.told = now;
        let (stage, total) = (self.stage.clone(), self.total);
        (self.report)(Loading { stage, done, total, bytes_per_second });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_follows_the_last_moments() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut rate = Rate::starting(start, 500);
        assert_eq!(rate.sample(start, 500), None);
        assert_eq!(rate.sample(at(1), 600), Some(100.0));
        assert_eq!(rate.sample(at(2), 900), Some(200.0));
        for second in 3..10 {
            rate.sample(at(second), 900);
        }
        assert_eq!(rate.sample(at(10), 900), Some(0.0));
        assert!(rate.samples.len() <= 5);
    }

    #[test]
    fn the_end_is_always_told_and_a_cancel_is_heard() {
        let mut told = Vec::new();
        let mut tell = |loading: Loading| told.push(loading.done);
        let cancelled = AtomicBool::new(false);
        let mut reporter = Reporter::new(&mut tell, &cancelled);
        reporter.begin("testing".into(), Some(1000), 10);
        for done in 11..=1000 {
            reporter.advance(done).unwrap();
        }
        cancelled.store(true, Ordering::Relaxed);
        assert!(matches!(reporter.advance(1000), Err(ModelStoreError::Cancelled)));
        assert_eq!((told.first(), told.last()), (Some(&10), Some(&1000)));
    }
}
