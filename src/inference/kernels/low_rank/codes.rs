//! Small matrices as numbers of 8 bits.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};

use crate::inference::kernels::simd::LANES;

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

/// Asks for all lines of memory that hold these, so that they come while others are multiplied.
#[cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "memory is prefetched"))]
pub(super) fn prefetch<T>(values: &[T]) {
    #[cfg(target_arch = "x86_64")]
    for byte in (0..size_of_val(values)).step_by(64) {
        let line = values.as_ptr().cast::<i8>().wrapping_add(byte);
        // SAFETY: it reads nothing, and all x86-64 machines can do it.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(line) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = values;
}
