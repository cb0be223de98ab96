//! Products with AVX-512 VNNI: `vpdpbusd` adds 4 products of bytes in each of 16 lanes.
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

/// The products of a group and a tile.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
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

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn multiply_q8<const ROWS: usize>(group: Group<'_>, tile: Tile<'_>, products: &mut Products) {
    let mut sums = [_mm512_setzero_ps(); ROWS];
    let weights = group.codes.as_chunks::<512>().0.iter().zip(group.scales.as_chunks::<32>().0);
    let rows = tile.codes.as_chunks::<ROWS>().0.iter().zip(tile.factors.as_chunks::<ROWS>().0);
    for ((codes, scales), (xs, factors)) in weights.zip(rows) {
        prefetch(codes);
        prefetch(scales);
        let mut dots = [_mm512_setzero_si512(); ROWS];
        for row in 0..ROWS {
            dots[row] = _mm512_set1_epi32(factors[row].bias);
        }
        for (run, codes) in codes.as_chunks::<64>().0.iter().enumerate() {
            add_run(&mut dots, load(codes), xs, run);
        }
        add_scaled(&mut sums, &dots, halves(scales), factors);
    }
    store(&sums, products);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn multiply_q4<const ROWS: usize>(group: Group<'_>, tile: Tile<'_>, products: &mut Products) {
    let mut sums = [_mm512_setzero_ps(); ROWS];
    let weights = group.codes.as_chunks::<256>().0.iter().zip(group.scales.as_chunks::<64>().0);
    let rows = tile.codes.as_chunks::<ROWS>().0.iter().zip(tile.factors.as_chunks::<ROWS>().0);
    let low = _mm512_set1_epi8(15);
    for ((codes, scales), (xs, factors)) in weights.zip(rows) {
        prefetch(codes);
        prefetch(scales);
        let mut dots = [_mm512_setzero_si512(); ROWS];
        for (run, codes) in codes.as_chunks::<64>().0.iter().enumerate() {
            let pairs = load(codes);
            add_run(&mut dots, _mm512_and_si512(pairs, low), xs, run);
            let high = _mm512_and_si512(_mm512_srli_epi16::<4>(pairs), low);
            add_run(&mut dots, high, xs, run + 4);
        }
        let [scales, minimums] = scales.as_chunks::<32>().0 else { continue };
        add_scaled(&mut sums, &dots, halves(scales), factors);
        let minimums = halves(minimums);
        for row in 0..ROWS {
            let sum = _mm512_set1_ps(factors[row].scaled_sum);
            sums[row] = _mm512_fmadd_ps(minimums, sum, sums[row]);
        }
    }
    store(&sums, products);
}

/// Adds the products of 4 columns.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn add_run<const ROWS: usize>(
    dots: &mut [__m512i; ROWS],
    weights: __m512i,
    xs: &[[i8; BLOCK]; ROWS],
    run: usize,
) {
    for row in 0..ROWS {
        let x = _mm512_set1_epi32(four(&xs[row], run));
        dots[row] = _mm512_dpbusd_epi32(dots[row], weights, x);
    }
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

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn load(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: 64 bytes are there to be read; no alignment is asked for.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
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
