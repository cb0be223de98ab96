//! Products with AVX2: `vpmaddubsw` adds 2 products of bytes in 16 bits, here never too large.
#![expect(
    clippy::missing_safety_doc,
    reason = "all that a call asks for are the instructions that `target_feature` names"
)]

use std::arch::x86_64::*;

use super::{
    super::{
        activations::{Factors, TILE, Tile},
        packed::{BLOCK, GROUP, Group, PackedKind},
    },
    Products,
    x86::{by_rows, four, prefetch},
};

/// The sums of 16 rows, in two vectors of 8.
type Sums = [__m256; 2];

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
            let minimums = halves(&scales[2 + half]);
            for (sums, factors) in sums.iter_mut().zip(factors) {
                let sum = _mm256_set1_ps(factors.scaled_sum);
                sums[half] = _mm256_fmadd_ps(minimums, sum, sums[half]);
            }
        }
    }
    store(&sums, products);
}

/// The sums of the products of codes, for 8 of the 16 rows.
///
/// The signs of the weights go to the activations: 2 * 128 * 127 fits 16 bits, 2 * 255 * 127 would
/// not.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn dots_q8<const ROWS: usize>(
    codes: &[u8; 512],
    half: usize,
    xs: &[[i8; BLOCK]; ROWS],
) -> [__m256i; ROWS] {
    let mut dots = [_mm256_setzero_si256(); ROWS];
    let ones = _mm256_set1_epi16(1);
    for (run, codes) in codes.as_chunks::<64>().0.iter().enumerate() {
        let weights = load(&codes.as_chunks::<32>().0[half]);
        let weights = _mm256_xor_si256(weights, _mm256_set1_epi8(-128));
        let magnitudes = _mm256_abs_epi8(weights);
        for row in 0..ROWS {
            let x = _mm256_sign_epi8(spread(&xs[row], run), weights);
            let pairs = _mm256_maddubs_epi16(magnitudes, x);
            dots[row] = _mm256_add_epi32(dots[row], _mm256_madd_epi16(pairs, ones));
        }
    }
    dots
}

/// The sums of the products of codes, for 8 of the 16 rows: 16 * 15 * 127 fits 16 bits.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn dots_q4<const ROWS: usize>(
    codes: &[u8; 256],
    half: usize,
    xs: &[[i8; BLOCK]; ROWS],
) -> [__m256i; ROWS] {
    let mut dots = [_mm256_setzero_si256(); ROWS];
    let low = _mm256_set1_epi8(15);
    for (run, codes) in codes.as_chunks::<64>().0.iter().enumerate() {
        let both = load(&codes.as_chunks::<32>().0[half]);
        let lows = _mm256_and_si256(both, low);
        let highs = _mm256_and_si256(_mm256_srli_epi16::<4>(both), low);
        for row in 0..ROWS {
            let lows = _mm256_maddubs_epi16(lows, spread(&xs[row], run));
            let highs = _mm256_maddubs_epi16(highs, spread(&xs[row], run + 4));
            dots[row] = _mm256_add_epi16(dots[row], _mm256_add_epi16(lows, highs));
        }
    }
    for dots in &mut dots {
        *dots = _mm256_madd_epi16(*dots, _mm256_set1_epi16(1));
    }
    dots
}

/// The codes of 4 columns, for all rows of the group.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn spread(x: &[i8; BLOCK], run: usize) -> __m256i {
    _mm256_set1_epi32(four(x, run))
}

/// Adds the products of a block, scaled.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn add_scaled<const ROWS: usize>(
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

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn load(bytes: &[u8; 32]) -> __m256i {
    // SAFETY: 32 bytes are there to be read; no alignment is asked for.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn halves(bytes: &[u8; 16]) -> __m256 {
    // SAFETY: 16 bytes are there to be read; no alignment is asked for.
    _mm256_cvtph_ps(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn store<const ROWS: usize>(sums: &[Sums; ROWS], products: &mut Products) {
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
