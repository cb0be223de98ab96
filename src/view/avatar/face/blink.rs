//! When eyes close for a moment.

use crate::cue::random::SplitMix;

/// Blinks of one face: at uneven intervals, the same for the same seed.
#[derive(Debug, Clone)]
pub(super) struct Blink {
    random: SplitMix,
    /// Seconds until the next one.
    wait: f32,
    /// Seconds since the eyes began to close.
    closing: Option<f32>,
}

impl Blink {
    /// How long one takes, in seconds.
    const LENGTH: f32 = 0.15;
    /// Seconds between two, in the middle.
    const MEDIAN: f32 = 3.8;
    /// How far intervals spread, on a logarithmic scale.
    const SPREAD: f32 = 0.45;
    /// The share of blinks that are followed by a second one at once.
    const DOUBLE: f32 = 0.12;
    /// Seconds between the two.
    const AGAIN: f32 = 0.22;

    pub(super) fn new(seed: u64) -> Self {
        let mut random = SplitMix(seed);
        let wait = random.lognormal(Self::MEDIAN, Self::SPREAD);
        Self { random, wait, closing: None }
    }

    /// Moves on by `dt` seconds; gives how far the eyes are closed, 0..1.
    ///
    /// A blink that comes while the eyes are not `free` is left out.
    pub(super) fn advance(&mut self, dt: f32, free: bool) -> f32 {
        if let Some(since) = &mut self.closing {
            *since += dt;
            if *since < Self::LENGTH {
                return closed(*since / Self::LENGTH);
            }
            self.closing = None;
        }
        self.wait -= dt;
        if self.wait <= 0.0 {
            let again = self.random.unit() < Self::DOUBLE;
            let long = self.random.lognormal(Self::MEDIAN, Self::SPREAD);
            self.wait = if again { Self::AGAIN } else { long };
            self.closing = free.then_some(0.0);
        }
        0.0
    }
}

/// The course of a blink, from 0 to 1: lids fall faster than they rise.
fn closed(course: f32) -> f32 {
    let part = if course < 0.4 { course / 0.4 } else { (1.0 - course) / 0.6 };
    part * part * (3.0 - 2.0 * part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: f32 = 1.0 / 60.0;

    /// The frames in which a blink begins, in ten minutes.
    fn blinks(seed: u64) -> Vec<usize> {
        let mut blink = Blink::new(seed);
        let closed: Vec<_> = (0..36_000).map(|_| blink.advance(FRAME, true) > 0.0).collect();
        (1..closed.len()).filter(|&frame| closed[frame] && !closed[frame - 1]).collect()
    }

    #[test]
    fn the_same_seed_blinks_the_same_way() {
        assert_eq!(blinks(7), blinks(7));
        assert_ne!(blinks(7), blinks(8));
    }

    #[test]
    fn there_are_about_fifteen_blinks_a_minute() {
        let count = blinks(1).len();
        assert!((100..200).contains(&count), "{count}");
    }

    #[test]
    fn a_blink_closes_the_eyes_nearly_and_opens_them_again() {
        let widest = (0..=10).map(|tenth| closed(tenth as f32 / 10.0)).fold(0.0, f32::max);
        assert!(widest > 0.99);
        assert!(closed(0.0) < 1e-6 && closed(1.0) < 1e-6);
    }
}
