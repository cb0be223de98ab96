//! What the kernels for x86-64 have in common.

use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};

use super::super::packed::BLOCK;

/// How far ahead weights are asked for. The processor stops looking ahead by itself at each page
/// and each new matrix, and what waits for weights fills its windows long before memory is busy.
const AHEAD: usize = 32 << 10;

/// Asks for the weights that lie [`AHEAD`] of these, into the second cache: the first can wait for some
/// twenty lines at a time only, which is half of what memory gives (measured on Zen 4: 12 GB/s into the
/// first cache, 25 into the second).
#[inline(always)]
pub(super) fn prefetch(weights: &[u8]) {
    for line in weights.chunks(64) {
        // SAFETY: an address where nothing can be read is ignored.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(line.as_ptr().wrapping_add(AHEAD).cast()) };
    }
}

/// The codes of 4 columns of a row. By single indices, because what checks a cast of slices in a
/// development build would take more time than the products.
#[inline(always)]
pub(super) fn four(x: &[i8; BLOCK], run: usize) -> i32 {
    let x = [x[4 * run], x[4 * run + 1], x[4 * run + 2], x[4 * run + 3]];
    i32::from_le_bytes(x.map(i8::cast_unsigned))
}
