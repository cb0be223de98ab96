//! Many speakers, few tokens, little memory: whatever happens, what a sequence holds is right.

use std::{collections::HashSet, sync::Arc};

use proptest::{collection::vec, prelude::*};

use super::{
    KvBlock, KvCache, Sequence, common,
    tests::{SHAPE, ask, cache_of, check, read, used_blocks},
};

#[derive(Debug, Clone)]
enum Deed {
    Open(u64),
    Rewind(usize, Vec<u32>),
    Ask(usize, Vec<u32>),
    Read(usize, Vec<u32>),
    TakeBack(usize, usize),
    Commit(usize),
    Close(usize),
    Discard(usize, usize),
    Drop(usize),
    Import(usize, usize),
}

/// Texts that often begin in the same way.
fn text() -> impl Strategy<Value = Vec<u32>> {
    (0u32..3, 0u32..70, vec(0u32..2, 0..20)).prop_map(|(kind, len, end)| {
        let beginning = (0..len).map(|at| u32::from(at >= 14 + 15 * kind));
        beginning.chain(end).collect()
    })
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = || 0usize..6;
    prop_oneof![
        3 => (0u64..2).prop_map(Deed::Open),
        3 => (who(), text()).prop_map(|(who, text)| Deed::Rewind(who, text)),
        6 => (who(), text()).prop_map(|(who, text)| Deed::Ask(who, text)),
        4 => (who(), vec(0u32..2, 0..20)).prop_map(|(who, tokens)| Deed::Read(who, tokens)),
        2 => (who(), 0usize..20).prop_map(|(who, count)| Deed::TakeBack(who, count)),
        1 => who().prop_map(Deed::Commit),
        2 => who().prop_map(Deed::Close),
        1 => (who(), 0usize..70).prop_map(|(who, from)| Deed::Discard(who, from)),
        1 => who().prop_map(Deed::Drop),
        1 => (who(), 0usize..70).prop_map(|(who, len)| Deed::Import(who, len)),
    ]
}

/// A cache, its open sequences, and what must be known if nothing is forgotten.
struct World {
    cache: KvCache,
    open: Vec<Sequence>,
    known: Vec<(u64, Vec<u32>)>,
}

impl World {
    fn new(blocks: usize) -> Self {
        Self { cache: cache_of(blocks), open: Vec::new(), known: Vec::new() }
    }

    fn learn(&mut self, who: usize, len: usize) {
        let sequence = &self.open[who];
        self.known.push((sequence.adapter(), sequence.tokens()[..len].to_vec()));
    }

    /// At a call on a sequence, its full blocks become known.
    fn learn_full(&mut self, who: usize) {
        let len = self.open[who].len();
        self.learn(who, len - len % KvBlock::TOKENS);
    }

    fn expected(&self, who: usize, prompt: &[u32]) -> usize {
        let sequence = &self.open[who];
        let known = self.known.iter().filter(|(adapter, _)| *adapter == sequence.adapter());
        let known = known.map(|(_, tokens)| common(tokens, prompt)).max().unwrap_or(0);
        known.max(common(sequence.tokens(), prompt))
    }

    /// Gives how many tokens of the prompt are known, and how many should be.
    fn rewind(&mut self, who: usize, prompt: &[u32], and_read: bool) -> (usize, usize) {
        self.learn_full(who);
        let expected = self.expected(who, prompt);
        if !prompt.starts_with(self.open[who].tokens()) {
            self.learn(who, self.open[who].len());
        }
        let Self { cache, open, .. } = self;
        if and_read {
            return (ask(cache, &mut open[who], prompt), expected);
        }
        let known = cache.rewind(&mut open[who], prompt);
        assert_eq!(open[who].tokens(), &prompt[..known]);
        (known, expected)
    }

    fn import(&mut self, who: usize, len: usize) {
        let len = len.min(self.open[who].len());
        self.learn(who, len);
        let sequence = &self.open[who];
        let blocks = sequence.blocks()[..len.div_ceil(KvBlock::TOKENS)].iter();
        let blocks = blocks.map(|block| KvBlock::from_bytes(SHAPE, &block.to_bytes()).unwrap());
        assert!(self.cache.import(sequence.adapter(), &sequence.tokens()[..len], blocks.collect()));
    }

    /// Gives, for a rewind, how many tokens are known, and how many should be.
    fn apply(&mut self, deed: &Deed) -> Option<(usize, usize)> {
        let count = self.open.len();
        match deed {
            Deed::Open(adapter) if count < 6 => {
                let sequence = self.cache.open(*adapter);
                self.open.push(sequence);
            }
            _ if count == 0 => {}
            Deed::Open(_) => {}
            Deed::Rewind(who, prompt) => return Some(self.rewind(who % count, prompt, false)),
            Deed::Ask(who, prompt) => return Some(self.rewind(who % count, prompt, true)),
            Deed::Read(who, tokens) => {
                self.learn_full(who % count);
                read(&mut self.cache, &mut self.open[who % count], tokens);
            }
            Deed::TakeBack(who, take) => {
                let sequence = &mut self.open[who % count];
                let before = sequence.tokens().to_vec();
                self.cache.take_back(sequence, *take);
                let left = sequence.tokens();
                assert!(before.starts_with(left) && left.len() + take >= before.len());
            }
            Deed::Commit(who) => {
                self.learn_full(who % count);
                self.cache.commit(&mut self.open[who % count]);
            }
            Deed::Close(who) => {
                self.learn(who % count, self.open[who % count].len());
                self.cache.close(self.open.swap_remove(who % count));
            }
            Deed::Discard(who, from) => {
                let sequence = self.open.swap_remove(who % count);
                let from = *from.min(&sequence.len());
                self.known.push((sequence.adapter(), sequence.tokens()[..from].to_vec()));
                self.cache.discard(sequence, from);
            }
            Deed::Drop(who) => {
                drop(self.open.swap_remove(who % count));
                // Room is made at the next call; this one does nothing else.
                assert!(self.cache.import(0, &[], Vec::new()));
            }
            Deed::Import(who, len) => self.import(who % count, *len),
        }
        None
    }

    /// How many blocks open sequences hold; a shared one counts once.
    fn blocks_in_use(&self) -> usize {
        let blocks = self.open.iter().flat_map(Sequence::blocks);
        blocks.map(Arc::as_ptr).collect::<HashSet<_>>().len()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn whatever_is_forgotten_what_is_held_is_right(
        limit in 0usize..12,
        deeds in vec(deed(), 1..80),
    ) {
        let mut world = World::new(limit);
        for deed in &deeds {
            world.apply(deed);
            world.open.iter().for_each(check);
            world.cache.tree.assert_sound();
            prop_assert!(used_blocks(&world.cache) <= limit.max(world.blocks_in_use()));
        }
        while let Some(sequence) = world.open.pop() {
            world.cache.close(sequence);
        }
        prop_assert!(used_blocks(&world.cache) <= limit);
        world.cache.tree.assert_sound();
    }

    #[test]
    fn with_memory_enough_nothing_is_forgotten(deeds in vec(deed(), 1..60)) {
        let mut world = World::new(10_000);
        for deed in &deeds {
            if let Some((known, expected)) = world.apply(deed) {
                prop_assert!(known >= expected, "{known} of {expected} tokens");
            }
            world.open.iter().for_each(check);
        }
        prop_assert_eq!(world.cache.stats().evicted_blocks, 0);
    }
}

#[test]
fn memory_stays_the_same_over_ten_thousand_requests() {
    let limit = 200;
    let mut cache = cache_of(limit);
    let mut open: Vec<_> = (0..4).map(|who| cache.open(who % 2)).collect();
    let mut dice = 1u32;
    let mut roll = |sides: u32| {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (dice >> 16) % sides
    };
    for request in 0..10_000 {
        let (persona, fan, turns) = (roll(3), roll(50), roll(6));
        let beginning = (0..40).map(|at| persona * 100 + at);
        let history = (0..turns * 10).map(|at| 1000 + fan * 100 + at);
        let prompt: Vec<u32> = beginning.chain(history).collect();
        let sequence = &mut open[roll(4) as usize];
        ask(&mut cache, sequence, &prompt);
        if request % 50 == 0 {
            check(sequence);
        }
        assert!(used_blocks(&cache) <= limit);
        assert!(request < 2000 || used_blocks(&cache) == limit);
    }
    assert!(cache.stats().evicted_blocks > 1000);
    assert!(cache.stats().reused_tokens > cache.stats().read_tokens);
}
