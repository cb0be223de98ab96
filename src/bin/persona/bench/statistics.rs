//! What many samples come to.

use std::time::Duration;

use serde::Serialize;

use crate::error::CliError;

/// The least sample that `percent` of all samples do not exceed; 0 where there is none.
///
/// By nearest rank: it is always one of the samples.
pub fn percentile(samples: &[f64], percent: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (percent * sorted.len() as f64 / 100.0).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// The median of so many runs of a measurement.
///
/// # Errors
/// If one of the runs fails.
pub fn median_of(
    runs: usize,
    mut measure: impl FnMut() -> Result<f64, CliError>,
) -> Result<f64, CliError> {
    let samples = (0..runs).map(|_| measure()).collect::<Result<Vec<_>, _>>()?;
    Ok(percentile(&samples, 50.0))
}

/// The middle and the bad end of many samples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// The median.
    pub p50: f64,
    /// What one sample in a hundred exceeds.
    pub p99: f64,
}

impl Spread {
    /// Of these samples, to three digits behind the point.
    pub fn of(samples: &[f64]) -> Self {
        let digits = |percent| rounded(percentile(samples, percent), 3);
        Self { p50: digits(50.0), p99: digits(99.0) }
    }
}

/// A figure with so many digits behind the point, as it is reported.
pub fn rounded(figure: f64, digits: i32) -> f64 {
    let unit = 10_f64.powi(digits);
    (figure * unit).round() / unit
}

/// A time in milliseconds.
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_sample_of_that_rank() {
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        for (percent, expected) in [(0.0, 1.0), (50.0, 50.0), (99.0, 99.0), (100.0, 100.0)] {
            assert_eq!(percentile(&hundred, percent), expected);
        }
        assert_eq!(percentile(&[3.0, 1.0, 2.0], 50.0), 2.0);
        assert_eq!(percentile(&[3.0, 1.0, 2.0], 99.0), 3.0);
        assert_eq!(percentile(&[7.0], 50.0), 7.0);
        assert_eq!(percentile(&[], 50.0), 0.0);
    }

    #[test]
    fn the_median_of_runs_is_not_moved_by_one_bad_run() {
        let mut runs = [4.0, 900.0, 5.0].into_iter();
        let median = median_of(3, || Ok(runs.next().unwrap_or_default())).unwrap();
        assert_eq!(median, 5.0);
    }

    #[test]
    fn figures_are_rounded() {
        assert_eq!(rounded(12.345_6, 1), 12.3);
        assert_eq!(rounded(12.345_6, 3), 12.346);
        assert_eq!(milliseconds(Duration::from_micros(1500)), 1.5);
    }
}
