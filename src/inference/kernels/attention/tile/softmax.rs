//! From scores to weights.

use super::super::super::simd::{LANES, Simd};
use super::super::super::vector::exp;
use super::Tile;

/// Turns each score into `exp(score - greatest)` times the scale of its value, and gives in
/// `sums` what the exponentials of each query add up to. Tokens that a query does not see get
/// nothing, whatever their scores and scales are.
///
/// Lane `l` sums tokens `l`, `l + 16` and so on, so that the sum depends on positions alone.
#[inline(always)]
pub(super) fn all<S: Simd>(
    s: S,
    tile: &Tile<'_>,
    scores: &mut [[f32; LANES]],
    greatest: &mut [f32],
    sums: &mut [[f32; LANES]],
) {
    let count = tile.count();
    let seen_by_all = tile.visible(0) / LANES;
    for (query, greatest) in greatest.iter_mut().enumerate() {
        let (seen, partly) = scores.split_at(seen_by_all * count);
        let mut lanes = s.splat(f32::NEG_INFINITY);
        for scores in seen.chunks_exact(count) {
            lanes = s.max(s.load(&scores[query]), lanes);
        }
        for (block, scores) in partly.chunks_exact(count).enumerate() {
            let seen = tile.visible(query).saturating_sub((seen_by_all + block) * LANES);
            lanes = s.max(s.first(seen, s.load(&scores[query]), lanes), lanes);
        }
        *greatest = s.greatest(lanes);
    }
    sums.fill([0.0; LANES]);
    for (block, scores) in scores.chunks_exact_mut(count).enumerate() {
        let (_, scales) = tile.blocks()[block].values(tile.layer, tile.kv_head);
        let scales = s.load(scales);
        let each = scores.iter_mut().zip(greatest.iter()).zip(sums.iter_mut()).enumerate();
        for (query, ((score, greatest), sum)) in each {
            let (mut score_lanes, mut scale_lanes) = (s.load(score), scales);
            if block >= seen_by_all {
                let seen = tile.visible(query).saturating_sub(block * LANES);
                score_lanes = s.first(seen, score_lanes, s.splat(f32::NEG_INFINITY));
                scale_lanes = s.first(seen, scale_lanes, s.splat(0.0));
            }
            let weight = exp(s, s.sub(score_lanes, s.splat(*greatest)));
            s.store(s.add(s.load(sum), weight), sum);
            s.store(s.mul(weight, scale_lanes), score);
        }
    }
}
