//! One output that several threads write, each to its own part.
#![expect(unsafe_code, reason = "threads write to parts of one slice")]

use std::marker::PhantomData;
use std::ops::Range;

use super::pool::Pool;

/// A slice that is given out in parts.
pub(super) struct Disjoint<'a, T = f32> {
    start: *mut T,
    len: usize,
    values: PhantomData<&'a mut [T]>,
}

// SAFETY: it is a `&mut [T]`, which may go to other threads where `T` may; whoever takes parts of
// it promises that they do not overlap.
unsafe impl<T: Send> Sync for Disjoint<'_, T> {}

impl<'a, T> Disjoint<'a, T> {
    /// Takes hold of the slice.
    pub(super) fn new(values: &'a mut [T]) -> Self {
        Self { start: values.as_mut_ptr(), len: values.len(), values: PhantomData }
    }

    /// A part of the slice.
    ///
    /// # Safety
    /// No two parts that are in use at the same time may overlap.
    #[expect(clippy::mut_from_ref, reason = "the caller keeps the parts disjoint")]
    pub(super) unsafe fn part(&self, range: Range<usize>) -> &mut [T] {
        assert!(range.start <= range.end && range.end <= self.len, "outside of the slice");
        // SAFETY: the range is within the slice, which is borrowed for as long as we are;
        // that nobody else uses this part is what the caller promises.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(range.start), range.len()) }
    }
}

/// Calls `work(first_row, rows)` for parts of `values`, whose rows have `width` numbers, on
/// as many threads as there is work for: `least` numbers for each call, where there are as many.
pub(super) fn for_rows(
    pool: &Pool,
    values: &mut [f32],
    width: usize,
    least: usize,
    work: impl Fn(usize, &mut [f32]) + Sync,
) {
    let parts = (values.len() / least).min(4 * pool.threads());
    if parts <= 1 || pool.threads() == 1 {
        return work(0, values);
    }
    let rows = values.len().div_ceil(width);
    let step = rows.div_ceil(parts);
    let end = values.len();
    let values = Disjoint::new(values);
    pool.run(rows.div_ceil(step), &|part| {
        let first = part * step;
        // SAFETY: each part has rows of its own.
        let own = unsafe { values.part(first * width..((first + step) * width).min(end)) };
        work(first, own);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_worked_on_once_and_knows_its_place() {
        let pool = Pool::new(3);
        for (rows, width) in [(0, 4), (1, 7), (5, 3), (64, 5), (101, 2)] {
            for least in [1, 8, 50, 1000] {
                let mut values = vec![0.0; rows * width];
                for_rows(&pool, &mut values, width, least, |first, own| {
                    for (row, values) in own.chunks_mut(width).enumerate() {
                        values.iter_mut().for_each(|value| *value += (1 + first + row) as f32);
                    }
                });
                for (row, values) in values.chunks(width).enumerate() {
                    assert!(values.iter().all(|value| *value == (1 + row) as f32));
                }
            }
        }
    }
}
