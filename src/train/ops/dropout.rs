//! Dropout that is the same whenever it is asked for again.

/// Which numbers are left out of one product, and the scale of the others (Srivastava et al., 2014).
///
/// Nothing is kept: the same seed gives the same choice in the forward and the backward pass, and
/// after a training has been resumed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropout {
    /// The part that is left out, 0..1.
    pub part: f32,
    /// Which part.
    pub seed: u64,
}

impl Dropout {
    /// What each of so many numbers is multiplied with.
    pub fn mask(self, len: usize) -> Vec<f32> {
        let kept = 1.0 / (1.0 - self.part);
        let factor = |place: u64| {
            // The upper 24 bits are an even choice from 0..1.
            let chance = (mix(self.seed, place) >> 40) as f32 / (1 << 24) as f32;
            if chance < self.part { 0.0 } else { kept }
        };
        (0..len as u64).map(factor).collect()
    }
}

/// A number that looks like chance, always the same for the same two (splitmix64: Steele et al., 2014).
pub(in crate::train) fn mix(seed: u64, place: u64) -> u64 {
    let mut x = seed ^ place.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_the_part_is_left_out_and_the_mean_stays() {
        let mask = Dropout { part: 0.25, seed: 7 }.mask(100_000);
        let left_out = mask.iter().filter(|factor| **factor == 0.0).count();
        assert!((24_000..26_000).contains(&left_out), "{left_out}");
        let mean: f32 = mask.iter().sum::<f32>() / 100_000.0;
        assert!((mean - 1.0).abs() < 0.01, "{mean}");
        assert_ne!(mask, Dropout { part: 0.25, seed: 8 }.mask(100_000));
    }
}
