//! Products of quantised matrices and quantised vectors.
//!
//! For a row of the matrix and a row of the activations the blocks are added up one after the
//! other, with these steps and roundings whatever the level, the rows beside it and the threads:
//! ```text
//! dot = sum of code * activation code             exact, in i32
//! sum = fma(scale * activation scale, dot, sum)
//! sum = fma(minimum, activation scaled sum, sum)  of matrices with minimums
//! ```
#![expect(
    unsafe_code,
    reason = "threads fill parts of one buffer, with the instructions there are"
)]

use super::{
    activations::{Activations, TILE, Tile},
    disjoint::Disjoint,
    level::Level,
    packed::{GROUP, Group, PackedKind, PackedMatrix},
    pool::Pool,
};

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod scalar;
#[cfg(target_arch = "x86_64")]
mod x86;

/// What a chunk of work should take, in picoseconds: long enough to pay for its distribution,
/// short enough that no thread waits long for another.
const CHUNK: u64 = 12_000_000;
/// What a chunk must take at least.
const SMALL_CHUNK: u64 = 2_000_000;
/// Chunks for each thread, if they do not become too small: a thread may lose its core.
const CHUNKS_PER_THREAD: u64 = 4;

/// The products of a group and a tile: for each row of the tile, those of the group's 16 rows.
type Products = [[f32; GROUP]; TILE];

/// Each matrix times each row of `x`.
///
/// `outs[i]` becomes [`x.rows()`, `matrices[i].rows()`], row-major. The parts of all matrices form
/// one job of the pool.
///
/// # Panics
/// If a matrix has not the columns of `x`, or an output not the right size.
pub fn multiply<const N: usize>(
    level: Level,
    pool: &Pool,
    x: &Activations,
    matrices: [&PackedMatrix; N],
    outs: [&mut [f32]; N],
) {
    let level = level.min(Level::detect());
    let (mut groups, mut cost, mut index) = (0, 0, 0);
    let outputs = outs.map(|out| {
        let output = Output::new(x, matrices[index], out, groups);
        groups += matrices[index].groups();
        cost += matrices[index].groups() as u64 * group_cost(level, x, matrices[index]);
        index += 1;
        output
    });
    let fair = cost / (pool.threads() as u64 * CHUNKS_PER_THREAD);
    let chunks = cost.div_ceil(fair.clamp(SMALL_CHUNK, CHUNK)) as usize;
    let chunks = chunks.min(groups);
    let work = |index: usize| {
        for group in index * groups / chunks..(index + 1) * groups / chunks {
            let output = outputs.iter().rfind(|output| output.first <= group);
            if let Some(output) = output {
                // SAFETY: each group belongs to one chunk and each chunk is worked on once.
                unsafe { output.fill(level, x, group - output.first) };
            }
        }
    };
    if chunks > 1 {
        pool.run(chunks, &work);
    } else if chunks == 1 {
        work(0);
    }
}

/// Some rows of a matrix times each row of `x`, to the bit as [`multiply`] gives them.
///
/// `out` becomes `[x.rows(), rows.len()]`, row-major. The groups in which the rows lie are read whole,
/// once if the rows are sorted; all on this thread.
///
/// # Panics
/// If the matrix has not the columns of `x` or lacks a row, or `out` has not the right size.
pub fn multiply_rows(
    level: Level,
    x: &Activations,
    matrix: &PackedMatrix,
    rows: &[u32],
    out: &mut [f32],
) {
    assert!(x.columns() == matrix.columns(), "{} columns for {matrix:?}", x.columns());
    assert!(rows.iter().all(|&row| (row as usize) < matrix.rows()), "rows of {matrix:?}");
    assert!(x.rows() * rows.len() == out.len(), "products with {} rows", rows.len());
    let level = level.min(Level::detect());
    let mut products = [[0.0; GROUP]; TILE];
    for tile in x.tiles() {
        let mut computed = None;
        for (place, &row) in rows.iter().enumerate() {
            let (group, lane) = (row as usize / GROUP, row as usize % GROUP);
            if computed != Some(group) {
                multiply_tile(level, matrix.kind(), matrix.group(group), tile, &mut products);
                computed = Some(group);
            }
            for (x, products) in (tile.first..).zip(&products[..tile.rows]) {
                out[x * rows.len() + place] = products[lane];
            }
        }
    }
}

/// About how many picoseconds a group takes: to read its bytes or to multiply them.
fn group_cost(level: Level, x: &Activations, matrix: &PackedMatrix) -> u64 {
    let per_thousand_products = match level {
        Level::Scalar => 500_000,
        Level::Avx2 => 15_000,
        Level::Avx512 => 5_000,
    };
    let products = (x.rows() * x.columns() * GROUP) as u64;
    (matrix.bytes_per_group() as u64 * 60).max(products * per_thousand_products / 1000)
}

/// A matrix and where its products go.
struct Output<'a> {
    matrix: &'a PackedMatrix,
    /// [rows of the activations, rows of the matrix]
    out: Disjoint<'a>,
    /// The groups of the matrices before this.
    first: usize,
}

impl<'a> Output<'a> {
    fn new(x: &Activations, matrix: &'a PackedMatrix, out: &'a mut [f32], first: usize) -> Self {
        let (rows, columns) = (x.rows(), x.columns());
        assert!(columns == matrix.columns(), "{columns} columns for {matrix:?}");
        assert!(rows * matrix.rows() == out.len(), "products of {rows} rows with {matrix:?}");
        Self { matrix, out: Disjoint::new(out), first }
    }

    /// Computes the products of a group with all rows of the activations.
    ///
    /// # Safety
    /// No other thread is at this group; different groups are different columns of the output.
    unsafe fn fill(&self, level: Level, x: &Activations, group: usize) {
        let weights = self.matrix.group(group);
        let count = GROUP.min(self.matrix.rows() - group * GROUP);
        let mut products = [[0.0; GROUP]; TILE];
        for tile in x.tiles() {
            multiply_tile(level, self.matrix.kind(), weights, tile, &mut products);
            for (row, products) in (tile.first..).zip(&products[..tile.rows]) {
                let at = row * self.matrix.rows() + group * GROUP;
                // SAFETY: these are the columns of the group in one row, which nobody else is at.
                let out = unsafe { self.out.part(at..at + count) };
                out.copy_from_slice(&products[..count]);
            }
        }
    }
}

/// The products of a group and a tile; `level` must be one that the machine has.
fn multiply_tile(
    level: Level,
    kind: PackedKind,
    group: Group<'_>,
    tile: Tile<'_>,
    products: &mut Products,
) {
    match level {
        Level::Scalar => scalar::multiply(kind, group, tile, products),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the machine has AVX2, FMA and F16C at this level.
        Level::Avx2 => unsafe { avx2::multiply(kind, group, tile, products) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the machine has AVX-512 F, BW, VL and VNNI at this level.
        Level::Avx512 => unsafe { avx512::multiply(kind, group, tile, products) },
        #[cfg(not(target_arch = "x86_64"))]
        Level::Avx2 | Level::Avx512 => scalar::multiply(kind, group, tile, products),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::packed::tests::{noise, random},
        *,
    };

    fn quantized(x: &[f32], columns: usize) -> Activations {
        let mut activations = Activations::new();
        activations.quantize(Level::detect(), &Pool::new(1), x, columns);
        activations
    }

    fn numbers(count: usize, seed: u64) -> Vec<f32> {
        noise(seed).take(count).map(|n| (n % 2001) as f32 / 100.0 - 10.0).collect()
    }

    fn product(level: Level, x: &Activations, matrix: &PackedMatrix) -> Vec<u32> {
        let mut out = vec![0.0; x.rows() * matrix.rows()];
        multiply(level, &Pool::new(2), x, [matrix], [&mut out]);
        out.into_iter().map(f32::to_bits).collect()
    }

    fn kind() -> impl Strategy<Value = PackedKind> {
        prop_oneof![Just(PackedKind::Q8), Just(PackedKind::Q4)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_level_gives_the_same_bits(
            kind in kind(), rows in 1usize..70, columns in 1usize..200, count in 1usize..=40,
            seed: u32,
        ) {
            let matrix = random(kind, rows, columns, seed.into());
            let x = quantized(&numbers(count * columns, seed.into()), columns);
            let plain = product(Level::Scalar, &x, &matrix);
            for level in Level::available() {
                prop_assert_eq!(&product(level, &x, &matrix), &plain, "{:?}", level);
            }
        }

        #[test]
        fn a_row_does_not_depend_on_the_rows_beside_it(
            kind in kind(), rows in 1usize..70, columns in 1usize..200, count in 1usize..=40,
        ) {
            let matrix = random(kind, rows, columns, 1);
            let x = numbers(count * columns, 2);
            for level in Level::available() {
                let together = product(level, &quantized(&x, columns), &matrix);
                for (x, together) in x.chunks(columns).zip(together.chunks(rows)) {
                    prop_assert_eq!(product(level, &quantized(x, columns), &matrix), together);
                }
            }
        }
    }

    #[test]
    fn some_rows_are_those_of_the_whole_product() {
        for kind in [PackedKind::Q8, PackedKind::Q4] {
            let matrix = random(kind, 70, 100, 5);
            for count in [1, 3, 20] {
                let x = quantized(&numbers(count * 100, 6), 100);
                for level in Level::available() {
                    let whole = product(level, &x, &matrix);
                    for rows in [vec![], vec![69], vec![0, 1, 17, 18, 64], vec![40, 3, 40]] {
                        let mut some = vec![0.0; count * rows.len()];
                        multiply_rows(level, &x, &matrix, &rows, &mut some);
                        let expected = whole
                            .chunks(70)
                            .flat_map(|whole| rows.iter().map(|row| whole[*row as usize]));
                        assert!(some.iter().map(|x| x.to_bits()).eq(expected));
                    }
                }
            }
        }
    }

    #[test]
    fn matrices_multiplied_together_give_what_each_gives_alone() {
        let matrices = [(PackedKind::Q4, 700), (PackedKind::Q8, 3), (PackedKind::Q4, 257)]
            .map(|(kind, rows)| random(kind, rows, 576, 9));
        for count in [1, 20] {
            let x = quantized(&numbers(count * 576, 4), 576);
            let mut outs = matrices.each_ref().map(|matrix| vec![0.0; count * matrix.rows()]);
            let level = Level::detect();
            multiply(
                level,
                &Pool::new(2),
                &x,
                matrices.each_ref(),
                outs.each_mut().map(|out| &mut **out),
            );
            for (matrix, out) in matrices.iter().zip(outs) {
                let out: Vec<u32> = out.into_iter().map(f32::to_bits).collect();
                assert_eq!(out, product(level, &x, matrix));
            }
        }
    }

    #[test]
    fn the_largest_codes_do_not_overflow() {
        let x = quantized(&[1.0; 64], 64);
        for (kind, code, scale, expected) in [
            (PackedKind::Q8, 0, 0x3c, -128.0 * 64.0),
            (PackedKind::Q8, 255, 0x3c, 127.0 * 64.0),
            (PackedKind::Q4, 255, 0x3c, 16.0 * 64.0),
        ] {
            let bytes = [vec![code; 2 * kind.code_bytes()], [0, scale].repeat(kind.scale_bytes())];
            let matrix = PackedMatrix::from_bytes(kind, 16, 64, bytes.concat().into()).unwrap();
            for level in Level::available() {
                for bits in product(level, &x, &matrix) {
                    assert!((f32::from_bits(bits) - expected).abs() < 0.01, "{kind:?} {level:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_finite_shows_in_its_row_only() {
        let matrix = random(PackedKind::Q4, 20, 64, 1);
        for bad in [f32::NAN, f32::INFINITY] {
            let mut x = numbers(3 * 64, 1);
            x[70] = bad;
            for level in Level::available() {
                let bits = product(level, &quantized(&x, 64), &matrix);
                let finite: Vec<bool> = bits
                    .chunks(20)
                    .map(|row| row.iter().all(|x| f32::from_bits(*x).is_finite()))
                    .collect();
                assert_eq!(finite, [true, false, true]);
            }
        }
    }

    #[test]
    fn no_rows_have_no_products() {
        let matrix = random(PackedKind::Q8, 20, 64, 1);
        assert!(product(Level::detect(), &quantized(&[], 64), &matrix).is_empty());
    }
}
