//! What the cache promises, one sentence each; and a reader whose keys and values tell what was
//! read.

use std::sync::Arc;

use super::{KvBlock, KvCache, KvShape, Sequence, common};

pub(super) const SHAPE: KvShape = KvShape { layers: 2, kv_heads: 1, head_dim: 32 };

pub(super) fn cache_of(blocks: usize) -> KvCache {
    KvCache::new(SHAPE, blocks * KvBlock::bytes(SHAPE))
}

pub(super) fn used_blocks(cache: &KvCache) -> usize {
    cache.used_bytes() / KvBlock::bytes(SHAPE)
}

/// For each token, a number that depends on the adapter and on all tokens up to this one.
fn hashes(adapter: u64, tokens: &[u32]) -> impl Iterator<Item = u32> {
    tokens.iter().scan(0x9E37_79B9 ^ adapter as u32, |hash, token| {
        *hash = (*hash ^ token).wrapping_mul(0x85EB_CA6B).rotate_left(13);
        Some(*hash)
    })
}

/// A vector whose largest number, and so the scale of its codes, tells the hash.
fn vector(hash: u32, salt: u32) -> [f32; SHAPE.head_dim] {
    let mut vector = [0.0; SHAPE.head_dim];
    vector[0] = (1 + (hash.wrapping_add(salt).wrapping_mul(0xC2B2_AE35) >> 12)) as f32;
    vector
}

/// Adds tokens, and writes keys and values as a model would.
pub(super) fn read(cache: &mut KvCache, sequence: &mut Sequence, tokens: &[u32]) {
    let first = sequence.len();
    cache.extend(sequence, tokens);
    let hashes: Vec<u32> = hashes(sequence.adapter(), sequence.tokens()).collect();
    for (position, &hash) in hashes.iter().enumerate().skip(first) {
        for layer in 0..SHAPE.layers {
            let salt = 2 * layer as u32;
            sequence.write(layer, 0, position, &vector(hash, salt), &vector(hash, salt + 1));
        }
    }
}

/// Rewinds, then reads what is not known; gives how much was known.
pub(super) fn ask(cache: &mut KvCache, sequence: &mut Sequence, prompt: &[u32]) -> usize {
    let known = cache.rewind(sequence, prompt);
    assert_eq!(sequence.tokens(), &prompt[..known]);
    read(cache, sequence, &prompt[known..]);
    known
}

/// What the first `slots` tokens of a block hold.
fn content(block: &KvBlock, slots: usize) -> Vec<u8> {
    let mut content = KvBlock::new(SHAPE);
    content.copy_from(block, slots);
    for (layer, slot) in
        (0..SHAPE.layers).flat_map(|l| (slots..KvBlock::TOKENS).map(move |s| (l, s)))
    {
        content.write(layer, 0, slot, &[0.0; SHAPE.head_dim], &[0.0; SHAPE.head_dim]);
    }
    content.to_bytes()
}

/// Whether each position holds what reading all tokens up to it gives.
pub(super) fn check(sequence: &Sequence) {
    assert_eq!(sequence.blocks().len(), sequence.len().div_ceil(KvBlock::TOKENS));
    let hashes: Vec<u32> = hashes(sequence.adapter(), sequence.tokens()).collect();
    for (run, block) in hashes.chunks(KvBlock::TOKENS).zip(sequence.blocks()) {
        let mut expected = KvBlock::new(SHAPE);
        for (slot, &hash) in run.iter().enumerate() {
            for layer in 0..SHAPE.layers {
                let salt = 2 * layer as u32;
                expected.write(layer, 0, slot, &vector(hash, salt), &vector(hash, salt + 1));
            }
        }
        assert!(content(block, run.len()) == content(&expected, run.len()), "wrong key or value");
    }
}

fn text(seed: u32, len: usize) -> Vec<u32> {
    (0..len as u32).map(|at| seed * 1000 + at).collect()
}

#[test]
fn what_another_read_is_known() {
    let mut cache = cache_of(100);
    let mut first = cache.open(0);
    read(&mut cache, &mut first, &text(1, 40));
    cache.close(first);
    let mut second = cache.open(0);
    let longer = [text(1, 40), text(2, 10)].concat();
    assert_eq!(ask(&mut cache, &mut second, &longer), 40);
    check(&second);
    assert_eq!((cache.stats().reused_tokens, cache.stats().read_tokens), (40, 50));
}

#[test]
fn a_speaker_that_is_still_reading_shares_its_full_blocks_once_they_are_written() {
    let mut cache = cache_of(100);
    let [mut first, mut second] = [cache.open(0), cache.open(0)];
    read(&mut cache, &mut first, &text(1, 40));
    assert_eq!(cache.rewind(&mut second, &text(1, 40)), 0);
    cache.commit(&mut first);
    assert_eq!(cache.rewind(&mut second, &text(1, 40)), 32);
    assert!(Arc::ptr_eq(&first.blocks()[1], &second.blocks()[1]));
}

#[test]
fn two_adapters_share_nothing() {
    let mut cache = cache_of(100);
    let [mut first, mut second] = [cache.open(0), cache.open(1)];
    read(&mut cache, &mut first, &text(1, 40));
    cache.close(first);
    assert_eq!(cache.rewind(&mut second, &text(1, 40)), 0);
}

#[test]
fn a_text_that_differs_in_the_middle_of_a_block_is_known_up_to_there() {
    let mut cache = cache_of(100);
    let mut sequence = cache.open(0);
    let [common, old, new] = [text(1, 21), text(2, 30), text(3, 30)];
    let [old, new] = [[&common[..], &old].concat(), [&common[..], &new].concat()];
    read(&mut cache, &mut sequence, &old);
    assert_eq!(ask(&mut cache, &mut sequence, &new), 21);
    check(&sequence);
    assert_eq!(ask(&mut cache, &mut sequence, &old), 51, "the old text is not lost");
    check(&sequence);
    assert_eq!(ask(&mut cache, &mut sequence, &new), 51);
    check(&sequence);
}

#[test]
fn a_reply_is_read_on_without_copies() {
    let mut cache = cache_of(100);
    let mut sequence = cache.open(0);
    let long = text(1, 60);
    read(&mut cache, &mut sequence, &long[..40]);
    let tail = Arc::as_ptr(&sequence.blocks()[2]);
    assert_eq!(ask(&mut cache, &mut sequence, &long), 40);
    assert_eq!(Arc::as_ptr(&sequence.blocks()[2]), tail);
    assert_eq!(used_blocks(&cache), 4);
}

#[test]
fn a_text_read_by_two_at_once_takes_memory_once() {
    let mut cache = cache_of(100);
    let [mut first, mut second] = [cache.open(0), cache.open(0)];
    read(&mut cache, &mut first, &text(1, 64));
    read(&mut cache, &mut second, &text(1, 64));
    assert_eq!(used_blocks(&cache), 8);
    cache.commit(&mut first);
    cache.commit(&mut second);
    assert!(Arc::ptr_eq(&first.blocks()[3], &second.blocks()[3]));
    assert_eq!(cache.used_bytes() - cache.spare_bytes(), 4 * KvBlock::bytes(SHAPE));
}

#[test]
fn a_longer_end_takes_the_place_of_a_shorter_one() {
    let mut cache = cache_of(100);
    for len in [5, 9, 3, 9] {
        let mut sequence = cache.open(0);
        read(&mut cache, &mut sequence, &text(1, len));
        cache.close(sequence);
        assert_eq!(cache.used_bytes() - cache.spare_bytes(), KvBlock::bytes(SHAPE));
    }
    let mut sequence = cache.open(0);
    assert_eq!(cache.rewind(&mut sequence, &text(1, 12)), 9);
    check(&sequence);
}

#[test]
fn what_was_unused_for_longest_is_forgotten_first() {
    let mut cache = cache_of(6);
    for seed in 1..=3 {
        let mut sequence = cache.open(0);
        read(&mut cache, &mut sequence, &text(seed, 32));
        cache.close(sequence);
    }
    let known = |cache: &mut KvCache, seed| {
        let mut sequence = cache.open(0);
        cache.rewind(&mut sequence, &text(seed, 32))
    };
    assert_eq!(known(&mut cache, 1), 32);
    let mut sequence = cache.open(0);
    read(&mut cache, &mut sequence, &text(4, 32));
    assert_eq!([1, 2, 3].map(|seed| known(&mut cache, seed)), [32, 0, 32]);
    assert_eq!(cache.stats().evicted_blocks, 2);
}

#[test]
fn the_end_of_a_text_is_forgotten_before_its_beginning() {
    let mut cache = cache_of(4);
    let mut first = cache.open(0);
    read(&mut cache, &mut first, &text(1, 64));
    cache.close(first);
    let mut second = cache.open(0);
    read(&mut cache, &mut second, &text(2, 16));
    let mut third = cache.open(0);
    assert_eq!(cache.rewind(&mut third, &text(1, 64)), 48);
    check(&third);
}

#[test]
fn open_sequences_keep_what_they_hold_even_above_the_limit() {
    let mut cache = cache_of(2);
    let [mut first, mut second] = [cache.open(0), cache.open(0)];
    read(&mut cache, &mut first, &text(1, 50));
    read(&mut cache, &mut second, &text(2, 50));
    assert_eq!(used_blocks(&cache), 8);
    check(&first);
    check(&second);
    cache.close(first);
    assert_eq!(used_blocks(&cache), 4);
    cache.close(second);
    assert_eq!(used_blocks(&cache), 2);
}

#[test]
fn a_sequence_that_is_dropped_gives_its_memory_back() {
    let mut cache = cache_of(100);
    let mut sequence = cache.open(0);
    read(&mut cache, &mut sequence, &text(1, 40));
    cache.commit(&mut sequence);
    drop(sequence);
    assert_eq!(used_blocks(&cache), 2);
}

#[test]
fn a_text_from_disk_is_known() {
    let mut cache = cache_of(100);
    let mut sequence = cache.open(7);
    read(&mut cache, &mut sequence, &text(1, 40));
    let stored: Vec<_> = sequence.blocks().iter().map(|block| block.to_bytes()).collect();
    let blocks = || {
        stored.iter().map(|bytes| KvBlock::from_bytes(SHAPE, bytes).unwrap()).collect::<Vec<_>>()
    };
    let mut other = cache_of(100);
    assert!(other.import(7, &text(1, 37), blocks()), "the end of the last block is cut off");
    let mut sequence = other.open(7);
    assert_eq!(other.rewind(&mut sequence, &text(1, 40)), 37);
    check(&sequence);
    assert!(other.import(7, &text(1, 37), blocks()), "once more changes nothing");
    assert_eq!(other.used_bytes() - other.spare_bytes(), 4 * KvBlock::bytes(SHAPE));
}

#[test]
fn a_text_from_disk_that_does_not_fit_is_refused() {
    let mut cache = cache_of(100);
    let blocks = |count| (0..count).map(|_| KvBlock::new(SHAPE)).collect();
    assert!(!cache.import(0, &text(1, 33), blocks(2)));
    assert!(!cache.import(0, &text(1, 32), blocks(3)));
    assert!(!cache.import(0, &[], blocks(1)));
    let other = KvShape { layers: SHAPE.layers + 1, ..SHAPE };
    assert!(!cache.import(0, &text(1, 9), vec![KvBlock::new(other)]));
    assert_eq!(cache.used_bytes(), 0);
}

#[test]
fn a_block_that_someone_else_keeps_does_not_change() {
    let mut cache = cache_of(100);
    let mut sequence = cache.open(0);
    read(&mut cache, &mut sequence, &text(1, 20));
    let kept = Arc::clone(&sequence.blocks()[1]);
    let before = kept.to_bytes();
    read(&mut cache, &mut sequence, &text(2, 20));
    assert!(kept.to_bytes() == before);
    check(&sequence);
}

#[test]
#[should_panic(expected = "others read")]
fn a_shared_block_cannot_be_written() {
    let mut cache = cache_of(100);
    let mut sequence = cache.open(0);
    read(&mut cache, &mut sequence, &text(1, 20));
    cache.commit(&mut sequence);
    sequence.write(0, 0, 3, &[0.0; SHAPE.head_dim], &[0.0; SHAPE.head_dim]);
}

#[test]
fn nothing_of_nothing_is_known() {
    let mut cache = cache_of(0);
    let mut sequence = cache.open(0);
    assert_eq!(cache.rewind(&mut sequence, &[]), 0);
    read(&mut cache, &mut sequence, &[]);
    assert!(sequence.is_empty() && sequence.blocks().is_empty());
    cache.close(sequence);
    assert_eq!(common(&[], &[1]), 0);
}

#[test]
fn what_is_taken_back_is_known_to_nobody() {
    let mut cache = cache_of(100);
    let mut one = cache.open(0);
    let text: Vec<u32> = (0..40).collect();
    ask(&mut cache, &mut one, &text[..20]);
    cache.extend(&mut one, &[]);
    read(&mut cache, &mut one, &[7; 30]);
    let used = used_blocks(&cache);
    cache.take_back(&mut one, 30);
    assert_eq!(one.tokens(), &text[..20]);
    assert_eq!(used_blocks(&cache), used, "its memory is kept for what comes next");
    read(&mut cache, &mut one, &text[20..]);
    check(&one);
    cache.close(one);
    let mut two = cache.open(0);
    assert_eq!(cache.rewind(&mut two, &text), 40);
    let guessed: Vec<u32> = text[..20].iter().copied().chain([7; 30]).collect();
    assert_eq!(cache.rewind(&mut two, &guessed), 20);
}

#[test]
fn no_more_is_taken_back_than_nobody_else_knows_of() {
    let mut cache = cache_of(100);
    let mut one = cache.open(0);
    ask(&mut cache, &mut one, &[1; 40]);
    cache.commit(&mut one);
    cache.take_back(&mut one, 30);
    assert_eq!(one.len(), 32);
    check(&one);
}

#[test]
fn what_is_discarded_is_forgotten_before_what_is_older() {
    let mut cache = cache_of(10);
    let prompt: Vec<u32> = (0..64).collect();
    let mut old = cache.open(0);
    ask(&mut cache, &mut old, &[5; 32]);
    cache.close(old);
    let mut one = cache.open(0);
    ask(&mut cache, &mut one, &prompt);
    read(&mut cache, &mut one, &[7; 64]);
    cache.commit(&mut one);
    cache.discard(one, 64);
    let mut two = cache.open(0);
    ask(&mut cache, &mut two, &[9; 64]);
    let mut three = cache.open(0);
    assert_eq!(cache.rewind(&mut three, &[5; 32]), 32, "older, and wanted");
    assert_eq!(cache.rewind(&mut three, &prompt), 64);
}
