use std::sync::Arc;

use proptest::prelude::*;

use super::super::kv_block::{KvBlock, KvShape};
use super::super::level::Level;
use super::super::pool::Pool;
use super::{AttentionScratch, AttentionSpan, attend};

fn vector(len: usize, seed: usize) -> Vec<f32> {
    let hash = |i: usize| (i * 7919 + seed * 104_729 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (0..len).map(|i| ((hash(i) >> 40) as f32 / (1 << 23) as f32 - 1.0) * 3.0).collect()
}

/// Keys and values of one token, layer and head of a sequence.
fn token(
    shape: KvShape,
    sequence: usize,
    layer: usize,
    head: usize,
    position: usize,
) -> [Vec<f32>; 2] {
    let seed = ((sequence * 10 + layer) * 10 + head) * 10_000 + 2 * position;
    [vector(shape.head_dim, seed), vector(shape.head_dim, seed + 1)]
}

/// The blocks of a sequence with its first `len` tokens, written over those of `before`.
fn blocks(shape: KvShape, sequence: usize, len: usize, before: &KvBlock) -> Vec<Arc<KvBlock>> {
    let mut blocks = vec![before.clone(); len.div_ceil(KvBlock::TOKENS)];
    for position in 0..len {
        let block = &mut blocks[position / KvBlock::TOKENS];
        for layer in 0..shape.layers {
            for head in 0..shape.kv_heads {
                let [key, value] = token(shape, sequence, layer, head, position);
                block.write(layer, head, position % KvBlock::TOKENS, &key, &value);
            }
        }
    }
    blocks.into_iter().map(Arc::new).collect()
}

/// Key and value of layer 1 as they are after quantisation.
fn stored(blocks: &[Arc<KvBlock>], head: usize, position: usize) -> [Vec<f32>; 2] {
    let block = &blocks[position / KvBlock::TOKENS];
    let slot = position % KvBlock::TOKENS;
    let (keys, key_scales) = block.keys(1, head);
    let (values, value_scales) = block.values(1, head);
    let value = values.chunks(block.shape().value_chunks()).nth(slot).unwrap().as_flattened();
    [
        keys.iter().map(|codes| f32::from(codes[slot]) * key_scales[slot]).collect(),
        value[..keys.len()].iter().map(|c| f32::from(*c) * value_scales[slot]).collect(),
    ]
}

/// A block full of what is not a number.
fn garbage(shape: KvShape) -> KvBlock {
    let mut bytes = KvBlock::new(shape).to_bytes();
    bytes.fill(0xFF);
    KvBlock::from_bytes(shape, &bytes).unwrap()
}

fn query(sequence: usize, position: usize, width: usize) -> Vec<f32> {
    vector(width, 5_000_000 + 3000 * sequence + position)
}

struct Model {
    level: Level,
    pool: Pool,
    shape: KvShape,
    heads: usize,
}

impl Model {
    fn new(level: Level, threads: usize, kv_heads: usize, group: usize, head_dim: usize) -> Self {
        let shape = KvShape { layers: 2, kv_heads, head_dim };
        Self { level, pool: Pool::new(threads), shape, heads: group * kv_heads }
    }

    fn width(&self) -> usize {
        self.heads * self.shape.head_dim
    }

    /// Attention of layer 1 for spans of numbered sequences.
    fn attend(
        &self,
        spans: &[(usize, AttentionSpan<'_>)],
        scratch: &mut AttentionScratch,
    ) -> Vec<f32> {
        let rows = spans.iter().flat_map(|(sequence, span)| {
            (span.first..span.first + span.count).map(|position| (*sequence, position))
        });
        let queries: Vec<f32> =
            rows.flat_map(|(sequence, position)| query(sequence, position, self.width())).collect();
        let spans: Vec<_> = spans.iter().map(|(_, span)| *span).collect();
        let mut out = vec![f32::NAN; queries.len()];
        let Self { level, pool, shape, heads } = self;
        attend(*level, pool, *shape, 1, *heads, &spans, &queries, &mut out, scratch);
        out
    }

    /// The same for one row, in f64, with the key and value that `token` gives for a head and
    /// a position.
    fn naive(
        &self,
        sequence: usize,
        position: usize,
        token: impl Fn(usize, usize) -> [Vec<f32>; 2],
    ) -> Vec<f64> {
        let (shape, group) = (self.shape, self.heads / self.shape.kv_heads);
        let queries = query(sequence, position, self.width());
        let heads = queries.chunks(shape.head_dim).enumerate().flat_map(|(head, query)| {
            let tokens: Vec<_> = (0..=position).map(|p| token(head / group, p)).collect();
            let dot = |key: &[f32]| -> f64 {
                key.iter().zip(query).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
            };
            let root = (shape.head_dim as f64).sqrt();
            let weights: Vec<f64> = tokens.iter().map(|[key, _]| (dot(key) / root).exp()).collect();
            let sum: f64 = weights.iter().sum();
            let mut result = vec![0.0; shape.head_dim];
            for ([_, value], weight) in tokens.iter().zip(&weights) {
                for (result, value) in result.iter_mut().zip(value) {
                    *result += f64::from(*value) * weight / sum;
                }
            }
            result
        });
        heads.collect()
    }
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn a_single_token_gets_its_own_value() {
    let model = Model::new(Level::detect(), 1, 1, 2, 20);
    let blocks = blocks(model.shape, 0, 1, &garbage(model.shape));
    let span = AttentionSpan { blocks: &blocks, first: 0, count: 1 };
    let out = model.attend(&[(0, span)], &mut AttentionScratch::default());
    let [_, value] = token(model.shape, 0, 1, 0, 0);
    for (found, expected) in out.iter().zip(value.iter().chain(&value)) {
        assert!((found - expected).abs() < 3.0 / 253.0, "{found} is not {expected}");
    }
}

#[test]
fn no_spans_and_empty_spans_give_nothing() {
    let model = Model::new(Level::detect(), 1, 1, 1, 8);
    let mut scratch = AttentionScratch::default();
    assert!(model.attend(&[], &mut scratch).is_empty());
    let span = AttentionSpan { blocks: &[], first: 0, count: 0 };
    assert!(model.attend(&[(0, span)], &mut scratch).is_empty());
}

#[test]
fn rows_do_not_depend_on_chunks_batches_or_threads() {
    for (kv_heads, group, head_dim) in [(3, 3, 64), (1, 1, 32), (2, 4, 40), (1, 13, 16)] {
        let alone = Model::new(Level::detect(), 1, kv_heads, group, head_dim);
        let many = Model::new(Level::detect(), 3, kv_heads, group, head_dim);
        let clean = KvBlock::new(alone.shape);
        let all: Vec<_> = (0..4).map(|s| blocks(alone.shape, s, 100, &clean)).collect();
        let mut scratch = AttentionScratch::default();
        let mut expected = Vec::new();
        for (sequence, blocks) in all.iter().enumerate() {
            for first in 57..97 {
                let span = AttentionSpan { blocks, first, count: 1 };
                expected.extend(bits(&alone.attend(&[(sequence, span)], &mut scratch)));
            }
        }
        let spans = all.iter().enumerate();
        let spans = spans.map(|(s, blocks)| (s, AttentionSpan { blocks, first: 57, count: 40 }));
        let spans: Vec<_> = spans.collect();
        assert_eq!(bits(&alone.attend(&spans, &mut scratch)), expected);
        assert_eq!(bits(&many.attend(&spans, &mut scratch)), expected);
        let halves = spans.iter().flat_map(|(s, span)| {
            let parts = [(57, 7), (64, 1), (65, 31), (96, 1)];
            parts.map(|(first, count)| (*s, AttentionSpan { first, count, ..*span }))
        });
        let halves: Vec<_> = halves.collect();
        assert_eq!(bits(&many.attend(&halves, &mut scratch)), expected);
    }
}

#[test]
fn what_lies_in_unwritten_slots_has_no_effect() {
    for level in Level::available() {
        let model = Model::new(level, 1, 2, 3, 24);
        let mut scratch = AttentionScratch::default();
        for len in [1, 15, 16, 17, 40] {
            let run = |before: KvBlock, scratch: &mut AttentionScratch| {
                let mut blocks = blocks(model.shape, 0, len, &before);
                blocks.push(Arc::new(before));
                let span = AttentionSpan { blocks: &blocks, first: 0, count: len };
                bits(&model.attend(&[(0, span)], scratch))
            };
            let clean = run(KvBlock::new(model.shape), &mut scratch);
            assert_eq!(run(garbage(model.shape), &mut scratch), clean);
        }
    }
}

#[test]
fn later_tokens_have_no_effect_on_earlier_rows() {
    let model = Model::new(Level::detect(), 1, 1, 3, 16);
    let (short, long) = (
        blocks(model.shape, 0, 20, &garbage(model.shape)),
        blocks(model.shape, 0, 31, &garbage(model.shape)),
    );
    let mut scratch = AttentionScratch::default();
    let rows = |blocks: &[Arc<KvBlock>], count: usize, scratch: &mut AttentionScratch| {
        bits(&model.attend(&[(0, AttentionSpan { blocks, first: 14, count })], scratch))
    };
    let expected = rows(&short, 6, &mut scratch);
    assert_eq!(rows(&long, 17, &mut scratch)[..expected.len()], expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn all_levels_agree_and_are_right(
        kv_heads in 1_usize..4,
        group in 1_usize..15,
        half in 1_usize..40,
        first in 0_usize..70,
        count in 1_usize..20,
    ) {
        let mut expected: Option<Vec<u32>> = None;
        for level in Level::available() {
            let model = Model::new(level, 1, kv_heads, group, 2 * half);
            let blocks = blocks(model.shape, 3, first + count, &garbage(model.shape));
            let span = AttentionSpan { blocks: &blocks, first, count };
            let out = model.attend(&[(3, span)], &mut AttentionScratch::default());
            for (row, out) in out.chunks(model.width()).enumerate() {
                let position = first + row;
                let exact = model.naive(3, position, |h, p| token(model.shape, 3, 1, h, p));
                let quantised = model.naive(3, position, |h, p| stored(&blocks, h, p));
                for (found, (exact, quantised)) in out.iter().zip(exact.iter().zip(&quantised)) {
                    prop_assert!((f64::from(*found) - exact).abs() < 0.1);
                    prop_assert!((f64::from(*found) - quantised).abs() < 3e-4);
                }
            }
            prop_assert_eq!(expected.get_or_insert_with(|| bits(&out)), &bits(&out));
        }
    }
}
