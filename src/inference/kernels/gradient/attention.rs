//! Causal grouped-query attention over short sequences that stand one behind the other, and its
//! gradient.
//!
//! Here all scores of a head are in memory at once, which pays for the few hundred tokens of a
//! training example; the attention of the forward pass at run time reads a cache instead.

use super::super::level::Level;
use super::super::product::{Operand, product};
use super::super::simd::{Kernel, LANES, Simd, dispatch};
use super::{exponentials, greatest, scale};

/// The shape of the heads of an attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadShape {
    /// Query heads; a multiple of `kv_heads`.
    pub heads: usize,
    /// Key and value heads.
    pub kv_heads: usize,
    /// Numbers per head.
    pub head_dim: usize,
}

impl HeadShape {
    fn query_width(self) -> usize {
        self.heads * self.head_dim
    }

    fn kv_width(self) -> usize {
        self.kv_heads * self.head_dim
    }

    fn scale(self) -> f32 {
        1.0 / (self.head_dim as f32).sqrt()
    }

    /// Where the numbers of a query head and those of its keys begin in their rows.
    fn places(self, head: usize) -> (usize, usize) {
        (head * self.head_dim, head / (self.heads / self.kv_heads) * self.head_dim)
    }
}

/// What each token sees of itself and of those before it in its own sequence.
///
/// `queries` and `out` are `[tokens, heads * head_dim]`, `keys` and `values`
/// `[tokens, kv_heads * head_dim]`; `lengths` says how many of the tokens each sequence has.
///
/// # Panics
/// If the lengths do not fit.
pub fn causal_attention(
    level: Level,
    shape: HeadShape,
    lengths: &[usize],
    [queries, keys, values]: [&[f32]; 3],
    out: &mut [f32],
) {
    let (query_width, kv_width, dim) = (shape.query_width(), shape.kv_width(), shape.head_dim);
    let mut scores = Vec::new();
    let mut first = 0;
    for &tokens in lengths {
        for head in 0..shape.heads {
            let (query, key) = shape.places(head);
            let queries = Operand::new(&queries[first * query_width + query..], query_width);
            let keys = Operand::new(&keys[first * kv_width + key..], kv_width);
            let values = Operand::new(&values[first * kv_width + key..], kv_width);
            scores.resize(tokens * tokens, 0.0);
            weights(level, shape, tokens, queries, keys, &mut scores);
            let out = &mut out[first * query_width + query..];
            let size = [tokens, tokens, dim];
            product(size, 1.0, Operand::new(&scores, tokens), values, out, query_width, false);
        }
        first += tokens;
    }
}

/// The gradients of [`causal_attention`] with respect to queries, keys and values, from the one with
/// respect to its result. The outputs must be zero before.
///
/// # Panics
/// If the lengths do not fit.
pub fn causal_attention_gradient(
    level: Level,
    shape: HeadShape,
    lengths: &[usize],
    [queries, keys, values]: [&[f32]; 3],
    gradient: &[f32],
    [of_queries, of_keys, of_values]: [&mut [f32]; 3],
) {
    let (query_width, kv_width, dim) = (shape.query_width(), shape.kv_width(), shape.head_dim);
    let (mut scores, mut of_scores) = (Vec::new(), Vec::new());
    let mut first = 0;
    for &tokens in lengths {
        for head in 0..shape.heads {
            let (query, key) = shape.places(head);
            let (at_query, at_key) = (first * query_width + query, first * kv_width + key);
            let queries = Operand::new(&queries[at_query..], query_width);
            let keys = Operand::new(&keys[at_key..], kv_width);
            let values = Operand::new(&values[at_key..], kv_width);
            let gradient = Operand::new(&gradient[at_query..], query_width);
            scores.resize(tokens * tokens, 0.0);
            of_scores.resize(tokens * tokens, 0.0);
            weights(level, shape, tokens, queries, keys, &mut scores);
            let seen = [tokens, dim, tokens];
            product(seen, 1.0, gradient, values.transposed(), &mut of_scores, tokens, false);
            let mixed = [tokens, tokens, dim];
            let by_token = Operand::new(&scores, tokens).transposed();
            product(mixed, 1.0, by_token, gradient, &mut of_values[at_key..], kv_width, true);
            dispatch(level, SoftmaxGradient { tokens, weights: &scores, gradient: &mut of_scores });
            let of_scores = Operand::new(&of_scores, tokens);
            let scale = shape.scale();
            product(mixed, scale, of_scores, keys, &mut of_queries[at_query..], query_width, true);
            let by_token = of_scores.transposed();
            product(mixed, scale, by_token, queries, &mut of_keys[at_key..], kv_width, true);
        }
        first += tokens;
    }
}

/// How much each token takes from each before it: `[tokens, tokens]`.
fn weights(
    level: Level,
    shape: HeadShape,
    tokens: usize,
    queries: Operand<'_>,
    keys: Operand<'_>,
    scores: &mut [f32],
) {
    let size = [tokens, shape.head_dim, tokens];
    product(size, shape.scale(), queries, keys.transposed(), scores, tokens, false);
    dispatch(level, CausalSoftmax { tokens, scores });
}

/// The softmax of each row up to its diagonal; zeros behind it.
struct CausalSoftmax<'a> {
    tokens: usize,
    scores: &'a mut [f32],
}

impl Kernel for CausalSoftmax<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        for (token, row) in self.scores.chunks_exact_mut(self.tokens.max(1)).enumerate() {
            let (seen, hidden) = row.split_at_mut(token + 1);
            let top = greatest(s, seen);
            let sum = exponentials(s, seen, top);
            scale(s, seen, 1.0 / sum);
            hidden.fill(0.0);
        }
    }
}

/// From the gradient of a softmax to the one of its input: `p (g - sum(p g))`.
struct SoftmaxGradient<'a> {
    tokens: usize,
    weights: &'a [f32],
    gradient: &'a mut [f32],
}

impl Kernel for SoftmaxGradient<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let width = self.tokens.max(1);
        let rows = self.weights.chunks_exact(width).zip(self.gradient.chunks_exact_mut(width));
        for (weights, gradient) in rows {
            let mut sum = s.splat(0.0);
            for (weight, gradient) in weights.chunks(LANES).zip(gradient.chunks(LANES)) {
                sum = s.mul_add(s.load_part(weight), s.load_part(gradient), sum);
            }
            let mean = s.splat(s.sum(sum));
            for (weight, gradient) in weights.chunks(LANES).zip(gradient.chunks_mut(LANES)) {
                let apart = s.sub(s.load_part(gradient), mean);
                s.store_part(s.mul(s.load_part(weight), apart), gradient);
            }
        }
    }
}
