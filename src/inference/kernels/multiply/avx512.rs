//! Products with AVX-512 VNNI: `vpdpbusd` adds 4 products of bytes in each of 16 lanes.
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

use stored::{Q4, Q5, Q6, Q8, Stored};

/// The products of a group and a tile.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
pub(super) fn multiply(
    kind: PackedKind,
    group: Group<'_>,
    tile: Tile<'_>,
    products: &mut Products,
) {
    by_kind_and_rows!(kind, tile.rows, multiply_kind(group, tile, products));
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn multiply_kind<S: Stored, const ROWS: usize>(
    group: Group<'_>,
    tile: Tile<'_>,
    products: &mut Products,
) {
    let mut sums = [_mm512_setzero_ps(); ROWS];
    let codes = group.codes.chunks_exact(S::KIND.code_bytes());
    let scales = group.scales.chunks_exact(S::KIND.scale_bytes());
    let rows = tile.codes.as_chunks::<ROWS>().0.iter();
    let rows = rows.zip(tile.factors.as_chunks::<ROWS>().0);
    for ((codes, scales), (xs, factors)) in codes.zip(scales).zip(rows) {
        ask_ahead(codes, scales);
        let (runs, scales) = (codes.as_chunks::<64>().0, scales.as_chunks::<32>().0);
        for (part, scales) in scales.iter().take(if S::APART { 2 } else { 1 }).enumerate() {
            let sides = if S::APART { part..part + 1 } else { 0..2 };
            let dots = dots::<S, ROWS>(runs, sides, xs, factors);
            add_scaled(&mut sums, &dots, halves(scales), factors);
        }
        if S::KIND.has_minimums() {
            add_minimums(&mut sums, halves(&scales[1]), factors);
        }
    }
    store(&sums, products);
}

/// The sums of the products of codes, of the first 16 columns, the last, or both.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn dots<S: Stored, const ROWS: usize>(
    runs: &[[u8; 64]],
    sides: Range<usize>,
    xs: &[[i8; BLOCK]; ROWS],
    factors: &[Factors; ROWS],
) -> [__m512i; ROWS] {
    let mut dots = [_mm512_setzero_si512(); ROWS];
    for row in 0..ROWS {
        dots[row] = _mm512_set1_epi32(S::bias(&factors[row], sides.start));
    }
    for run in 0..4 {
        for side in sides.clone() {
            // SAFETY: whoever calls this has AVX-512 BW.
            let weights = unsafe { S::weights(runs, side, run) };
            for row in 0..ROWS {
                let x = _mm512_set1_epi32(four(&xs[row], 4 * side + run));
                dots[row] = _mm512_dpbusd_epi32(dots[row], weights, x);
            }
        }
    }
    dots
}

/// Adds the products of a block, scaled.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn add_scaled<const ROWS: usize>(
    sums: &mut [__m512; ROWS],
    dots: &[__m512i; ROWS],
    scales: __m512,
    factors: &[Factors; ROWS],
) {
    for row in 0..ROWS {
        let scale = _mm512_mul_ps(scales, _mm512_set1_ps(factors[row].scale));
        sums[row] = _mm512_fmadd_ps(scale, _mm512_cvtepi32_ps(dots[row]), sums[row]);
    }
}

/// Adds the sums of activations, times minimums.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn add_minimums<const ROWS: usize>(
    sums: &mut [__m512; ROWS],
    minimums: __m512,
    factors: &[Factors; ROWS],
) {
    for row in 0..ROWS {
        let sum = _mm512_set1_ps(factors[row].scaled_sum);
        sums[row] = _mm512_fmadd_ps(minimums, sum, sums[row]);
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn halves(bytes: &[u8; 32]) -> __m512 {
    // SAFETY: 32 bytes are there to be read; no alignment is asked for.
    _mm512_cvtph_ps(unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) })
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn store<const ROWS: usize>(sums: &[__m512; ROWS], products: &mut Products) {
    const { assert!(ROWS <= TILE) };
    for row in 0..ROWS {
        let to: &mut [f32; GROUP] = &mut products[row];
        // SAFETY: there is room for 16 numbers; no alignment is asked for.
        unsafe { _mm512_storeu_ps(to.as_mut_ptr(), sums[row]) };
    }
}
