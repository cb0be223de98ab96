//! Products with AVX2: `vpmaddubsw` adds 2 products of bytes in 16 bits, here never too large.
#![expect(
    clippy::missing_safety_doc,
    reason = "all that a call asks for are the instructions that `target_feature` names"
)]

use std::arch::x86_64::*;

use super::{
    super::{
        activations::{Factors, TILE, Tile},
        packed::{GROUP, Group, PackedKind},
    },
    Products,
    by_rows::by_rows,
    x86::prefetch,
};

pub(super) mod dots;

use dots::{dots_q4, dots_q5, dots_q6, dots_q8};

/// The sums of 16 rows, in two vectors of 8.
pub(super) type Sums = [__m256; 2];

/// The products of a group and a tile.
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn multiply(
    kind: PackedKind,
    group: Group<'_>,
    tile: Tile<'_>,
    products: &mut Products,
) {
    match kind {
        PackedKind::Q8 => by_rows!(tile.rows, multiply_q8(group, tile, products)),
        PackedKind::Q6 => by_rows!(tile.rows, multiply_q6(group, tile, products)),
        PackedKind::Q5 => by_rows!(tile.rows, multiply_q5(group, tile, products)),
        PackedKind::Q4 => by_rows!(tile.rows, multiply_q4(group, tile, products)),
    }
}

#[target_feature(enable = "avx2,fma,f16c")]
fn multiply_q8<const ROWS: usize>(group: Group<'_>, tile: Tile<'_>, products: &mut Products) {
    let mut sums = [[_mm256_setzero_ps(); 2]; ROWS];
    let weights = group.codes.as_chunks::<512>().0.iter().zip(group.scales.as_chunks::<32>().0);
    let rows = tile.codes.as_chunks::<ROWS>().0.iter().zip(tile.factors.as_chunks::<ROWS>().0);
    for ((codes, scales), (xs, factors)) in weights.zip(rows) {
        prefetch(codes);
        prefetch(scales);
        for (half, scales) in scales.as_chunks::<16>().0.iter().enumerate() {
            let dots = dots_q8(codes, half, xs);
            add_scaled(&mut sums, half, &dots, halves(scales), factors);
        }
    }
    store(&sums, products);
}

#[target_feature(enable = "avx2,fma,f16c")]
fn multiply_q4<const ROWS: usize>(group: Group<'_>, tile: Tile<'_>, products: &mut Products) {
    let mut sums = [[_mm256_setzero_ps(); 2]; ROWS];
    let weights = group.codes.as_chunks::<256>().0.iter().zip(group.scales.as_chunks::<64>().0);
    let rows = tile.codes.as_chunks::<ROWS>().0.iter().zip(tile.factors.as_chunks::<ROWS>().0);
    for ((codes, scales), (xs, factors)) in weights.zip(rows) {
        prefetch(codes);
        prefetch(scales);
        let scales = scales.as_chunks::<16>().0;
        for half in 0..2 {
            let dots = dots_q4(codes, half, xs);
            add_scaled(&mut sums, half, &dots, halves(&scales[half]), factors);
            add_minimums(&mut sums, half, halves(&scales[2 + half]), factors);
        }
    }
    store(&sums, products);
}

#[target_feature(enable = "avx2,fma,f16c")]
fn multiply_q5<const ROWS: usize>(group: Group<'_>, tile: Tile<'_>, products: &mut Products) {
    let mut sums = [[_mm256_setzero_ps(); 2]; ROWS];
    let weights = group.codes.as_chunks::<320>().0.iter().zip(group.scales.as_chunks::<64>().0);
    let rows = tile.codes.as_chunks::<ROWS>().0.iter().zip(tile.factors.as_chunks::<ROWS>().0);
    for ((codes, scales), (xs, factors)) in weights.zip(rows) {
        prefetch(codes);
        prefetch(scales);
        let scales = scales.as_chunks::<16>().0;
        for half in 0..2 {
            let dots = dots_q5(codes, half, xs);
            add_scaled(&mut sums, half, &dots, halves(&scales[half]), factors);
            add_minimums(&mut sums, half, halves(&scales[2 + half]), factors);
        }
    }
    store(&sums, products);
}

#[target_feature(enable = "avx2,fma,f16c")]
fn multiply_q6<const ROWS: usize>(group: Group<'_>, tile: Tile<'_>, products: &mut Products) {
    let mut sums = [[_mm256_setzero_ps(); 2]; ROWS];
    let weights = group.codes.as_chunks::<384>().0.iter().zip(group.scales.as_chunks::<64>().0);
    let rows = tile.codes.as_chunks::<ROWS>().0.iter().zip(tile.factors.as_chunks::<ROWS>().0);
    for ((codes, scales), (xs, factors)) in weights.zip(rows) {
        prefetch(codes);
        prefetch(scales);
        let scales = scales.as_chunks::<16>().0;
        for half in 0..2 {
            let dots = dots_q6::<ROWS, 0>(codes, half, xs, factors);
            add_scaled(&mut sums, half, &dots, halves(&scales[half]), factors);
            let dots = dots_q6::<ROWS, 1>(codes, half, xs, factors);
            add_scaled(&mut sums, half, &dots, halves(&scales[2 + half]), factors);
        }
    }
    store(&sums, products);
}

/// Adds the products of a block, scaled.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn add_scaled<const ROWS: usize>(
    sums: &mut [Sums; ROWS],
    half: usize,
    dots: &[__m256i; ROWS],
    scales: __m256,
    factors: &[Factors; ROWS],
) {
    for row in 0..ROWS {
        let scale = _mm256_mul_ps(scales, _mm256_set1_ps(factors[row].scale));
        let dots = _mm256_cvtepi32_ps(dots[row]);
        sums[row][half] = _mm256_fmadd_ps(scale, dots, sums[row][half]);
    }
}

/// Adds the sums of activations, times minimums.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn add_minimums<const ROWS: usize>(
    sums: &mut [Sums; ROWS],
    half: usize,
    minimums: __m256,
    factors: &[Factors; ROWS],
) {
    for (sums, factors) in sums.iter_mut().zip(factors) {
        let sum = _mm256_set1_ps(factors.scaled_sum);
        sums[half] = _mm256_fmadd_ps(minimums, sum, sums[half]);
    }
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn halves(bytes: &[u8; 16]) -> __m256 {
    // SAFETY: 16 bytes are there to be read; no alignment is asked for.
    _mm256_cvtph_ps(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn store<const ROWS: usize>(sums: &[Sums; ROWS], products: &mut Products) {
    const { assert!(ROWS <= TILE) };
    for row in 0..ROWS {
        for (half, products) in
            products[row].as_chunks_mut::<{ GROUP / 2 }>().0.iter_mut().enumerate()
        {
            // SAFETY: there is room for 8 numbers; no alignment is asked for.
            unsafe { _mm256_storeu_ps(products.as_mut_ptr(), sums[row][half]) };
        }
    }
}
