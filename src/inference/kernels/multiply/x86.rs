//! What the kernels for x86-64 have in common.

use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

/// How far ahead weights are asked for. The processor stops looking ahead by itself at each page
/// and each new matrix; 8 kB are on their way for about as long as memory takes to answer.
const AHEAD: usize = 8192;

/// Asks for the weights that lie [`AHEAD`] of these.
#[inline(always)]
pub(super) fn prefetch(weights: &[u8]) {
    for line in weights.chunks(64) {
        // SAFETY: an address where nothing can be read is ignored.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().wrapping_add(AHEAD).cast()) };
    }
}

/// Calls a kernel that is compiled for each number of rows of a tile.
macro_rules! by_rows {
    ($rows:expr, $kernel:ident($($argument:expr),*)) => {
        match $rows {
            1 => $kernel::<1>($($argument),*),
            2 => $kernel::<2>($($argument),*),
            3 => $kernel::<3>($($argument),*),
            4 => $kernel::<4>($($argument),*),
            5 => $kernel::<5>($($argument),*),
            6 => $kernel::<6>($($argument),*),
            7 => $kernel::<7>($($argument),*),
            _ => $kernel::<8>($($argument),*),
        }
    };
}

pub(super) use by_rows;
