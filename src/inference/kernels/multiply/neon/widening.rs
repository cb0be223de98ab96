//! With instructions that all 64-bit Arm processors have, five for 16 products.

use super::*;

kernels!("neon", add);

/// Adds to each lane the products of 4 weights and of the `N`th 4 activations.
///
/// Two products of -128 and 127 together still fit 16 bits.
#[inline]
#[target_feature(enable = "neon")]
fn add<const N: i32>(sums: int32x4_t, weights: int8x16_t, x: int8x16_t) -> int32x4_t {
    let x = vreinterpretq_s8_s32(vdupq_laneq_s32::<N>(vreinterpretq_s32_s8(x)));
    let low = vmull_s8(vget_low_s8(weights), vget_low_s8(x));
    let high = vmull_high_s8(weights, x);
    vpadalq_s16(sums, vpaddq_s16(low, high))
}
