//! When eyes close for a moment.

use std::f32::consts::TAU;

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

    pub(super) fn new(seed: u64) -> Self {
        let mut random = SplitMix(seed);
        let wait = interval(&mut random);
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
            self.wait = interval(&mut self.random);
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

/// Seconds until the next blink: lognormal, as people's are, without the extremes.
fn interval(random: &mut SplitMix) -> f32 {
    let radius = (-2.0 * random.unit().max(f32::MIN_POSITIVE).ln()).sqrt();
    let normal = radius * (TAU * random.unit()).cos();
    (Blink::MEDIAN.ln() + Blink::SPREAD * normal).exp().clamp(1.0, 12.0)
}

/// The generator splitmix64 (Steele et al., 2014): small, and good enough for eyelids.
#[derive(Debug, Clone)]
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in 0..1, below 1.
    #[expect(clippy::cast_precision_loss, reason = "24 bits fit into an f32")]
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u32 << 24) as f32
    }
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
