//! Some rows of one sequence, and the heads that share one head of keys.
#![expect(unsafe_code, reason = "tiles on several threads write to one output")]

mod scores;
mod softmax;
mod values;

use std::sync::Arc;

use super::super::disjoint::Disjoint;
use super::super::kv_block::{KvBlock, KvShape};
use super::super::simd::{Kernel, LANES, Simd};

/// What is to be computed. Query `q` of the tile is head `q % group` of row `q / group`.
pub(super) struct Tile<'a> {
    pub(super) blocks: &'a [Arc<KvBlock>],
    pub(super) shape: KvShape,
    pub(super) layer: usize,
    pub(super) kv_head: usize,
    /// Position of the first row in its sequence.
    pub(super) first: usize,
    pub(super) rows: usize,
    /// Heads that share the head of keys.
    pub(super) group: usize,
    /// The first row among those of `queries` and `out`, each of `width` numbers.
    pub(super) row: usize,
    pub(super) width: usize,
    pub(super) queries: &'a [f32],
    pub(super) out: &'a Disjoint<'a>,
}

/// Memory of one thread.
#[derive(Default)]
pub(super) struct TileScratch {
    /// `[head_dim][queries]`, scaled by `1 / sqrt(head_dim)`.
    queries: Vec<f32>,
    /// `[blocks][queries][16 tokens]`: scores, then what to multiply the codes of values with.
    scores: Vec<[f32; LANES]>,
    /// The greatest score of each query.
    greatest: Vec<f32>,
    /// What the exponentials of each query add up to, lane by lane.
    sums: Vec<[f32; LANES]>,
}

/// A tile with memory to compute it in.
pub(super) struct Work<'a> {
    tile: Tile<'a>,
    queries: &'a mut [f32],
    scores: &'a mut [[f32; LANES]],
    greatest: &'a mut [f32],
    sums: &'a mut [[f32; LANES]],
}

impl<'a> Tile<'a> {
    /// Takes the memory that it needs.
    pub(super) fn with(self, scratch: &'a mut TileScratch) -> Work<'a> {
        let count = self.count();
        Work {
            queries: taken(&mut scratch.queries, count * self.shape.head_dim, 0.0),
            scores: taken(&mut scratch.scores, count * self.blocks().len(), [0.0; LANES]),
            greatest: taken(&mut scratch.greatest, count, 0.0),
            sums: taken(&mut scratch.sums, count, [0.0; LANES]),
            tile: self,
        }
    }

    /// Queries of the tile.
    #[inline(always)]
    fn count(&self) -> usize {
        self.rows * self.group
    }

    /// How many tokens a query sees.
    #[inline(always)]
    fn visible(&self, query: usize) -> usize {
        self.first + query / self.group + 1
    }

    /// The blocks that any query sees.
    #[inline(always)]
    fn blocks(&self) -> &'a [Arc<KvBlock>] {
        &self.blocks[..(self.first + self.rows).div_ceil(LANES)]
    }

    /// Where the numbers of a query lie in `queries` and `out`.
    #[inline(always)]
    fn start(&self, query: usize) -> usize {
        let head = self.kv_head * self.group + query % self.group;
        (self.row + query / self.group) * self.width + head * self.shape.head_dim
    }

    /// Puts the queries side by side.
    #[inline(always)]
    fn gather(&self, to: &mut [f32]) {
        let (count, factor) = (self.count(), 1.0 / (self.shape.head_dim as f32).sqrt());
        for query in 0..count {
            let from = &self.queries[self.start(query)..][..self.shape.head_dim];
            for (to, x) in to.chunks_exact_mut(count).zip(from) {
                to[query] = x * factor;
            }
        }
    }

    /// Writes sixteen dimensions, or fewer at the end of a head, of the result of a query.
    #[inline(always)]
    fn store<S: Simd>(&self, s: S, query: usize, chunk: usize, x: S::F32s) {
        let dims = (self.shape.head_dim - chunk * LANES).min(LANES);
        let start = self.start(query) + chunk * LANES;
        // SAFETY: no two tiles have a row and a head in common, and this is the only part
        // of this tile that is in use.
        s.store_part(x, unsafe { self.out.part(start..start + dims) });
    }
}

impl Kernel for Work<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let tile = &self.tile;
        tile.gather(self.queries);
        scores::all(s, tile, self.queries, self.scores);
        softmax::all(s, tile, self.scores, self.greatest, self.sums);
        values::all(s, tile, self.scores, self.sums);
    }
}

/// The first `len` of a buffer that grows when it must.
fn taken<T: Copy>(buffer: &mut Vec<T>, len: usize, empty: T) -> &mut [T] {
    if buffer.len() < len {
        buffer.resize(len, empty);
    }
    &mut buffer[..len]
}

/// How many queries to compute side by side when `left` are left and the registers can hold
/// the sums of `most`.
#[inline(always)]
fn side_by_side(left: usize, most: usize) -> usize {
    [12, 8, 6, 4, 3, 2].into_iter().find(|n| *n <= left.min(most)).unwrap_or(1)
}

/// The first `N` of a slice that has as many.
#[inline(always)]
fn take<T, const N: usize>(from: &[T]) -> &[T; N] {
    from.first_chunk().unwrap_or_else(|| panic!("the slice has fewer than {N}"))
}
