//! Products of quantised matrices and quantised vectors.
//!
//! For a row of the matrix and a row of the activations the blocks are added up one after the
//! other, with these steps and roundings whatever the level, the rows beside it and the threads:
//! ```text
//! dot = sum of code * activation code             exact, in i32
//! sum = fma(scale * activation scale, dot, sum)
//! sum = fma(minimum, activation scaled sum, sum)  of matrices with minimums
//! ```
//! Where 16 columns share a scale ([`PackedKind::Q6`]), the first two steps are taken for the first 16
//! columns of a block, then for the last 16.
#![expect(
    unsafe_code,
    reason = "threads fill parts of one buffer, with the instructions there are"
)]

use super::{
    activations::{Activations, TILE, Tile},
    disjoint::Disjoint,
    level::Level,
    packed::{GROUP, Group, PackedKind, PackedMatrix},
    pool::{Pool, worker},
};

use places::Places;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod by_kind_and_rows;
#[cfg(target_arch = "aarch64")]
mod neon;
mod places;
mod scalar;
#[cfg(test)]
mod tests;
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
    let level = level.supported();
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
    let places = Places::new(chunks, pool.threads());
    let work = |_| {
        let Some(index) = places.take(worker()) else { return };
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
    let level = level.supported();
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
        Level::Neon => 60_000,
        Level::NeonDot | Level::Avx2 => 11_000,
        Level::Avx2Vnni => 7_000,
        Level::Avx512 => 6_500,
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

/// Asks for the weights that come so far behind these: the processor stops looking ahead by itself at
/// each page and each new matrix, and what waits for weights fills its windows long before memory is
/// busy.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[inline(always)]
fn ask_ahead(codes: &[u8], scales: &[u8]) {
    use super::prefetch::prefetch_ahead;

    const AHEAD: usize = 32 << 10;
    prefetch_ahead::<u8, AHEAD>(codes);
    prefetch_ahead::<u8, AHEAD>(scales);
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
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the machine has AVX2, FMA and F16C at this level.
        Level::Avx2 => unsafe { avx2::words::multiply(kind, group, tile, products) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the machine has AVX2, FMA, F16C and AVX-VNNI at this level.
        Level::Avx2Vnni => unsafe { avx2::vnni::multiply(kind, group, tile, products) },
        #[cfg(target_arch = "x86_64")]
        // One row waits for memory alone, and loads of half a cache line get more of it than whole ones:
        // a quarter on Zen 4.
        // SAFETY: the machine has AVX2, FMA and F16C at this level, too.
        Level::Avx512 if tile.rows == 1 => unsafe {
            avx2::words::multiply(kind, group, tile, products);
        },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the machine has AVX-512 F, BW, VL and VNNI at this level.
        Level::Avx512 => unsafe { avx512::multiply(kind, group, tile, products) },
        #[cfg(target_arch = "aarch64")]
        // SAFETY: the machine has NEON at this level.
        Level::Neon => unsafe { neon::widening::multiply(kind, group, tile, products) },
        #[cfg(target_arch = "aarch64")]
        // SAFETY: the machine has NEON with dot products at this level.
        Level::NeonDot => unsafe { neon::dot::multiply(kind, group, tile, products) },
        _ => scalar::multiply(kind, group, tile, products),
    }
}
