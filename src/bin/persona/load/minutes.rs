//! What is told on stderr, minute after minute.

use std::{io::Write, time::Duration};

use super::{tally::Tally, times::Times, watch::Watch};
use crate::paint::{QUIET, WRONG};

/// How often to look whether there is something to tell.
pub const LOOK: Duration = Duration::from_millis(200);
/// How long a minute is.
const MINUTE: Duration = Duration::from_secs(60);

/// What was told so far.
#[derive(Debug, Default)]
pub struct Minutes {
    minutes: u32,
    replies: usize,
    faults: u64,
}

impl Minutes {
    /// Tells of the last minute, once it is over.
    pub fn tell(&mut self, tally: &Tally, watch: &Watch, now: Duration) {
        if now < MINUTE * (self.minutes + 1) {
            return;
        }
        self.minutes = (now.as_secs() / MINUTE.as_secs()) as u32;
        let line = self.line(tally, watch.latest());
        let wrong =
            tally.faulty() > self.faults || !tally.cross_talk.is_empty() || !tally.lost.is_empty();
        let style = if wrong { WRONG } else { QUIET };
        // Where even stderr is closed, nobody is left to tell.
        let _ = writeln!(anstream::stderr(), "{style}{line}{style:#}");
        (self.replies, self.faults) = (tally.replies.len(), tally.faulty());
    }

    fn line(&self, tally: &Tally, memory: Option<f64>) -> String {
        let new = &tally.replies[self.replies.min(tally.replies.len())..];
        let first: Vec<f64> =
            new.iter().filter_map(|reply| Some(reply.first?.as_secs_f64())).collect();
        let times = Times::of(&first);
        let mut line = format!(
            "minute {}: {} fans, {} replies, first words p50 {} s, p95 {} s, {} errors, {} \
             cross-talk, {} lost",
            self.minutes,
            tally.inside.len(),
            new.len(),
            times.p50,
            times.p95,
            tally.faulty() - self.faults,
            tally.cross_talk.len(),
            tally.lost.len()
        );
        if let Some(mb) = memory {
            line += &format!(", {mb} MB");
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::tally::Reply;

    #[test]
    fn a_line_is_about_the_last_minute() {
        let reply = |milliseconds| Reply {
            sent: Duration::ZERO,
            first: Some(Duration::from_millis(milliseconds)),
            whole: Duration::from_secs(9),
        };
        let mut tally = Tally { inside: [1, 2].into(), ..Tally::default() };
        tally.replies.extend([9_000, 200, 300].map(reply));
        tally.faults.insert("failed".into(), 5);
        let minutes = Minutes { minutes: 2, replies: 1, faults: 4 };
        assert_eq!(
            minutes.line(&tally, Some(412.5)),
            "minute 2: 2 fans, 2 replies, first words p50 0.2 s, p95 0.3 s, 1 errors, 0 \
             cross-talk, 0 lost, 412.5 MB"
        );
    }
}
