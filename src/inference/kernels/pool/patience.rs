//! How long a helper that had no core is left alone.

use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_secs(1);
/// How many times the cost is "much more". Above 1 a helper is a gain, were it not for the pauses.
const WORTH: u32 = 3;

/// What one helper may be counted on, as seen by who waits for it.
///
/// Each time it is late it goes without work: for 20 ms if it did much more since the last time than
/// waiting for it cost, else for twice as long as the last time, up to a second.
#[derive(Debug)]
pub(super) struct Patience {
    pause: Duration,
    away_until: Instant,
}

impl Patience {
    pub(super) fn new(now: Instant) -> Self {
        Self { pause: Duration::ZERO, away_until: now }
    }

    /// Whether it may have work now.
    pub(super) fn offers(&self, now: Instant) -> bool {
        now >= self.away_until
    }

    /// It was late: it has gained the caller so much time since it last was, and lost so much now.
    pub(super) fn send_away(&mut self, gained: Duration, lost: Duration, now: Instant) {
        let is_worth_it = gained >= lost * WORTH;
        self.pause = if is_worth_it { FIRST } else { (self.pause * 2).clamp(FIRST, LONGEST) };
        self.away_until = now + self.pause;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(gains: &[u64]) -> Vec<u128> {
        let now = Instant::now();
        let mut patience = Patience::new(now);
        assert!(patience.offers(now));
        let pause = |&gained: &u64| {
            let lost = Duration::from_millis(4);
            patience.send_away(Duration::from_millis(gained), lost, now);
            assert!(!patience.offers(now) && patience.offers(now + patience.pause));
            patience.pause.as_millis()
        };
        gains.iter().map(pause).collect()
    }

    #[test]
    fn a_helper_that_is_late_each_time_goes_away_for_longer_up_to_a_second() {
        assert_eq!(pauses(&[1; 8]), [20, 40, 80, 160, 320, 640, 1000, 1000]);
    }

    #[test]
    fn much_work_between_makes_it_trusted_again() {
        assert_eq!(pauses(&[1, 1, 5, 12, 1, 500, 500]), [20, 40, 80, 20, 40, 20, 20]);
    }
}
