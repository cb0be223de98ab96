//! A low-rank change of a model's matrices, which each speaker may have her own of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::inference::model::{AdapterId, GgufError};

use super::MatrixSizes;

/// A matrix that an adapter may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Of the queries.
    Query,
    /// Of the keys.
    Key,
    /// Of the values.
    Value,
    /// Behind the attention.
    AttentionOutput,
    /// The gate of the feed-forward part.
    Gate,
    /// Into the feed-forward part.
    Up,
    /// Out of the feed-forward part.
    Down,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Query,
        Self::Key,
        Self::Value,
        Self::AttentionOutput,
        Self::Gate,
        Self::Up,
        Self::Down,
    ];

    /// What GGUF files call the matrix of a layer.
    pub(crate) fn tensor(self, layer: usize) -> String {
        let part = match self {
            Self::Query => "attn_q",
            Self::Key => "attn_k",
            Self::Value => "attn_v",
            Self::AttentionOutput => "attn_output",
            Self::Gate => "ffn_gate",
            Self::Up => "ffn_up",
            Self::Down => "ffn_down",
        };
        format!("blk.{layer}.{part}.weight")
    }
}

/// What is added to one matrix: `scale * up * down`, of a rank far below the matrix's own (`LoRA`:
/// Hu et al., 2021, arXiv:2106.09685).
#[derive(Debug, Clone, PartialEq)]
pub struct LowRank {
    /// `[rank, columns]`, row-major; called A in the paper.
    pub down: Vec<f32>,
    /// `[rows, rank]`, row-major; called B in the paper.
    pub up: Vec<f32>,
    /// How strongly it counts: alpha / rank.
    pub scale: f32,
}

impl LowRank {
    /// How many rows of so many columns the first of the two has.
    pub(in crate::inference::model) fn rank(&self, columns: usize) -> usize {
        self.down.len() / columns.max(1)
    }
}

/// A fine-tuned change of a llama model, applied to the rows of one speaker only.
///
/// # Example
/// ```
/// use bevy_persona::inference::model::{Adapter, LowRank, Target};
///
/// let mut adapter = Adapter::new();
/// let change = LowRank { down: vec![0.5; 16 * 576], up: vec![0.0; 192 * 16], scale: 2.0 };
/// adapter.insert(0, Target::Key, change);
/// assert_eq!(adapter.changes().count(), 1);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Adapter {
    changes: BTreeMap<(usize, Target), LowRank>,
}

impl Adapter {
    /// An adapter that changes nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes one matrix of a layer, in place of what was to be changed of it before.
    pub fn insert(&mut self, layer: usize, target: Target, change: LowRank) {
        self.changes.insert((layer, target), change);
    }

    /// What it changes: layer, matrix and change, layer by layer.
    pub fn changes(&self) -> impl Iterator<Item = (usize, Target, &LowRank)> {
        self.changes.iter().map(|(&(layer, target), change)| (layer, target, change))
    }

    /// The change of one matrix of a layer, if there is one.
    #[must_use]
    pub fn get(&self, layer: usize, target: Target) -> Option<&LowRank> {
        self.changes.get(&(layer, target))
    }

    /// Its name: a number made of what it holds, so that what was read with it is never taken for
    /// what was read with another.
    pub(super) fn id(&self) -> AdapterId {
        let mut hash = Sha256::new();
        for (layer, target, change) in self.changes() {
            hash.update((layer as u64).to_le_bytes());
            hash.update([target as u8]);
            let numbers = [change.scale].into_iter().chain(change.down.iter().copied());
            for number in numbers.chain(change.up.iter().copied()) {
                hash.update(number.to_le_bytes());
            }
        }
        let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(hash.finalize());
        // 0 stands for no adapter.
        AdapterId(u64::from_le_bytes([a, b, c, d, e, f, g, h]).max(1))
    }

    /// Makes sure that it fits a model.
    pub(super) fn check(&self, layers: usize, sizes: &MatrixSizes) -> Result<(), GgufError> {
        let last = self.changes.last_key_value().map(|(&(layer, _), _)| layer);
        if let Some(last) = last.filter(|&last| last >= layers) {
            let (theirs, ours) = (last.saturating_add(1), layers);
            return Err(GgufError::Shape(format!("an adapter of {theirs} layers for {ours}")));
        }
        for (layer, target, change) in self.changes() {
            let (rows, columns) = sizes.shape(target);
            let rank = change.rank(columns);
            if rank == 0 || change.down.len() != rank * columns || change.up.len() != rank * rows {
                return Err(GgufError::Shape(format!(
                    "the adapter's {target:?} of layer {layer} is not {rows} by {columns}"
                )));
            }
            let mut numbers = change.down.iter().chain(&change.up).chain([&change.scale]);
            if !numbers.all(|number| number.is_finite()) {
                return Err(GgufError::Shape(format!(
                    "the adapter's {target:?} of layer {layer} holds numbers that are not finite"
                )));
            }
        }
        Ok(())
    }
}
