//! Quantises 32 numbers with AVX2.
#![expect(
    clippy::missing_safety_doc,
    reason = "all that a call asks for are the instructions that `target_feature` names"
)]

use std::arch::x86_64::*;

use super::{BLOCK, Factors, to_codes};

/// The same, with instructions of its own for each step.
#[inline]
#[target_feature(enable = "avx2")]
pub(in super::super) fn quantize(x: &[f32; BLOCK], codes: &mut [i8; BLOCK]) -> Factors {
    let mut values = [_mm256_setzero_ps(); 4];
    for (value, x) in values.iter_mut().zip(x.as_chunks::<8>().0) {
        // SAFETY: 8 numbers are there to be read; no alignment is asked for.
        *value = unsafe { _mm256_loadu_ps(x.as_ptr()) };
    }
    let largest = largest(&values);
    let Some(to_codes) = to_codes(largest) else {
        *codes = [0; BLOCK];
        return Factors::without_codes(largest);
    };
    let to_codes = _mm256_set1_ps(to_codes);
    let mut integers = [_mm256_setzero_si256(); 4];
    for (integers, value) in integers.iter_mut().zip(values) {
        *integers = _mm256_cvtps_epi32(_mm256_mul_ps(value, to_codes));
    }
    let [a, b, c, d] = integers;
    // Packing goes by halves of vectors, which leaves runs of 4 codes in a wrong order.
    let packed = _mm256_packs_epi16(_mm256_packs_epi32(a, b), _mm256_packs_epi32(c, d));
    let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    let packed = _mm256_permutevar8x32_epi32(packed, order);
    // SAFETY: there is room for 32 codes; no alignment is asked for.
    unsafe { _mm256_storeu_si256(codes.as_mut_ptr().cast(), packed) };
    Factors::new(largest, sums(&integers))
}

#[inline]
#[target_feature(enable = "avx2")]
fn largest(values: &[__m256; 4]) -> f32 {
    let mut largest = _mm256_setzero_si256();
    for &value in values {
        let magnitude =
            _mm256_and_si256(_mm256_castps_si256(value), _mm256_set1_epi32(0x7fff_ffff));
        largest = _mm256_max_epu32(largest, magnitude);
    }
    let halves = (_mm256_castsi256_si128(largest), _mm256_extracti128_si256::<1>(largest));
    let largest = _mm_max_epu32(halves.0, halves.1);
    let largest = _mm_max_epu32(largest, _mm_shuffle_epi32::<0b00_00_11_10>(largest));
    let largest = _mm_max_epu32(largest, _mm_shuffle_epi32::<0b00_00_00_01>(largest));
    f32::from_bits(_mm_cvtsi128_si32(largest).cast_unsigned())
}

/// Of the first and of the last 16 numbers.
#[inline]
#[target_feature(enable = "avx2")]
fn sums(&[a, b, c, d]: &[__m256i; 4]) -> [i32; 2] {
    let pairs = _mm256_hadd_epi32(_mm256_add_epi32(a, b), _mm256_add_epi32(c, d));
    let halves = (_mm256_castsi256_si128(pairs), _mm256_extracti128_si256::<1>(pairs));
    // Two numbers of the first 16, then two of the last.
    let pairs = _mm_add_epi32(halves.0, halves.1);
    let sums = _mm_hadd_epi32(pairs, pairs);
    [_mm_cvtsi128_si32(sums), _mm_extract_epi32::<1>(sums)]
}
