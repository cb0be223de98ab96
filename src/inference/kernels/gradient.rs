//! What training needs besides the forward pass: the gradients of what is done to rows, and losses.
//!
//! All of it runs on the calling thread: a trainer gives each thread a part of the batch.

mod attention;

pub use attention::{HeadShape, causal_attention, causal_attention_gradient};

use super::level::Level;
use super::simd::{Kernel, LANES, Simd, dispatch};
use super::vector::exp;

/// The gradient of [`rms_norm`](super::rms_norm) with respect to `x`, from the one with respect to
/// its result; all are `[rows, weight.len()]`.
///
/// With `n = 1 / sqrt(mean(x²) + eps)` it is `n w g - x n³ mean(x w g)`.
///
/// # Panics
/// If the lengths do not fit.
pub fn rms_norm_gradient(
    level: Level,
    x: &[f32],
    weight: &[f32],
    eps: f32,
    gradient: &[f32],
    out: &mut [f32],
) {
    assert!(x.len() == out.len() && x.len() == gradient.len(), "rows of the same length");
    dispatch(level, RmsNormGradient { x, weight, eps, gradient, out });
}

struct RmsNormGradient<'a> {
    x: &'a [f32],
    weight: &'a [f32],
    eps: f32,
    gradient: &'a [f32],
    out: &'a mut [f32],
}

impl Kernel for RmsNormGradient<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let width = self.weight.len().max(1);
        let rows = self.x.chunks_exact(width).zip(self.gradient.chunks_exact(width));
        for ((x, gradient), out) in rows.zip(self.out.chunks_exact_mut(width)) {
            let (mut squares, mut products) = (s.splat(0.0), s.splat(0.0));
            let parts = x.chunks(LANES).zip(gradient.chunks(LANES));
            for ((x, gradient), weight) in parts.zip(self.weight.chunks(LANES)) {
                let (x, gradient) = (s.load_part(x), s.load_part(gradient));
                squares = s.mul_add(x, x, squares);
                products = s.mul_add(x, s.mul(gradient, s.load_part(weight)), products);
            }
            let factor = 1.0 / (s.sum(squares) / width as f32 + self.eps).sqrt();
            let pull = -s.sum(products) / width as f32 * factor * factor * factor;
            let (factor, pull) = (s.splat(factor), s.splat(pull));
            let parts = x.chunks(LANES).zip(gradient.chunks(LANES));
            for (((x, gradient), weight), out) in
                parts.zip(self.weight.chunks(LANES)).zip(out.chunks_mut(LANES))
            {
                let scaled = s.mul(s.mul(s.load_part(gradient), s.load_part(weight)), factor);
                s.store_part(s.mul_add(s.load_part(x), pull, scaled), out);
            }
        }
    }
}

/// The gradients of `silu(gate) * up` with respect to both, from the one with respect to the result.
///
/// # Panics
/// If the lengths differ.
pub fn swiglu_gradient(
    level: Level,
    gate: &[f32],
    up: &[f32],
    gradient: &[f32],
    of_gate: &mut [f32],
    of_up: &mut [f32],
) {
    let len = gate.len();
    assert!([up.len(), gradient.len(), of_gate.len(), of_up.len()] == [len; 4], "one length");
    dispatch(level, SwigluGradient { gate, up, gradient, of_gate, of_up });
}

struct SwigluGradient<'a> {
    gate: &'a [f32],
    up: &'a [f32],
    gradient: &'a [f32],
    of_gate: &'a mut [f32],
    of_up: &'a mut [f32],
}

impl Kernel for SwigluGradient<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let one = s.splat(1.0);
        let inputs = self.gate.chunks(LANES).zip(self.up.chunks(LANES));
        let outputs = self.of_gate.chunks_mut(LANES).zip(self.of_up.chunks_mut(LANES));
        for (((gate, up), gradient), (of_gate, of_up)) in
            inputs.zip(self.gradient.chunks(LANES)).zip(outputs)
        {
            let (gate, gradient) = (s.load_part(gate), s.load_part(gradient));
            let sigmoid = s.div(one, s.add(one, exp(s, s.sub(s.splat(0.0), gate))));
            s.store_part(s.mul(gradient, s.mul(gate, sigmoid)), of_up);
            let slope = s.mul_add(gate, s.sub(one, sigmoid), one);
            let slope = s.mul(sigmoid, slope);
            s.store_part(s.mul(s.mul(gradient, s.load_part(up)), slope), of_gate);
        }
    }
}

/// The cross entropy of a row of logits and the entry that was right, in nats. The row becomes
/// the gradient with respect to the logits: the probabilities, less 1 at the right one.
///
/// # Panics
/// If there is no such entry.
pub fn cross_entropy(level: Level, logits: &mut [f32], right: usize) -> f32 {
    let mut loss = 0.0;
    dispatch(level, CrossEntropy { logits, right, loss: &mut loss });
    loss
}

struct CrossEntropy<'a> {
    logits: &'a mut [f32],
    right: usize,
    loss: &'a mut f32,
}

impl Kernel for CrossEntropy<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let top = greatest(s, self.logits);
        let above = self.logits[self.right] - top;
        let sum = exponentials(s, self.logits, top);
        scale(s, self.logits, 1.0 / sum);
        self.logits[self.right] -= 1.0;
        *self.loss = sum.ln() - above;
    }
}

/// The greatest number of a row; the lowest there is of an empty one.
#[inline(always)]
fn greatest<S: Simd>(s: S, row: &[f32]) -> f32 {
    let (whole, rest) = row.as_chunks::<LANES>();
    let mut top = s.splat(f32::MIN);
    for x in whole {
        top = s.max(s.load(x), top);
    }
    rest.iter().fold(s.greatest(top), |top, x| top.max(*x))
}

/// Each number becomes `exp(x - top)`; gives their sum.
#[inline(always)]
fn exponentials<S: Simd>(s: S, row: &mut [f32], top: f32) -> f32 {
    let top = s.splat(top);
    let (whole, rest) = row.as_chunks_mut::<LANES>();
    let mut sum = s.splat(0.0);
    for x in whole {
        let power = exp(s, s.sub(s.load(x), top));
        sum = s.add(sum, power);
        s.store(power, x);
    }
    s.store_part(exp(s, s.sub(s.load_part(rest), top)), rest);
    s.sum(sum) + rest.iter().sum::<f32>()
}

#[inline(always)]
fn scale<S: Simd>(s: S, row: &mut [f32], factor: f32) {
    let factor = s.splat(factor);
    for x in row.chunks_mut(LANES) {
        s.store_part(s.mul(s.load_part(x), factor), x);
    }
}

#[cfg(test)]
mod tests;
