//! Chance that is the same each time: it follows from a seed and from what it is about.

/// A number below `sides` for this moment; 0 where there are no sides.
///
/// It depends on nothing that happened before, so that a scene which is resumed goes on as it would
/// have gone on.
pub fn roll(seed: u64, about: &[&str], sides: usize) -> usize {
    let mut hash = seed ^ 0xcbf2_9ce4_8422_2325;
    for part in about {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    (mixed(hash) % sides.max(1) as u64) as usize
}

/// Spreads the difference of two numbers over all bits.
fn mixed(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_moment_falls_the_same_way() {
        assert_eq!(roll(7, &["rain", "tea"], 6), roll(7, &["rain", "tea"], 6));
        assert_eq!(roll(7, &[], 0), 0);
    }

    #[test]
    fn seeds_and_moments_fall_on_every_side() {
        for sides in 1..9 {
            let by_seed: std::collections::BTreeSet<_> =
                (0..200).map(|seed| roll(seed, &["tea"], sides)).collect();
            assert_eq!(by_seed.len(), sides);
        }
        assert!((0..50).any(|n| roll(1, &[&n.to_string()], 2) != roll(2, &[&n.to_string()], 2)));
    }
}
