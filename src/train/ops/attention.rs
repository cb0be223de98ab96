//! Causal attention over sequences that are packed one behind the other.

use std::sync::Arc;

use candle_core::{CpuStorage, CustomOp3, D, Layout, Result, Shape, Tensor};

use super::{
    Arithmetic,
    slices::{result, slice, tensor, with_slices},
};
use crate::inference::kernels::{HeadShape, Level, causal_attention, causal_attention_gradient};

/// What each token takes from those before it in its own sequence.
pub fn attention(
    arithmetic: Arithmetic,
    shape: HeadShape,
    lengths: &Arc<[usize]>,
    [queries, keys, values]: [&Tensor; 3],
) -> Result<Tensor> {
    if arithmetic == Arithmetic::Packed && queries.device().is_cpu() {
        let op = AttentionOp { shape, lengths: Arc::clone(lengths) };
        return queries.apply_op3(keys, &values.contiguous()?, op);
    }
    let mut parts = Vec::with_capacity(lengths.len());
    let mut first = 0;
    for &tokens in lengths.iter() {
        let of = |x: &Tensor| x.narrow(0, first, tokens);
        parts.push(one(shape, tokens, [of(queries)?, of(keys)?, of(values)?])?);
        first += tokens;
    }
    Tensor::cat(&parts, 0)
}

/// The attention of one sequence, made of candle's operations.
fn one(shape: HeadShape, tokens: usize, [queries, keys, values]: [Tensor; 3]) -> Result<Tensor> {
    let HeadShape { heads, kv_heads, head_dim } = shape;
    let split = |x: Tensor, heads: usize| {
        x.reshape((tokens, heads, head_dim))?.transpose(0, 1)?.contiguous()
    };
    let shared = |x: Tensor| {
        let each = (kv_heads, heads / kv_heads, tokens, head_dim);
        split(x, kv_heads)?.unsqueeze(1)?.broadcast_as(each)?.reshape((heads, tokens, head_dim))
    };
    let (queries, keys, values) = (split(queries, heads)?, shared(keys)?, shared(values)?);
    let scores = (queries.matmul(&keys.t()?.contiguous()?)? / (head_dim as f64).sqrt())?;
    let hidden = (0..tokens * tokens).map(|at| match at % tokens > at / tokens {
        true => f32::NEG_INFINITY,
        false => 0.0,
    });
    let hidden = hidden.collect::<Vec<f32>>();
    let hidden = Tensor::from_vec(hidden, (1, tokens, tokens), scores.device())?;
    let weights = candle_nn::ops::softmax(&scores.broadcast_add(&hidden)?, D::Minus1)?;
    weights.matmul(&values)?.transpose(0, 1)?.reshape((tokens, heads * head_dim))
}

struct AttentionOp {
    shape: HeadShape,
    lengths: Arc<[usize]>,
}

impl CustomOp3 for AttentionOp {
    fn name(&self) -> &'static str {
        "causal attention"
    }

    fn cpu_fwd(
        &self,
        queries: &CpuStorage,
        queries_layout: &Layout,
        keys: &CpuStorage,
        keys_layout: &Layout,
        values: &CpuStorage,
        values_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let queries = slice(queries, queries_layout)?;
        let read = [queries, slice(keys, keys_layout)?, slice(values, values_layout)?];
        let mut out = vec![0.0; queries.len()];
        causal_attention(Level::detect(), self.shape, &self.lengths, read, &mut out);
        Ok(result(out, queries_layout.shape()))
    }

    fn bwd(
        &self,
        queries: &Tensor,
        keys: &Tensor,
        values: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let gradient = gradient.contiguous()?;
        let mut of = [queries, keys, values].map(|x| vec![0.0; x.elem_count()]);
        with_slices([queries, keys, values, &gradient], |[queries, keys, values, gradient]| {
            let read = [queries, keys, values];
            let of = of.each_mut().map(Vec::as_mut_slice);
            causal_attention_gradient(
                Level::detect(),
                self.shape,
                &self.lengths,
                read,
                gradient,
                of,
            );
        })?;
        let [of_queries, of_keys, of_values] = of;
        Ok((
            Some(tensor(of_queries, queries.shape())?),
            Some(tensor(of_keys, keys.shape())?),
            Some(tensor(of_values, values.shape())?),
        ))
    }
}
