//! With `sdot`, one instruction for 16 products.

use std::arch::asm;

use super::*;

kernels!("neon,dotprod", add);

/// Adds to each lane the products of 4 weights and of the `N`th 4 activations.
///
/// In assembly, as `vdotq_laneq_s32` is not stable yet (rust-lang/rust#117224).
#[inline]
#[target_feature(enable = "neon,dotprod")]
fn add<const N: i32>(mut sums: int32x4_t, weights: int8x16_t, x: int8x16_t) -> int32x4_t {
    // SAFETY: it changes this one register, and `target_feature` asks for the instruction.
    unsafe {
        asm!(
            "sdot {sums:v}.4s, {weights:v}.16b, {x:v}.4b[{n}]",
            sums = inout(vreg) sums,
            weights = in(vreg) weights,
            x = in(vreg) x,
            n = const N,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sums
}
