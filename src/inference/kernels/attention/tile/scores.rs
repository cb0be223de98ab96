//! Queries times keys.

use super::super::super::prefetch::prefetch;
use super::super::super::simd::{LANES, Simd};
use super::{Tile, side_by_side, take};

/// Scores of all queries, `[blocks][queries][16 tokens]`, those of unseen tokens too.
#[inline(always)]
pub(super) fn all<S: Simd>(s: S, tile: &Tile<'_>, queries: &[f32], out: &mut [[f32; LANES]]) {
    let mut from = 0;
    while from < tile.count() {
        let step = side_by_side(tile.count() - from, if S::ROOMY { 12 } else { 6 });
        match (step, S::ROOMY) {
            (12, _) => some::<S, 12, 1>(s, tile, queries, from, out),
            (8, _) => some::<S, 8, 1>(s, tile, queries, from, out),
            (6, true) => some::<S, 6, 2>(s, tile, queries, from, out),
            (6, false) => some::<S, 6, 1>(s, tile, queries, from, out),
            (4, true) => some::<S, 4, 3>(s, tile, queries, from, out),
            (4, false) => some::<S, 4, 1>(s, tile, queries, from, out),
            (3, true) => some::<S, 3, 4>(s, tile, queries, from, out),
            (3, false) => some::<S, 3, 1>(s, tile, queries, from, out),
            (2, true) => some::<S, 2, 4>(s, tile, queries, from, out),
            (2, false) => some::<S, 2, 2>(s, tile, queries, from, out),
            (_, true) => some::<S, 1, 8>(s, tile, queries, from, out),
            (_, false) => some::<S, 1, 4>(s, tile, queries, from, out),
        }
        from += step;
    }
}

/// `N` queries from `from` on, by `B` blocks at once where there are as many.
#[inline(always)]
fn some<S: Simd, const N: usize, const B: usize>(
    s: S,
    tile: &Tile<'_>,
    queries: &[f32],
    from: usize,
    out: &mut [[f32; LANES]],
) {
    let blocks = tile.blocks().len();
    let many = blocks - blocks % B;
    for block in (0..many).step_by(B) {
        blocks_at::<S, N, B>(s, tile, queries, from, block, out);
    }
    for block in many..blocks {
        blocks_at::<S, N, 1>(s, tile, queries, from, block, out);
    }
}

/// Each score is the sum over the dimensions in their order, times the scale of its key.
#[inline(always)]
fn blocks_at<S: Simd, const N: usize, const B: usize>(
    s: S,
    tile: &Tile<'_>,
    queries: &[f32],
    from: usize,
    block: usize,
    out: &mut [[f32; LANES]],
) {
    let (dims, count) = (tile.shape.head_dim, tile.count());
    let keys: [_; B] = std::array::from_fn(|b| {
        let (codes, scales) = tile.blocks[block + b].keys(tile.layer, tile.kv_head);
        (&codes[..dims], scales)
    });
    if from == 0 {
        for b in 0..B {
            ask_ahead(tile, block + b, B);
        }
    }
    let mut sums = [[s.splat(0.0); N]; B];
    for dim in 0..dims {
        let query: &[f32; N] = take(&queries[dim * count + from..]);
        for b in 0..B {
            let key = s.load_codes(&keys[b].0[dim]);
            for n in 0..N {
                sums[b][n] = s.mul_add(key, s.splat(query[n]), sums[b][n]);
            }
        }
    }
    for b in 0..B {
        let scale = s.load(keys[b].1);
        for n in 0..N {
            s.store(s.mul(sums[b][n], scale), &mut out[(block + b) * count + from + n]);
        }
    }
}

/// Asks for what comes after the keys of a block: those that lie so many blocks ahead, and its values.
/// Each block lies elsewhere in memory, where the processor does not look ahead by itself.
#[inline(always)]
fn ask_ahead(tile: &Tile<'_>, block: usize, ahead: usize) {
    let blocks = tile.blocks();
    prefetch(blocks[block].values(tile.layer, tile.kv_head).0);
    if let Some(next) = blocks.get(block + ahead) {
        prefetch(next.keys(tile.layer, tile.kv_head).0);
    }
}
