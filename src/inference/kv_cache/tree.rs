//! What is known: blocks by the tokens from the beginning of the text on.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
    ops::Bound,
    sync::Arc,
};

use super::{
    KvBlock,
    recency::{Recency, Stamp},
    spare::Spare,
};

/// How many tokens two texts have in common, from the first on.
pub(super) fn common(a: &[u32], b: &[u32]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// One block, or the beginning of all texts of an adapter.
#[derive(Default)]
struct Node {
    parent: usize,
    /// The tokens of the block: [`KvBlock::TOKENS`], or fewer where the text ends.
    tokens: Arc<[u32]>,
    /// None at the beginning of texts, and where the place is vacant.
    block: Option<Arc<KvBlock>>,
    /// None of them is the beginning of another: the longer one holds all that the shorter does.
    children: BTreeMap<Arc<[u32]>, usize>,
    used: Stamp,
}

/// The known beginning of a text.
#[derive(Default)]
pub(super) struct Known {
    /// Full blocks.
    pub(super) blocks: Vec<Arc<KvBlock>>,
    /// After them a block of which the first slots, one or more but not all, are as in the text.
    pub(super) part: Option<(Arc<KvBlock>, usize)>,
}

impl Known {
    /// In tokens.
    pub(super) fn len(&self) -> usize {
        let part = self.part.as_ref().map_or(0, |(_, slots)| *slots);
        self.blocks.len() * KvBlock::TOKENS + part
    }
}

/// A tree of blocks for each adapter. Leaves may hold fewer tokens than a block has room for.
#[derive(Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    vacant: Vec<usize>,
    /// For each adapter, the beginning of its texts.
    roots: HashMap<u64, usize>,
    recency: Recency,
    blocks: usize,
}

impl Tree {
    /// How many blocks it holds.
    pub(super) fn blocks(&self) -> usize {
        self.blocks
    }

    /// The longest known beginning of a text.
    pub(super) fn find(&mut self, adapter: u64, tokens: &[u32]) -> Known {
        self.recency.tick();
        let mut known = Known::default();
        let Some(&root) = self.roots.get(&adapter) else {
            return known;
        };
        let mut at = root;
        for run in tokens.chunks(KvBlock::TOKENS) {
            let Some((child, slots)) = self.nearest(at, run).filter(|(_, slots)| *slots > 0) else {
                break;
            };
            self.touch(child);
            let Some(block) = self.nodes[child].block.clone() else {
                break;
            };
            if slots < KvBlock::TOKENS {
                known.part = Some((block, slots));
                break;
            }
            known.blocks.push(block);
            at = child;
        }
        known
    }

    /// Puts in what was read. A block that is known already, maybe with more tokens after those in
    /// the text, is exchanged for the known one; what is not needed any more becomes spare.
    pub(super) fn insert(
        &mut self,
        adapter: u64,
        tokens: &[u32],
        blocks: &mut [Arc<KvBlock>],
        spare: &mut Spare,
    ) {
        self.recency.tick();
        let mut at = self.root(adapter);
        for (run, block) in tokens.chunks(KvBlock::TOKENS).zip(blocks) {
            at = self.insert_one(at, run, block, spare);
        }
    }

    /// Forgets what was unused for longest and is not in use now.
    pub(super) fn evict(&mut self) -> Option<KvBlock> {
        let leaf = self.recency.oldest(|leaf| {
            self.nodes[leaf].block.as_ref().is_some_and(|block| Arc::strong_count(block) == 1)
        })?;
        let Node { parent, tokens, block, used, .. } = mem::take(&mut self.nodes[leaf]);
        self.recency.remove(used, leaf);
        self.vacant.push(leaf);
        self.blocks -= 1;
        let node = &mut self.nodes[parent];
        node.children.remove(&tokens);
        if node.children.is_empty() && node.block.is_some() {
            self.recency.insert(node.used, parent);
        }
        block.and_then(Arc::into_inner)
    }

    /// Lets the blocks of a text be forgotten first that hold nothing of its first `from` tokens, and
    /// of no other text.
    pub(super) fn demote(&mut self, adapter: u64, tokens: &[u32], from: usize) {
        let Some(&root) = self.roots.get(&adapter) else { return };
        let (mut at, mut unwanted) = (root, Vec::new());
        for (place, run) in tokens.chunks(KvBlock::TOKENS).enumerate() {
            let Some(&child) = self.nodes[at].children.get(run) else { break };
            if place * KvBlock::TOKENS >= from {
                unwanted.push(child);
            }
            at = child;
        }
        for id in unwanted.into_iter().rev() {
            let mut children = self.nodes[id].children.values();
            if children.any(|child| self.nodes[*child].used != Stamp::default()) {
                break;
            }
            self.mark(id, Stamp::default());
        }
    }

    fn root(&mut self, adapter: u64) -> usize {
        if let Some(&root) = self.roots.get(&adapter) {
            return root;
        }
        let root = self.place(Node::default());
        self.roots.insert(adapter, root);
        root
    }

    fn place(&mut self, node: Node) -> usize {
        if let Some(id) = self.vacant.pop() {
            self.nodes[id] = node;
            return id;
        }
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The child that has most tokens in common with `run`, and how many these are.
    ///
    /// In the order of tokens, it is next to `run`.
    fn nearest(&self, parent: usize, run: &[u32]) -> Option<(usize, usize)> {
        let children = &self.nodes[parent].children;
        let from = children.range::<[u32], _>((Bound::Included(run), Bound::Unbounded)).next();
        let before =
            children.range::<[u32], _>((Bound::Unbounded, Bound::Excluded(run))).next_back();
        let neighbours = from.into_iter().chain(before);
        neighbours
            .map(|(tokens, child)| (*child, common(tokens, run)))
            .max_by_key(|(_, slots)| *slots)
    }

    fn insert_one(
        &mut self,
        parent: usize,
        run: &[u32],
        block: &mut Arc<KvBlock>,
        spare: &mut Spare,
    ) -> usize {
        match self.nearest(parent, run) {
            Some((child, slots)) if slots == run.len() => {
                self.touch(child);
                if let Some(known) = self.nodes[child].block.clone() {
                    spare.give(mem::replace(block, known));
                }
                child
            }
            Some((child, slots)) if slots == self.nodes[child].tokens.len() => {
                self.lengthen(child, run, block, spare);
                child
            }
            _ => self.add(parent, run, block),
        }
    }

    /// Replaces a block by one that has the same tokens and more.
    fn lengthen(&mut self, leaf: usize, run: &[u32], block: &Arc<KvBlock>, spare: &mut Spare) {
        self.touch(leaf);
        let tokens: Arc<[u32]> = run.into();
        let node = &mut self.nodes[leaf];
        let shorter = mem::replace(&mut node.tokens, Arc::clone(&tokens));
        if let Some(shorter) = node.block.replace(Arc::clone(block)) {
            spare.give(shorter);
        }
        let parent = node.parent;
        let siblings = &mut self.nodes[parent].children;
        siblings.remove(&shorter);
        siblings.insert(tokens, leaf);
    }

    fn add(&mut self, parent: usize, run: &[u32], block: &Arc<KvBlock>) -> usize {
        let tokens: Arc<[u32]> = run.into();
        let used = self.recency.now();
        let leaf = self.place(Node {
            parent,
            tokens: Arc::clone(&tokens),
            block: Some(Arc::clone(block)),
            children: BTreeMap::new(),
            used,
        });
        self.recency.insert(used, leaf);
        self.recency.remove(self.nodes[parent].used, parent);
        self.nodes[parent].children.insert(tokens, leaf);
        self.blocks += 1;
        leaf
    }

    /// Notes that a node is used now.
    fn touch(&mut self, id: usize) {
        self.mark(id, self.recency.now());
    }

    fn mark(&mut self, id: usize, used: Stamp) {
        let node = &mut self.nodes[id];
        let before = mem::replace(&mut node.used, used);
        if node.children.is_empty() {
            self.recency.remove(before, id);
            self.recency.insert(used, id);
        }
    }
}

#[cfg(test)]
impl Tree {
    /// What must always be so.
    pub(super) fn assert_sound(&self) {
        let mut reached = 0;
        let mut leaves = Vec::new();
        let mut ahead: Vec<usize> = self.roots.values().copied().collect();
        while let Some(id) = ahead.pop() {
            reached += 1;
            let node = &self.nodes[id];
            for ((tokens, &child), next) in node.children.iter().zip(self.next_tokens(id)) {
                let child_node = &self.nodes[child];
                assert!(child_node.parent == id && child_node.tokens == *tokens);
                assert!(child_node.used <= node.used || node.block.is_none());
                assert!(!next.starts_with(tokens), "one child is the beginning of another");
                ahead.push(child);
            }
            let full = node.tokens.len() == KvBlock::TOKENS;
            assert!(full || node.children.is_empty() || node.block.is_none());
            if node.block.is_some() && node.children.is_empty() {
                leaves.push((node.used, id));
            }
        }
        leaves.sort_unstable();
        assert_eq!(self.recency.in_order(), leaves);
        assert_eq!(reached, self.roots.len() + self.blocks);
        assert_eq!(reached + self.vacant.len(), self.nodes.len());
    }

    /// For each child, the tokens of the one after it.
    fn next_tokens(&self, id: usize) -> impl Iterator<Item = &[u32]> {
        let after = self.nodes[id].children.keys().skip(1);
        after.map(|tokens| &tokens[..]).chain([&[][..]])
    }
}
