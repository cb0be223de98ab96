//! 16-bit floats (IEEE 754 binary16) as bits, exactly.

use ::half::f16;

/// The value of a half-precision number.
pub(in super::super) fn to_f32(bits: u16) -> f32 {
    f16::from_bits(bits).to_f32()
}

/// The nearest half-precision number, ties to even; infinity beyond the largest.
pub(super) fn from_f32(value: f32) -> u16 {
    f16::from_f32(value).to_bits()
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
