//! Blocks that nobody uses, kept so that memory is not asked for at every step.

use std::sync::Arc;

use super::KvBlock;

/// A few unused blocks.
#[derive(Default)]
pub(super) struct Spare(Vec<KvBlock>);

impl Spare {
    /// How many are kept; others are given back to the system.
    const MOST: usize = 64;

    pub(super) fn blocks(&self) -> usize {
        self.0.len()
    }

    pub(super) fn take(&mut self) -> Option<KvBlock> {
        self.0.pop()
    }

    /// Keeps a block, if nobody else holds it.
    pub(super) fn give(&mut self, block: Arc<KvBlock>) {
        if let Some(block) = Arc::into_inner(block)
            && self.0.len() < Self::MOST
        {
            self.0.push(block);
        }
    }
}
