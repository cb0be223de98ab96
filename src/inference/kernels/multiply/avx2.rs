//! Products with AVX2, with one of two ways to add up products of bytes.
#![expect(
    clippy::missing_safety_doc,
    reason = "all that a call asks for are the instructions that `target_feature` names"
)]

use std::{arch::x86_64::*, ops::Range};

use super::{
    super::{
        activations::{Factors, TILE, Tile},
        packed::{BLOCK, GROUP, Group, PackedKind},
    },
    Products, ask_ahead,
    by_kind_and_rows::by_kind_and_rows,
    x86::four,
};

mod stored;
pub(super) mod vnni;
pub(super) mod words;

use stored::{Q4, Q5, Q6, Q8, Stored};

/// Numbers of 16 rows.
type Floats = [__m256; 2];
type Integers = [__m256i; 2];

/// The kernels; `$dots` adds up the products of a block.
macro_rules! kernels {
    ($features:tt, $dots:ident) => {
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
            let mut sums: [Floats; ROWS] = [[_mm256_setzero_ps(); 2]; ROWS];
            let codes = group.codes.chunks_exact(S::KIND.code_bytes());
            let scales = group.scales.chunks_exact(S::KIND.scale_bytes());
            let rows = tile.codes.as_chunks::<ROWS>().0.iter();
            let rows = rows.zip(tile.factors.as_chunks::<ROWS>().0);
            for ((codes, scales), (xs, factors)) in codes.zip(scales).zip(rows) {
                ask_ahead(codes, scales);
                let (runs, scales) = (codes.as_chunks::<64>().0, scales.as_chunks::<16>().0);
                for part in 0..if S::APART { 2 } else { 1 } {
                    let sides = if S::APART { part..part + 1 } else { 0..2 };
                    // SAFETY: whoever calls this has the instructions.
                    let dots = unsafe { $dots::<S, ROWS>(runs, sides, xs, factors) };
                    add_scaled(&mut sums, &dots, halves(&scales[2 * part..]), factors);
                }
                if S::KIND.has_minimums() {
                    add_minimums(&mut sums, halves(&scales[2..]), factors);
                }
            }
            store(&sums, products);
        }
    };
}

use kernels;

/// Adds the products of a block, scaled.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn add_scaled<const ROWS: usize>(
    sums: &mut [Floats; ROWS],
    dots: &[Integers; ROWS],
    scales: Floats,
    factors: &[Factors; ROWS],
) {
    for row in 0..ROWS {
        let factor = _mm256_set1_ps(factors[row].scale);
        for half in 0..2 {
            let scale = _mm256_mul_ps(scales[half], factor);
            let dots = _mm256_cvtepi32_ps(dots[row][half]);
            sums[row][half] = _mm256_fmadd_ps(scale, dots, sums[row][half]);
        }
    }
}

/// Adds the sums of activations, times minimums.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn add_minimums<const ROWS: usize>(
    sums: &mut [Floats; ROWS],
    minimums: Floats,
    factors: &[Factors; ROWS],
) {
    for (sums, factors) in sums.iter_mut().zip(factors) {
        let sum = _mm256_set1_ps(factors.scaled_sum);
        for half in 0..2 {
            sums[half] = _mm256_fmadd_ps(minimums[half], sum, sums[half]);
        }
    }
}

/// The codes of 4 columns, for all rows of the group.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn spread(x: &[i8; BLOCK], run: usize) -> __m256i {
    _mm256_set1_epi32(four(x, run))
}

/// Numbers of 16 bits for 16 rows.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn halves(bytes: &[[u8; 16]]) -> Floats {
    // SAFETY: 16 bytes are there to be read; no alignment is asked for.
    let half = |half: usize| unsafe { _mm_loadu_si128(bytes[half].as_ptr().cast()) };
    [_mm256_cvtph_ps(half(0)), _mm256_cvtph_ps(half(1))]
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn store<const ROWS: usize>(sums: &[Floats; ROWS], products: &mut Products) {
    const { assert!(ROWS <= TILE) };
    for (sums, products) in sums.iter().zip(products) {
        let products = products.as_chunks_mut::<{ GROUP / 2 }>().0.iter_mut();
        for (sums, products) in sums.iter().zip(products) {
            // SAFETY: there is room for 8 numbers; no alignment is asked for.
            unsafe { _mm256_storeu_ps(products.as_mut_ptr(), *sums) };
        }
    }
}
