//! How the model's thread keeps to its budget.

use std::time::{Duration, Instant};

/// Keeps the number of tokens a second down: a token bucket that holds what a quarter of a second
/// gives, so that a reply begins at once and only a long one is slowed.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// The time up to which tokens were made already.
    spent_until: Option<Instant>,
}

impl Pace {
    const BUCKET: Duration = Duration::from_millis(250);
    /// So that no rate, however low, stops the model for good.
    const LONGEST: Duration = Duration::from_secs(10);

    /// Notes the tokens a pass has made until `now`; gives how long to pause before the next pass.
    ///
    /// `per_second` is [`tokens_per_second`](super::InferenceBudget::tokens_per_second). A new one counts from now on.
    pub(super) fn pause_after(&mut self, tokens: usize, per_second: f32, now: Instant) -> Duration {
        let is_limited = per_second > 0.0;
        if !is_limited {
            self.spent_until = None;
            return Duration::ZERO;
        }
        #[expect(clippy::cast_precision_loss, reason = "a pass makes few tokens")]
        let cost = Duration::try_from_secs_f32(tokens as f32 / per_second).unwrap_or(Duration::MAX);
        let full = now.checked_sub(Self::BUCKET).unwrap_or(now);
        let spent = self.spent_until.map_or(full, |spent| spent.max(full));
        let spent = (spent + cost.min(Self::LONGEST)).min(now + Self::LONGEST);
        self.spent_until = Some(spent);
        spent.saturating_duration_since(now)
    }
}

/// Tells when a thread that works without a pause should offer its core to others.
#[derive(Debug, Default)]
pub(super) struct Breather {
    working_since: Option<Instant>,
}

impl Breather {
    /// Whether `every` has passed since this was last so, or since the first call.
    ///
    /// `every` is [`yield_every`](super::InferenceBudget::yield_every).
    pub(super) fn is_due(&mut self, every: Duration, now: Instant) -> bool {
        let since = *self.working_since.get_or_insert(now);
        let due = now.saturating_duration_since(since) >= every;
        if due {
            self.working_since = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn without_a_limit_there_is_no_pause() {
        let mut pace = Pace::default();
        let now = Instant::now();
        for rate in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert_eq!(pace.pause_after(1_000_000, rate, now), Duration::ZERO);
        }
    }

    #[test]
    fn a_reply_begins_at_once_and_is_slowed_when_the_bucket_is_empty() {
        let mut pace = Pace::default();
        let now = Instant::now();
        let pauses: Vec<_> = (0..5).map(|_| pace.pause_after(1, 8.0, now)).collect();
        assert_eq!(pauses, [0, 0, 125, 250, 375].map(ms));
        assert_eq!(pace.pause_after(1, 8.0, now + ms(10_000)), Duration::ZERO);
    }

    #[test]
    fn a_limit_taken_away_leaves_no_debt() {
        let mut pace = Pace::default();
        let now = Instant::now();
        assert_eq!(pace.pause_after(50, 10.0, now), ms(4_750));
        assert_eq!(pace.pause_after(1, 0.0, now), Duration::ZERO);
        assert_eq!(pace.pause_after(1, 10.0, now), Duration::ZERO);
    }

    proptest! {
        #[test]
        fn the_rate_is_kept_whatever_a_pass_makes_and_takes(
            rate in 1.0..200.0_f32,
            passes in prop::collection::vec((1..8_usize, 0..20_u64), 50..200),
        ) {
            let (mut pace, start) = (Pace::default(), Instant::now());
            let (mut now, mut tokens) = (start, 0);
            for (made, took) in passes {
                now += ms(took);
                let seconds = (now - start).as_secs_f32();
                prop_assert!(tokens as f32 <= rate * (seconds + 0.25) * 1.001);
                tokens += made;
                now += pace.pause_after(made, rate, now);
            }
        }

        #[test]
        fn no_pause_is_without_end(tokens in 0..usize::MAX, rate in 0.0..f32::MAX) {
            let mut pace = Pace::default();
            let now = Instant::now();
            for _ in 0..3 {
                prop_assert!(pace.pause_after(tokens, rate, now) <= Pace::LONGEST);
            }
        }
    }

    #[test]
    fn a_breath_is_due_once_in_a_while_of_work() {
        let mut breather = Breather::default();
        let start = Instant::now();
        let due = [0, 3, 4, 5, 7, 9, 13].map(|at| breather.is_due(ms(4), start + ms(at)));
        assert_eq!(due, [false, false, true, false, false, true, true]);
        assert!(breather.is_due(Duration::ZERO, start + ms(100)));
    }
}
