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
    by_rows::by_rows,
    x86::{four, prefetch},
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
        PackedKind::Q6 => by_rows!(tile.rows, multiply_q6(group, tile, products)),
        PackedKind::Q5 => by_rows!(tile.rows, multiply_q5(group, tile, products)),
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
        add_minimums(&mut sums, halves(minimums), factors);
    }
    store(&sums, products);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn multiply_q5<const ROWS: usize>(group: Group<'_>, tile: Tile<'_>, products: &mut Products) {
    let mut sums = [_mm512_setzero_ps(); ROWS];
    let weights = group.codes.as_chunks::<320>().0.iter().zip(group.scales.as_chunks::<64>().0);
    let rows = tile.codes.as_chunks::<ROWS>().0.iter().zip(tile.factors.as_chunks::<ROWS>().0);
    let (low, high) = (_mm512_set1_epi8(15), _mm512_set1_epi8(16));
    for ((codes, scales), (xs, factors)) in weights.zip(rows) {
        prefetch(codes);
        prefetch(scales);
        let [pairs @ .., plane] = codes.as_chunks::<64>().0 else { continue };
        let mut dots = [_mm512_setzero_si512(); ROWS];
        // Bit `run` of a byte belongs to a low half, bit `run + 4` to a high one.
        let mut bits = load(plane);
        for (run, pairs) in pairs.iter().enumerate() {
            let pairs = load(pairs);
            let more = _mm512_and_si512(_mm512_slli_epi16::<4>(bits), high);
            let codes = _mm512_or_si512(_mm512_and_si512(pairs, low), more);
            add_run(&mut dots, codes, xs, run);
            let codes = _mm512_and_si512(_mm512_srli_epi16::<4>(pairs), low);
            let codes = _mm512_or_si512(codes, _mm512_and_si512(bits, high));
            add_run(&mut dots, codes, xs, run + 4);
            bits = _mm512_srli_epi16::<1>(bits);
        }
        let [scales, minimums] = scales.as_chunks::<32>().0 else { continue };
        add_scaled(&mut sums, &dots, halves(scales), factors);
        add_minimums(&mut sums, halves(minimums), factors);
    }
    store(&sums, products);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn multiply_q6<const ROWS: usize>(group: Group<'_>, tile: Tile<'_>, products: &mut Products) {
    let mut sums = [_mm512_setzero_ps(); ROWS];
    let weights = group.codes.as_chunks::<384>().0.iter().zip(group.scales.as_chunks::<64>().0);
    let rows = tile.codes.as_chunks::<ROWS>().0.iter().zip(tile.factors.as_chunks::<ROWS>().0);
    for ((codes, scales), (xs, factors)) in weights.zip(rows) {
        prefetch(codes);
        prefetch(scales);
        let [first, last] = scales.as_chunks::<32>().0 else { continue };
        let dots = dots_q6::<ROWS, 0>(codes, xs, factors);
        add_scaled(&mut sums, &dots, halves(first), factors);
        let dots = dots_q6::<ROWS, 1>(codes, xs, factors);
        add_scaled(&mut sums, &dots, halves(last), factors);
    }
    store(&sums, products);
}

/// The sums of the products of codes, for the first or the last 16 columns.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn dots_q6<const ROWS: usize, const SIDE: usize>(
    codes: &[u8; 384],
    xs: &[[i8; BLOCK]; ROWS],
    factors: &[Factors; ROWS],
) -> [__m512i; ROWS] {
    let (low, high) = (_mm512_set1_epi8(15), _mm512_set1_epi8(0x30));
    let mut dots = [_mm512_setzero_si512(); ROWS];
    for row in 0..ROWS {
        dots[row] = _mm512_set1_epi32(factors[row].side_biases[SIDE]);
    }
    let (pairs, planes) = codes.as_chunks::<64>().0.split_at(4);
    for (index, (pairs, plane)) in pairs.as_chunks::<2>().0.iter().zip(planes).enumerate() {
        // Bits 4 and 5 of a byte, then 6 and 7, are those of the next codes.
        let plane = load(plane);
        let mut bits = if SIDE == 0 { _mm512_slli_epi16::<4>(plane) } else { plane };
        for (step, pairs) in pairs.iter().enumerate() {
            let pairs = load(pairs);
            let pairs = if SIDE == 0 { pairs } else { _mm512_srli_epi16::<4>(pairs) };
            let more = _mm512_and_si512(bits, high);
            let codes = _mm512_or_si512(_mm512_and_si512(pairs, low), more);
            add_run(&mut dots, codes, xs, SIDE * 4 + index * 2 + step);
            bits = _mm512_srli_epi16::<2>(bits);
        }
    }
    dots
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
