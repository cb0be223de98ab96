//! Chance that can be saved: what a scene draws depends on its seed alone.

/// A generator of random numbers (`SplitMix64`).
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_die_shows_all_its_sides_and_no_other() {
        let mut dice = Dice(1);
        let sides: BTreeSet<_> = (0..200).map(|_| dice.between(1.0, 6.0).to_string()).collect();
        assert_eq!(sides, ["1", "2", "3", "4", "5", "6"].map(String::from).into());
    }

    proptest! {
        #[test]
        fn draws_lie_between(seed in any::<u64>(), from in -9.0_f32..9.0, to in -9.0_f32..9.0) {
            let drawn = Dice(seed).between(from, to);
            prop_assert!(drawn >= from.min(to) && drawn <= from.max(to));
        }
    }
}
