//! Who has read which tokens: keys and values, kept so that no text is read twice.
//!
//! A [`Sequence`] is one text that a model reads: its tokens, and blocks of [`KvBlock::TOKENS`]
//! tokens with their keys and values. Full blocks are shared. A tree for each adapter knows them by
//! the tokens from the beginning of the text on, since keys and values depend on all tokens before
//! them; so characters with the same world or persona, and all turns of one conversation, read the
//! common part once.
//!
//! **A shared block never changes.** Only the blocks that no other sequence and no tree has are
//! written: those made since the last call on the sequence, and the last one while it is partly
//! filled. Where a sequence goes on inside a shared block, it gets a copy of the known part.
//!
//! **When what was read becomes known.** [`KvCache::extend`] makes room; the model then writes keys
//! and values of all new tokens. Blocks that are full enter the tree at the next call on that
//! sequence, [`KvCache::commit`] being the one that does nothing else; the partly filled last one
//! on [`KvCache::rewind`] and [`KvCache::close`]. If reading fails before all is written, drop the
//! sequence instead of closing it.

mod recency;
mod sequence;
mod spare;
mod tree;

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

pub use sequence::Sequence;

use self::{
    spare::Spare,
    tree::{Known, Tree, common},
};
use super::kernels::{KvBlock, KvShape};

/// What the cache was good for, since it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KvStats {
    /// Tokens that did not have to be read, because they were known.
    pub reused_tokens: u64,
    /// Tokens that were read.
    pub read_tokens: u64,
    /// Blocks that were forgotten to make room.
    pub evicted_blocks: u64,
}

/// Keys and values of all texts that were read, as far as memory goes.
pub struct KvCache {
    shape: KvShape,
    max_bytes: usize,
    tree: Tree,
    spare: Spare,
    /// How many blocks belong to one sequence alone, all sequences together.
    own: Arc<AtomicUsize>,
    stats: KvStats,
}

impl KvCache {
    /// An empty cache for a model.
    ///
    /// Above `max_bytes`, what was unused for longest is forgotten. What open sequences hold is
    /// never forgotten, even if that alone is more.
    #[must_use]
    pub fn new(shape: KvShape, max_bytes: usize) -> Self {
        Self {
            shape,
            max_bytes,
            tree: Tree::default(),
            spare: Spare::default(),
            own: Arc::default(),
            stats: KvStats::default(),
        }
    }

    /// An empty sequence. What was read under different adapters is never mixed.
    #[must_use]
    pub fn open(&mut self, adapter: u64) -> Sequence {
        Sequence::new(adapter, Arc::clone(&self.own))
    }

    /// Makes the sequence the longest known beginning of `prompt`, whoever read it; gives its
    /// length in tokens, up to all of `prompt`.
    ///
    /// What the sequence had read before stays known, until memory is needed.
    pub fn rewind(&mut self, sequence: &mut Sequence, prompt: &[u32]) -> usize {
        self.commit(sequence);
        let own = common(sequence.tokens(), prompt);
        let read_on = own == sequence.len();
        if !read_on || self.tree.find(sequence.adapter(), prompt).len() > own {
            self.share(sequence, sequence.len());
            let known = self.tree.find(sequence.adapter(), prompt);
            self.restart(sequence, prompt, known);
        }
        self.stats.reused_tokens += sequence.len() as u64;
        self.trim();
        sequence.len()
    }

    /// Adds tokens to the sequence. Their keys and values must then be written, all of them, before
    /// the next call on this sequence.
    pub fn extend(&mut self, sequence: &mut Sequence, tokens: &[u32]) {
        self.commit(sequence);
        if let Some((tail, slots)) = sequence.tail_held_elsewhere() {
            let copy = self.copy_of(&tail, slots);
            sequence.replace_tail(copy);
        }
        sequence.record(tokens);
        while sequence.lacks_room() {
            let block = self.block();
            sequence.push(block);
        }
        self.stats.read_tokens += tokens.len() as u64;
        self.trim();
    }

    /// Forgets so many tokens at the end of the sequence, of those that were added last and that
    /// nobody else knows of yet; no more than these.
    pub fn take_back(&mut self, sequence: &mut Sequence, count: usize) {
        let len = sequence.len().saturating_sub(count).max(sequence.shared_tokens());
        for block in sequence.cut(len) {
            self.spare.give(block);
        }
        self.trim();
    }

    /// Lets other sequences know of the full blocks that this one has read. Where another was
    /// faster with the same text, its blocks are taken over.
    pub fn commit(&mut self, sequence: &mut Sequence) {
        let full = sequence.len() - sequence.len() % KvBlock::TOKENS;
        if sequence.shared_tokens() < full {
            self.share(sequence, full);
            self.trim();
        }
    }

    /// Ends a sequence. What it has read stays known, until memory is needed.
    pub fn close(&mut self, mut sequence: Sequence) {
        let len = sequence.len();
        self.share(&mut sequence, len);
        drop(sequence);
        self.trim();
    }

    /// Ends a sequence of which nobody will need what stands behind the first `from` tokens: that is
    /// forgotten before all else.
    pub fn discard(&mut self, mut sequence: Sequence, from: usize) {
        let from = from.min(sequence.len());
        let wanted = sequence.shared_tokens().max(from);
        self.share(&mut sequence, wanted);
        self.tree.demote(sequence.adapter(), sequence.tokens(), from);
        drop(sequence);
        self.trim();
    }

    /// Takes over the beginning of a text that was read earlier, for instance from disk.
    ///
    /// Gives false, and changes nothing, if the number of blocks does not fit that of the tokens,
    /// or the blocks are of another shape. The last block may hold more than is told by `tokens`;
    /// the rest of it is not used.
    pub fn import(&mut self, adapter: u64, tokens: &[u32], blocks: Vec<KvBlock>) -> bool {
        let count = tokens.len().div_ceil(KvBlock::TOKENS);
        if blocks.len() != count || blocks.iter().any(|block| block.shape() != self.shape) {
            return false;
        }
        let mut blocks: Vec<_> = blocks.into_iter().map(Arc::new).collect();
        self.tree.insert(adapter, tokens, &mut blocks, &mut self.spare);
        drop(blocks);
        self.trim();
        true
    }

    /// The memory of all blocks: known ones, those of open sequences, and those that wait to be used again.
    /// A shared block counts once.
    #[must_use]
    pub fn used_bytes(&self) -> usize {
        let blocks = self.tree.blocks() + self.spare.blocks() + self.own.load(Ordering::Relaxed);
        blocks * KvBlock::bytes(self.shape)
    }

    /// The memory of blocks that hold nothing and wait to be used.
    #[cfg(test)]
    #[must_use]
    pub fn spare_bytes(&self) -> usize {
        self.spare.blocks() * KvBlock::bytes(self.shape)
    }

    /// What the cache was good for.
    #[cfg(test)]
    #[must_use]
    pub fn stats(&self) -> KvStats {
        self.stats
    }

    /// Puts the beginning of a sequence into the tree.
    fn share(&mut self, sequence: &mut Sequence, count: usize) {
        let adapter = sequence.adapter();
        let (tokens, blocks) = sequence.beginning_mut(count);
        self.tree.insert(adapter, tokens, blocks, &mut self.spare);
        sequence.set_shared(count);
    }

    /// Gives a sequence, all of which is shared, another beginning.
    fn restart(&mut self, sequence: &mut Sequence, prompt: &[u32], known: Known) {
        let tokens = &prompt[..known.len()];
        sequence.restart(tokens, known.blocks);
        if let Some((block, slots)) = known.part {
            let copy = self.copy_of(&block, slots);
            sequence.push(copy);
        }
    }

    fn copy_of(&mut self, block: &KvBlock, slots: usize) -> KvBlock {
        let mut copy = self.block();
        copy.copy_from(block, slots);
        copy
    }

    /// A block to write into; what it holds is of no meaning.
    fn block(&mut self) -> KvBlock {
        if let Some(block) = self.spare.take() {
            return block;
        }
        let full = self.used_bytes() + KvBlock::bytes(self.shape) > self.max_bytes;
        let forgotten = if full { self.evict() } else { None };
        forgotten.unwrap_or_else(|| KvBlock::new(self.shape))
    }

    fn evict(&mut self) -> Option<KvBlock> {
        let block = self.tree.evict()?;
        self.stats.evicted_blocks += 1;
        Some(block)
    }

    /// Gives back memory until no more is used than allowed, or all is in use.
    fn trim(&mut self) {
        while self.used_bytes() > self.max_bytes {
            if self.spare.take().or_else(|| self.evict()).is_none() {
                break;
            }
        }
    }
}
