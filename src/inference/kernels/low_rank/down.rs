//! The first small matrix of a change: few rows, many columns.

use super::{codes::Codes, rows::Rows};
use crate::inference::kernels::{
    prefetch::prefetch,
    simd::{Kernel, LANES, Simd},
};

/// Columns that share a scale in each row.
const BLOCK: usize = 32;
/// Rows of a group that is folded.
const HALF: usize = LANES / 2;

/// A matrix with 8-bit numbers; sixteen rows lie together, column by column.
///
/// Where half a group of rows is left, it is folded: the first half of its columns lies in the first
/// lanes, the second half beside it, so that no lane is idle.
#[derive(Debug, Clone)]
pub(super) struct Down {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// `[groups of rows, columns]`
    codes: Codes,
    /// `[groups of rows, blocks of columns]`
    scales: Vec<[f32; LANES]>,
}

impl Down {
    /// Takes `values`, `[rows, columns]`.
    pub(super) fn new(columns: usize, values: &[f32]) -> Self {
        let rows = values.len() / columns;
        let (mut codes, mut scales) = (Vec::new(), Vec::new());
        for group in values.chunks(LANES * columns) {
            let folds = folds(group.len() / columns, columns);
            let (wide, lanes): (usize, Vec<&[f32]>) = match folds {
                true => {
                    let halves = |half: usize| {
                        let of_row = group.chunks_exact(columns).map(move |row| {
                            let middle = columns / 2;
                            &row[half * middle..][..middle]
                        });
                        of_row.chain(std::iter::repeat(&[][..])).take(HALF)
                    };
                    (columns / 2, halves(0).chain(halves(1)).collect())
                }
                false => (columns, group.chunks_exact(columns).collect()),
            };
            push_group(&mut codes, &mut scales, wide, &lanes);
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

/// Whether a group of so many rows is folded.
fn folds(rows: usize, columns: usize) -> bool {
    rows <= HALF && columns.is_multiple_of(2 * BLOCK)
}

/// Adds a group of `columns`; a lane without numbers is zero.
fn push_group(
    codes: &mut Vec<[i8; LANES]>,
    scales: &mut Vec<[f32; LANES]>,
    columns: usize,
    lanes: &[&[f32]],
) {
    let start = codes.len();
    codes.resize(start + columns, [0; LANES]);
    let codes = &mut codes[start..];
    for first in (0..columns).step_by(BLOCK) {
        let block = first..columns.min(first + BLOCK);
        let mut of_lanes = [0.0; LANES];
        for (lane, row) in lanes.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
            let row = &row[block.clone()];
            of_lanes[lane] = super::codes::scale_of(row.iter());
            for (codes, value) in codes[block.clone()].iter_mut().zip(row) {
                codes[lane] = super::codes::code(*value, of_lanes[lane]);
            }
        }
        scales.push(of_lanes);
    }
}

/// Writes the products of the matrix with rows of `x`.
pub(super) struct DownProduct<'a> {
    pub(super) matrix: &'a Down,
    /// `[rows of x, columns]`
    pub(super) x: &'a [f32],
    /// `[rows of x, rows of the matrix]`, zero.
    pub(super) y: &'a mut [f32],
}

impl Kernel for DownProduct<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let Self { matrix, x, y } = self;
        Rows { x, stride: matrix.columns, y, width: matrix.rows }.each(s, matrix);
    }
}

impl super::rows::Multiply for Down {
    #[inline(always)]
    fn multiply<S: Simd, const R: usize, const U: usize>(
        &self,
        s: S,
        x: [&[f32]; R],
        y: &mut [f32],
    ) {
        let (mut codes, mut scales) = (&self.codes.0[..], &self.scales[..]);
        for first in (0..self.rows).step_by(LANES) {
            let rows = LANES.min(self.rows - first);
            let folded = folds(rows, self.columns);
            let columns = if folded { self.columns / 2 } else { self.columns };
            let (own, rest) = codes.split_at(columns);
            let (own_scales, rest_scales) = scales.split_at(columns.div_ceil(BLOCK));
            (codes, scales) = (rest, rest_scales);
            let sums = match folded {
                true => group::<S, R, U, true>(s, own, own_scales, x),
                false => group::<S, R, U, false>(s, own, own_scales, x),
            };
            for (row, sum) in sums.into_iter().enumerate() {
                let mut lanes = s.lanes(sum);
                if folded {
                    (0..HALF).for_each(|lane| lanes[lane] += lanes[lane + HALF]);
                }
                y[row * self.rows + first..][..rows].copy_from_slice(&lanes[..rows]);
            }
        }
    }
}

/// The sums of a group: several blocks at a time.
#[inline(always)]
fn group<S: Simd, const R: usize, const U: usize, const FOLDED: bool>(
    s: S,
    codes: &[[i8; LANES]],
    scales: &[[f32; LANES]],
    x: [&[f32]; R],
) -> [S::F32s; R] {
    let mut sums = [s.splat(0.0); R];
    let (whole, rest) = codes.as_chunks::<BLOCK>();
    let (units, single) = whole.as_chunks::<U>();
    // The columns that lie in the first lanes, and those beside them.
    let low = x.map(|x| x[..codes.len()].as_chunks::<BLOCK>().0);
    let high = x.map(|x| x[if FOLDED { codes.len() } else { 0 }..].as_chunks::<BLOCK>().0);
    for (unit, codes) in units.iter().enumerate() {
        let of = |x: [&[[f32; BLOCK]]; R]| {
            x.map(|x| *x[unit * U..].first_chunk::<U>().unwrap_or(&[[0.0; BLOCK]; U]))
        };
        let dots = dots::<S, R, U, FOLDED>(s, codes.each_ref(), &of(low), &of(high));
        for (sum, dots) in sums.iter_mut().zip(dots) {
            for (dot, scale) in dots.into_iter().zip(&scales[unit * U..]) {
                *sum = s.mul_add(dot, s.load(scale), *sum);
            }
        }
    }
    for (block, codes) in (units.len() * U..).zip(single) {
        let of = |x: [&[[f32; BLOCK]]; R]| x.map(|x| [x[block]]);
        let dots = dots::<S, R, 1, FOLDED>(s, [codes], &of(low), &of(high));
        for (sum, [dot]) in sums.iter_mut().zip(dots) {
            *sum = s.mul_add(dot, s.load(&scales[block]), *sum);
        }
    }
    if let Some(scale) = scales.last().filter(|_| !rest.is_empty()) {
        let scale = s.load(scale);
        for (sum, x) in sums.iter_mut().zip(x) {
            let mut dot = s.splat(0.0);
            for (codes, x) in rest.iter().zip(&x[whole.len() * BLOCK..]) {
                dot = s.mul_add(s.load_codes(codes), s.splat(*x), dot);
            }
            *sum = s.mul_add(dot, scale, *sum);
        }
    }
    sums
}

/// Products of codes and numbers, side by side.
#[inline(always)]
fn dots<S: Simd, const R: usize, const U: usize, const FOLDED: bool>(
    s: S,
    codes: [&[[i8; LANES]; BLOCK]; U],
    low: &[[[f32; BLOCK]; U]; R],
    high: &[[[f32; BLOCK]; U]; R],
) -> [[S::F32s; U]; R] {
    let mut dots = [[s.splat(0.0); U]; R];
    for column in 0..BLOCK {
        for unit in 0..U {
            let weights = s.load_codes(&codes[unit][column]);
            for row in 0..R {
                let low = low[row][unit][column];
                let x = match FOLDED {
                    true => s.splat_halves(low, high[row][unit][column]),
                    false => s.splat(low),
                };
                dots[row][unit] = s.mul_add(weights, x, dots[row][unit]);
            }
        }
    }
    dots
}
