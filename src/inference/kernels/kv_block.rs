//! What a model keeps of sixteen tokens: their keys and values in all layers.
//!
//! Each vector of a token and head is stored as codes of eight bits with one scale, as
//! `code * scale`: a quarter of the memory of f32, and of the time to read it. Keys lie
//! transposed, so that the scores of the sixteen tokens come out of one vector.

mod quantize;

use std::fmt;

use self::quantize::{code, scale};
use super::prefetch::prefetch;

/// Sixteen codes that are read at once: of all tokens for one dimension of the keys, or of
/// sixteen dimensions for one token of the values.
pub(super) type Codes = [i8; KvBlock::TOKENS];

/// How much a model keeps of each token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KvShape {
    /// Layers of the model.
    pub layers: usize,
    /// Heads of keys and values in each layer.
    pub kv_heads: usize,
    /// Length of the key and of the value of a head.
    pub head_dim: usize,
}

impl KvShape {
    fn heads(self) -> usize {
        self.layers * self.kv_heads
    }

    /// How many [`Codes`] hold the value of one token and head; the last may be padded.
    pub(super) fn value_chunks(self) -> usize {
        self.head_dim.div_ceil(KvBlock::TOKENS)
    }

    fn codes_per_head(self) -> usize {
        self.head_dim + KvBlock::TOKENS * self.value_chunks()
    }
}

/// Keys and values of [`KvBlock::TOKENS`] tokens in all layers.
#[derive(Clone)]
pub struct KvBlock {
    shape: KvShape,
    /// `[layers, kv_heads]` of keys `[head_dim][16 tokens]`, then values
    /// `[16 tokens][value_chunks][16 dimensions]`.
    codes: Box<[Codes]>,
    /// `[layers, kv_heads]` of the scales of 16 keys, then of 16 values.
    scales: Box<[[f32; Self::TOKENS]]>,
}

impl KvBlock {
    /// Tokens in a block.
    pub const TOKENS: usize = 16;

    /// A block in which nothing is written yet.
    #[must_use]
    pub fn new(shape: KvShape) -> Self {
        let codes = vec![[0; Self::TOKENS]; shape.heads() * shape.codes_per_head()];
        let scales = vec![[0.0; Self::TOKENS]; 2 * shape.heads()];
        Self { shape, codes: codes.into(), scales: scales.into() }
    }

    /// The memory that one takes, in bytes.
    #[must_use]
    pub fn bytes(shape: KvShape) -> usize {
        size_of::<Self>() + Self::stored_bytes(shape)
    }

    /// The codes and scales of one, in bytes.
    #[must_use]
    pub fn stored_bytes(shape: KvShape) -> usize {
        let codes = shape.codes_per_head() * Self::TOKENS;
        shape.heads() * (codes + 2 * size_of::<[f32; Self::TOKENS]>())
    }

    /// The shape that it was made for.
    #[must_use]
    pub fn shape(&self) -> KvShape {
        self.shape
    }

    /// Keeps the key and the value, each of `head_dim` numbers, of the token in `slot`.
    ///
    /// # Panics
    /// If the block has no such place, or the lengths are not `head_dim`.
    pub fn write(&mut self, layer: usize, head: usize, slot: usize, key: &[f32], value: &[f32]) {
        assert!(slot < Self::TOKENS);
        assert!(key.len() == self.shape.head_dim && value.len() == self.shape.head_dim);
        let at = self.at(layer, head);
        let (key_scale, key_factor) = scale(key);
        let (value_scale, value_factor) = scale(value);
        self.scales[2 * at][slot] = key_scale;
        self.scales[2 * at + 1][slot] = value_scale;
        let (keys, values) = self.codes_mut(at);
        for (codes, x) in keys.iter_mut().zip(key) {
            codes[slot] = code(*x, key_factor);
        }
        let chunks = values.len() / Self::TOKENS;
        let codes = values[slot * chunks..][..chunks].as_flattened_mut();
        for (code_of_x, x) in codes.iter_mut().zip(value) {
            *code_of_x = code(*x, value_factor);
        }
    }

    /// Takes over the first `slots` tokens of another block and leaves the others as they are.
    ///
    /// # Panics
    /// If the shapes differ, or `slots` is more than a block has.
    pub fn copy_from(&mut self, other: &Self, slots: usize) {
        assert_eq!(self.shape, other.shape);
        for (mine, scales) in self.scales.iter_mut().zip(&other.scales) {
            mine[..slots].copy_from_slice(&scales[..slots]);
        }
        for at in 0..self.shape.heads() {
            let (keys, values) = self.codes_mut(at);
            let (other_keys, other_values) = other.codes(at);
            for (mine, codes) in keys.iter_mut().zip(other_keys) {
                mine[..slots].copy_from_slice(&codes[..slots]);
            }
            let tokens = slots * (values.len() / Self::TOKENS);
            values[..tokens].copy_from_slice(&other_values[..tokens]);
        }
    }

    /// Its contents, little-endian, to be kept on disk.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::stored_bytes(self.shape));
        bytes.extend(self.codes.as_flattened().iter().map(|code| code.cast_unsigned()));
        bytes.extend(self.scales.as_flattened().iter().flat_map(|scale| scale.to_le_bytes()));
        bytes
    }

    /// What [`Self::to_bytes`] gave for a block of this shape; `None` if the length is wrong.
    #[must_use]
    pub fn from_bytes(shape: KvShape, bytes: &[u8]) -> Option<Self> {
        if bytes.len() != Self::stored_bytes(shape) {
            return None;
        }
        let mut block = Self::new(shape);
        let (codes, scales) = bytes.split_at(block.codes.as_flattened().len());
        for (mine, code) in block.codes.as_flattened_mut().iter_mut().zip(codes) {
            *mine = code.cast_signed();
        }
        let (scales, _) = scales.as_chunks();
        for (mine, scale) in block.scales.as_flattened_mut().iter_mut().zip(scales) {
            *mine = f32::from_le_bytes(*scale);
        }
        Some(block)
    }

    /// Lets what is kept of a layer be fetched from memory.
    ///
    /// # Panics
    /// If there is no such layer.
    pub fn prefetch(&self, layer: usize) {
        let (from, to) = (self.at(layer, 0), self.at(layer + 1, 0));
        let len = self.shape.codes_per_head();
        prefetch(&self.codes[from * len..to * len]);
        prefetch(&self.scales[2 * from..2 * to]);
    }

    /// Keys of a head, `[head_dim][16 tokens]`, and the scale of each token.
    #[inline(always)]
    pub(super) fn keys(&self, layer: usize, head: usize) -> (&[Codes], &[f32; Self::TOKENS]) {
        let at = self.at(layer, head);
        (self.codes(at).0, &self.scales[2 * at])
    }

    /// Values of a head, `[16 tokens][value_chunks][16 dimensions]`, and the scale of each
    /// token.
    #[inline(always)]
    pub(super) fn values(&self, layer: usize, head: usize) -> (&[Codes], &[f32; Self::TOKENS]) {
        let at = self.at(layer, head);
        (self.codes(at).1, &self.scales[2 * at + 1])
    }

    #[inline(always)]
    fn at(&self, layer: usize, head: usize) -> usize {
        assert!(head < self.shape.kv_heads);
        layer * self.shape.kv_heads + head
    }

    #[inline(always)]
    fn codes(&self, at: usize) -> (&[Codes], &[Codes]) {
        let len = self.shape.codes_per_head();
        self.codes[at * len..][..len].split_at(self.shape.head_dim)
    }

    fn codes_mut(&mut self, at: usize) -> (&mut [Codes], &mut [Codes]) {
        let len = self.shape.codes_per_head();
        self.codes[at * len..][..len].split_at_mut(self.shape.head_dim)
    }
}

impl fmt::Debug for KvBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KvBlock").field("shape", &self.shape).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHAPE: KvShape = KvShape { layers: 3, kv_heads: 2, head_dim: 18 };

    fn vector(len: usize, seed: usize) -> Vec<f32> {
        (0..len).map(|i| ((i * 31 + seed * 17) as f32 * 0.37).sin() * (1 + seed) as f32).collect()
    }

    /// Numbers, layers, heads and slots of all that a block holds.
    fn places(shape: KvShape) -> impl Iterator<Item = (usize, [usize; 3])> {
        let slots =
            (0..shape.heads()).flat_map(|head| (0..KvBlock::TOKENS).map(move |s| (head, s)));
        slots
            .map(move |(head, slot)| [head / shape.kv_heads, head % shape.kv_heads, slot])
            .enumerate()
    }

    fn filled(shape: KvShape, seed: usize) -> KvBlock {
        let mut block = KvBlock::new(shape);
        for (at, [layer, head, slot]) in places(shape) {
            let (key, value) = (vector(shape.head_dim, at + seed), vector(shape.head_dim, at + 99));
            block.write(layer, head, slot, &key, &value);
        }
        block
    }

    /// Key and value of a token, read back.
    fn token(block: &KvBlock, [layer, head, slot]: [usize; 3]) -> (Vec<f32>, Vec<f32>) {
        let (keys, key_scales) = block.keys(layer, head);
        let (values, value_scales) = block.values(layer, head);
        let chunks = block.shape.value_chunks();
        let value = &values[slot * chunks..][..chunks].as_flattened()[..block.shape.head_dim];
        (
            keys.iter().map(|codes| f32::from(codes[slot]) * key_scales[slot]).collect(),
            value.iter().map(|code| f32::from(*code) * value_scales[slot]).collect(),
        )
    }

    #[test]
    fn a_token_of_smollm2_takes_twelve_kilobytes() {
        let shape = KvShape { layers: 30, kv_heads: 3, head_dim: 64 };
        assert!((12_240..12_250).contains(&(KvBlock::bytes(shape) / KvBlock::TOKENS)));
    }

    #[test]
    fn numbers_are_rounded_to_the_nearest_code() {
        let mut block = KvBlock::new(KvShape { layers: 1, kv_heads: 1, head_dim: 6 });
        block.write(0, 0, 3, &[127.0, 0.5, 1.5, -2.5, -0.6, -127.0], &[0.0; 6]);
        let (key, value) = token(&block, [0, 0, 3]);
        assert_eq!(key, [127.0, 0.0, 2.0, -2.0, -1.0, -127.0]);
        assert_eq!(value, [0.0; 6]);
        block.write(0, 0, 3, &[1e-40; 6], &[f32::MAX; 6]);
        let (key, value) = token(&block, [0, 0, 3]);
        assert!(key.iter().all(|x| (0.0..=1e-40).contains(x)));
        assert!(value.iter().all(|x| *x > 0.99 * f32::MAX));
    }

    #[test]
    fn only_the_slots_that_are_asked_for_are_copied() {
        let (from, old) = (filled(SHAPE, 5), filled(SHAPE, 700));
        for slots in 0..=KvBlock::TOKENS {
            let mut copy = old.clone();
            copy.copy_from(&from, slots);
            for (_, place) in places(SHAPE) {
                let expected = if place[2] < slots { &from } else { &old };
                assert_eq!(token(&copy, place), token(expected, place));
            }
        }
    }

    #[test]
    fn bytes_of_the_wrong_length_are_refused() {
        let bytes = filled(SHAPE, 1).to_bytes();
        assert!(KvBlock::from_bytes(SHAPE, &bytes[1..]).is_none());
        assert!(KvBlock::from_bytes(KvShape { layers: 4, ..SHAPE }, &bytes).is_none());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            layers in 1_usize..4,
            kv_heads in 1_usize..4,
            half in 1_usize..40,
            seed in 0_usize..100,
        ) {
            let shape = KvShape { layers, kv_heads, head_dim: 2 * half };
            let block = filled(shape, seed);
            let block = KvBlock::from_bytes(shape, &block.to_bytes()).unwrap();
            for (at, place) in places(shape) {
                let (key, value) = token(&block, place);
                for (found, seed) in [(key, at + seed), (value, at + 99)] {
                    let expected = vector(shape.head_dim, seed);
                    let greatest = expected.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
                    for (found, expected) in found.iter().zip(&expected) {
                        prop_assert!((found - expected).abs() <= greatest / 253.9);
                    }
                }
            }
        }
    }
}
