//! The second small matrix of a change: many rows, few columns.

use super::{
    codes::{Codes, code, scale_of},
    rows::{Multiply, Rows},
};
use crate::inference::kernels::{
    prefetch::prefetch,
    simd::{Kernel, LANES, Simd},
};

/// Groups of rows that share a scale in each column.
const TILE: usize = 8;

/// A matrix with 8-bit numbers; sixteen rows lie together, column by column.
///
/// With so few columns a scale for each row would take as much room as its numbers, so that columns
/// have them.
#[derive(Debug, Clone)]
pub(super) struct Up {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// `[groups of rows, columns]`
    codes: Codes,
    /// `[tiles, columns]`
    scales: Vec<f32>,
}

impl Up {
    /// Takes `values`, `[rows, columns]`, times `factor`.
    pub(super) fn new(columns: usize, values: &[f32], factor: f32) -> Self {
        let rows = values.len() / columns;
        let mut codes = vec![[0; LANES]; rows.div_ceil(LANES) * columns];
        let mut scales = Vec::new();
        for (tile, values) in values.chunks(TILE * LANES * columns).enumerate() {
            for column in 0..columns {
                let scale = scale_of(values.iter().skip(column).step_by(columns));
                scales.push(scale * factor);
                for (row, value) in values.iter().skip(column).step_by(columns).enumerate() {
                    let group = tile * TILE + row / LANES;
                    codes[group * columns + column][row % LANES] = code(*value, scale);
                }
            }
        }
        Self { rows, columns, codes: Codes(codes), scales }
    }

    pub(super) fn prefetch(&self) {
        self.codes.prefetch();
        prefetch(&self.scales);
    }

    pub(super) fn bytes(&self) -> usize {
        self.codes.bytes() + size_of_val(self.scales.as_slice())
    }
}

/// Adds the products of the matrix with some rows, which begin every `stride` numbers.
pub(super) struct UpProduct<'a> {
    pub(super) matrix: &'a Up,
    pub(super) x: &'a [f32],
    pub(super) stride: usize,
    /// `[rows of x, rows of the matrix]`
    pub(super) y: &'a mut [f32],
}

impl Kernel for UpProduct<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let Self { matrix, x, stride, y } = self;
        Rows { x, stride, y, width: matrix.rows }.each(s, matrix);
    }
}

impl Multiply for Up {
    #[inline(always)]
    fn multiply<S: Simd, const R: usize, const U: usize>(
        &self,
        s: S,
        x: [&[f32]; R],
        y: &mut [f32],
    ) {
        match self.columns {
            8 => self.fixed::<S, R, U, 8>(s, x, y),
            16 => self.fixed::<S, R, U, 16>(s, x, y),
            32 => self.fixed::<S, R, U, 32>(s, x, y),
            _ => self.any::<S, R>(s, x, y),
        }
    }
}

impl Up {
    /// With `L` columns: several groups at a time.
    #[inline(always)]
    fn fixed<S: Simd, const R: usize, const U: usize, const L: usize>(
        &self,
        s: S,
        x: [&[f32]; R],
        y: &mut [f32],
    ) {
        let (groups, _) = self.codes.0.as_chunks::<L>();
        let (scales, _) = self.scales.as_chunks::<L>();
        for ((tile, groups), scales) in groups.chunks(TILE).enumerate().zip(scales) {
            let x: [[f32; L]; R] =
                x.map(|x| std::array::from_fn(|column| x[column] * scales[column]));
            let (units, rest) = groups.as_chunks::<U>();
            for (unit, codes) in units.iter().enumerate() {
                let dots = dots::<S, R, U, L>(s, codes, &x);
                self.add(s, tile * TILE + unit * U, dots, y);
            }
            for (group, codes) in (tile * TILE + units.len() * U..).zip(rest) {
                let dots = dots::<S, R, 1, L>(s, &[*codes], &x);
                self.add(s, group, dots, y);
            }
        }
    }

    /// With any number of columns.
    #[inline(always)]
    fn any<S: Simd, const R: usize>(&self, s: S, x: [&[f32]; R], y: &mut [f32]) {
        for (group, codes) in self.codes.0.chunks(self.columns).enumerate() {
            let scales = &self.scales[group / TILE * self.columns..][..self.columns];
            for (row, x) in x.into_iter().enumerate() {
                let mut dot = s.splat(0.0);
                for ((codes, scale), x) in codes.iter().zip(scales).zip(x) {
                    dot = s.mul_add(s.load_codes(codes), s.splat(x * scale), dot);
                }
                self.add_to(s, group, dot, &mut y[row * self.rows..][..self.rows]);
            }
        }
    }

    /// Adds the sums of some groups to all rows.
    #[inline(always)]
    fn add<S: Simd, const R: usize, const U: usize>(
        &self,
        s: S,
        first: usize,
        dots: [[S::F32s; U]; R],
        y: &mut [f32],
    ) {
        for (row, dots) in dots.into_iter().enumerate() {
            for (group, dot) in (first..).zip(dots) {
                self.add_to(s, group, dot, &mut y[row * self.rows..][..self.rows]);
            }
        }
    }

    /// Adds the lanes of a group to a row.
    #[inline(always)]
    fn add_to<S: Simd>(&self, s: S, group: usize, sum: S::F32s, y: &mut [f32]) {
        let y = &mut y[group * LANES..self.rows.min((group + 1) * LANES)];
        s.store_part(s.add(s.load_part(y), sum), y);
    }
}

/// Products of codes and numbers, side by side.
#[inline(always)]
fn dots<S: Simd, const R: usize, const U: usize, const L: usize>(
    s: S,
    codes: &[[[i8; LANES]; L]; U],
    x: &[[f32; L]; R],
) -> [[S::F32s; U]; R] {
    let mut dots = [[s.splat(0.0); U]; R];
    for column in 0..L {
        for unit in 0..U {
            let weights = s.load_codes(&codes[unit][column]);
            for row in 0..R {
                dots[row][unit] = s.mul_add(weights, s.splat(x[row][column]), dots[row][unit]);
            }
        }
    }
    dots
}
