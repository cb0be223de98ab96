//! One text that a model reads.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::KvBlock;

/// The tokens of one text, and the blocks with their keys and values.
///
/// Made, changed and closed by a [`KvCache`](super::KvCache). When dropped instead of closed, what
/// was not known to the cache by then is forgotten.
pub struct Sequence {
    adapter: u64,
    tokens: Vec<u32>,
    /// Block b holds the positions from b * `KvBlock::TOKENS` on.
    blocks: Vec<Arc<KvBlock>>,
    /// How many blocks, from the first on, are in the tree. They do not change any more.
    shared: usize,
    /// How many blocks are not in the tree, of all sequences together.
    own: Arc<AtomicUsize>,
}

impl Sequence {
    pub(super) fn new(adapter: u64, own: Arc<AtomicUsize>) -> Self {
        Self { adapter, tokens: Vec::new(), blocks: Vec::new(), shared: 0, own }
    }

    /// How many tokens it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether it has no tokens.
    #[cfg(test)]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Its tokens, from the beginning of the text on.
    #[must_use]
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// The adapter with which it is read.
    #[must_use]
    pub fn adapter(&self) -> u64 {
        self.adapter
    }

    /// The keys and values: block b holds the positions from b * [`KvBlock::TOKENS`] on.
    ///
    /// In the last one, slots after the last token hold anything.
    #[must_use]
    pub fn blocks(&self) -> &[Arc<KvBlock>] {
        &self.blocks
    }

    /// Writes key and value of one of the tokens that were added by the last
    /// [`KvCache::extend`](super::KvCache::extend).
    ///
    /// # Panics
    /// If `position` is in a block that others read, or after the last token.
    pub fn write(
        &mut self,
        layer: usize,
        head: usize,
        position: usize,
        key: &[f32],
        value: &[f32],
    ) {
        assert!(position < self.tokens.len(), "position {position} has no token");
        let Some(block) = Arc::get_mut(&mut self.blocks[position / KvBlock::TOKENS]) else {
            panic!("position {position} is in a block that others read");
        };
        block.write(layer, head, position % KvBlock::TOKENS, key, value);
    }

    pub(super) fn shared_tokens(&self) -> usize {
        self.tokens.len().min(self.shared * KvBlock::TOKENS)
    }

    /// The first `count` tokens, and the blocks that hold them.
    pub(super) fn beginning_mut(&mut self, count: usize) -> (&[u32], &mut [Arc<KvBlock>]) {
        let blocks = count.div_ceil(KvBlock::TOKENS);
        (&self.tokens[..count], &mut self.blocks[..blocks])
    }

    /// Notes that the blocks of the first `count` tokens are now in the tree.
    pub(super) fn set_shared(&mut self, count: usize) {
        let shared = count.div_ceil(KvBlock::TOKENS).max(self.shared);
        self.own.fetch_sub(shared - self.shared, Ordering::Relaxed);
        self.shared = shared;
    }

    /// Becomes another text, all of whose blocks are in the tree. A part of one more block may be
    /// added with [`Self::push`].
    pub(super) fn restart(&mut self, tokens: &[u32], blocks: Vec<Arc<KvBlock>>) {
        debug_assert_eq!(self.shared, self.blocks.len());
        self.tokens.clear();
        self.tokens.extend_from_slice(tokens);
        self.shared = blocks.len();
        self.blocks = blocks;
    }

    pub(super) fn record(&mut self, tokens: &[u32]) {
        self.tokens.extend_from_slice(tokens);
    }

    /// Keeps the first `len` tokens, which are all that is shared or more; gives the blocks that are
    /// left without a token.
    pub(super) fn cut(&mut self, len: usize) -> Vec<Arc<KvBlock>> {
        debug_assert!(len >= self.shared_tokens());
        self.tokens.truncate(len);
        let blocks = len.div_ceil(KvBlock::TOKENS).max(self.shared);
        let left = self.blocks.split_off(blocks.min(self.blocks.len()));
        self.own.fetch_sub(left.len(), Ordering::Relaxed);
        left
    }

    pub(super) fn lacks_room(&self) -> bool {
        self.blocks.len() < self.tokens.len().div_ceil(KvBlock::TOKENS)
    }

    pub(super) fn push(&mut self, block: KvBlock) {
        self.blocks.push(Arc::new(block));
        self.own.fetch_add(1, Ordering::Relaxed);
    }

    /// The partly filled block at the end, with its number of tokens, if someone outside has kept a
    /// reference to it: for instance, to store it on disk.
    pub(super) fn tail_held_elsewhere(&self) -> Option<(Arc<KvBlock>, usize)> {
        let tail = self.blocks.last().filter(|tail| Arc::strong_count(tail) > 1)?;
        let slots = self.tokens.len() % KvBlock::TOKENS;
        (slots > 0).then(|| (Arc::clone(tail), slots))
    }

    pub(super) fn replace_tail(&mut self, block: KvBlock) {
        if let Some(tail) = self.blocks.last_mut() {
            *tail = Arc::new(block);
        }
    }
}

impl Drop for Sequence {
    fn drop(&mut self) {
        self.own.fetch_sub(self.blocks.len() - self.shared, Ordering::Relaxed);
    }
}
