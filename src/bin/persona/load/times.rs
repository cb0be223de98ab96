//! How long something took, over many times.

use serde::Serialize;

use crate::bench::statistics::{percentile, rounded};

/// The middle and the bad end of many times, in seconds; zeros where there were none.
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize)]
pub struct Times {
    /// How many there were.
    pub count: usize,
    /// The median.
    pub p50: f64,
    /// What one in twenty exceeds.
    pub p95: f64,
    /// What one in a hundred exceeds.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

impl Times {
    /// Of these times, to the millisecond.
    pub fn of(seconds: &[f64]) -> Self {
        let at = |percent| rounded(percentile(seconds, percent), 3);
        Self { count: seconds.len(), p50: at(50.0), p95: at(95.0), p99: at(99.0), max: at(100.0) }
    }

    /// For people to read.
    pub fn shown(&self) -> String {
        if self.count == 0 {
            return "–".into();
        }
        let Self { p50, p95, p99, max, .. } = self;
        format!("p50 {p50} s, p95 {p95} s, p99 {p99} s, max {max} s")
    }
}

/// By how much a figure grows with time: the slope of the line through these points that fits best.
pub fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let count = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
    let (x, y) = (x / count, y / count);
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let both: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    (spread > 0.0).then(|| both / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_real_samples() {
        let hundred: Vec<f64> = (1..=100).map(|n| f64::from(n) / 10.0).collect();
        let times = Times::of(&hundred);
        assert_eq!(times, Times { count: 100, p50: 5.0, p95: 9.5, p99: 9.9, max: 10.0 });
        assert_eq!(Times::of(&[0.123_456]).max, 0.123);
        assert_eq!(Times::of(&[]), Times::default());
        assert_eq!(Times::of(&[]).shown(), "–");
    }

    #[test]
    fn a_line_has_its_slope_and_a_point_has_none() {
        let line: Vec<_> = (0..9).map(|n| (f64::from(n), 7.0 - 2.0 * f64::from(n))).collect();
        assert_eq!(slope(&line), Some(-2.0));
        assert_eq!(slope(&[(1.0, 1.0), (2.0, 3.0), (3.0, 1.0)]), Some(0.0));
        assert_eq!(slope(&[(1.0, 1.0)]), None);
        assert_eq!(slope(&[]), None);
    }
}
