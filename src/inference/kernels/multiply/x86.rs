//! What the kernels for x86-64 have in common.

use super::super::packed::BLOCK;

/// The codes of 4 columns of a row. By single indices, because what checks a cast of slices in a
/// development build would take more time than the products.
#[inline(always)]
pub(super) fn four(x: &[i8; BLOCK], run: usize) -> i32 {
    let x = [x[4 * run], x[4 * run + 1], x[4 * run + 2], x[4 * run + 3]];
    i32::from_le_bytes(x.map(i8::cast_unsigned))
}
