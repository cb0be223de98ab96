//! Makes packed matrices of plain numbers and of the blocks of ggml files.

use bytes::Bytes;

use super::{ALIGN, BLOCK, GROUP, PackedKind, PackedMatrix, block::PlaceMut, half};

mod blocks;
mod super_blocks;
// They compare with candle, which `tools/kernels` does without.
#[cfg(all(test, feature = "candle"))]
mod tests;

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

    /// A matrix of the blocks of a type of ggml that [`PackedKind::keeping`] knows.
    ///
    /// Nothing if it does not know it, the number of bytes is wrong, a row is not of whole blocks, or
    /// a scale or minimum is too large for f16.
    #[must_use]
    pub fn from_ggml(ggml_type: &str, rows: usize, columns: usize, bytes: &[u8]) -> Option<Self> {
        let of_blocks = match ggml_type {
            "Q4_0" => Self::from_q4_0,
            "Q4_1" => Self::from_q4_1,
            "Q5_0" => Self::from_q5_0,
            "Q5_1" => Self::from_q5_1,
            "Q8_0" => Self::from_q8_0,
            "Q4_K" => Self::from_q4_k,
            "Q5_K" => Self::from_q5_k,
            "Q6_K" => Self::from_q6_k,
            _ => return None,
        };
        of_blocks(rows, columns, bytes)
    }
}

/// The blocks of a matrix in a ggml file, if their number is right.
fn ggml_blocks<const BYTES: usize>(
    rows: usize,
    columns: usize,
    width: usize,
    bytes: &[u8],
) -> Option<&[[u8; BYTES]]> {
    let (blocks, rest) = bytes.as_chunks::<BYTES>();
    let fits = rows.checked_mul(columns / width) == Some(blocks.len());
    (fits && rest.is_empty() && columns.is_multiple_of(width)).then_some(blocks)
}

/// The nearest f16; nothing if there is none.
fn rounded(value: f32) -> Option<u16> {
    let bits = half::from_f32(value);
    half::to_f32(bits).is_finite().then_some(bits)
}

/// Lays out a matrix; `write` puts the block of a row and a column of blocks to its place.
fn pack(
    kind: PackedKind,
    rows: usize,
    columns: usize,
    write: impl Fn(usize, usize, &mut PlaceMut<'_>) -> Option<()>,
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
            write(row, block, &mut PlaceMut { codes, scales, lane: row % GROUP })?;
        }
    }
    let bytes = Bytes::from(memory).slice(start..start + length);
    PackedMatrix::from_bytes(kind, rows, columns, bytes)
}
