//! The formats of `ggml-common.h` in blocks of 32 columns, little-endian. All are kept exactly.

use super::{super::half, BLOCK, PackedKind, PackedMatrix, ggml_blocks, pack, rounded};

impl PackedMatrix {
    /// A matrix of ggml's `Q8_0`: a scale (f16) and 32 signed bytes.
    ///
    /// Nothing if the number of bytes is wrong or a row is not of whole blocks.
    #[must_use]
    pub fn from_q8_0(rows: usize, columns: usize, bytes: &[u8]) -> Option<Self> {
        let blocks = ggml_blocks::<34>(rows, columns, BLOCK, bytes)?;
        pack(PackedKind::Q8, rows, columns, |row, block, place| {
            let [d0, d1, codes @ ..] = &blocks[row * (columns / BLOCK) + block];
            place.q8(u16::from_le_bytes([*d0, *d1]), codes);
            Some(())
        })
    }

    /// A matrix of ggml's `Q4_0`: a scale `d` (f16) and 16 bytes of two codes; a value is
    /// `d * (code - 8)`.
    ///
    /// Nothing if the number of bytes is wrong, a row is not of whole blocks, or a scale is so
    /// large that 8 times as much is no f16.
    #[must_use]
    pub fn from_q4_0(rows: usize, columns: usize, bytes: &[u8]) -> Option<Self> {
        let blocks = ggml_blocks::<18>(rows, columns, BLOCK, bytes)?;
        pack(PackedKind::Q4, rows, columns, |row, block, place| {
            let [d0, d1, pairs @ ..] = &blocks[row * (columns / BLOCK) + block];
            place.q4(with_middle(u16::from_le_bytes([*d0, *d1]), 8.0)?, pairs);
            Some(())
        })
    }

    /// A matrix of ggml's `Q4_1`: a scale `d` and a minimum `m` (f16), and 16 bytes of two codes,
    /// the low one of column j, the high one of column j + 16; a value is `d * code + m`.
    ///
    /// Nothing if the number of bytes is wrong or a row is not of whole blocks.
    #[must_use]
    pub fn from_q4_1(rows: usize, columns: usize, bytes: &[u8]) -> Option<Self> {
        let blocks = ggml_blocks::<20>(rows, columns, BLOCK, bytes)?;
        pack(PackedKind::Q4, rows, columns, |row, block, place| {
            let [d0, d1, m0, m1, pairs @ ..] = &blocks[row * (columns / BLOCK) + block];
            let scales = [u16::from_le_bytes([*d0, *d1]), u16::from_le_bytes([*m0, *m1])];
            place.q4(scales, pairs);
            Some(())
        })
    }

    /// A matrix of ggml's `Q5_0`: a scale `d` (f16), 32 high bits, and 16 bytes of the low halves of
    /// two codes; a value is `d * (code - 16)`.
    ///
    /// Nothing if the number of bytes is wrong, a row is not of whole blocks, or a scale is so
    /// large that 16 times as much is no f16.
    #[must_use]
    pub fn from_q5_0(rows: usize, columns: usize, bytes: &[u8]) -> Option<Self> {
        let blocks = ggml_blocks::<22>(rows, columns, BLOCK, bytes)?;
        pack(PackedKind::Q5, rows, columns, |row, block, place| {
            let [d0, d1, h0, h1, h2, h3, pairs @ ..] = &blocks[row * (columns / BLOCK) + block];
            let scales = with_middle(u16::from_le_bytes([*d0, *d1]), 16.0)?;
            place.q5(scales, &of_five_bits(pairs, u32::from_le_bytes([*h0, *h1, *h2, *h3])));
            Some(())
        })
    }

    /// A matrix of ggml's `Q5_1`: a scale `d` and a minimum `m` (f16), then as [`Self::from_q5_0`];
    /// a value is `d * code + m`.
    ///
    /// Nothing if the number of bytes is wrong or a row is not of whole blocks.
    #[must_use]
    pub fn from_q5_1(rows: usize, columns: usize, bytes: &[u8]) -> Option<Self> {
        let blocks = ggml_blocks::<24>(rows, columns, BLOCK, bytes)?;
        pack(PackedKind::Q5, rows, columns, |row, block, place| {
            let [d0, d1, m0, m1, h0, h1, h2, h3, pairs @ ..] =
                &blocks[row * (columns / BLOCK) + block];
            let scales = [u16::from_le_bytes([*d0, *d1]), u16::from_le_bytes([*m0, *m1])];
            place.q5(scales, &of_five_bits(pairs, u32::from_le_bytes([*h0, *h1, *h2, *h3])));
            Some(())
        })
    }
}

/// A scale, and the minimum of codes of which this one stands for 0.
fn with_middle(scale: u16, middle: f32) -> Option<[u16; 2]> {
    Some([scale, rounded(half::to_f32(scale) * -middle)?])
}

/// Codes whose low 4 bits stand in pairs, and whose high bits follow each other by columns.
fn of_five_bits(pairs: &[u8; BLOCK / 2], high_bits: u32) -> [u8; BLOCK] {
    let mut codes = [0; BLOCK];
    for (column, pair) in pairs.iter().enumerate() {
        let high = |column: usize| (((high_bits >> column) & 1) as u8) << 4;
        codes[column] = (pair & 15) | high(column);
        codes[column + BLOCK / 2] = (pair >> 4) | high(column + BLOCK / 2);
    }
    codes
}
