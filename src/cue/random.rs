//! A little chance, the same for the same seed.

use std::f32::consts::TAU;

/// The generator splitmix64 (Steele et al., 2014): small, and good enough for eyelids and hands.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix(pub(crate) u64);

impl SplitMix {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in 0..1, below 1.
    #[expect(clippy::cast_precision_loss, reason = "24 bits fit into an f32")]
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u32 << 24) as f32
    }

    /// A number from `low` to `high`.
    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// A number of the standard normal distribution (Box and Muller, 1958).
    pub(crate) fn normal(&mut self) -> f32 {
        let radius = (-2.0 * self.unit().max(f32::MIN_POSITIVE).ln()).sqrt();
        radius * (TAU * self.unit()).cos()
    }

    /// A length of time, lognormal as people's are: around `median`, without the extremes.
    pub(crate) fn lognormal(&mut self, median: f32, spread: f32) -> f32 {
        (median * (spread * self.normal()).exp()).clamp(median * 0.3, median * 3.0)
    }

    /// An index below `count`, which must not be 0.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }
}
