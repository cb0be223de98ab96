//! What low-rank adapters add to the products of the frozen matrices: `up * (down * x)`.
//!
//! The two matrices are so small that a row of them is read faster than the activations are
//! quantised for it, so only they have 8 bits; the sums are in f32, column by column.
#![expect(unsafe_code, reason = "threads fill parts of one buffer")]

mod codes;
mod down;
mod rows;
mod up;

use std::ops::Range;

use smallvec::SmallVec;

use self::{
    down::{Down, DownProduct},
    up::{Up, UpProduct},
};
use super::{disjoint::Disjoint, level::Level, pool::Pool, simd::dispatch};

/// Rows of the activations that are worked on together.
const TILE: usize = 8;
/// Below so many products other threads are not worth waking.
const PARALLEL: usize = 1 << 18;

/// The changes of matrices that are multiplied with the same vectors: their first small matrices
/// are one.
#[derive(Debug, Clone)]
pub struct LowRankStack {
    down: Down,
    ups: SmallVec<[OutputUp; 3]>,
}

/// The second small matrix of a change, and its place.
#[derive(Debug, Clone)]
struct OutputUp {
    /// Which of the outputs it changes.
    output: usize,
    /// Where its inputs begin.
    first: usize,
    matrix: Up,
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
            let matrix = Up::new(rank, part.up, part.scale);
            ups.push(OutputUp { output: part.output, first, matrix });
            downs.extend_from_slice(part.down);
            first += rank;
        }
        (first > 0).then(|| Self { down: Down::new(columns, &downs), ups })
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
        let up = |up: &OutputUp| up.matrix.rows * up.matrix.columns;
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
        dispatch(level, DownProduct { matrix: &stack.down, x, y: &mut inner });
        for up in &stack.ups {
            let (width, out) = &outs[up.output];
            assert!(*width == up.matrix.rows, "{width} values for {}", up.matrix.rows);
            // SAFETY: the rows of the tasks are in order, each once, as was checked above.
            let y = unsafe { out.part(rows.start * width..rows.end * width) };
            let (x, stride) = (&inner[up.first..], stack.down.rows);
            dispatch(level, UpProduct { matrix: &up.matrix, x, stride, y });
        }
    };
    if products < PARALLEL || tasks.len() < 2 {
        (0..tasks.len()).for_each(work);
    } else {
        pool.run(tasks.len(), &work);
    }
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
