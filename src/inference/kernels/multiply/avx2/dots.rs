//! Sums of products of codes, for 8 of the 16 rows of a group.

use std::arch::x86_64::*;

use super::super::{
    super::{activations::Factors, packed::BLOCK},
    x86::four,
};

/// The sums of the products of codes, for 8 of the 16 rows.
///
/// The signs of the weights go to the activations: 2 * 128 * 127 fits 16 bits, 2 * 255 * 127 would
/// not.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn dots_q8<const ROWS: usize>(
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
pub(super) fn dots_q4<const ROWS: usize>(
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

/// The sums of the products of codes, for 8 of the 16 rows: 8 * 31 * 127 fits 16 bits.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn dots_q5<const ROWS: usize>(
    codes: &[u8; 320],
    half: usize,
    xs: &[[i8; BLOCK]; ROWS],
) -> [__m256i; ROWS] {
    let mut dots = [_mm256_setzero_si256(); ROWS];
    let (low, high) = (_mm256_set1_epi8(15), _mm256_set1_epi8(16));
    let ones = _mm256_set1_epi16(1);
    let (pairs, planes) = codes.as_chunks::<64>().0.split_at(4);
    // Bit `run` of a byte belongs to a low half, bit `run + 4` to a high one.
    let mut bits = load(&planes[0].as_chunks::<32>().0[half]);
    for (index, pairs) in pairs.as_chunks::<2>().0.iter().enumerate() {
        let mut sums = [_mm256_setzero_si256(); ROWS];
        for (step, pairs) in pairs.iter().enumerate() {
            let both = load(&pairs.as_chunks::<32>().0[half]);
            let more = _mm256_and_si256(_mm256_slli_epi16::<4>(bits), high);
            let lows = _mm256_or_si256(_mm256_and_si256(both, low), more);
            let highs = _mm256_and_si256(_mm256_srli_epi16::<4>(both), low);
            let highs = _mm256_or_si256(highs, _mm256_and_si256(bits, high));
            let run = index * 2 + step;
            for row in 0..ROWS {
                let lows = _mm256_maddubs_epi16(lows, spread(&xs[row], run));
                let highs = _mm256_maddubs_epi16(highs, spread(&xs[row], run + 4));
                sums[row] = _mm256_add_epi16(sums[row], _mm256_add_epi16(lows, highs));
            }
            bits = _mm256_srli_epi16::<1>(bits);
        }
        for row in 0..ROWS {
            dots[row] = _mm256_add_epi32(dots[row], _mm256_madd_epi16(sums[row], ones));
        }
    }
    dots
}

/// The sums of the products of codes, for 8 of the 16 rows and the first or the last 16 columns:
/// 4 * 63 * 127 fits 16 bits.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn dots_q6<const ROWS: usize, const SIDE: usize>(
    codes: &[u8; 384],
    half: usize,
    xs: &[[i8; BLOCK]; ROWS],
    factors: &[Factors; ROWS],
) -> [__m256i; ROWS] {
    let (low, high) = (_mm256_set1_epi8(15), _mm256_set1_epi8(0x30));
    let ones = _mm256_set1_epi16(1);
    let mut dots = [_mm256_setzero_si256(); ROWS];
    for row in 0..ROWS {
        dots[row] = _mm256_set1_epi32(factors[row].side_biases[SIDE]);
    }
    let (pairs, planes) = codes.as_chunks::<64>().0.split_at(4);
    for (index, (pairs, plane)) in pairs.as_chunks::<2>().0.iter().zip(planes).enumerate() {
        // Bits 4 and 5 of a byte, then 6 and 7, are those of the next codes.
        let plane = load(&plane.as_chunks::<32>().0[half]);
        let mut bits = if SIDE == 0 { _mm256_slli_epi16::<4>(plane) } else { plane };
        let mut codes = [_mm256_setzero_si256(); 2];
        for (codes, pairs) in codes.iter_mut().zip(pairs) {
            let pairs = load(&pairs.as_chunks::<32>().0[half]);
            let pairs = if SIDE == 0 { pairs } else { _mm256_srli_epi16::<4>(pairs) };
            let more = _mm256_and_si256(bits, high);
            *codes = _mm256_or_si256(_mm256_and_si256(pairs, low), more);
            bits = _mm256_srli_epi16::<2>(bits);
        }
        let run = SIDE * 4 + index * 2;
        for row in 0..ROWS {
            let first = _mm256_maddubs_epi16(codes[0], spread(&xs[row], run));
            let second = _mm256_maddubs_epi16(codes[1], spread(&xs[row], run + 1));
            let sums = _mm256_madd_epi16(_mm256_add_epi16(first, second), ones);
            dots[row] = _mm256_add_epi32(dots[row], sums);
        }
    }
    dots
}

/// The codes of 4 columns, for all rows of the group.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
pub(in super::super) fn spread(x: &[i8; BLOCK], run: usize) -> __m256i {
    _mm256_set1_epi32(four(x, run))
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
pub(in super::super) fn load(bytes: &[u8; 32]) -> __m256i {
    // SAFETY: 32 bytes are there to be read; no alignment is asked for.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}
