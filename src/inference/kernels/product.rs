//! Products of plain f32 matrices, by the `gemm` crate, on the calling thread.
#![expect(unsafe_code, reason = "`gemm` takes pointers and strides")]

use gemm::{Parallelism, gemm};

/// A matrix that is read: numbers, and the distance from one row and from one column to the next.
#[derive(Debug, Clone, Copy)]
pub struct Operand<'a> {
    values: &'a [f32],
    row: usize,
    column: usize,
}

impl<'a> Operand<'a> {
    /// A row-major matrix whose rows begin every `stride` numbers.
    #[must_use]
    pub fn new(values: &'a [f32], stride: usize) -> Self {
        Self { values, row: stride, column: 1 }
    }

    /// The same with rows and columns exchanged.
    #[must_use]
    pub fn transposed(self) -> Self {
        Self { row: self.column, column: self.row, ..self }
    }

    /// Whether all of so many rows and columns is there.
    fn holds(&self, rows: usize, columns: usize) -> bool {
        last(rows, columns, self.row, self.column).is_none_or(|last| last < self.values.len())
    }
}

/// The place of the last number; none of a matrix without numbers.
fn last(rows: usize, columns: usize, row: usize, column: usize) -> Option<usize> {
    Some(rows.checked_sub(1)? * row + columns.checked_sub(1)? * column)
}

/// `out = scale * a * b`, or adds that to `out`; with `[m, k, n]`: `a` is `[m, k]`, `b` `[k, n]`,
/// `out` `[m, n]` in rows that begin every `stride` numbers.
///
/// # Panics
/// If a matrix is not all there.
pub fn product(
    [m, k, n]: [usize; 3],
    scale: f32,
    a: Operand<'_>,
    b: Operand<'_>,
    out: &mut [f32],
    stride: usize,
    adds: bool,
) {
    assert!(a.holds(m, k) && b.holds(k, n), "operands of [{m}, {k}] and [{k}, {n}]");
    assert!(stride >= n && last(m, n, stride, 1).is_none_or(|last| last < out.len()), "[{m}, {n}]");
    // SAFETY: all numbers of the three matrices are within their slices, as was asserted; `out`
    // is borrowed alone, and its rows do not overlap.
    unsafe {
        gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            stride.cast_signed(),
            adds,
            a.values.as_ptr(),
            a.column.cast_signed(),
            a.row.cast_signed(),
            b.values.as_ptr(),
            b.column.cast_signed(),
            b.row.cast_signed(),
            1.0,
            scale,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wave(len: usize, seed: f32) -> Vec<f32> {
        (0..len).map(|i| ((i as f32 + seed) * 1.7).sin()).collect()
    }

    proptest! {
        #[test]
        fn it_is_the_sum_of_products(
            size in (1_usize..20, 1_usize..20, 1_usize..20),
            more in 0_usize..3,
            turned in any::<(bool, bool)>(),
            adds in any::<bool>(),
        ) {
            let (m, k, n) = size;
            let (a, b) = (wave(m * k, 0.0), wave(k * n, 3.0));
            let at = |values: &[f32], rows: usize, columns: usize, turned, row, column| match turned {
                false => values[row * columns + column],
                true => values[column * rows + row],
            };
            let operand = |values, rows, columns, turned| match turned {
                false => Operand::new(values, columns),
                true => Operand::new(values, rows).transposed(),
            };
            let before = wave(m * (n + more), 5.0);
            let mut out = before.clone();
            let (left, right) = (operand(&a, m, k, turned.0), operand(&b, k, n, turned.1));
            product([m, k, n], 0.5, left, right, &mut out, n + more, adds);
            for (place, (found, before)) in out.iter().zip(&before).enumerate() {
                let (row, column) = (place / (n + more), place % (n + more));
                if column >= n {
                    prop_assert_eq!(found, before, "what is between the rows is left alone");
                    continue;
                }
                let sum: f32 = (0..k)
                    .map(|i| at(&a, m, k, turned.0, row, i) * at(&b, k, n, turned.1, i, column))
                    .sum();
                let expected = 0.5 * sum + if adds { *before } else { 0.0 };
                prop_assert!((found - expected).abs() < 1e-4, "{found} for {expected}");
            }
        }
    }
}
