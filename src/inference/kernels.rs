//! The numbers of the forward pass: products, attention, norms, on whatever instructions this machine
//! has.
//!
//! Nothing in here knows a model. Each operation is chosen at run time by [`Level`], so that one
//! build is fast on every player's machine, and gives the same bits at every level; one row's numbers
//! never depend on the other rows.

mod activations;
mod attention;
mod disjoint;
mod fused;
#[cfg(feature = "train")]
mod gradient;
mod kv_block;
mod level;
mod low_rank;
mod mapped;
mod multiply;
mod packed;
mod pool;
mod prefetch;
#[cfg(feature = "train")]
mod product;
mod rope;
mod simd;
mod vector;

pub use activations::Activations;
pub use attention::{AttentionScratch, AttentionSpan, attend};
pub use fused::{rms_norm_quantized, swiglu_quantized};
#[cfg(feature = "train")]
pub use gradient::{
    HeadShape, causal_attention, causal_attention_gradient, cross_entropy, rms_norm_gradient,
    swiglu_gradient,
};
pub use kv_block::{KvBlock, KvShape};
pub use level::Level;
pub use low_rank::{LowRankPart, LowRankRows, LowRankStack, add_low_rank};
pub use mapped::map;
pub use multiply::{multiply, multiply_rows};
pub use packed::{PackedKind, PackedMatrix};
pub use pool::Pool;
#[cfg(feature = "train")]
pub use product::{Operand, product};
pub use rope::{RopeTable, rotate};
pub use vector::add;
#[cfg(feature = "train")]
pub use vector::{rms_norm, swiglu};
