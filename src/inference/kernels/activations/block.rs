//! Quantises 32 numbers.

use super::super::packed::BLOCK;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "aarch64")]
mod neon;

#[cfg(target_arch = "x86_64")]
pub(super) use avx2::quantize as quantize_avx2;
#[cfg(target_arch = "aarch64")]
pub(super) use neon::quantize as quantize_neon;

/// Blocks whose largest magnitude is below count as zeros, so that its inverse is finite.
const SMALLEST: f32 = 1e-30;
/// 1.5 * 2^23: a sum with it has no room for a fraction, so it is rounded to an integer, ties to
/// even, which stands in its low bits.
const ROUNDING: f32 = 12_582_912.0;

/// What belongs to the 32 codes of a block of one row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in super::super) struct Factors {
    /// A value is its code times this.
    pub(in super::super) scale: f32,
    /// The sum of the codes times the scale: what a minimum of 1 adds to a product.
    pub(in super::super) scaled_sum: f32,
    /// The sum of the codes times -128: what takes away the 128 in the codes of weights.
    pub(in super::super) bias: i32,
    /// The sums of the first and of the last 16 codes times -32: the same for weights of 6 bits.
    pub(in super::super) side_biases: [i32; 2],
}

impl Factors {
    /// Of the largest magnitude, and the sums of the first and of the last 16 codes.
    fn new(largest: f32, sums: [i32; 2]) -> Self {
        let (scale, sum) = (largest / 127.0, sums[0] + sums[1]);
        let side_biases = sums.map(|sum| sum * -32);
        Self { scale, scaled_sum: scale * sum as f32, bias: sum * -128, side_biases }
    }

    /// Those of a block that has no codes: of zeros, or of numbers that are not finite.
    fn without_codes(largest: f32) -> Self {
        let scale = if largest < SMALLEST { 0.0 } else { f32::NAN };
        Self { scale, scaled_sum: scale, ..Self::default() }
    }
}

/// What to multiply a block of this largest magnitude by, if it can be quantised.
#[inline]
fn to_codes(largest: f32) -> Option<f32> {
    let quantisable = (SMALLEST..f32::INFINITY).contains(&largest);
    quantisable.then_some(127.0 / largest)
}

/// Rounds each number to a multiple of the largest magnitude / 127, -127 to 127 times.
pub(super) fn quantize(x: &[f32; BLOCK], codes: &mut [i8; BLOCK]) -> Factors {
    // As integers, magnitudes have the same order, and what is no number comes last.
    let largest = x.iter().fold(0, |largest, x| largest.max(x.to_bits() & 0x7fff_ffff));
    let largest = f32::from_bits(largest);
    let Some(to_codes) = to_codes(largest) else {
        *codes = [0; BLOCK];
        return Factors::without_codes(largest);
    };
    let mut sums = [0; 2];
    let sides = codes.as_chunks_mut::<{ BLOCK / 2 }>().0.iter_mut();
    for ((codes, x), sum) in sides.zip(x.as_chunks::<{ BLOCK / 2 }>().0).zip(&mut sums) {
        for (code, x) in codes.iter_mut().zip(x) {
            *code = (x * to_codes + ROUNDING).to_bits() as i8;
            *sum += i32::from(*code);
        }
    }
    Factors::new(largest, sums)
}
