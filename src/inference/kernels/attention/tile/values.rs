//! Weights times values.

use super::super::super::simd::{LANES, Simd};
use super::{Tile, side_by_side, take};

/// The results of all queries.
#[inline(always)]
pub(super) fn all<S: Simd>(s: S, tile: &Tile<'_>, weights: &[[f32; LANES]], sums: &[[f32; LANES]]) {
    let mut from = 0;
    while from < tile.count() {
        let step = side_by_side(tile.count() - from, 6);
        match (step, S::ROOMY) {
            (6, true) => some::<S, 6, 2>(s, tile, weights, from, sums),
            (6, false) => some::<S, 6, 1>(s, tile, weights, from, sums),
            (4, true) => some::<S, 4, 4>(s, tile, weights, from, sums),
            (4, false) => some::<S, 4, 1>(s, tile, weights, from, sums),
            (3, true) => some::<S, 3, 4>(s, tile, weights, from, sums),
            (3, false) => some::<S, 3, 1>(s, tile, weights, from, sums),
            (2, true) => some::<S, 2, 4>(s, tile, weights, from, sums),
            (2, false) => some::<S, 2, 2>(s, tile, weights, from, sums),
            (_, true) => some::<S, 1, 8>(s, tile, weights, from, sums),
            (_, false) => some::<S, 1, 4>(s, tile, weights, from, sums),
        }
        from += step;
    }
}

/// `N` queries from `from` on, by `C` times sixteen dimensions where there are as many.
#[inline(always)]
fn some<S: Simd, const N: usize, const C: usize>(
    s: S,
    tile: &Tile<'_>,
    weights: &[[f32; LANES]],
    from: usize,
    sums: &[[f32; LANES]],
) {
    let chunks = tile.shape.value_chunks();
    let many = chunks - chunks % C;
    for chunk in (0..many).step_by(C) {
        chunks_at::<S, N, C>(s, tile, weights, from, chunk, sums);
    }
    for chunk in many..chunks {
        chunks_at::<S, N, 1>(s, tile, weights, from, chunk, sums);
    }
}

/// Each result is the sum over the tokens in their order, divided by the sum of the weights.
/// A weight of zero leaves the sum as it is, to the bit, since codes are finite.
#[inline(always)]
fn chunks_at<S: Simd, const N: usize, const C: usize>(
    s: S,
    tile: &Tile<'_>,
    weights: &[[f32; LANES]],
    from: usize,
    chunk: usize,
    sums: &[[f32; LANES]],
) {
    let chunks = tile.shape.value_chunks();
    let mut results = [[s.splat(0.0); C]; N];
    for (block, weights) in tile.blocks().iter().zip(weights.chunks_exact(tile.count())) {
        let (codes, _) = block.values(tile.layer, tile.kv_head);
        let weights: &[[f32; LANES]; N] = take(&weights[from..]);
        let codes = &codes[chunk..chunk + (LANES - 1) * chunks + C];
        for token in 0..LANES {
            let codes: &[_; C] = take(&codes[token * chunks..]);
            let mut values = [s.splat(0.0); C];
            for c in 0..C {
                values[c] = s.load_codes(&codes[c]);
            }
            for n in 0..N {
                let weight = s.splat(weights[n][token]);
                for c in 0..C {
                    results[n][c] = s.mul_add(values[c], weight, results[n][c]);
                }
            }
        }
    }
    for n in 0..N {
        let sum = s.splat(s.sum(s.load(&sums[from + n])));
        for (c, result) in results[n].iter().enumerate() {
            tile.store(s, from + n, chunk + c, s.div(*result, sum));
        }
    }
}
