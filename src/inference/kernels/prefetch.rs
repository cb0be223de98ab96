//! Memory that is asked for before it is needed, into the second cache.
//!
//! The first cache can wait for some twenty lines at a time only, which is half of what memory gives
//! (measured on Zen 4: 12 GB/s into the first cache, 25 into the second).
#![cfg_attr(
    any(target_arch = "x86_64", target_arch = "aarch64"),
    expect(unsafe_code, reason = "asks the processor for memory")
)]

/// Bytes that come from memory at once.
const LINE: usize = 64;

/// Asks for all lines of these values.
#[inline(always)]
pub(super) fn prefetch<T>(values: &[T]) {
    prefetch_ahead::<T, 0>(values);
}

/// Asks for what lies `AHEAD` bytes behind these values, whatever that is.
#[inline(always)]
pub(super) fn prefetch_ahead<T, const AHEAD: usize>(values: &[T]) {
    let start = values.as_ptr().cast::<u8>().wrapping_add(AHEAD);
    for byte in (0..size_of_val(values)).step_by(LINE) {
        line(start.wrapping_add(byte));
    }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn line(start: *const u8) {
    use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};

    // SAFETY: it reads nothing; an address where nothing is is ignored. All x86-64 machines can do it.
    unsafe { _mm_prefetch::<_MM_HINT_T1>(start.cast()) };
}

#[cfg(target_arch = "aarch64")]
#[inline(always)]
fn line(start: *const u8) {
    // SAFETY: it reads nothing; an address where nothing is is ignored.
    unsafe {
        std::arch::asm!(
            "prfm pldl2keep, [{start}]",
            start = in(reg) start,
            options(nostack, preserves_flags, readonly)
        );
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[inline(always)]
fn line(_start: *const u8) {}
