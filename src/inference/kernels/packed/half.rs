//! 16-bit floats (IEEE 754 binary16) as bits, exactly.

/// The value of a half-precision number.
pub(in super::super) fn to_f32(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    let rest = u32::from(bits & 0x7fff) << 13;
    let magnitude = if rest >= 0x0f80_0000 {
        f32::from_bits(rest | 0x7f80_0000)
    } else {
        // The exponent bias of f32 is 112 more; a product with a power of two is exact, also for
        // the subnormal numbers.
        f32::from_bits(rest) * f32::from_bits((112 + 127) << 23)
    };
    f32::from_bits(magnitude.to_bits() | sign)
}

/// The nearest half-precision number, ties to even; infinity beyond the largest.
pub(super) fn from_f32(value: f32) -> u16 {
    let sign = ((value.to_bits() >> 16) & 0x8000) as u16;
    let magnitude = value.abs();
    if magnitude.is_nan() {
        return sign | 0x7e00;
    }
    if magnitude >= 65520.0 {
        return sign | 0x7c00;
    }
    let bits = magnitude.to_bits();
    let half = if magnitude < f32::from_bits((127 - 14) << 23) {
        // Subnormal: the last place of 1/2 and more is 2^-24, so the sum is rounded as wanted.
        (magnitude + 0.5).to_bits() - 0.5f32.to_bits()
    } else {
        let odd = (bits >> 13) & 1;
        ((bits + 0xfff + odd) >> 13) - (112 << 10)
    };
    sign | half as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_survives_the_way_there_and_back() {
        for bits in 0..=u16::MAX {
            let value = to_f32(bits);
            if value.is_nan() {
                assert!(bits & 0x7fff > 0x7c00);
                assert!(to_f32(from_f32(value)).is_nan());
            } else {
                assert_eq!(from_f32(value), bits);
            }
        }
    }

    #[test]
    fn known_numbers_have_their_known_bits() {
        let known = [(1.0, 0x3c00), (-2.0, 0xc000), (65504.0, 0x7bff), (5.960_464_5e-8, 1)];
        for (value, bits) in known {
            assert_eq!(to_f32(bits), value);
            assert_eq!(from_f32(value), bits);
        }
        assert_eq!(to_f32(0x7c00), f32::INFINITY);
    }

    #[test]
    fn numbers_between_two_go_to_the_nearer_and_ties_to_the_even_one() {
        for bits in 0..0x7bffu16 {
            let (low, high) = (to_f32(bits), to_f32(bits + 1));
            let middle = (low + high) / 2.0;
            assert_eq!(from_f32(middle), bits + (bits & 1));
            assert_eq!(from_f32(middle.next_down()), bits);
            assert_eq!(from_f32(middle.next_up()), bits + 1);
        }
        assert_eq!(from_f32(65519.996), 0x7bff);
        assert_eq!(from_f32(65520.0), 0x7c00);
    }
}
