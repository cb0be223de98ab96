//! What is kept of the tokens of a conversation.

use super::times;
use crate::inference::{
    kernels::{KvBlock, KvShape},
    model::{ModelSizes, Pass},
};

/// Keys and values of a conversation of so many tokens, in bytes.
pub(super) fn bytes(pass: Pass, sizes: &ModelSizes, context: usize) -> u64 {
    match pass {
        Pass::Own => {
            let kv_heads = sizes.kv_heads.iter().copied().max().unwrap_or(0);
            let shape = KvShape { layers: 1, kv_heads: 1, head_dim: sizes.head_dim };
            let head = KvBlock::stored_bytes(shape) as u64;
            let heads = times(sizes.layers(), kv_heads as u64);
            let block = head.saturating_mul(heads).saturating_add(size_of::<KvBlock>() as u64);
            times(context.div_ceil(KvBlock::TOKENS), block)
        }
        Pass::Candle => {
            let layer = |&kv_heads: &usize| match kv_heads {
                0 => times(CONVOLVED * size_of::<f32>(), sizes.width as u64),
                // A key and a value, also of tokens that local layers do not see any more.
                _ => times(
                    2 * size_of::<f32>(),
                    times(kv_heads, times(sizes.head_dim, context as u64)),
                ),
            };
            sizes.kv_heads.iter().map(layer).fold(0, u64::saturating_add)
        }
    }
}

/// How many tokens a convolution keeps.
const CONVOLVED: usize = 2;
