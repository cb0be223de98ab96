//! Small matrices as numbers of 8 bits.

use crate::inference::kernels::{prefetch::prefetch, simd::LANES};

/// The numbers of a matrix, sixteen rows side by side.
#[derive(Debug, Clone)]
pub(super) struct Codes(pub(super) Vec<[i8; LANES]>);

impl Codes {
    pub(super) fn prefetch(&self) {
        prefetch(&self.0);
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.as_flattened().len()
    }
}

/// Of the numbers that share a scale.
pub(super) fn scale_of<'a>(values: impl Iterator<Item = &'a f32>) -> f32 {
    values.fold(0.0f32, |most, value| most.max(value.abs())) / 127.0
}

/// A number by its scale. Of nothing, and of what is too small for a scale, nothing is left.
pub(super) fn code(value: f32, scale: f32) -> i8 {
    if scale > 0.0 { (value / scale).round() as i8 } else { 0 }
}
