//! What a model needs besides weights and what it has read.

use super::{MemoryPlan, times};
use crate::inference::model::{ModelSizes, Pass};

/// What a token of the vocabulary takes: its spelling in the head of the file while that is open, in
/// the tables of the tokenizer, and among the bytes that tokens stand for.
const TOKEN: u64 = 300;

/// Vocabulary, and what a pass works with, in bytes.
pub(super) fn bytes(pass: Pass, sizes: &ModelSizes, plan: &MemoryPlan, conversations: u64) -> u64 {
    let rows = plan.prefill_chunk.saturating_add(plan.idols);
    let values = [
        times(4, sizes.width as u64),
        times(2, times(sizes.heads, sizes.head_dim as u64)),
        times(2, times(sizes.kv_heads.iter().copied().max().unwrap_or(0), sizes.head_dim as u64)),
        times(3, sizes.inner as u64),
    ];
    let row = values.into_iter().fold(0, u64::saturating_add);
    let parts = [
        times(sizes.vocabulary, TOKEN),
        times(rows, times(size_of::<f32>(), row)),
        // The logits of each idol, twice: as they are computed, and as they are chosen from.
        times(plan.idols, times(2 * size_of::<f32>(), sizes.vocabulary as u64)),
        // The sines and cosines of all positions.
        times(plan.context, times(2 * size_of::<f32>(), sizes.head_dim as u64)),
        match pass {
            Pass::Own => 0,
            // A pass makes new keys and values beside the old ones, which stay until it has ended.
            Pass::Candle => conversations,
        },
    ];
    parts.into_iter().fold(0, u64::saturating_add)
}
