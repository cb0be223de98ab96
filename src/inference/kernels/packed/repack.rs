//! Makes packed matrices of plain numbers and of the blocks of ggml files.
//!
//! The formats are those of `ggml-common.h`: per row, blocks of 32 columns, little-endian.

use bytes::Bytes;

use super::{ALIGN, BLOCK, GROUP, PackedKind, PackedMatrix, half};

impl PackedMatrix {
    /// Quantises row-major values to 8 bits, as ggml does for `Q8_0`: the scale of a block is its
    /// largest magnitude / 127, rounded to 16 bits.
    ///
    /// # Panics
    /// If the number of values is not `rows * columns`.
    #[must_use]
    pub fn from_f32(rows: usize, columns: usize, values: &[f32]) -> Self {
        assert!(rows.checked_mul(columns) == Some(values.len()), "a matrix of {rows} x {columns}");
        let packed = pack(PackedKind::Q8, rows, columns, |row, block, place| {
            let row = &values[row * columns..][..columns];
            let values = &row[block * BLOCK..columns.min((block + 1) * BLOCK)];
            let largest = values.iter().fold(0.0, |largest: f32, value| largest.max(value.abs()));
            let scale = largest / 127.0;
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            let mut codes = [0; BLOCK];
            for (code, value) in codes.iter_mut().zip(values) {
                *code = (value * inverse).round() as i8 as u8;
            }
            place.q8(half::from_f32(scale), &codes);
            Some(())
        });
        packed.unwrap_or_else(|| unreachable!("a matrix in memory has a size"))
    }

    /// The values of all rows, row-major.
    #[cfg(feature = "train")]
    #[must_use]
    pub fn to_f32(&self) -> Vec<f32> {
        let mut values = vec![0.0; self.rows() * self.columns()];
        for (row, out) in values.chunks_exact_mut(self.columns().max(1)).enumerate() {
            self.row(row, out);
        }
        values
    }

    /// The matrix with rows and columns exchanged, in 8 bits.
    #[cfg(feature = "train")]
    #[must_use]
    pub fn transposed(&self) -> Self {
        let (rows, columns) = (self.rows(), self.columns());
        let values = self.to_f32();
        let mut turned = vec![0.0; values.len()];
        for (row, values) in values.chunks_exact(columns.max(1)).enumerate() {
            for (column, value) in values.iter().enumerate() {
                turned[column * rows + row] = *value;
            }
        }
        Self::from_f32(columns, rows, &turned)
    }

    /// A matrix of ggml's `Q8_0`: a scale (f16) and 32 signed bytes.
    ///
    /// Nothing if the number of bytes is wrong or a row is not of whole blocks.
    #[must_use]
    pub fn from_q8_0(rows: usize, columns: usize, bytes: &[u8]) -> Option<Self> {
        let blocks = ggml_blocks::<34>(rows, columns, bytes)?;
        pack(PackedKind::Q8, rows, columns, |row, block, place| {
            let [d0, d1, codes @ ..] = &blocks[row * (columns / BLOCK) + block];
            place.q8(u16::from_le_bytes([*d0, *d1]), codes);
            Some(())
        })
    }

    /// A matrix of ggml's `Q4_0`: a scale `d` (f16) and 16 bytes of two codes; a value is
    /// `d * (code - 8)`, which is kept exactly.
    ///
    /// Nothing if the number of bytes is wrong, a row is not of whole blocks, or a scale is so
    /// large that 8 times as much is no f16.
    #[must_use]
    pub fn from_q4_0(rows: usize, columns: usize, bytes: &[u8]) -> Option<Self> {
        let blocks = ggml_blocks::<18>(rows, columns, bytes)?;
        pack(PackedKind::Q4, rows, columns, |row, block, place| {
            let [d0, d1, codes @ ..] = &blocks[row * (columns / BLOCK) + block];
            let scale = u16::from_le_bytes([*d0, *d1]);
            let minimum = half::to_f32(scale) * -8.0;
            place.q4(scale, half::from_f32(minimum), codes);
            (minimum.abs() < 65520.0).then_some(())
        })
    }

    /// A matrix of ggml's `Q4_1`: a scale `d` and a minimum `m` (f16), and 16 bytes of two codes,
    /// the low one of column j, the high one of column j + 16; a value is `d * code + m`.
    ///
    /// Nothing if the number of bytes is wrong or a row is not of whole blocks.
    #[must_use]
    pub fn from_q4_1(rows: usize, columns: usize, bytes: &[u8]) -> Option<Self> {
        let blocks = ggml_blocks::<20>(rows, columns, bytes)?;
        pack(PackedKind::Q4, rows, columns, |row, block, place| {
            let [d0, d1, m0, m1, codes @ ..] = &blocks[row * (columns / BLOCK) + block];
            place.q4(u16::from_le_bytes([*d0, *d1]), u16::from_le_bytes([*m0, *m1]), codes);
            Some(())
        })
    }
}

/// The blocks of a matrix in a ggml file, if their number is right.
fn ggml_blocks<const BYTES: usize>(
    rows: usize,
    columns: usize,
    bytes: &[u8],
) -> Option<&[[u8; BYTES]]> {
    let (blocks, rest) = bytes.as_chunks::<BYTES>();
    let fits = rows.checked_mul(columns / BLOCK) == Some(blocks.len());
    (fits && rest.is_empty() && columns.is_multiple_of(BLOCK)).then_some(blocks)
}

/// Where a block of one row goes: the codes and scales of its group, and its place among the 16.
struct Place<'a> {
    codes: &'a mut [u8],
    scales: &'a mut [u8],
    lane: usize,
}

impl Place<'_> {
    fn q8(&mut self, scale: u16, codes: &[u8; BLOCK]) {
        for (run, codes) in self.codes.chunks_exact_mut(64).zip(codes.as_chunks::<4>().0) {
            run[self.lane * 4..][..4].copy_from_slice(&codes.map(|code| code ^ 0x80));
        }
        self.half(self.lane, scale);
    }

    fn q4(&mut self, scale: u16, minimum: u16, codes: &[u8; BLOCK / 2]) {
        for (run, codes) in self.codes.chunks_exact_mut(64).zip(codes.as_chunks::<4>().0) {
            run[self.lane * 4..][..4].copy_from_slice(codes);
        }
        self.half(self.lane, scale);
        self.half(GROUP + self.lane, minimum);
    }

    fn half(&mut self, index: usize, bits: u16) {
        self.scales[index * 2..][..2].copy_from_slice(&bits.to_le_bytes());
    }
}

/// Lays out a matrix; `write` puts the block of a row and a column of blocks to its place.
fn pack(
    kind: PackedKind,
    rows: usize,
    columns: usize,
    write: impl Fn(usize, usize, &mut Place<'_>) -> Option<()>,
) -> Option<PackedMatrix> {
    let blocks = columns.div_ceil(BLOCK);
    let group_bytes = kind.group_bytes(blocks)?;
    let length = kind.matrix_bytes(rows, columns)?;
    let mut memory = vec![0; length.checked_add(ALIGN - 1)?];
    let start = memory.as_ptr().align_offset(ALIGN).min(ALIGN - 1);
    for row in 0..rows {
        let group = &mut memory[start + row / GROUP * group_bytes..][..group_bytes];
        let (codes, scales) = group.split_at_mut(blocks * kind.code_bytes());
        let codes = codes.chunks_exact_mut(kind.code_bytes());
        let scales = scales.chunks_exact_mut(kind.scale_bytes());
        for (block, (codes, scales)) in codes.zip(scales).take(blocks).enumerate() {
            write(row, block, &mut Place { codes, scales, lane: row % GROUP })?;
        }
    }
    let bytes = Bytes::from(memory).slice(start..start + length);
    PackedMatrix::from_bytes(kind, rows, columns, bytes)
}

#[cfg(test)]
mod tests {
    use super::{super::tests::noise, *};

    const ROWS: usize = 19;
    const COLUMNS: usize = 96;

    /// Blocks of so many bytes, the first of which are halves of small magnitude.
    fn blocks(bytes: usize, halves: usize) -> Vec<u8> {
        let mut random = noise(7);
        let blocks = (0..ROWS * COLUMNS / BLOCK).flat_map(|_| {
            let mut block: Vec<u8> = random.by_ref().take(bytes).map(|n| n as u8).collect();
            block[..halves * 2].iter_mut().skip(1).step_by(2).for_each(|high| *high &= 0xaf);
            block
        });
        blocks.collect()
    }

    /// Compares each value with that of its block, column by column.
    fn check(matrix: &PackedMatrix, bytes: &[u8], value: impl Fn(&[u8], usize) -> f32) {
        let of_block = bytes.len() / (ROWS * COLUMNS / BLOCK);
        let mut out = [0.0; COLUMNS];
        for (row, blocks) in bytes.chunks(of_block * COLUMNS / BLOCK).enumerate() {
            matrix.row(row, &mut out);
            for (column, out) in out.iter().enumerate() {
                let block = &blocks[column / BLOCK * of_block..][..of_block];
                assert_eq!(*out, value(block, column % BLOCK), "row {row}, column {column}");
            }
        }
    }

    fn half_at(block: &[u8], index: usize) -> f32 {
        half::to_f32(u16::from_le_bytes([block[index * 2], block[index * 2 + 1]]))
    }

    fn nibble(codes: &[u8], column: usize) -> f32 {
        f32::from(if column < 16 { codes[column] & 15 } else { codes[column - 16] >> 4 })
    }

    #[test]
    fn q8_0_is_read_as_defined() {
        let bytes = blocks(34, 1);
        let matrix = PackedMatrix::from_q8_0(ROWS, COLUMNS, &bytes).unwrap();
        check(&matrix, &bytes, |block, column| {
            half_at(block, 0) * f32::from(block[2 + column].cast_signed())
        });
    }

    #[test]
    fn q4_0_is_read_as_defined() {
        let bytes = blocks(18, 1);
        let matrix = PackedMatrix::from_q4_0(ROWS, COLUMNS, &bytes).unwrap();
        check(&matrix, &bytes, |block, column| {
            half_at(block, 0) * (nibble(&block[2..], column) - 8.0)
        });
    }

    #[test]
    fn q4_1_is_read_as_defined() {
        let bytes = blocks(20, 2);
        let matrix = PackedMatrix::from_q4_1(ROWS, COLUMNS, &bytes).unwrap();
        check(&matrix, &bytes, |block, column| {
            half_at(block, 0) * nibble(&block[4..], column) + half_at(block, 1)
        });
    }

    #[test]
    fn bytes_of_a_wrong_length_are_no_matrix() {
        let [q8_0, q4_0, q4_1] = [(34, 1), (18, 1), (20, 2)].map(|(n, halves)| blocks(n, halves));
        for (rows, columns) in [(ROWS + 1, COLUMNS), (ROWS, COLUMNS - 32), (ROWS, COLUMNS + 1)] {
            assert!(PackedMatrix::from_q8_0(rows, columns, &q8_0).is_none());
            assert!(PackedMatrix::from_q4_0(rows, columns, &q4_0).is_none());
            assert!(PackedMatrix::from_q4_1(rows, columns, &q4_1).is_none());
        }
        assert!(PackedMatrix::from_q8_0(ROWS, COLUMNS, &q8_0[1..]).is_none());
        assert!(PackedMatrix::from_q8_0(usize::MAX, usize::MAX & !31, &q8_0).is_none());
    }

    #[test]
    fn q4_0_with_a_scale_that_is_too_large_is_no_matrix() {
        let mut block = [0; 18];
        block[..2].copy_from_slice(&half::from_f32(8192.0).to_le_bytes());
        assert!(PackedMatrix::from_q4_0(1, 32, &block).is_none());
        block[..2].copy_from_slice(&half::from_f32(8188.0).to_le_bytes());
        assert!(PackedMatrix::from_q4_0(1, 32, &block).is_some());
    }

    #[test]
    fn numbers_are_quantised_as_ggml_does() {
        let mut values = [0.0; 64];
        values[..4].copy_from_slice(&[127.0, -127.0, 0.5, -1.5]);
        values[32] = -1.0;
        let matrix = PackedMatrix::from_f32(1, 64, &values);
        let mut out = [0.0; 64];
        matrix.row(0, &mut out);
        assert_eq!(out[..5], [127.0, -127.0, 1.0, -2.0, 0.0]);
        assert_eq!(out[32], half::to_f32(half::from_f32(1.0 / 127.0)) * -127.0);
    }
}
