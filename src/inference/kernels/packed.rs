//! Quantised matrices, laid out for the dot-product instructions.
//!
//! The weights of 16 rows (a group) and 32 columns (a block) lie together: each run of 64 bytes
//! holds 4 neighbouring columns of all 16 rows, row by row, which is what one `vpdpbusd` wants.
//!
//! A group is the codes of all its blocks, then their scales and minimums (f16), then padding up to a
//! multiple of 64 bytes.
//!
//! | kind | codes of a block | then | bytes per 32 weights | made of ggml's |
//! |---|---|---|---|---|
//! | [`PackedKind::Q8`] | 8 runs | 16 scales | 34 | `Q8_0`, and all others |
//! | [`PackedKind::Q6`] | 4 runs of pairs, 2 planes | 16 scales of columns 0-15, 16 of 16-31 | 28 | `Q6_K` |
//! | [`PackedKind::Q5`] | 4 runs of pairs, 1 plane | 16 scales, 16 minimums | 24 | `Q5_0`, `Q5_1`, `Q5_K` |
//! | [`PackedKind::Q4`] | 4 runs of pairs | 16 scales, 16 minimums | 20 | `Q4_0`, `Q4_1`, `Q4_K` |
//!
//! A run of pairs has columns 4r to 4r + 3 in the low halves of its bytes, and those 16 further in the
//! high ones. A plane is 64 bytes in the order of a run that hold what the codes have beyond 4 bits:
//! with 5 bits, bit c / 4 is that of column c; with 6 bits, the first plane is of the columns whose
//! remainder by 16 is below 8, bits 0 and 1 of their first 4, bits 2 and 3 of the next, and bits 4 to
//! 7 of those 16 further. So one shift and one mask take them to where they are added.
//!
//! Scales and minimums of the K types are products of an f16 and a small integer; they are rounded to
//! f16 once. All other types are kept exactly.
//!
//! Rows are padded with zero weights to whole groups, columns to whole blocks.

use bytes::Bytes;

mod block;
mod half;
mod kind;
mod repack;

pub(super) use block::PAIRS;
use block::Place;
pub(super) use half::to_f32;
pub use kind::PackedKind;

/// Rows that are multiplied together.
pub(super) const GROUP: usize = 16;
/// Columns that share a scale.
pub(super) const BLOCK: usize = 32;
/// Owned weights begin at such a boundary: a cache line, and a vector of AVX-512.
const ALIGN: usize = 64;

/// A quantised matrix of [rows, columns]. A clone shares the weights.
#[derive(Clone)]
pub struct PackedMatrix {
    kind: PackedKind,
    rows: usize,
    columns: usize,
    group_bytes: usize,
    bytes: Bytes,
}

impl std::fmt::Debug for PackedMatrix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PackedMatrix({:?}, {} x {})", self.kind, self.rows, self.columns)
    }
}

/// The weights of 16 rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group<'a> {
    /// [`PackedKind::code_bytes`] for each block.
    pub(super) codes: &'a [u8],
    /// [`PackedKind::scale_bytes`] for each block.
    pub(super) scales: &'a [u8],
}

impl PackedMatrix {
    /// A matrix of bytes that are laid out already, such as those of a mapped file.
    ///
    /// Nothing if their number is wrong. They are fastest at a multiple of 64 in memory.
    #[must_use]
    pub fn from_bytes(kind: PackedKind, rows: usize, columns: usize, bytes: Bytes) -> Option<Self> {
        let group_bytes = kind.group_bytes(columns.div_ceil(BLOCK))?;
        let fits = kind.matrix_bytes(rows, columns) == Some(bytes.len());
        fits.then_some(Self { kind, rows, columns, group_bytes, bytes })
    }

    /// How the weights are stored.
    #[must_use]
    pub fn kind(&self) -> PackedKind {
        self.kind
    }

    /// The rows, each of which gives one number of the product.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The columns, as many as the vector it is multiplied with.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All weights as they lie in memory, for [`PackedMatrix::from_bytes`].
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Writes the values of a row to `out`, which has room for [`PackedMatrix::columns`].
    ///
    /// # Panics
    /// If there is no such row, or no room.
    pub fn row(&self, row: usize, out: &mut [f32]) {
        assert!(row < self.rows && out.len() == self.columns, "a row of {self:?}");
        let group = self.group(row / GROUP);
        let lane = row % GROUP;
        let codes = group.codes.chunks_exact(self.kind.code_bytes());
        let scales = group.scales.chunks_exact(self.kind.scale_bytes());
        for ((codes, scales), out) in codes.zip(scales).zip(out.chunks_mut(BLOCK)) {
            let place = Place { kind: self.kind, codes, scales, lane };
            for (column, out) in out.iter_mut().enumerate() {
                *out = place.value(column);
            }
        }
    }

    /// Groups of 16 rows, the last of which may be padded.
    pub(super) fn groups(&self) -> usize {
        self.rows.div_ceil(GROUP)
    }

    /// Bytes of each group.
    pub(super) fn bytes_per_group(&self) -> usize {
        self.group_bytes
    }

    /// The weights of the rows from `16 * index`.
    pub(super) fn group(&self, index: usize) -> Group<'_> {
        let blocks = self.columns.div_ceil(BLOCK);
        let bytes = &self.bytes[index * self.group_bytes..][..self.group_bytes];
        let (codes, rest) = bytes.split_at(blocks * self.kind.code_bytes());
        Group { codes, scales: &rest[..blocks * self.kind.scale_bytes()] }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Numbers that look like chance (splitmix64).
    pub(in super::super) fn noise(seed: u64) -> impl Iterator<Item = u64> {
        (seed..).map(|i| {
            let mut x = i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            x ^ (x >> 27)
        })
    }

    /// A matrix of random codes, also in what is padded, and scales of up to an eighth.
    pub(in super::super) fn random(
        kind: PackedKind,
        rows: usize,
        columns: usize,
        seed: u64,
    ) -> PackedMatrix {
        let (group, blocks) = (kind.matrix_bytes(1, columns).unwrap(), columns.div_ceil(BLOCK));
        let mut bytes = Vec::new();
        for random in noise(seed).take(kind.matrix_bytes(rows, columns).unwrap()) {
            let in_group = bytes.len() % group;
            let high = in_group >= blocks * kind.code_bytes() && in_group % 2 == 1;
            bytes.push(if high { random as u8 & 0xaf } else { random as u8 });
        }
        PackedMatrix::from_bytes(kind, rows, columns, bytes.into()).unwrap()
    }

    #[test]
    fn bytes_of_a_wrong_length_are_no_matrix() {
        for kind in PackedKind::ALL {
            let bytes = random(kind, 17, 33, 0).bytes().clone();
            assert!(PackedMatrix::from_bytes(kind, 17, 33, bytes.clone()).is_some());
            assert!(PackedMatrix::from_bytes(kind, 33, 33, bytes.clone()).is_none());
            assert!(PackedMatrix::from_bytes(kind, 17, 33, bytes.slice(1..)).is_none());
            assert!(PackedMatrix::from_bytes(kind, usize::MAX, usize::MAX, bytes).is_none());
        }
    }

    #[test]
    fn a_matrix_may_be_empty() {
        let matrix = PackedMatrix::from_f32(0, 5, &[]);
        assert_eq!((matrix.rows(), matrix.columns(), matrix.groups()), (0, 5, 0));
        let matrix = PackedMatrix::from_f32(3, 0, &[]);
        matrix.row(2, &mut []);
    }

    proptest! {
        #[test]
        fn bytes_make_the_same_matrix_again(rows in 1usize..40, columns in 1usize..100) {
            let values: Vec<f32> =
                noise(1).take(rows * columns).map(|n| (n % 1000) as f32 - 500.0).collect();
            let matrix = PackedMatrix::from_f32(rows, columns, &values);
            prop_assert_eq!(matrix.bytes().as_ptr() as usize % ALIGN, 0);
            let bytes = matrix.bytes().clone();
            let again = PackedMatrix::from_bytes(matrix.kind(), rows, columns, bytes).unwrap();
            for row in 0..rows {
                let mut out = [vec![0.0; columns], vec![0.0; columns]];
                matrix.row(row, &mut out[0]);
                again.row(row, &mut out[1]);
                prop_assert_eq!(&out[0], &out[1]);
                for (value, out) in values[row * columns..].iter().zip(&out[0]) {
                    // Half a step, and what the scale loses when it is rounded to f16.
                    prop_assert!((value - out).abs() <= 500.0 / 127.0 * 0.6);
                }
            }
        }
    }
}
