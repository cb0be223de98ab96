//! How the weights of each kind lie in memory, for NEON.

use std::arch::aarch64::*;

use super::super::super::packed::PackedKind;

/// The weights of a kind.
pub(super) trait Stored {
    /// The kind.
    const KIND: PackedKind;
    /// Whether the first and the last 16 columns have scales of their own.
    const APART: bool = false;

    /// 4 columns of a quarter of the rows: a run of the first 16 columns, or of the last.
    ///
    /// # Safety
    /// The machine must have NEON.
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize, quarter: usize) -> int8x16_t;
}

pub(super) struct Q8;

impl Stored for Q8 {
    const KIND: PackedKind = PackedKind::Q8;

    /// 128 has been added; it is taken away modulo 256.
    #[inline]
    #[target_feature(enable = "neon")]
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize, quarter: usize) -> int8x16_t {
        let codes = load(&runs[4 * side + run], quarter);
        vreinterpretq_s8_u8(veorq_u8(codes, vdupq_n_u8(128)))
    }
}

pub(super) struct Q6;

impl Stored for Q6 {
    const KIND: PackedKind = PackedKind::Q6;
    const APART: bool = true;

    /// 32 has been added.
    #[inline]
    #[target_feature(enable = "neon")]
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize, quarter: usize) -> int8x16_t {
        let more = bits(load(&runs[4 + run / 2], quarter), 4 * side + run % 2 * 2, 0x30);
        let codes = vorrq_u8(pair(load(&runs[run], quarter), side), more);
        vsubq_s8(vreinterpretq_s8_u8(codes), vdupq_n_s8(32))
    }
}

pub(super) struct Q5;

impl Stored for Q5 {
    const KIND: PackedKind = PackedKind::Q5;

    #[inline]
    #[target_feature(enable = "neon")]
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize, quarter: usize) -> int8x16_t {
        let more = bits(load(&runs[4], quarter), 4 * side + run, 0x10);
        vreinterpretq_s8_u8(vorrq_u8(pair(load(&runs[run], quarter), side), more))
    }
}

pub(super) struct Q4;

impl Stored for Q4 {
    const KIND: PackedKind = PackedKind::Q4;

    #[inline]
    #[target_feature(enable = "neon")]
    unsafe fn weights(runs: &[[u8; 64]], side: usize, run: usize, quarter: usize) -> int8x16_t {
        vreinterpretq_s8_u8(pair(load(&runs[run], quarter), side))
    }
}

/// A quarter of a run.
#[inline]
#[target_feature(enable = "neon")]
fn load(run: &[u8; 64], quarter: usize) -> uint8x16_t {
    let bytes: &[u8; 16] = &run.as_chunks().0[quarter];
    // SAFETY: 16 bytes are there to be read; no alignment is asked for.
    unsafe { vld1q_u8(bytes.as_ptr()) }
}

/// The low halves of bytes, or the high ones.
#[inline]
#[target_feature(enable = "neon")]
fn pair(pairs: uint8x16_t, side: usize) -> uint8x16_t {
    if side == 0 { vandq_u8(pairs, vdupq_n_u8(15)) } else { vshrq_n_u8::<4>(pairs) }
}

/// What codes have beyond 4 bits: the bits of a plane from one on, at the place of the fifth.
#[inline]
#[target_feature(enable = "neon")]
fn bits(plane: uint8x16_t, from: usize, mask: u8) -> uint8x16_t {
    // A negative number of bits to the left is a shift to the right.
    let shift = vdupq_n_s8(4 - from as i8);
    vandq_u8(vshlq_u8(plane, shift), vdupq_n_u8(mask))
}
