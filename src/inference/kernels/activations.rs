//! The vectors that matrices are multiplied with, quantised to 8 bits.
#![expect(
    clippy::missing_safety_doc,
    reason = "all that a call asks for are the instructions that `target_feature` names"
)]
#![expect(
    unsafe_code,
    reason = "threads fill parts of one buffer, with the instructions there are"
)]

use std::ops::Range;

use super::{disjoint::Disjoint, level::Level, packed::BLOCK, pool::Pool};

mod block;

pub(super) use block::Factors;

/// Most rows of a tile at any level.
pub(super) const TILE: usize = 8;
/// Below so many numbers other threads are not worth waking.
const PARALLEL: usize = 32 * 1024;

/// Rows of numbers, quantised to signed bytes in blocks of 32 columns.
///
/// Buffers are reused from call to call. Rows lie in tiles, as many as are multiplied together at the
/// level of the machine, a tile block by block, so that it is read from front to end.
#[derive(Debug, Default)]
pub struct Activations {
    rows: usize,
    columns: usize,
    tiling: Tiling,
    codes: Vec<[i8; BLOCK]>,
    factors: Vec<Factors>,
}

/// A few rows, as [blocks, rows].
#[derive(Debug, Clone, Copy)]
pub(super) struct Tile<'a> {
    /// The first of the rows.
    pub(super) first: usize,
    /// How many, 1 to [`TILE`].
    pub(super) rows: usize,
    /// The codes of each block of each row.
    pub(super) codes: &'a [[i8; BLOCK]],
    /// What belongs to them.
    pub(super) factors: &'a [Factors],
}

impl Activations {
    /// No rows yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The numbers in a row.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Takes the rows of `x`, [rows, columns]. The scale of a block is its largest magnitude / 127.
    ///
    /// A number that is not finite makes all products of its row NaN.
    ///
    /// # Panics
    /// If `x` is not of whole rows.
    pub fn quantize(&mut self, level: Level, pool: &Pool, x: &[f32], columns: usize) {
        let level = level.supported();
        self.fill(level, pool, x.len(), columns, |part, codes, factors| {
            quantize_tile(level, &x[part], columns, codes, factors);
        });
    }

    /// The same of rows that `make` makes: it is given the number of the first of some rows, and where
    /// they are to be.
    pub(super) fn quantize_made(
        &mut self,
        level: Level,
        pool: &Pool,
        x: &mut [f32],
        columns: usize,
        make: impl Fn(usize, &mut [f32]) + Sync,
    ) {
        let level = level.supported();
        let len = x.len();
        let x = Disjoint::new(x);
        self.fill(level, pool, len, columns, |part, codes, factors| {
            let first = part.start / columns;
            // SAFETY: a tile has rows of its own and is worked on once.
            let x = unsafe { x.part(part) };
            make(first, x);
            quantize_tile(level, x, columns, codes, factors);
        });
    }

    /// Makes room for the rows of so many numbers, and calls `work` for each tile, with the place of its
    /// rows among the numbers and that of its codes and factors.
    fn fill(
        &mut self,
        level: Level,
        pool: &Pool,
        len: usize,
        columns: usize,
        work: impl Fn(Range<usize>, &mut [[i8; BLOCK]], &mut [Factors]) + Sync,
    ) {
        let rows = len.checked_div(columns).unwrap_or(0);
        assert!(rows * columns == len, "rows of {columns}");
        let (tiling, blocks) = (Tiling::new(level, rows), columns.div_ceil(BLOCK));
        (self.rows, self.columns, self.tiling) = (rows, columns, tiling);
        self.codes.resize(rows * blocks, [0; BLOCK]);
        self.factors.resize(rows * blocks, Factors::default());
        let codes = Disjoint::new(&mut self.codes);
        let factors = Disjoint::new(&mut self.factors);
        let work = |index: usize| {
            let (first, rows) = tiling.rows(index);
            let items = first * blocks..(first + rows) * blocks;
            // SAFETY: a tile has rows of its own and is worked on once.
            let (codes, factors) = unsafe { (codes.part(items.clone()), factors.part(items)) };
            work(first * columns..(first + rows) * columns, codes, factors);
        };
        if len < PARALLEL {
            (0..tiling.count).for_each(work);
        } else {
            pool.run(tiling.count, &work);
        }
    }

    /// The tiles that the rows make up, in order.
    pub(super) fn tiles(&self) -> impl Iterator<Item = Tile<'_>> {
        let blocks = self.columns.div_ceil(BLOCK);
        (0..self.tiling.count).map(move |index| {
            let (first, rows) = self.tiling.rows(index);
            let items = first * blocks..(first + rows) * blocks;
            let (codes, factors) = (&self.codes[items.clone()], &self.factors[items]);
            Tile { first, rows, codes, factors }
        })
    }
}

/// How rows are cut into tiles: all have the same number, or one more.
#[derive(Debug, Clone, Copy, Default)]
struct Tiling {
    count: usize,
    /// Rows of each tile.
    each: usize,
    /// How many tiles have one more.
    more: usize,
}

impl Tiling {
    fn new(level: Level, rows: usize) -> Self {
        let count = rows.div_ceil(most_rows(level));
        Self {
            count,
            each: rows.checked_div(count).unwrap_or(0),
            more: rows.checked_rem(count).unwrap_or(0),
        }
    }

    /// The first row of a tile and how many it has.
    fn rows(self, index: usize) -> (usize, usize) {
        let first = index * self.each + index.min(self.more);
        (first, self.each + usize::from(index < self.more))
    }
}

/// Most rows of a tile: as many as leave the sums of all in the registers, of which AVX2 has 16, and
/// needs two for the 16 rows of a group.
fn most_rows(level: Level) -> usize {
    match level {
        Level::Avx2 | Level::Avx2Vnni => TILE / 2,
        Level::Scalar | Level::Neon | Level::NeonDot | Level::Avx512 => TILE,
    }
}

/// Quantises rows; a macro, as only code of the same function may be joined with `$block`.
macro_rules! quantize_rows {
    ($block:path, $x:ident, $columns:ident, $codes:ident, $factors:ident) => {
        let rows = $x.len() / $columns;
        for (row, x) in $x.chunks_exact($columns).enumerate() {
            let (whole, rest) = x.as_chunks::<BLOCK>();
            for (block, x) in whole.iter().enumerate() {
                let place = block * rows + row;
                $factors[place] = $block(x, &mut $codes[place]);
            }
            if !rest.is_empty() {
                let mut padded = [0.0; BLOCK];
                padded[..rest.len()].copy_from_slice(rest);
                let place = whole.len() * rows + row;
                $factors[place] = $block(&padded, &mut $codes[place]);
            }
        }
    };
}

/// Quantises the rows of a tile; `level` must be one that the machine has.
fn quantize_tile(
    level: Level,
    x: &[f32],
    columns: usize,
    codes: &mut [[i8; BLOCK]],
    factors: &mut [Factors],
) {
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the machine has AVX2 at these levels.
        Level::Avx2 | Level::Avx2Vnni | Level::Avx512 => unsafe {
            quantize_tile_avx2(x, columns, codes, factors);
        },
        #[cfg(target_arch = "aarch64")]
        // SAFETY: the machine has NEON at these levels.
        Level::Neon | Level::NeonDot => unsafe {
            quantize_tile_neon(x, columns, codes, factors);
        },
        _ => {
            quantize_rows!(block::quantize, x, columns, codes, factors);
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn quantize_tile_avx2(
    x: &[f32],
    columns: usize,
    codes: &mut [[i8; BLOCK]],
    factors: &mut [Factors],
) {
    quantize_rows!(block::quantize_avx2, x, columns, codes, factors);
}

#[cfg(target_arch = "aarch64")]
#[target_feature(enable = "neon")]
fn quantize_tile_neon(
    x: &[f32],
    columns: usize,
    codes: &mut [[i8; BLOCK]],
    factors: &mut [Factors],
) {
    quantize_rows!(block::quantize_neon, x, columns, codes, factors);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quantized(level: Level, x: &[f32], columns: usize) -> Activations {
        let mut activations = Activations::new();
        activations.quantize(level, &Pool::new(2), x, columns);
        activations
    }

    /// The codes and factors of each row, as bits.
    fn rows(activations: &Activations) -> Vec<Vec<([i8; BLOCK], u32, u32, [i32; 3])>> {
        let mut rows = vec![Vec::new(); activations.rows()];
        for tile in activations.tiles() {
            for (i, (codes, factors)) in tile.codes.iter().zip(tile.factors).enumerate() {
                let Factors { scale, scaled_sum, bias, side_biases: [first, last] } = *factors;
                let bits = (*codes, scale.to_bits(), scaled_sum.to_bits(), [bias, first, last]);
                rows[tile.first + i % tile.rows].push(bits);
            }
        }
        rows
    }

    fn number() -> impl Strategy<Value = f32> {
        prop_oneof![30 => -9.0f32..9.0, 1 => prop::num::f32::ANY, 1 => Just(0.0)]
    }

    fn table() -> impl Strategy<Value = (Vec<f32>, usize)> {
        (1usize..40, 1usize..100).prop_flat_map(|(rows, columns)| {
            (prop::collection::vec(number(), rows * columns), Just(columns))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_level_gives_the_same_bits((x, columns) in table()) {
            let plain = rows(&quantized(Level::Scalar, &x, columns));
            for level in Level::available() {
                prop_assert_eq!(&rows(&quantized(level, &x, columns)), &plain);
            }
        }

        #[test]
        fn a_row_does_not_depend_on_the_rows_beside_it((x, columns) in table()) {
            let level = Level::detect();
            let together = rows(&quantized(level, &x, columns));
            for (x, row) in x.chunks(columns).zip(together) {
                prop_assert_eq!(&rows(&quantized(level, x, columns))[0], &row);
            }
        }

        #[test]
        fn a_code_is_the_nearest((x, columns) in table()) {
            let rows = rows(&quantized(Level::detect(), &x, columns));
            for (x, row) in x.chunks(columns).zip(rows) {
                for (x, (codes, scale, ..)) in x.chunks(BLOCK).zip(row) {
                    let scale = f32::from_bits(scale);
                    for (x, code) in x.iter().zip(codes) {
                        let error = (x - f32::from(code) * scale).abs();
                        prop_assert!(!scale.is_finite() || error <= scale * 0.5001 + 1e-30);
                    }
                }
            }
        }
    }

    #[test]
    fn biases_are_those_of_the_codes() {
        let x: Vec<f32> = (0..5 * 70).map(|i| ((i * 7919) % 1000) as f32 - 300.0).collect();
        for level in Level::available() {
            for (codes, .., biases) in rows(&quantized(level, &x, 70)).into_iter().flatten() {
                let sum = |codes: &[i8]| codes.iter().map(|code| i32::from(*code)).sum::<i32>();
                let (first, last) = codes.split_at(16);
                let expected = [sum(&codes) * -128, sum(first) * -32, sum(last) * -32];
                assert_eq!(biases, expected, "{level:?}");
            }
        }
    }

    #[test]
    fn many_rows_are_quantised_as_few() {
        let x: Vec<f32> = (0..64 * 600).map(|i| ((i * 7919) % 1000) as f32 - 500.0).collect();
        let many = rows(&quantized(Level::detect(), &x, 600));
        for (x, row) in x.chunks(600).zip(many) {
            assert_eq!(rows(&quantized(Level::detect(), x, 600))[0], row);
        }
    }

    #[test]
    fn what_is_not_finite_shows_in_its_block_only() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut x = [1.0; 2 * BLOCK];
            x[40] = bad;
            let activations = quantized(Level::detect(), &x, 2 * BLOCK);
            assert_eq!(activations.factors[0].bias, -128 * 127 * 32);
            assert!(activations.factors[1].scale.is_nan());
        }
    }
}
