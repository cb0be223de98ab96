//! From numbers to codes of eight bits.

use super::super::simd::ROUND;

/// The scale that makes the greatest number a code of 127, and what to multiply with to get
/// codes. Compared as bits, which for numbers without sign have the same order.
pub(super) fn scale(x: &[f32]) -> (f32, f32) {
    let greatest = x.iter().map(|x| x.abs().to_bits().cast_signed()).max().unwrap_or(0);
    let greatest = f32::from_bits(greatest.cast_unsigned());
    let factor = 127.0 / greatest;
    (greatest / 127.0, if factor.is_finite() { factor } else { 0.0 })
}

/// `x * factor` rounded to the nearest whole number, ties to even: the lowest byte of the sum.
pub(super) fn code(x: f32, factor: f32) -> i8 {
    (x * factor + ROUND).to_bits() as i8
}
