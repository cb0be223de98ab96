//! Where the numbers of one row are in a block of its group.

use super::{BLOCK, GROUP, PackedKind, half};

/// Bytes of 4 columns of all rows of a group.
const RUN: usize = GROUP * 4;
/// Bytes of the low halves of all codes; behind them are the higher bits.
pub(in super::super) const PAIRS: usize = GROUP * BLOCK / 2;

/// A row of a block: the codes and scales of its group, and its place among the 16.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) kind: PackedKind,
    pub(super) codes: &'a [u8],
    pub(super) scales: &'a [u8],
    pub(super) lane: usize,
}

impl Place<'_> {
    /// The weight in a column.
    pub(super) fn value(&self, column: usize) -> f32 {
        let code = f32::from(self.code(column));
        match self.kind {
            PackedKind::Q8 => self.half(0) * (code - 128.0),
            PackedKind::Q6 => self.half(column / 16) * (code - 32.0),
            PackedKind::Q5 | PackedKind::Q4 => self.half(0) * code + self.half(1),
        }
    }

    fn code(&self, column: usize) -> u8 {
        let byte = self.lane * 4 + column % 4;
        if self.kind == PackedKind::Q8 {
            return self.codes[column / 4 * RUN + byte];
        }
        let (pairs, planes) = self.codes.split_at(PAIRS);
        let pair = pairs[column % 16 / 4 * RUN + byte];
        let low = if column < 16 { pair & 15 } else { pair >> 4 };
        match self.kind {
            PackedKind::Q5 => low | (((planes[byte] >> (column / 4)) & 1) << 4),
            PackedKind::Q6 => {
                let (plane, shift) = two_bits(column);
                low | (((planes[plane * RUN + byte] >> shift) & 3) << 4)
            }
            PackedKind::Q8 | PackedKind::Q4 => low,
        }
    }

    /// The scale, or what stands behind the scales.
    fn half(&self, index: usize) -> f32 {
        let at = (index * GROUP + self.lane) * 2;
        half::to_f32(u16::from_le_bytes([self.scales[at], self.scales[at + 1]]))
    }
}

/// The plane of the 2 high bits of a column's codes of [`PackedKind::Q6`], and where they are in its
/// bytes.
fn two_bits(column: usize) -> (usize, usize) {
    (column % 16 / 8, column / 16 * 4 + column / 4 % 2 * 2)
}

/// A row of a block that is written, into bytes that are 0.
pub(super) struct PlaceMut<'a> {
    pub(super) codes: &'a mut [u8],
    pub(super) scales: &'a mut [u8],
    pub(super) lane: usize,
}

impl PlaceMut<'_> {
    /// Signed codes as bytes.
    pub(super) fn q8(&mut self, scale: u16, codes: &[u8; BLOCK]) {
        for (run, codes) in self.codes.chunks_exact_mut(RUN).zip(codes.as_chunks::<4>().0) {
            run[self.lane * 4..][..4].copy_from_slice(&codes.map(|code| code ^ 0x80));
        }
        self.halves([scale]);
    }

    /// Codes 0 to 63, with the scales of the first and the last 16.
    pub(super) fn q6(&mut self, scales: [u16; 2], codes: &[u8; BLOCK]) {
        self.pairs(&pairs(codes));
        let planes = &mut self.codes[PAIRS..];
        for (run, codes) in codes.as_chunks::<4>().0.iter().enumerate() {
            let (plane, shift) = two_bits(run * 4);
            let bytes = &mut planes[plane * RUN + self.lane * 4..][..4];
            for (byte, code) in bytes.iter_mut().zip(codes) {
                *byte |= ((code >> 4) & 3) << shift;
            }
        }
        self.halves(scales);
    }

    /// Codes 0 to 31, with scale and minimum.
    pub(super) fn q5(&mut self, scales: [u16; 2], codes: &[u8; BLOCK]) {
        self.pairs(&pairs(codes));
        let plane = &mut self.codes[PAIRS + self.lane * 4..][..4];
        for (run, codes) in codes.as_chunks::<4>().0.iter().enumerate() {
            for (byte, code) in plane.iter_mut().zip(codes) {
                *byte |= ((code >> 4) & 1) << run;
            }
        }
        self.halves(scales);
    }

    /// Codes 0 to 15 in pairs: the low one of column j, the high one of column j + 16; with scale
    /// and minimum.
    pub(super) fn q4(&mut self, scales: [u16; 2], pairs: &[u8; BLOCK / 2]) {
        self.pairs(pairs);
        self.halves(scales);
    }

    fn pairs(&mut self, pairs: &[u8; BLOCK / 2]) {
        for (run, pairs) in self.codes.chunks_exact_mut(RUN).zip(pairs.as_chunks::<4>().0) {
            run[self.lane * 4..][..4].copy_from_slice(pairs);
        }
    }

    fn halves<const N: usize>(&mut self, halves: [u16; N]) {
        for (index, bits) in halves.into_iter().enumerate() {
            let at = (index * GROUP + self.lane) * 2;
            self.scales[at..at + 2].copy_from_slice(&bits.to_le_bytes());
        }
    }
}

/// The low 4 bits of codes, in pairs as [`PlaceMut::q4`] wants them.
pub(super) fn pairs(codes: &[u8; BLOCK]) -> [u8; BLOCK / 2] {
    let mut pairs = [0; BLOCK / 2];
    let (low, high) = codes.split_at(BLOCK / 2);
    for (pair, (low, high)) in pairs.iter_mut().zip(low.iter().zip(high)) {
        *pair = (low & 15) | (high << 4);
    }
    pairs
}
