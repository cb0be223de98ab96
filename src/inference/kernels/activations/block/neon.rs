//! Quantises 32 numbers with NEON.
#![expect(
    clippy::missing_safety_doc,
    reason = "all that a call asks for are the instructions that `target_feature` names"
)]

use std::arch::aarch64::*;

use super::{BLOCK, Factors, to_codes};

/// The same as the plain one, with instructions of its own for each step.
#[inline]
#[target_feature(enable = "neon")]
pub(in super::super) fn quantize(x: &[f32; BLOCK], codes: &mut [i8; BLOCK]) -> Factors {
    let mut values = [vdupq_n_f32(0.0); 8];
    for (value, x) in values.iter_mut().zip(x.as_chunks::<4>().0) {
        // SAFETY: 4 numbers are there to be read; no alignment is asked for.
        *value = unsafe { vld1q_f32(x.as_ptr()) };
    }
    let largest = largest(&values);
    let Some(to_codes) = to_codes(largest) else {
        *codes = [0; BLOCK];
        return Factors::without_codes(largest);
    };
    let mut sums = [0; 2];
    let sides = codes.as_chunks_mut::<16>().0.iter_mut().zip(values.as_chunks::<4>().0);
    for ((codes, values), sum) in sides.zip(&mut sums) {
        let nearest = nearest(values, to_codes);
        // SAFETY: there is room for 16 codes; no alignment is asked for.
        unsafe { vst1q_s8(codes.as_mut_ptr(), nearest) };
        *sum = i32::from(vaddlvq_s8(nearest));
    }
    Factors::new(largest, sums)
}

/// As integers, magnitudes have the same order, and what is no number comes last.
#[inline]
#[target_feature(enable = "neon")]
fn largest(values: &[float32x4_t; 8]) -> f32 {
    let mut largest = vdupq_n_u32(0);
    for &value in values {
        largest = vmaxq_u32(largest, vreinterpretq_u32_f32(vabsq_f32(value)));
    }
    f32::from_bits(vmaxvq_u32(largest))
}

/// Each number times `to_codes`, rounded, ties to even.
#[inline]
#[target_feature(enable = "neon")]
fn nearest(values: &[float32x4_t; 4], to_codes: f32) -> int8x16_t {
    let mut integers = [vdupq_n_s32(0); 4];
    for (integers, &value) in integers.iter_mut().zip(values) {
        *integers = vcvtnq_s32_f32(vmulq_f32(value, vdupq_n_f32(to_codes)));
    }
    let [a, b, c, d] = integers;
    let low = vmovn_high_s32(vmovn_s32(a), b);
    let high = vmovn_high_s32(vmovn_s32(c), d);
    vmovn_high_s16(vmovn_s16(low), high)
}
