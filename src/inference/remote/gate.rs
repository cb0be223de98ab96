//! Who may ask the server now: its rest after failures, its wish to be left alone, our own limits.

use std::{
    cell::RefCell,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{RemoteError, RemoteLimits, RetrySettings};

/// What all replies of a server share.
#[derive(Debug)]
pub(super) struct Gate {
    url: String,
    retry: RetrySettings,
    limits: RemoteLimits,
    circuit: Circuit,
    /// Failures in a row.
    failures: u32,
    /// Replies that are open.
    open: usize,
    /// Requests that may be made at once, and when that was counted.
    allowance: f64,
    counted: Instant,
    /// When it may be asked again, because it said so.
    left_alone: Option<Instant>,
}

/// Whether the server is asked at all.
#[derive(Debug)]
enum Circuit {
    Closed,
    /// It failed too often.
    Open {
        until: Instant,
        last: Arc<RemoteError>,
    },
    /// One reply is tried.
    Probing {
        last: Arc<RemoteError>,
    },
}

/// The answer to who wants to ask.
#[derive(Debug)]
pub(super) enum Entry {
    Go(Permit),
    Wait,
    No(RemoteError),
}

/// The right to ask once; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Permit {
    gate: Rc<RefCell<Gate>>,
    /// Whether it is to show whether the server works again.
    is_probe: bool,
}

impl Gate {
    pub(super) fn new(url: &str, retry: RetrySettings, limits: RemoteLimits, now: Instant) -> Self {
        Self {
            url: url.into(),
            retry,
            limits,
            circuit: Circuit::Closed,
            failures: 0,
            open: 0,
            allowance: f64::from(limits.requests_per_minute),
            counted: now,
            left_alone: None,
        }
    }

    /// Asks for the right to ask; `until` says how long one would wait for it.
    pub(super) fn enter(gate: &Rc<RefCell<Self>>, now: Instant, until: Instant) -> Entry {
        let mut inner = gate.borrow_mut();
        let probes = match &inner.circuit {
            Circuit::Closed => None,
            Circuit::Open { until, last } if now < *until => {
                return Entry::No(inner.resting(*until - now, last));
            }
            Circuit::Open { last, .. } => Some(Arc::clone(last)),
            Circuit::Probing { last } => return Entry::No(inner.resting(PROBE, last)),
        };
        match inner.wait(now) {
            Some(wait) if now + wait > until => return Entry::No(inner.busy(wait, now)),
            Some(_) => return Entry::Wait,
            None if inner.open >= inner.limits.open => return Entry::Wait,
            None => {}
        }
        let is_probe = probes.is_some();
        if let Some(last) = probes {
            inner.circuit = Circuit::Probing { last };
        }
        inner.open += 1;
        inner.allowance -= 1.0;
        Entry::Go(Permit { gate: Rc::clone(gate), is_probe })
    }

    /// How long until a request may be made, if it may not yet.
    fn wait(&mut self, now: Instant) -> Option<Duration> {
        let alone = self.left_alone.and_then(|until| until.checked_duration_since(now));
        let per_second = f64::from(self.limits.requests_per_minute) / 60.0;
        if per_second == 0.0 {
            return alone.filter(|wait| !wait.is_zero());
        }
        let since = now.saturating_duration_since(self.counted).as_secs_f64();
        let most = f64::from(self.limits.requests_per_minute);
        self.allowance = (self.allowance + since * per_second).min(most);
        self.counted = now;
        let lacks = (1.0 - self.allowance).max(0.0) / per_second;
        let wait = Duration::from_secs_f64(lacks).max(alone.unwrap_or_default());
        Some(wait).filter(|wait| !wait.is_zero())
    }

    fn resting(&self, wait: Duration, last: &Arc<RemoteError>) -> RemoteError {
        RemoteError::Resting { wait, last: Arc::clone(last) }
    }

    fn busy(&self, wait: Duration, now: Instant) -> RemoteError {
        let said = match self.left_alone {
            Some(until) if until > now => "it said so to a reply before",
            _ => "`limits.requests_per_minute` is reached",
        };
        RemoteError::Busy { url: self.url.clone(), retry_after: Some(wait), said: said.into() }
    }
}

/// How long those wait, by what they are told, who come while a reply is tried.
const PROBE: Duration = Duration::from_secs(1);

impl Permit {
    /// The server speaks: others may ask it again.
    pub(super) fn answered(&self) {
        self.gate.borrow_mut().circuit = Circuit::Closed;
    }

    /// A reply came to its end.
    pub(super) fn worked(&self) {
        let mut gate = self.gate.borrow_mut();
        gate.circuit = Circuit::Closed;
        gate.failures = 0;
    }

    /// A reply failed.
    pub(super) fn failed(&self, error: &RemoteError, now: Instant) {
        let mut gate = self.gate.borrow_mut();
        if let RemoteError::Busy { retry_after: Some(wait), .. }
        | RemoteError::Server { retry_after: Some(wait), .. } = error
        {
            gate.left_alone = now.checked_add(*wait).max(gate.left_alone);
        }
        if !error.is_outage() {
            return;
        }
        gate.failures = gate.failures.saturating_add(1);
        let breaks_after = gate.retry.breaks_after;
        if breaks_after > 0 && gate.failures >= breaks_after {
            let until = now + gate.retry.rests_for;
            gate.circuit = Circuit::Open { until, last: Arc::new(error.clone()) };
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut gate = self.gate.borrow_mut();
        gate.open -= 1;
        // It did not show that: the next one is to.
        if let (true, Circuit::Probing { last }) = (self.is_probe, &gate.circuit) {
            gate.circuit = Circuit::Open { until: gate.counted, last: Arc::clone(last) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn outage() -> RemoteError {
        RemoteError::Server { url: "u".into(), status: 500, retry_after: None, said: "oops".into() }
    }

    fn gate(retry: RetrySettings, limits: RemoteLimits) -> (Rc<RefCell<Gate>>, Instant) {
        let now = Instant::now();
        (Rc::new(RefCell::new(Gate::new("u", retry, limits, now))), now)
    }

    fn go(gate: &Rc<RefCell<Gate>>, now: Instant) -> Permit {
        match Gate::enter(gate, now, now + SECOND) {
            Entry::Go(permit) => permit,
            other => panic!("{other:?}"),
        }
    }

    fn rests(gate: &Rc<RefCell<Gate>>, now: Instant) -> bool {
        matches!(Gate::enter(gate, now, now + SECOND), Entry::No(RemoteError::Resting { .. }))
    }

    #[test]
    fn after_failures_it_rests_and_is_then_tried_with_one_reply() {
        let retry = RetrySettings { breaks_after: 2, rests_for: 10 * SECOND, ..Default::default() };
        let (gate, now) = gate(retry, RemoteLimits::default());
        go(&gate, now).failed(&outage(), now);
        go(&gate, now).failed(&outage(), now);
        assert!(rests(&gate, now) && rests(&gate, now + 9 * SECOND));
        let later = now + 10 * SECOND;
        let probe = go(&gate, later);
        assert!(rests(&gate, later), "only one is tried");
        probe.failed(&outage(), later);
        drop(probe);
        assert!(rests(&gate, later + 9 * SECOND), "it rests again");
        let probe = go(&gate, later + 10 * SECOND);
        probe.answered();
        let other = go(&gate, later + 10 * SECOND);
        probe.worked();
        other.failed(&outage(), later);
        assert!(!rests(&gate, later), "the count began anew");
    }

    #[test]
    fn a_try_that_is_cancelled_leaves_the_next_one_to_be_tried() {
        let retry = RetrySettings { breaks_after: 1, rests_for: SECOND, ..Default::default() };
        let (gate, now) = gate(retry, RemoteLimits::default());
        go(&gate, now).failed(&outage(), now);
        drop(go(&gate, now + SECOND));
        drop(go(&gate, now + SECOND));
    }

    #[test]
    fn a_wrong_key_or_a_cancelled_reply_is_no_failure_of_the_server() {
        let retry = RetrySettings { breaks_after: 1, ..Default::default() };
        let (gate, now) = gate(retry, RemoteLimits::default());
        let said = String::new();
        let wrong = RemoteError::Forbidden { url: "u".into(), status: 401, key_env: None, said };
        go(&gate, now).failed(&wrong, now);
        drop(go(&gate, now));
        assert!(!rests(&gate, now));
    }

    #[test]
    fn a_server_that_wants_to_be_left_alone_is() {
        let (gate, now) = gate(RetrySettings::default(), RemoteLimits::default());
        let said = String::new();
        let busy = RemoteError::Busy { url: "u".into(), retry_after: Some(5 * SECOND), said };
        go(&gate, now).failed(&busy, now);
        let enter = |at, until| Gate::enter(&gate, now + at, now + until);
        assert!(matches!(enter(SECOND, 9 * SECOND), Entry::Wait));
        match enter(SECOND, 2 * SECOND) {
            Entry::No(RemoteError::Busy { retry_after, .. }) => {
                assert_eq!(retry_after, Some(4 * SECOND));
            }
            other => panic!("{other:?}"),
        }
        go(&gate, now + 5 * SECOND);
    }

    #[test]
    fn no_more_are_asked_at_once_or_in_a_minute_than_may_be() {
        let limits = RemoteLimits { open: 2, requests_per_minute: 6, ..Default::default() };
        let (gate, now) = gate(RetrySettings::default(), limits);
        let (one, _two) = (go(&gate, now), go(&gate, now));
        assert!(matches!(Gate::enter(&gate, now, now), Entry::Wait));
        drop(one);
        for _ in 0..4 {
            drop(go(&gate, now));
        }
        assert!(matches!(
            Gate::enter(&gate, now, now + SECOND),
            Entry::No(RemoteError::Busy { .. })
        ));
        assert!(matches!(Gate::enter(&gate, now, now + 10 * SECOND), Entry::Wait));
        drop(go(&gate, now + 10 * SECOND));
    }
}
