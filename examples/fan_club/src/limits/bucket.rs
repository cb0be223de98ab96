//! So many at once, and then one every so often.

use std::time::{Duration, Instant};

/// How many of something are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    burst: u32,
    every: Duration,
}

impl Pace {
    /// `burst` at once, and then one more `every` so often. A burst of nothing takes one.
    #[must_use]
    pub fn new(burst: u32, every: Duration) -> Self {
        Self { burst: burst.max(1), every }
    }

    /// The time in which an empty bucket fills.
    #[must_use]
    pub fn fills_in(self) -> Duration {
        self.every.saturating_mul(self.burst)
    }
}

/// What is left of a pace.
///
/// Kept as the time at which the bucket is full again: each that is taken moves it by one step.
#[derive(Debug, Clone, Copy)]
pub struct Bucket {
    pace: Pace,
    full_at: Option<Instant>,
}

impl Bucket {
    /// A full one.
    #[must_use]
    pub const fn new(pace: Pace) -> Self {
        Self { pace, full_at: None }
    }

    /// Takes one.
    ///
    /// # Errors
    /// How long to wait for the next, if there is none now.
    pub fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let missing = self.missing(now);
        let after = missing.saturating_add(self.pace.every);
        match after.checked_sub(self.pace.fills_in()) {
            Some(wait) if !wait.is_zero() => Err(wait),
            _ => {
                self.full_at = now.checked_add(after);
                Ok(())
            }
        }
    }

    /// Whether there is one, without taking it.
    ///
    /// # Errors
    /// How long to wait, if there is none now.
    pub fn peek(&self, now: Instant) -> Result<(), Duration> {
        let mut copy = *self;
        copy.take(now)
    }

    /// Whether nothing is missing, so that it need not be kept.
    #[must_use]
    pub fn is_full(&self, now: Instant) -> bool {
        self.missing(now).is_zero()
    }

    fn missing(&self, now: Instant) -> Duration {
        self.full_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn after_a_burst_one_is_taken_every_so_often() {
        let now = Instant::now();
        let mut bucket = Bucket::new(Pace::new(3, 2 * SECOND));
        for _ in 0..3 {
            bucket.take(now).unwrap();
        }
        assert_eq!(bucket.take(now), Err(2 * SECOND));
        assert_eq!(bucket.take(now + SECOND), Err(SECOND));
        bucket.take(now + 2 * SECOND).unwrap();
        assert_eq!(bucket.take(now + 2 * SECOND), Err(2 * SECOND));
        assert!(!bucket.is_full(now + 7 * SECOND));
        assert!(bucket.is_full(now + 8 * SECOND));
    }

    proptest! {
        #[test]
        fn never_more_than_the_pace_are_taken(
            burst in 1..10u32,
            every in 1..5000u64,
            steps in prop::collection::vec(0..3000u64, 1..200),
        ) {
            let start = Instant::now();
            let mut now = start;
            let mut bucket = Bucket::new(Pace::new(burst, Duration::from_millis(every)));
            let mut taken = 0;
            for step in steps {
                now += Duration::from_millis(step);
                if let Err(wait) = bucket.take(now) {
                    prop_assert!(bucket.peek(now + wait).is_ok());
                } else {
                    taken += 1;
                }
                let most = u64::from(burst) + (now - start).as_millis() as u64 / every;
                prop_assert!(taken <= most);
            }
        }
    }
}
