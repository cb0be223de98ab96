//! How much memory the server takes, over time.

use std::{
    fs,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, Builder, JoinHandle},
    time::Duration,
};

use serde::Serialize;

use super::{address::Address, args::LoadArgs, error::LoadError, http, plan::Clock, times::slope};
use crate::bench::statistics::rounded;

/// How many looks there are in a run, unless they would be too close.
const LOOKS: u32 = 120;
/// How close looks are at most.
const CLOSEST: Duration = Duration::from_millis(200);
/// How many of them are reported.
const POINTS: usize = 10;

/// Megabytes at a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// Seconds since the run began.
    pub seconds: f64,
    /// Megabytes.
    pub mb: f64,
}

/// What the server took.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Memory {
    /// At ten points of the run, or fewer.
    pub points: Vec<Point>,
    /// The most.
    pub max_mb: f64,
    /// By how much it grew, the first third of the run left out.
    pub mb_per_hour: Option<f64>,
}

impl Memory {
    /// Of these looks; none if there was nothing to see.
    ///
    /// What was seen after the end does not count: all go then.
    pub fn of(seen: &[Point], end: Duration) -> Option<Self> {
        let count = seen.iter().take_while(|point| point.seconds <= end.as_secs_f64()).count();
        let seen = &seen[..count];
        let last = seen.last()?;
        let after: Vec<_> = seen
            .iter()
            .filter(|point| point.seconds >= last.seconds / 3.0)
            .map(|point| (point.seconds, point.mb))
            .collect();
        let count = seen.len().min(POINTS);
        let place = |nr: usize| nr * (seen.len() - 1) / (count - 1).max(1);
        Some(Self {
            points: (0..count).map(|nr| seen[place(nr)]).collect(),
            max_mb: seen.iter().map(|point| point.mb).fold(0.0, f64::max),
            mb_per_hour: slope(&after).map(|slope| rounded(slope * 3600.0, 1)),
        })
    }
}

/// A thread that looks at the server's memory, if it is told where.
#[derive(Default)]
pub struct Watch {
    seen: Arc<Mutex<Vec<Point>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

enum Source {
    Process(u32),
    Metrics(Address),
}

impl Watch {
    /// Begins to look.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(args: &LoadArgs, clock: Clock) -> Result<Self, LoadError> {
        let source = match (args.pid, &args.metrics) {
            (Some(pid), _) => Source::Process(pid),
            (None, Some(url)) => Source::Metrics(url.clone()),
            (None, None) => return Ok(Self::default()),
        };
        let pause = (args.minutes / LOOKS).max(CLOSEST);
        let mut watch = Self::default();
        let (seen, stop) = (watch.seen.clone(), watch.stop.clone());
        let look = move || {
            while !stop.load(Ordering::Relaxed) {
                if let Some(bytes) = source.bytes() {
                    let seconds = rounded(clock.now().as_secs_f64(), 1);
                    let point = Point { seconds, mb: rounded(bytes / 1e6, 1) };
                    seen.lock().unwrap_or_else(PoisonError::into_inner).push(point);
                }
                thread::park_timeout(pause);
            }
        };
        let thread = Builder::new().name("memory".into()).spawn(look).map_err(LoadError::Thread)?;
        watch.thread = Some(thread);
        Ok(watch)
    }

    /// The latest look, in megabytes.
    pub fn latest(&self) -> Option<f64> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).last().map(|point| point.mb)
    }

    /// Looks no longer; gives what was seen until the end.
    pub fn finish(self, end: Duration) -> Option<Memory> {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread {
            thread.thread().unpark();
            // What it saw until it panicked is as good.
            let _ = thread.join();
        }
        Memory::of(&self.seen.lock().unwrap_or_else(PoisonError::into_inner), end)
    }
}

impl Source {
    fn bytes(&self) -> Option<f64> {
        match self {
            Self::Process(pid) => {
                let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
                let rest = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
                let kilobytes: f64 = rest.split_whitespace().next()?.parse().ok()?;
                Some(kilobytes * 1024.0)
            }
            Self::Metrics(url) => resident(&http::ask(url, None).ok()?.body),
        }
    }
}

/// Finds the memory in Prometheus' text.
fn resident(metrics: &str) -> Option<f64> {
    metrics.lines().find_map(|line| {
        let (name, value) = line.split_once(' ')?;
        let name = name.split('{').next()?;
        let bytes = value.split_whitespace().next()?.parse().ok()?;
        name.ends_with("process_resident_bytes").then_some(bytes)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const END: Duration = Duration::from_secs(90);

    fn seen(count: u32, mb: impl Fn(f64) -> f64) -> Vec<Point> {
        (0..count).map(f64::from).map(|seconds| Point { seconds, mb: mb(seconds) }).collect()
    }

    #[test]
    fn growth_at_the_beginning_is_no_leak() {
        let growing = |t| if t < 30.0 { 10.0 * t } else { 300.0 };
        let memory = Memory::of(&seen(91, growing), END).unwrap();
        assert_eq!((memory.mb_per_hour, memory.max_mb), (Some(0.0), 300.0));
        let memory = Memory::of(&seen(91, |t| 100.0 + t / 60.0), END).unwrap();
        assert_eq!(memory.mb_per_hour, Some(60.0));
    }

    #[test]
    fn ten_points_go_from_the_first_look_to_the_last() {
        let points = Memory::of(&seen(200, |t| t), END).unwrap().points;
        let seconds: Vec<_> = points.iter().map(|point| point.seconds).collect();
        assert_eq!(seconds, [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0]);
        assert_eq!(Memory::of(&seen(1, |t| t), END).unwrap().points.len(), 1);
        assert_eq!(Memory::of(&[], END), None);
    }

    #[test]
    fn memory_is_found_among_metrics() {
        let text = "# TYPE fan_club_process_resident_bytes gauge\n\
            fan_club_fans 3\nfan_club_process_resident_bytes 1.5e8\n# EOF\n";
        assert_eq!(resident(text), Some(1.5e8));
        assert_eq!(resident("process_resident_bytes{a=\"b\"} 7 99"), Some(7.0));
        assert_eq!(resident("fans 3"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_takes_some_memory() {
        assert!(Source::Process(std::process::id()).bytes().unwrap() > 1e6);
        assert_eq!(Source::Process(u32::MAX).bytes(), None);
    }

    proptest! {
        #[test]
        fn no_metrics_break_the_reading(text in "([a-z_{}\" ]{0,30} ?[0-9.e]{0,5}\n){0,4}") {
            let _ = resident(&text);
        }
    }
}
