//! The K types of `ggml-common.h`: blocks of 256 columns, little-endian. Parts of 16 or 32 columns
//! have small integers, times which an f16 of the block is their scale.
//!
//! Such a scale is at most 17 bits long before it is rounded to the 11 of f16, once.

use super::{
    super::{block::pairs, half},
    BLOCK, PackedKind, PackedMatrix, ggml_blocks, pack, rounded,
};

/// Columns of a block.
const WIDTH: usize = 256;
/// Blocks of ours in one.
const PARTS: usize = WIDTH / BLOCK;

impl PackedMatrix {
    /// A matrix of ggml's `Q4_K`: `d` and `dmin` (f16); a scale `s` and a minimum `m` of 6 bits for
    /// each 32 columns, in 12 bytes; 128 bytes of two codes. A value is `d * s * code - dmin * m`,
    /// with `d * s` and `dmin * m` rounded to f16.
    ///
    /// Nothing if the number of bytes is wrong, a row is not of whole blocks, or a scale or minimum
    /// is no f16.
    #[must_use]
    pub fn from_q4_k(rows: usize, columns: usize, bytes: &[u8]) -> Option<Self> {
        let blocks = ggml_blocks::<144>(rows, columns, WIDTH, bytes)?;
        pack(PackedKind::Q4, rows, columns, |row, block, place| {
            let part = block % PARTS;
            let (head, codes) =
                blocks[row * (columns / WIDTH) + block / PARTS].split_first_chunk()?;
            place.q4(scale_and_minimum(head, part)?, &pairs(&low_bits(codes, part)));
            Some(())
        })
    }

    /// A matrix of ggml's `Q5_K`: as [`Self::from_q4_k`], with 32 bytes between scales and codes,
    /// whose bits are the high ones of the codes.
    ///
    /// Nothing if the number of bytes is wrong, a row is not of whole blocks, or a scale or minimum
    /// is no f16.
    #[must_use]
    pub fn from_q5_k(rows: usize, columns: usize, bytes: &[u8]) -> Option<Self> {
        let blocks = ggml_blocks::<176>(rows, columns, WIDTH, bytes)?;
        pack(PackedKind::Q5, rows, columns, |row, block, place| {
            let part = block % PARTS;
            let (head, rest) =
                blocks[row * (columns / WIDTH) + block / PARTS].split_first_chunk()?;
            let (high_bits, codes) = rest.split_first_chunk::<BLOCK>()?;
            let mut codes = low_bits(codes, part);
            for (code, bits) in codes.iter_mut().zip(high_bits) {
                *code |= ((bits >> part) & 1) << 4;
            }
            place.q5(scale_and_minimum(head, part)?, &codes);
            Some(())
        })
    }

    /// A matrix of ggml's `Q6_K`: 128 bytes of the low halves of two codes, 64 of the high 2 bits of
    /// four, a signed byte `s` for each 16 columns, and `d` (f16). A value is `d * s * (code - 32)`,
    /// with `d * s` rounded to f16.
    ///
    /// Nothing if the number of bytes is wrong, a row is not of whole blocks, or a scale is no f16.
    #[must_use]
    pub fn from_q6_k(rows: usize, columns: usize, bytes: &[u8]) -> Option<Self> {
        let blocks = ggml_blocks::<210>(rows, columns, WIDTH, bytes)?;
        pack(PackedKind::Q6, rows, columns, |row, block, place| {
            let part = block % PARTS;
            let [numbers @ .., d0, d1] = &blocks[row * (columns / WIDTH) + block / PARTS];
            let d = half::to_f32(u16::from_le_bytes([*d0, *d1]));
            let scale = |index: usize| rounded(d * f32::from(numbers[192 + index].cast_signed()));
            let scales = [scale(part * 2)?, scale(part * 2 + 1)?];
            place.q6(scales, &of_six_bits(&numbers[..192], part));
            Some(())
        })
    }
}

/// The scale and the minimum of a part of `Q4_K` or `Q5_K`.
///
/// The integers of the first four parts are the low 6 bits of 8 bytes; those of the last four have
/// their low halves in the last 4 bytes, and their high bits above those of the first.
fn scale_and_minimum(head: &[u8; 16], part: usize) -> Option<[u16; 2]> {
    let [d0, d1, m0, m1, packed @ ..] = head;
    let (scale, minimum) = match part.checked_sub(4) {
        None => (packed[part] & 63, packed[part + 4] & 63),
        Some(part) => (
            (packed[part + 8] & 15) | ((packed[part] >> 6) << 4),
            (packed[part + 8] >> 4) | ((packed[part + 4] >> 6) << 4),
        ),
    };
    let d = half::to_f32(u16::from_le_bytes([*d0, *d1]));
    let dmin = half::to_f32(u16::from_le_bytes([*m0, *m1]));
    Some([rounded(d * f32::from(scale))?, rounded(dmin * -f32::from(minimum))?])
}

/// The low 4 bits of the codes of a part of `Q4_K` or `Q5_K`: two parts share 32 bytes.
fn low_bits(codes: &[u8], part: usize) -> [u8; BLOCK] {
    let mut low = [0; BLOCK];
    for (low, both) in low.iter_mut().zip(&codes[part / 2 * BLOCK..]) {
        *low = (both >> (part % 2 * 4)) & 15;
    }
    low
}

/// The codes of a part of `Q6_K`, in halves of 128 columns: of the four parts of one, the first and
/// the third share the low bits, and all share the high ones.
fn of_six_bits(numbers: &[u8], part: usize) -> [u8; BLOCK] {
    let (low, high) = numbers.split_at(WIDTH / 2);
    let (half, quarter) = (part / 4, part % 4);
    let low = &low[half * 64 + quarter % 2 * BLOCK..];
    let mut codes = [0; BLOCK];
    for ((code, low), high) in codes.iter_mut().zip(low).zip(&high[half * BLOCK..]) {
        *code = ((low >> (quarter / 2 * 4)) & 15) | (((high >> (quarter * 2)) & 3) << 4);
    }
    codes
}
