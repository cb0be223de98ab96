//! Chance that can be saved: what a scene draws depends on its seed alone.

/// A generator of random numbers (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// From 0, below 1.
    #[expect(clippy::cast_precision_loss, reason = "24 bits fit")]
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// From `from` to `to`: whole numbers where both are, the last included.
    pub(crate) fn between(&mut self, from: f32, to: f32) -> f32 {
        let (from, to) = if from <= to { (from, to) } else { (to, from) };
        if from.fract() == 0.0 && to.fract() == 0.0 {
            return (from + (self.unit() * (to - from + 1.0)).floor()).min(to);
        }
        from + self.unit() * (to - from)
    }
}
