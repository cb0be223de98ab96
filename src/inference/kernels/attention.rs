//! Attention over cached keys and values, for several sequences at once.
//!
//! The work is cut into tiles: some consecutive rows of one sequence and all heads that share
//! one head of keys, so that each key and value is converted once for all of them. Every query
//! is computed in the order of the positions, by steps that do not depend on the tile.

#[cfg(test)]
mod tests;
mod tile;

use std::cell::RefCell;
use std::sync::Arc;

use self::tile::{Tile, TileScratch};
use super::disjoint::Disjoint;
use super::kv_block::{KvBlock, KvShape};
use super::level::Level;
use super::pool::Pool;
use super::simd::dispatch;

/// Queries that one tile should have, if there are enough rows.
const QUERIES: usize = 12;

/// Products that are worth waking other threads for: some ten microseconds.
const WORTHWHILE: usize = 1 << 18;

/// New rows of one sequence: `count` queries at consecutive positions from `first` on, each of
/// which sees all tokens up to its own.
#[derive(Debug, Clone, Copy)]
pub struct AttentionSpan<'a> {
    /// The tokens of the sequence; block `b` holds positions `16 * b` to `16 * b + 15`.
    pub blocks: &'a [Arc<KvBlock>],
    /// Position of the first row.
    pub first: usize,
    /// How many rows.
    pub count: usize,
}

/// Memory that is used again from one call to the next.
#[derive(Debug, Default)]
pub struct AttentionScratch {
    items: Vec<Item>,
}

/// What one thread does at a time.
#[derive(Debug)]
struct Item {
    span: usize,
    kv_head: usize,
    /// First row: within the span, and within all rows.
    in_span: usize,
    row: usize,
    rows: usize,
}

thread_local! {
    static TILE_SCRATCH: RefCell<TileScratch> = RefCell::default();
}

/// `out = softmax(queries · keys / sqrt(head_dim)) · values` for each row and head.
///
/// `queries` and `out` are `[rows, heads * head_dim]`, the rows of the spans one after the
/// other. Head `h` uses head `h / (heads / kv_heads)` of keys and values. Slots after the
/// position of a row do not influence it, whatever they hold.
///
/// # Panics
/// If the lengths do not fit, or a span has too few blocks.
pub fn attend(
    level: Level,
    pool: &Pool,
    shape: KvShape,
    layer: usize,
    heads: usize,
    spans: &[AttentionSpan<'_>],
    queries: &[f32],
    out: &mut [f32],
    scratch: &mut AttentionScratch,
) {
    let (group, width) = (heads / shape.kv_heads, heads * shape.head_dim);
    assert!(group >= 1 && group * shape.kv_heads == heads);
    let rows: usize = spans.iter().map(|span| span.count).sum();
    assert!(queries.len() == rows * width && out.len() == rows * width);
    let work = plan(&mut scratch.items, spans, shape.kv_heads, group);
    let items = &scratch.items;
    let call = Call { shape, layer, group, width, spans, queries, out: Disjoint::new(out) };
    let run = |index: usize| {
        // The last first: late rows see more tokens, and small pieces should come at the end.
        let tile = call.tile(&items[items.len() - 1 - index]);
        TILE_SCRATCH.with_borrow_mut(|scratch| dispatch(level, tile.with(scratch)));
    };
    if work.saturating_mul(width) < WORTHWHILE {
        (0..items.len()).for_each(run);
    } else {
        pool.run(items.len(), &run);
    }
}

/// What all items have in common.
struct Call<'a> {
    shape: KvShape,
    layer: usize,
    group: usize,
    width: usize,
    spans: &'a [AttentionSpan<'a>],
    queries: &'a [f32],
    out: Disjoint<'a>,
}

impl Call<'_> {
    fn tile(&self, item: &Item) -> Tile<'_> {
        let span = &self.spans[item.span];
        Tile {
            blocks: span.blocks,
            shape: self.shape,
            layer: self.layer,
            kv_head: item.kv_head,
            first: span.first + item.in_span,
            rows: item.rows,
            group: self.group,
            row: item.row,
            width: self.width,
            queries: self.queries,
            out: &self.out,
        }
    }
}

/// Lists the tiles; gives how many pairs of a row and a token it sees there are.
fn plan(
    items: &mut Vec<Item>,
    spans: &[AttentionSpan<'_>],
    kv_heads: usize,
    group: usize,
) -> usize {
    let tile = (QUERIES / group).max(1);
    let (mut start, mut pairs) = (0, 0);
    items.clear();
    for (index, span) in spans.iter().enumerate() {
        let tokens = span.first + span.count;
        assert!(span.count == 0 || tokens.div_ceil(KvBlock::TOKENS) <= span.blocks.len());
        for in_span in (0..span.count).step_by(tile) {
            let rows = tile.min(span.count - in_span);
            let row = start + in_span;
            items.extend((0..kv_heads).map(|kv_head| Item {
                span: index,
                kv_head,
                in_span,
                row,
                rows,
            }));
        }
        start += span.count;
        pairs += span.count * tokens;
    }
    pairs
}
