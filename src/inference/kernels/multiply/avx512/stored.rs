//! How the weights of each kind lie in memory.

use std::arch::x86_64::*;

use super::super::super::{activations::Factors, packed::PackedKind};

/// The weights of a kind.
pub(super) trait Stored {
    /// The kind.
    const KIND: PackedKind;
    /// Whether the first and the last 16 columns have scales of their own.
    const APART: bool = false;

    /// 4 columns of all rows: a run of the first 16 columns, or of the last.
    ///
    /// # Safety
    /// The machine must have AVX-512 BW.
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize) -> __m512i;

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

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize) -> __m512i {
        load(&runs[4 * side + run])
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

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize) -> __m512i {
        let more = bits(load(&runs[4 + run / 2]), side, run % 2 * 2, 0x30);
        _mm512_or_si512(pair(load(&runs[run]), side), more)
    }

    #[inline]
    fn bias(factors: &Factors, side: usize) -> i32 {
        factors.side_biases[side]
    }
}

pub(super) struct Q5;

impl Stored for Q5 {
    const KIND: PackedKind = PackedKind::Q5;

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize) -> __m512i {
        let more = bits(load(&runs[4]), side, run, 0x10);
        _mm512_or_si512(pair(load(&runs[run]), side), more)
    }
}

pub(super) struct Q4;

impl Stored for Q4 {
    const KIND: PackedKind = PackedKind::Q4;

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize) -> __m512i {
        pair(load(&runs[run]), side)
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn load(run: &[u8; 64]) -> __m512i {
    // SAFETY: 64 bytes are there to be read; no alignment is asked for.
    unsafe { _mm512_loadu_si512(run.as_ptr().cast()) }
}

/// The low halves of bytes, or the high ones.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn pair(pairs: __m512i, side: usize) -> __m512i {
    let pairs = if side == 0 { pairs } else { _mm512_srli_epi16::<4>(pairs) };
    _mm512_and_si512(pairs, _mm512_set1_epi8(15))
}

/// What codes have beyond 4 bits: of the low halves of a plane or of its high ones, so far on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn bits(plane: __m512i, side: usize, from: usize, mask: i8) -> __m512i {
    let plane = if side == 0 { _mm512_slli_epi16::<4>(plane) } else { plane };
    let bits = _mm512_srl_epi16(plane, _mm_cvtsi32_si128(from as i32));
    _mm512_and_si512(bits, _mm512_set1_epi8(mask))
}
