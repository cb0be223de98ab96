//! What low-rank adapters add to the products of the frozen matrices: `up * (down * x)`.
//!
//! The two matrices are so small that a row of them is read faster than the activations are
//! quantised for it, so only they have 8 bits; the sums are in f32, column by column.
#![expect(unsafe_code, reason = "threads fill parts of one buffer, memory is prefetched")]

use std::ops::Range;

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};

use smallvec::SmallVec;

use super::{
    disjoint::Disjoint,
    level::Level,
    pool::Pool,
    simd::{Kernel, LANES, Simd, dispatch},
};

/// Columns that share a scale in each row.
const BLOCK: usize = 32;
/// Rows of the activations that are worked on together.
const TILE: usize = 8;
/// Below so many products other threads are not worth waking.
const PARALLEL: usize = 1 << 18;

/// A small matrix with 8-bit numbers; sixteen rows lie together, column by column.
#[derive(Debug, Clone)]
struct SmallMatrix {
    rows: usize,
    columns: usize,
    /// `[groups of rows, columns]`
    codes: Vec<[i8; LANES]>,
    /// `[groups of rows, blocks of columns]`
    scales: Vec<[f32; LANES]>,
}

impl SmallMatrix {
    /// Takes `values`, `[rows, columns]`, times `factor`.
    fn new(columns: usize, values: &[f32], factor: f32) -> Self {
        let rows = values.len() / columns;
        let (mut codes, mut scales) = (Vec::new(), Vec::new());
        for group in values.chunks(LANES * columns) {
            let start = codes.len();
            codes.resize(start + columns, [0; LANES]);
            let codes = &mut codes[start..];
            for first in (0..columns).step_by(BLOCK) {
                let block = first..columns.min(first + BLOCK);
                let mut lanes = [0.0; LANES];
                for (lane, row) in group.chunks_exact(columns).enumerate() {
                    let row = &row[block.clone()];
                    let largest = row.iter().fold(0.0f32, |most, value| most.max(value.abs()));
                    let scale = largest / 127.0;
                    lanes[lane] = scale * factor;
                    for (codes, value) in codes[block.clone()].iter_mut().zip(row) {
                        // Of nothing, and of what is too small for a scale, nothing is left.
                        codes[lane] = if scale > 0.0 { (value / scale).round() as i8 } else { 0 };
                    }
                }
                scales.push(lanes);
            }
        }
        Self { rows, columns, codes, scales }
    }

    /// Asks for the lines of the matrix, so that they come from memory while others are multiplied.
    fn prefetch(&self) {
        #[cfg(target_arch = "x86_64")]
        for line in self.codes.chunks(4).map(<[_]>::as_ptr) {
            // SAFETY: it reads nothing, and all x86-64 machines can do it.
            unsafe { _mm_prefetch::<_MM_HINT_T1>(line.cast()) };
        }
        #[cfg(target_arch = "x86_64")]
        for line in self.scales.iter().map(std::ptr::from_ref) {
            // SAFETY: it reads nothing, and all x86-64 machines can do it.
            unsafe { _mm_prefetch::<_MM_HINT_T1>(line.cast()) };
        }
    }

    fn bytes(&self) -> usize {
        self.codes.as_flattened().len() + size_of_val(self.scales.as_slice())
    }
}

/// The changes of matrices that are multiplied with the same vectors: their first small matrices
/// are one.
#[derive(Debug, Clone)]
pub struct LowRankStack {
    down: SmallMatrix,
    ups: SmallVec<[Up; 3]>,
}

/// The second small matrix of a change.
#[derive(Debug, Clone)]
struct Up {
    /// Which of the outputs it changes.
    output: usize,
    /// Where its inputs begin.
    first: usize,
    matrix: SmallMatrix,
}

/// One change of a stack.
#[derive(Debug, Clone, Copy)]
pub struct LowRankPart<'a> {
    /// Which of the outputs it changes.
    pub output: usize,
    /// `[rank, columns]`
    pub down: &'a [f32],
    /// `[rows, rank]`
    pub up: &'a [f32],
    /// What is added is multiplied with it.
    pub scale: f32,
}

impl LowRankStack {
    /// Changes with the same input, of `columns` numbers; none if there are none.
    ///
    /// # Panics
    /// If matrices are empty or not of whole rows.
    #[must_use]
    pub fn new(columns: usize, parts: &[LowRankPart<'_>]) -> Option<Self> {
        let (mut downs, mut ups, mut first) = (Vec::new(), SmallVec::new(), 0);
        for part in parts {
            let rank = part.down.len() / columns;
            assert!(rank > 0 && rank * columns == part.down.len(), "rows of {columns}");
            assert!(part.up.len().is_multiple_of(rank), "rows of {rank}");
            let matrix = SmallMatrix::new(rank, part.up, part.scale);
            ups.push(Up { output: part.output, first, matrix });
            downs.extend_from_slice(part.down);
            first += rank;
        }
        (first > 0).then(|| Self { down: SmallMatrix::new(columns, &downs, 1.0), ups })
    }

    /// Lets its numbers be fetched from memory, which takes longer than to multiply them.
    pub fn prefetch(&self) {
        self.down.prefetch();
        self.ups.iter().for_each(|up| up.matrix.prefetch());
    }

    /// How much memory it takes, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.down.bytes() + self.ups.iter().map(|up| up.matrix.bytes()).sum::<usize>()
    }

    fn products(&self) -> usize {
        let up = |up: &Up| up.matrix.rows * up.matrix.columns;
        self.down.rows * self.down.columns + self.ups.iter().map(up).sum::<usize>()
    }
}

/// Rows that are changed by the same stack.
#[derive(Debug, Clone)]
pub struct LowRankRows<'a> {
    /// What changes them.
    pub stack: &'a LowRankStack,
    /// Which rows.
    pub rows: Range<usize>,
}

/// Adds to rows of the outputs what the stacks make of the same rows of `x`, which has `count` rows.
///
/// # Panics
/// If the sizes do not fit, rows are not there, or come twice.
pub fn add_low_rank<const N: usize>(
    level: Level,
    pool: &Pool,
    runs: &[LowRankRows<'_>],
    count: usize,
    x: &[f32],
    outs: [&mut [f32]; N],
) {
    let mut tasks: SmallVec<[LowRankRows<'_>; 16]> = SmallVec::new();
    let (mut products, mut end) = (0, 0);
    for LowRankRows { stack, rows } in runs {
        assert!(end <= rows.start && rows.end <= count, "rows in order, each once");
        assert!(stack.down.columns * count == x.len(), "{count} rows");
        end = rows.end;
        products += stack.products() * rows.len();
        tasks.extend(
            rows.clone()
                .step_by(TILE)
                .map(|first| LowRankRows { stack, rows: first..rows.end.min(first + TILE) }),
        );
    }
    let outs = outs.map(|out| (out.len().checked_div(count).unwrap_or(0), Disjoint::new(out)));
    let work = |index: usize| {
        let LowRankRows { stack, rows } = &tasks[index];
        let mut inner: SmallVec<[f32; 384]> =
            SmallVec::from_elem(0.0, stack.down.rows * rows.len());
        let columns = stack.down.columns;
        let x = &x[rows.start * columns..rows.end * columns];
        let down = Product { matrix: &stack.down, x, stride: columns, y: &mut inner };
        dispatch(level, down);
        for up in &stack.ups {
            let (width, out) = &outs[up.output];
            assert!(*width == up.matrix.rows, "{width} values for {}", up.matrix.rows);
            // SAFETY: the rows of the tasks are in order, each once, as was checked above.
            let y = unsafe { out.part(rows.start * width..rows.end * width) };
            let (x, stride) = (&inner[up.first..], stack.down.rows);
            dispatch(level, Product { matrix: &up.matrix, x, stride, y });
        }
    };
    if products < PARALLEL || tasks.len() < 2 {
        (0..tasks.len()).for_each(work);
    } else {
        pool.run(tasks.len(), &work);
    }
}

/// Adds the products of a matrix with some rows, which begin every `stride` numbers.
struct Product<'a> {
    matrix: &'a SmallMatrix,
    x: &'a [f32],
    stride: usize,
    y: &'a mut [f32],
}

impl Kernel for Product<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let Self { matrix, mut x, stride, mut y } = self;
        while !y.is_empty() {
            let done = match y.len() / matrix.rows {
                8.. if S::ROOMY => multiply::<S, 8, 1>(s, matrix, x, stride, y),
                4.. => multiply::<S, 4, 1>(s, matrix, x, stride, y),
                2.. => multiply::<S, 2, 4>(s, matrix, x, stride, y),
                _ => multiply::<S, 1, 4>(s, matrix, x, stride, y),
            };
            x = &x[x.len().min(done * stride)..];
            y = &mut y[done * matrix.rows..];
        }
    }
}

/// Does the first `R` rows, with `U` sums of each at a time, as an addition takes long; a row's
/// numbers are added in the same order whatever `R` and `U`.
#[inline(always)]
fn multiply<S: Simd, const R: usize, const U: usize>(
    s: S,
    matrix: &SmallMatrix,
    x: &[f32],
    stride: usize,
    y: &mut [f32],
) -> usize {
    let x: [&[f32]; R] = std::array::from_fn(|row| &x[row * stride..][..matrix.columns]);
    match matrix.columns {
        8 => narrow::<S, R, U, 8>(s, matrix, x, y),
        16 => narrow::<S, R, U, 16>(s, matrix, x, y),
        32 => narrow::<S, R, U, 32>(s, matrix, x, y),
        _ => {
            let groups = matrix.rows.div_ceil(LANES);
            (0..groups).for_each(|group| wide::<S, R, U>(s, matrix, group, x, y));
        }
    }
    R
}

/// A matrix of one block of `L` columns: several groups at a time.
#[inline(always)]
fn narrow<S: Simd, const R: usize, const U: usize, const L: usize>(
    s: S,
    matrix: &SmallMatrix,
    x: [&[f32]; R],
    y: &mut [f32],
) {
    let x = x.map(|x| x.first_chunk().unwrap_or(&[0.0; L]));
    let (codes, _) = matrix.codes.as_chunks::<L>();
    let (units, rest) = codes.as_chunks::<U>();
    for (unit, codes) in units.iter().enumerate() {
        let dots = dots(s, codes.each_ref(), x.map(|x| [x; U]));
        for (row, dots) in dots.into_iter().enumerate() {
            for (group, dot) in (unit * U..).zip(dots) {
                let scaled = s.mul_add(dot, s.load(&matrix.scales[group]), s.splat(0.0));
                add_to(s, matrix, group, scaled, &mut y[row * matrix.rows..][..matrix.rows]);
            }
        }
    }
    for (group, codes) in (units.len() * U..).zip(rest) {
        let dots = dots(s, [codes], x.map(|x| [x]));
        for (row, [dot]) in dots.into_iter().enumerate() {
            let scaled = s.mul_add(dot, s.load(&matrix.scales[group]), s.splat(0.0));
            add_to(s, matrix, group, scaled, &mut y[row * matrix.rows..][..matrix.rows]);
        }
    }
}

/// A group of a matrix of many columns: several blocks at a time.
#[inline(always)]
fn wide<S: Simd, const R: usize, const U: usize>(
    s: S,
    matrix: &SmallMatrix,
    group: usize,
    x: [&[f32]; R],
    y: &mut [f32],
) {
    let columns = matrix.columns;
    let codes = &matrix.codes[group * columns..][..columns];
    let blocks = columns.div_ceil(BLOCK);
    let scales = &matrix.scales[group * blocks..][..blocks];
    let mut sums = [s.splat(0.0); R];
    let (whole, rest) = codes.as_chunks::<BLOCK>();
    let x_blocks = x.map(|x| x.as_chunks::<BLOCK>().0);
    let (units, single) = whole.as_chunks::<U>();
    for (unit, codes) in units.iter().enumerate() {
        let x = x_blocks.map(|x| x[unit * U..].first_chunk::<U>().unwrap_or(&[[0.0; BLOCK]; U]));
        let dots = dots(s, codes.each_ref(), x.map(<[[f32; BLOCK]; U]>::each_ref));
        for (sum, dots) in sums.iter_mut().zip(dots) {
            for (dot, scale) in dots.into_iter().zip(&scales[unit * U..]) {
                *sum = s.mul_add(dot, s.load(scale), *sum);
            }
        }
    }
    for (block, codes) in (units.len() * U..).zip(single) {
        let dots = dots(s, [codes], x_blocks.map(|x| [&x[block]]));
        for (sum, [dot]) in sums.iter_mut().zip(dots) {
            *sum = s.mul_add(dot, s.load(&scales[block]), *sum);
        }
    }
    if !rest.is_empty() {
        let scale = s.load(&scales[blocks - 1]);
        for (sum, x) in sums.iter_mut().zip(x) {
            let mut dot = s.splat(0.0);
            for (codes, x) in rest.iter().zip(&x[whole.len() * BLOCK..]) {
                dot = s.mul_add(s.load_codes(codes), s.splat(*x), dot);
            }
            *sum = s.mul_add(dot, scale, *sum);
        }
    }
    for (row, sum) in sums.into_iter().enumerate() {
        add_to(s, matrix, group, sum, &mut y[row * matrix.rows..][..matrix.rows]);
    }
}

/// Products of codes and numbers, side by side.
#[inline(always)]
fn dots<S: Simd, const R: usize, const U: usize, const L: usize>(
    s: S,
    codes: [&[[i8; LANES]; L]; U],
    x: [[&[f32; L]; U]; R],
) -> [[S::F32s; U]; R] {
    let mut dots = [[s.splat(0.0); U]; R];
    for column in 0..L {
        for unit in 0..U {
            let weights = s.load_codes(&codes[unit][column]);
            for row in 0..R {
                let x = s.splat(x[row][unit][column]);
                dots[row][unit] = s.mul_add(weights, x, dots[row][unit]);
            }
        }
    }
    dots
}

/// Adds the lanes of a group to a row.
#[inline(always)]
fn add_to<S: Simd>(s: S, matrix: &SmallMatrix, group: usize, sum: S::F32s, y: &mut [f32]) {
    let y = &mut y[group * LANES..matrix.rows.min((group + 1) * LANES)];
    s.store_part(s.add(s.load_part(y), sum), y);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wave(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|place| ((place * 31 + seed * 7) as f32 * 0.37).sin()).collect()
    }

    fn bits(values: &[f32]) -> Vec<u32> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    /// Two changes of different ranks, for the outputs 0 and 2.
    struct Case {
        columns: usize,
        ranks: [usize; 2],
        rows: [usize; 2],
        down: [Vec<f32>; 2],
        up: [Vec<f32>; 2],
    }

    impl Case {
        fn new(columns: usize, ranks: [usize; 2], rows: [usize; 2]) -> Self {
            let down = [0, 1].map(|part| wave(ranks[part] * columns, part));
            let up = [0, 1].map(|part| wave(rows[part] * ranks[part], 5 + part));
            Self { columns, ranks, rows, down, up }
        }

        fn stack(&self) -> LowRankStack {
            let part = |part: usize| LowRankPart {
                output: 2 * part,
                down: &self.down[part],
                up: &self.up[part],
                scale: 0.5,
            };
            LowRankStack::new(self.columns, &[part(0), part(1)]).unwrap()
        }

        /// What becomes of rows of ones, where those of `rows` are changed.
        fn added(
            &self,
            level: Level,
            threads: usize,
            x: &[f32],
            rows: Range<usize>,
        ) -> [Vec<f32>; 3] {
            let count = x.len() / self.columns;
            let mut outs = [self.rows[0], 3, self.rows[1]].map(|width| vec![1.0; count * width]);
            let stack = self.stack();
            let runs = [LowRankRows { stack: &stack, rows }];
            let each = outs.each_mut().map(|out| &mut out[..]);
            add_low_rank(level, &Pool::new(threads), &runs, count, x, each);
            outs
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn all_levels_agree_to_the_bit_and_are_right(
            columns in 1usize..100,
            ranks in [1usize..20, 1usize..20],
            rows in [1usize..40, 1usize..40],
            count in 1usize..20,
        ) {
            let case = Case::new(columns, ranks, rows);
            let x = wave(count * columns, 3);
            let plain = case.added(Level::Scalar, 1, &x, 0..count);
            for level in Level::available() {
                let found = case.added(level, 1, &x, 0..count);
                for (found, plain) in found.iter().zip(&plain) {
                    prop_assert_eq!(bits(found), bits(plain), "{:?}", level);
                }
            }
            prop_assert_eq!(&plain[1], &vec![1.0; 3 * count]);
            for part in 0..2 {
                let (rank, rows) = (case.ranks[part], case.rows[part]);
                for (x, y) in x.chunks(columns).zip(plain[2 * part].chunks(rows)) {
                    let dot = |a: &[f32], b: &[f32]| -> f32 {
                        a.iter().zip(b).map(|(a, b)| a * b).sum()
                    };
                    let inner: Vec<f32> =
                        case.down[part].chunks(columns).map(|row| dot(row, x)).collect();
                    // Each product may be off by a step of 8 bits.
                    let least = 0.01 * (columns * rank) as f32;
                    for (y, row) in y.iter().zip(case.up[part].chunks(rank)) {
                        let exact = 1.0 + 0.5 * dot(row, &inner);
                        prop_assert!((y - exact).abs() < least, "{} for {}", y, exact);
                    }
                }
            }
        }

        #[test]
        fn a_row_does_not_depend_on_the_rows_beside_it(
            columns in 1usize..100, count in 1usize..40, first: prop::sample::Index,
        ) {
            let case = Case::new(columns, [5, 16], [33, 16]);
            let x = wave(count * columns, 1);
            let first = first.index(count);
            for level in Level::available() {
                let together = case.added(level, 3, &x, first..count);
                for (row, x) in x.chunks(columns).enumerate() {
                    let alone = case.added(level, 1, x, 0..usize::from(row >= first));
                    for (together, alone) in together.iter().zip(alone) {
                        let width = alone.len();
                        prop_assert_eq!(bits(&together[row * width..][..width]), bits(&alone));
                    }
                }
            }
        }
    }

    #[test]
    fn many_threads_give_the_bits_of_one() {
        let case = Case::new(576, [16, 16], [576, 192]);
        let x = wave(100 * 576, 1);
        let run = |threads| case.added(Level::detect(), threads, &x, 0..100);
        assert_eq!(run(1), run(3));
    }

    #[test]
    fn no_changes_are_no_stack() {
        assert!(LowRankStack::new(8, &[]).is_none());
    }
}
