//! How the weights of a matrix are stored.

use super::{ALIGN, BLOCK, GROUP};

/// How the weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PackedKind {
    /// 8.5 bits a weight: (code - 128) * scale, with codes 0 to 255.
    Q8,
    /// 7 bits a weight: (code - 32) * scale, with codes 0 to 63; 16 columns share a scale.
    Q6,
    /// 6 bits a weight: code * scale + minimum, with codes 0 to 31.
    Q5,
    /// 5 bits a weight: code * scale + minimum, with codes 0 to 15.
    Q4,
}

impl PackedKind {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 4] = [Self::Q8, Self::Q6, Self::Q5, Self::Q4];

    /// The kind that keeps the codes of a type of ggml as they are, by the name that people write;
    /// none where the numbers are to be quantised anew.
    #[must_use]
    pub fn keeping(ggml_type: &str) -> Option<Self> {
        Some(match ggml_type {
            "Q8_0" => Self::Q8,
            "Q6_K" => Self::Q6,
            "Q5_0" | "Q5_1" | "Q5_K" => Self::Q5,
            "Q4_0" | "Q4_1" | "Q4_K" => Self::Q4,
            _ => return None,
        })
    }

    /// Whether a weight is a multiple of its scale and a minimum.
    pub(in super::super) const fn has_minimums(self) -> bool {
        matches!(self, Self::Q5 | Self::Q4)
    }

    /// Bytes of the codes of a group, per block.
    pub(in super::super) const fn code_bytes(self) -> usize {
        match self {
            Self::Q8 => GROUP * BLOCK,
            Self::Q6 => GROUP * BLOCK * 6 / 8,
            Self::Q5 => GROUP * BLOCK * 5 / 8,
            Self::Q4 => GROUP * BLOCK / 2,
        }
    }

    /// Bytes of the scales and minimums of a group, per block.
    pub(in super::super) const fn scale_bytes(self) -> usize {
        match self {
            Self::Q8 => GROUP * 2,
            Self::Q6 | Self::Q5 | Self::Q4 => GROUP * 4,
        }
    }

    /// Bytes of a group of so many blocks, if they can be counted.
    pub(super) fn group_bytes(self, blocks: usize) -> Option<usize> {
        let bytes = blocks.checked_mul(self.code_bytes() + self.scale_bytes())?;
        bytes.checked_next_multiple_of(ALIGN)
    }

    /// Bytes of a whole matrix, if they can be counted.
    pub fn matrix_bytes(self, rows: usize, columns: usize) -> Option<usize> {
        let group = self.group_bytes(columns.div_ceil(BLOCK))?;
        rows.div_ceil(GROUP).checked_mul(group)
    }
}
