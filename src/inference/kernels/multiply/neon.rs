//! Products with NEON, 4 products of bytes in each of 4 lanes at a time.
#![expect(
    clippy::missing_safety_doc,
    reason = "all that a call asks for are the instructions that `target_feature` names"
)]

use std::arch::aarch64::*;

use super::{
    super::{
        activations::{Factors, TILE, Tile},
        packed::{GROUP, Group, PackedKind},
    },
    Products, ask_ahead,
    by_kind_and_rows::by_kind_and_rows,
};

pub(super) mod dot;
mod stored;
pub(super) mod widening;

use stored::{Q4, Q5, Q6, Q8, Stored};

/// The sums of 16 rows, in four vectors.
type Sums = [float32x4_t; 4];

/// The kernels; `$add::<N>` adds to each of 4 lanes the products of 4 weights and of the `N`th 4
/// activations.
macro_rules! kernels {
    ($features:tt, $add:ident) => {
        /// The products of a group and a tile.
        #[target_feature(enable = $features)]
        pub(in super::super) fn multiply(
            kind: PackedKind,
            group: Group<'_>,
            tile: Tile<'_>,
            products: &mut Products,
        ) {
            by_kind_and_rows!(kind, tile.rows, multiply_kind(group, tile, products));
        }

        #[target_feature(enable = $features)]
        fn multiply_kind<S: Stored, const ROWS: usize>(
            group: Group<'_>,
            tile: Tile<'_>,
            products: &mut Products,
        ) {
            let mut sums: [Sums; ROWS] = [[vdupq_n_f32(0.0); 4]; ROWS];
            let codes = group.codes.chunks_exact(S::KIND.code_bytes());
            let scales = group.scales.chunks_exact(S::KIND.scale_bytes());
            let rows = tile.codes.as_chunks::<ROWS>().0.iter();
            let rows = rows.zip(tile.factors.as_chunks::<ROWS>().0);
            for ((codes, scales), (xs, factors)) in codes.zip(scales).zip(rows) {
                ask_ahead(codes, scales);
                let (runs, scales) = (codes.as_chunks::<64>().0, scales.as_chunks::<8>().0);
                for quarter in 0..4 {
                    let mut dots = [vdupq_n_s32(0); ROWS];
                    for side in 0..2 {
                        // SAFETY: whoever calls this has NEON.
                        let weights = |run| unsafe { S::weights(runs, side, run, quarter) };
                        let [a, b, c, d] = [weights(0), weights(1), weights(2), weights(3)];
                        for row in 0..ROWS {
                            let x = load_x(&xs[row].as_chunks().0[side]);
                            dots[row] = $add::<0>(dots[row], a, x);
                            dots[row] = $add::<1>(dots[row], b, x);
                            dots[row] = $add::<2>(dots[row], c, x);
                            dots[row] = $add::<3>(dots[row], d, x);
                        }
                        if S::APART {
                            let scales = halves(&scales[4 * side + quarter]);
                            add_scaled(&mut sums, quarter, &dots, scales, factors);
                            dots = [vdupq_n_s32(0); ROWS];
                        }
                    }
                    if !S::APART {
                        add_scaled(&mut sums, quarter, &dots, halves(&scales[quarter]), factors);
                    }
                    if S::KIND.has_minimums() {
                        add_minimums(&mut sums, quarter, halves(&scales[4 + quarter]), factors);
                    }
                }
            }
            store(&sums, products);
        }
    };
}

use kernels;

/// Adds the products of a block, scaled.
#[inline]
#[target_feature(enable = "neon")]
fn add_scaled<const ROWS: usize>(
    sums: &mut [Sums; ROWS],
    quarter: usize,
    dots: &[int32x4_t; ROWS],
    scales: float32x4_t,
    factors: &[Factors; ROWS],
) {
    for row in 0..ROWS {
        let scale = vmulq_f32(scales, vdupq_n_f32(factors[row].scale));
        let dots = vcvtq_f32_s32(dots[row]);
        sums[row][quarter] = vfmaq_f32(sums[row][quarter], scale, dots);
    }
}

/// Adds the sums of activations, times minimums.
#[inline]
#[target_feature(enable = "neon")]
fn add_minimums<const ROWS: usize>(
    sums: &mut [Sums; ROWS],
    quarter: usize,
    minimums: float32x4_t,
    factors: &[Factors; ROWS],
) {
    for (sums, factors) in sums.iter_mut().zip(factors) {
        let sum = vdupq_n_f32(factors.scaled_sum);
        sums[quarter] = vfmaq_f32(sums[quarter], minimums, sum);
    }
}

#[inline]
#[target_feature(enable = "neon")]
fn load_x(x: &[i8; 16]) -> int8x16_t {
    // SAFETY: 16 bytes are there to be read; no alignment is asked for.
    unsafe { vld1q_s8(x.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn halves(bytes: &[u8; 8]) -> float32x4_t {
    // SAFETY: 8 bytes are there to be read; no alignment is asked for.
    let bytes = unsafe { vld1_u8(bytes.as_ptr()) };
    vcvt_f32_f16(vreinterpret_f16_u8(bytes))
}

#[inline]
#[target_feature(enable = "neon")]
fn store<const ROWS: usize>(sums: &[Sums; ROWS], products: &mut Products) {
    const { assert!(ROWS <= TILE && GROUP == 16) };
    for row in 0..ROWS {
        for (products, sums) in products[row].as_chunks_mut::<4>().0.iter_mut().zip(sums[row]) {
            // SAFETY: there is room for 4 numbers; no alignment is asked for.
            unsafe { vst1q_f32(products.as_mut_ptr(), sums) };
        }
    }
}
