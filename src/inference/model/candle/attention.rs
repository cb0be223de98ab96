//! Attention with grouped queries (Ainslie et al., 2023, arXiv:2305.13245).

use candle_core::{D, Tensor};
use candle_nn::ops;

use super::{
    Source,
    config::Config,
    matrix::{Matrix, apply_all, vector_if_there},
    memory::Memory,
    rope::Turns,
};
use crate::inference::model::GgufError;

/// The weights of a layer's attention.
#[derive(Debug)]
pub(super) struct Attention {
    projection: Projection,
    /// What is added to queries, keys and values.
    biases: [Option<Tensor>; 3],
    query_norm: Option<Tensor>,
    key_norm: Option<Tensor>,
    output: Matrix,
    heads: usize,
    kv_heads: usize,
    head_dim: usize,
    eps: f32,
    scale: f64,
    /// How many tokens it sees, its own counted.
    window: Option<usize>,
    /// Whether it tells positions apart.
    rotates: bool,
}

/// What makes queries, keys and values.
#[derive(Debug)]
enum Projection {
    /// Three matrices.
    Split([Matrix; 3]),
    /// One, with the rows of the three one after the other.
    Fused(Matrix),
}

impl Attention {
    pub(super) fn read(
        source: &mut Source<'_>,
        config: &Config,
        layer: usize,
    ) -> Result<Self, GgufError> {
        let Config { width, heads, head_dim, eps, .. } = *config;
        let kv_heads = config.kv_heads[layer];
        let name = |part: &str| format!("blk.{layer}.{part}");
        let [query_rows, kv_rows] = [heads * head_dim, kv_heads * head_dim];
        let parts = [("attn_q", query_rows), ("attn_k", kv_rows), ("attn_v", kv_rows)];
        let projection = if source.file.has(&name("attn_qkv.weight")) {
            let rows = Some(query_rows + 2 * kv_rows);
            Projection::Fused(Matrix::read(source, &name("attn_qkv.weight"), rows, width)?)
        } else {
            let [query, key, value] = parts.map(|(part, rows)| {
                Matrix::read(source, &name(&format!("{part}.weight")), Some(rows), width)
            });
            Projection::Split([query?, key?, value?])
        };
        let [query_bias, key_bias, value_bias] =
            parts.map(|(part, rows)| vector_if_there(source, &name(&format!("{part}.bias")), rows));
        Ok(Self {
            projection,
            biases: [query_bias?, key_bias?, value_bias?],
            query_norm: vector_if_there(source, &name("attn_q_norm.weight"), head_dim)?,
            key_norm: vector_if_there(source, &name("attn_k_norm.weight"), head_dim)?,
            output: Matrix::read(source, &name("attn_output.weight"), Some(width), query_rows)?,
            heads,
            kv_heads,
            head_dim,
            eps,
            scale: config.attention_scale(),
            window: config.window(layer),
            rotates: config.rotation.is_in(layer),
        })
    }

    /// The memory of the weights, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let projection = match &self.projection {
            Projection::Split(parts) => parts.iter().map(Matrix::bytes).sum(),
            Projection::Fused(all) => all.bytes(),
        };
        projection + self.output.bytes()
    }

    /// What new tokens `x` `[count, width]` take from those before and from each other.
    pub(super) fn forward(
        &self,
        x: &Tensor,
        memory: &mut Memory,
        turns: &Turns,
    ) -> candle_core::Result<Tensor> {
        let [query, key, value] = self.project(x)?;
        let mut query = self.by_head(&query, self.heads, self.query_norm.as_ref())?;
        let mut key = self.by_head(&key, self.kv_heads, self.key_norm.as_ref())?;
        if self.rotates {
            (query, key) = (turns.apply(&query)?, turns.apply(&key)?);
        }
        let value = self.by_head(&value, self.kv_heads, None)?;
        let (keys, values) = memory.append(key, value)?;
        let count = x.dim(0)?;
        let known = keys.dim(1)? - count;
        let query = (query * self.scale)?;
        let rows: Vec<_> = (0..count)
            .map(|row| self.attend(&query.narrow(1, row, 1)?, &keys, &values, known + row + 1))
            .collect::<candle_core::Result<_>>()?;
        self.output.apply(&Tensor::cat(&rows, 0)?)
    }

    fn project(&self, x: &Tensor) -> candle_core::Result<[Tensor; 3]> {
        let [mut query, mut key, mut value] = match &self.projection {
            Projection::Split([query, key, value]) => apply_all([query, key, value], x)?,
            Projection::Fused(all) => {
                let (all, kv) = (all.apply(x)?, self.kv_heads * self.head_dim);
                let queries = self.heads * self.head_dim;
                let part = |first, len| all.narrow(D::Minus1, first, len);
                [part(0, queries)?, part(queries, kv)?, part(queries + kv, kv)?]
            }
        };
        for (x, bias) in [&mut query, &mut key, &mut value].into_iter().zip(&self.biases) {
            if let Some(bias) = bias {
                *x = x.broadcast_add(bias)?;
            }
        }
        Ok([query, key, value])
    }

    /// `[count, heads * head_dim]` as `[heads, count, head_dim]`, each head normalised where the
    /// model does that.
    fn by_head(
        &self,
        x: &Tensor,
        heads: usize,
        norm: Option<&Tensor>,
    ) -> candle_core::Result<Tensor> {
        let x = x.contiguous()?.reshape((x.dim(0)?, heads, self.head_dim))?;
        let x = match norm {
            Some(norm) => ops::rms_norm(&x, norm, self.eps)?,
            None => x,
        };
        x.transpose(0, 1)?.contiguous()
    }

    /// What one token, with the queries `[heads, 1, head_dim]`, takes from the first `seen` tokens:
    /// `[1, heads * head_dim]`. The queries that share a key head form one matrix.
    fn attend(
        &self,
        query: &Tensor,
        keys: &Tensor,
        values: &Tensor,
        seen: usize,
    ) -> candle_core::Result<Tensor> {
        let count = self.window.unwrap_or(seen).min(seen);
        let near = |x: &Tensor| x.narrow(1, seen - count, count);
        let group = (self.kv_heads, self.heads / self.kv_heads, self.head_dim);
        let query = query.contiguous()?.reshape(group)?;
        let scores = query.matmul(&near(keys)?.transpose(1, 2)?)?;
        let taken = ops::softmax_last_dim(&scores)?.matmul(&near(values)?)?;
        taken.reshape((1, self.heads * self.head_dim))
    }
}
