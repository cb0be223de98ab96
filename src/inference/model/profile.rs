//! Where the time of a forward pass goes.

use std::time::{Duration, Instant};

/// A part of a forward pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// Looking tokens up, and making room.
    Begin,
    /// Root-mean-square norms, and what they give as bytes.
    Norm,
    /// What attention gives becomes bytes.
    Quantize,
    /// The products with the query, key and value matrices.
    QueryKeyValue,
    /// Turning queries and keys by their positions.
    Rotate,
    /// Writing keys and values to the cache.
    Remember,
    /// Attention over the cache.
    Attention,
    /// The product with the output matrix of attention.
    AttentionOutput,
    /// The products with the gate and up matrices.
    GateUp,
    /// The gate itself, and what it gives as bytes.
    Gate,
    /// The product with the down matrix.
    Down,
    /// What adapters change.
    Adapter,
    /// Sums.
    Add,
    /// The product with the matrix of the vocabulary.
    Output,
}

impl Operation {
    /// All of them, in the order of a pass.
    pub const ALL: [Self; 14] = [
        Self::Begin,
        Self::Norm,
        Self::Quantize,
        Self::QueryKeyValue,
        Self::Rotate,
        Self::Remember,
        Self::Attention,
        Self::AttentionOutput,
        Self::GateUp,
        Self::Gate,
        Self::Down,
        Self::Adapter,
        Self::Add,
        Self::Output,
    ];

    /// What it is called in a report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Norm => "norm",
            Self::Quantize => "quantize",
            Self::QueryKeyValue => "query_key_value",
            Self::Rotate => "rotate",
            Self::Remember => "remember",
            Self::Attention => "attention",
            Self::AttentionOutput => "attention_output",
            Self::GateUp => "gate_up",
            Self::Gate => "gate",
            Self::Down => "down",
            Self::Adapter => "adapter",
            Self::Add => "add",
            Self::Output => "output",
        }
    }
}

/// What an operation had to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Bytes of weights that were read, once for each pass.
    pub bytes: u64,
    /// Products of two numbers that were added up.
    pub products: u64,
}

/// How long each operation took, all passes together, and what it had to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    times: [(Duration, Work); Operation::ALL.len()],
    /// How many passes there were.
    pub passes: u64,
    /// How many tokens were read in them.
    pub tokens: u64,
}

impl Profile {
    /// How long an operation took, and what it had to do.
    #[must_use]
    pub fn of(&self, operation: Operation) -> (Duration, Work) {
        self.times[operation as usize]
    }

    /// The time of all operations.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.times.iter().map(|(time, _)| *time).sum()
    }

    fn add(&mut self, operation: Operation, time: Duration, work: Work) {
        let (known, done) = &mut self.times[operation as usize];
        *known += time;
        done.bytes += work.bytes;
        done.products += work.products;
    }
}

/// Measures operations one after the other, if somebody wants to know.
#[derive(Debug, Default)]
pub(super) struct Stopwatch {
    running: Option<Box<(Instant, Profile)>>,
}

impl Stopwatch {
    /// Starts anew, or stops; gives what was measured.
    pub(super) fn set(&mut self, runs: bool) -> Option<Profile> {
        let started = runs.then(|| Box::new((Instant::now(), Profile::default())));
        std::mem::replace(&mut self.running, started).map(|measured| measured.1)
    }

    /// A pass over so many tokens begins.
    pub(super) fn pass(&mut self, tokens: usize) {
        if let Some(running) = &mut self.running {
            running.0 = Instant::now();
            running.1.passes += 1;
            running.1.tokens += tokens as u64;
        }
    }

    /// The time since the last call belongs to this operation.
    pub(super) fn lap(&mut self, operation: Operation, work: impl FnOnce() -> Work) {
        if let Some(running) = &mut self.running {
            let now = Instant::now();
            running.1.add(operation, now.duration_since(running.0), work());
            running.0 = now;
        }
    }

    /// The same for an operation that reads no weights.
    pub(super) fn small_lap(&mut self, operation: Operation) {
        self.lap(operation, Work::default);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_has_its_own_place_and_name() {
        let mut names: Vec<_> = Operation::ALL.map(Operation::name).into();
        for (place, operation) in Operation::ALL.into_iter().enumerate() {
            assert_eq!(operation as usize, place);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Operation::ALL.len());
    }

    #[test]
    fn what_is_measured_adds_up() {
        let mut watch = Stopwatch::default();
        watch.small_lap(Operation::Norm);
        assert_eq!(watch.set(true), None, "nobody wanted to know");
        for _ in 0..2 {
            watch.pass(3);
            watch.small_lap(Operation::Norm);
            watch.lap(Operation::Down, || Work { bytes: 10, products: 30 });
        }
        let profile = watch.set(false).unwrap();
        assert_eq!((profile.passes, profile.tokens), (2, 6));
        assert_eq!(profile.of(Operation::Down).1, Work { bytes: 20, products: 60 });
        let parts: Duration = Operation::ALL.iter().map(|of| profile.of(*of).0).sum();
        assert_eq!(parts, profile.total());
        assert_eq!(watch.set(false), None);
    }
}
