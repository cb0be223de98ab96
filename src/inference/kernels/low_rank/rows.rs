//! Several rows at a time, as many as the registers hold.

use crate::inference::kernels::simd::Simd;

/// A matrix that is multiplied with several rows at once.
pub(super) trait Multiply {
    /// Does `R` rows, with `U` sums of each at a time, as an addition takes long; a row's numbers are
    /// added in the same order whatever `R` and `U`.
    fn multiply<S: Simd, const R: usize, const U: usize>(
        &self,
        s: S,
        x: [&[f32]; R],
        y: &mut [f32],
    );
}

/// Rows that are multiplied with the same matrix.
pub(super) struct Rows<'a> {
    pub(super) x: &'a [f32],
    /// Rows of `x` begin every so many numbers.
    pub(super) stride: usize,
    pub(super) y: &'a mut [f32],
    /// How many numbers of `y` a row has.
    pub(super) width: usize,
}

impl Rows<'_> {
    /// Does all rows.
    #[inline(always)]
    pub(super) fn each<S: Simd>(self, s: S, matrix: &impl Multiply) {
        let Self { mut x, stride, mut y, width } = self;
        while !y.is_empty() {
            let done = match y.len() / width {
                8.. if S::ROOMY => some::<S, 8, 1>(s, matrix, x, stride, y),
                4.. => some::<S, 4, 1>(s, matrix, x, stride, y),
                2.. => some::<S, 2, 4>(s, matrix, x, stride, y),
                _ => some::<S, 1, 4>(s, matrix, x, stride, y),
            };
            x = &x[x.len().min(done * stride)..];
            y = &mut y[done * width..];
        }
    }
}

/// Does the first `R` rows.
#[inline(always)]
fn some<S: Simd, const R: usize, const U: usize>(
    s: S,
    matrix: &impl Multiply,
    x: &[f32],
    stride: usize,
    y: &mut [f32],
) -> usize {
    let x: [&[f32]; R] = std::array::from_fn(|row| &x[row * stride..]);
    matrix.multiply::<S, R, U>(s, x, y);
    R
}
