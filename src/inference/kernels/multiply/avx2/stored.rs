//! How the weights of each kind lie in memory.

use std::arch::x86_64::*;

use super::super::super::{activations::Factors, packed::PackedKind};

/// The weights of a kind.
pub(super) trait Stored {
    /// The kind.
    const KIND: PackedKind;
    /// Whether the first and the last 16 columns have scales of their own.
    const APART: bool = false;
    /// How many runs of products add up to what 16 bits hold, two for each: 2 * the largest code * 127
    /// each. None where the codes have all 8 bits.
    const RUNS_IN_16_BITS: usize;

    /// 4 columns of half of the rows: a run of the first 16 columns, or of the last.
    ///
    /// # Safety
    /// The machine must have AVX2.
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize, half: usize) -> __m256i;

    /// What takes away what has been added to the weights of one side, or if they are not apart, of
    /// both.
    #[inline]
    fn bias(_factors: &Factors, _side: usize) -> i32 {
        0
    }
}

pub(super) struct Q8;

impl Stored for Q8 {
    const KIND: PackedKind = PackedKind::Q8;
    const RUNS_IN_16_BITS: usize = 0;

    #[inline]
    #[target_feature(enable = "avx2,fma,f16c")]
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize, half: usize) -> __m256i {
        of(&runs[4 * side + run], half)
    }

    #[inline]
    fn bias(factors: &Factors, _side: usize) -> i32 {
        factors.bias
    }
}

pub(super) struct Q6;

impl Stored for Q6 {
    const KIND: PackedKind = PackedKind::Q6;
    const APART: bool = true;
    const RUNS_IN_16_BITS: usize = 2;

    #[inline]
    #[target_feature(enable = "avx2,fma,f16c")]
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize, half: usize) -> __m256i {
        let more = bits(of(&runs[4 + run / 2], half), side, run % 2 * 2, 0x30);
        _mm256_or_si256(pair(of(&runs[run], half), side), more)
    }

    #[inline]
    fn bias(factors: &Factors, side: usize) -> i32 {
        factors.side_biases[side]
    }
}

pub(super) struct Q5;

impl Stored for Q5 {
    const KIND: PackedKind = PackedKind::Q5;
    const RUNS_IN_16_BITS: usize = 4;

    #[inline]
    #[target_feature(enable = "avx2,fma,f16c")]
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize, half: usize) -> __m256i {
        let more = bits(of(&runs[4], half), side, run, 0x10);
        _mm256_or_si256(pair(of(&runs[run], half), side), more)
    }
}

pub(super) struct Q4;

impl Stored for Q4 {
    const KIND: PackedKind = PackedKind::Q4;
    const RUNS_IN_16_BITS: usize = 8;

    #[inline]
    #[target_feature(enable = "avx2,fma,f16c")]
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize, half: usize) -> __m256i {
        pair(of(&runs[run], half), side)
    }
}

/// Half of a run.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn of(run: &[u8; 64], half: usize) -> __m256i {
    let half: &[u8; 32] = &run.as_chunks().0[half];
    // SAFETY: 32 bytes are there to be read; no alignment is asked for.
    unsafe { _mm256_loadu_si256(half.as_ptr().cast()) }
}

/// The low halves of bytes, or the high ones.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn pair(pairs: __m256i, side: usize) -> __m256i {
    let pairs = if side == 0 { pairs } else { _mm256_srli_epi16::<4>(pairs) };
    _mm256_and_si256(pairs, _mm256_set1_epi8(15))
}

/// What codes have beyond 4 bits: of the low halves of a plane or of its high ones, so far on.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn bits(plane: __m256i, side: usize, from: usize, mask: i8) -> __m256i {
    let plane = if side == 0 { _mm256_slli_epi16::<4>(plane) } else { plane };
    let bits = _mm256_srl_epi16(plane, _mm_cvtsi32_si128(from as i32));
    _mm256_and_si256(bits, _mm256_set1_epi8(mask))
}
