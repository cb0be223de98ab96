//! A llama model whose matrices are frozen, with the low-rank changes that are trained.

use candle_core::{DType, Device, Result, Tensor, Var};

use super::{
    batch::Batch,
    ops::{
        Arithmetic, Dropout, Frozen, Linear, LowRankVars, Norm, Rotation, attention, cross_entropy,
        mix, swiglu,
    },
    settings::LoraSettings,
};
use crate::inference::{
    kernels::{HeadShape, PackedMatrix},
    model::{LlamaConfig, LlamaWeights, Target},
};

/// A model in training.
pub(super) struct Model {
    embedding: Frozen,
    layers: Vec<Layer>,
    norm: Norm,
    output: Frozen,
    rotation: Rotation,
    heads: HeadShape,
    arithmetic: Arithmetic,
    device: Device,
    dropout: f32,
}

struct Layer {
    attention_norm: Norm,
    feed_norm: Norm,
    /// In the order of [`Target::ALL`].
    linears: Vec<Linear>,
}

/// One trained matrix: what it changes, and whether it is the first or the second of the pair.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    pub(super) layer: usize,
    pub(super) target: Target,
    pub(super) var: Var,
}

impl Parameter {
    /// Its numbers, row-major.
    pub(super) fn values(&self) -> Result<Vec<f32>> {
        self.var.flatten_all()?.to_vec1()
    }
}

/// What a pass leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// To learn; what is left out by dropout is chosen by this seed.
    Learn(u64),
    /// To measure: nothing is left out and no gradient is kept.
    Measure,
}

impl Model {
    /// A model that reads sequences of up to `longest` tokens.
    pub(super) fn new(
        config: &LlamaConfig,
        weights: &LlamaWeights,
        lora: &LoraSettings,
        seed: u64,
        longest: usize,
        arithmetic: Arithmetic,
        device: &Device,
    ) -> Result<Self> {
        let frozen = |matrix: &PackedMatrix| Frozen::new(matrix, arithmetic, device);
        let norm = |weight: &[f32]| Norm::new(weight, config.eps, arithmetic, device);
        let layers = weights.layers.iter().enumerate().map(|(index, layer)| {
            let linear = |target: Target| {
                let frozen = frozen(layer.matrix(target))?;
                let change = match lora.targets.contains(&target) {
                    true => {
                        Some(new_change(lora, &frozen, mix(seed, place(index, target)), device)?)
                    }
                    false => None,
                };
                Ok::<_, candle_core::Error>(Linear { frozen, change })
            };
            Ok(Layer {
                attention_norm: norm(&layer.attention_norm)?,
                feed_norm: norm(&layer.feed_norm)?,
                linears: Target::ALL.into_iter().map(linear).collect::<Result<_>>()?,
            })
        });
        let output = frozen(&weights.output)?;
        Ok(Self {
            embedding: if weights.is_tied() { output.clone() } else { frozen(&weights.embedding)? },
            layers: layers.collect::<Result<_>>()?,
            norm: norm(&weights.norm)?,
            output,
            rotation: Rotation::new(&weights.frequencies, longest, arithmetic),
            heads: HeadShape {
                heads: config.heads,
                kv_heads: config.kv_heads,
                head_dim: config.head_dim,
            },
            arithmetic,
            device: device.clone(),
            dropout: lora.dropout,
        })
    }

    /// All that is trained, always in the same order: of each pair first `down`, then `up`.
    pub(super) fn parameters(&self) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for (layer, own) in self.layers.iter().enumerate() {
            for target in Target::ALL {
                if let Some(LowRankVars { down, up, .. }) = &own.linear(target).change {
                    let pair = [down, up];
                    let named = pair.map(|var| Parameter { layer, target, var: var.clone() });
                    parameters.extend(named);
                }
            }
        }
        parameters
    }

    /// The sum of the losses of a batch's tokens to be learnt, in nats, divided by `divisor`.
    pub(super) fn loss(&self, batch: &Batch, divisor: f32, pass: Pass) -> Result<Tensor> {
        let mut stream = self.embedding.look_up(&batch.tokens, &self.device)?;
        for (index, layer) in self.layers.iter().enumerate() {
            let dropout = |target: Target| match pass {
                Pass::Learn(seed) if self.dropout > 0.0 => {
                    Some(Dropout { part: self.dropout, seed: mix(seed, place(index, target)) })
                }
                _ => None,
            };
            let normed = layer.attention_norm.forward(&stream)?;
            let project = |target, x: &Tensor| layer.linear(target).forward(x, dropout(target));
            let query =
                self.rotation.forward(&project(Target::Query, &normed)?, &batch.positions)?;
            let key = self.rotation.forward(&project(Target::Key, &normed)?, &batch.positions)?;
            let read = [&query, &key, &project(Target::Value, &normed)?];
            let attended = attention(self.arithmetic, self.heads, &batch.lengths, read)?;
            stream = (stream + project(Target::AttentionOutput, &attended)?)?;
            let normed = layer.feed_norm.forward(&stream)?;
            let (gate, up) = (project(Target::Gate, &normed)?, project(Target::Up, &normed)?);
            let gated = swiglu(self.arithmetic, &gate, &up)?;
            stream = (stream + project(Target::Down, &gated)?)?;
        }
        let places = Tensor::new(&*batch.learnt, &self.device)?;
        let last = self.norm.forward(&stream.index_select(&places, 0)?)?;
        cross_entropy(&self.output, &last, &batch.targets, divisor, pass != Pass::Measure)
    }
}

impl Layer {
    fn linear(&self, target: Target) -> &Linear {
        &self.linears[target as usize]
    }
}

/// A number for each matrix.
fn place(layer: usize, target: Target) -> u64 {
    (layer * Target::ALL.len() + target as usize) as u64
}

/// A change that changes nothing yet: `down` from the normal distribution of variance 1 / columns,
/// `up` zero.
fn new_change(
    lora: &LoraSettings,
    frozen: &Frozen,
    seed: u64,
    device: &Device,
) -> Result<LowRankVars> {
    let (rows, columns, rank) = (frozen.rows(), frozen.columns(), lora.rank);
    let deviation = 1.0 / (columns as f64).sqrt();
    let down: Vec<f32> =
        (0..(rank * columns) as u64).map(|at| (normal(seed, at) * deviation) as f32).collect();
    Ok(LowRankVars {
        down: Var::from_tensor(&Tensor::from_vec(down, (rank, columns), device)?)?,
        up: Var::zeros((rows, rank), DType::F32, device)?,
        scale: lora.alpha / rank as f32,
    })
}

/// A number of the standard normal distribution (Box and Muller, 1958), always the same.
fn normal(seed: u64, place: u64) -> f64 {
    let part = |bits: u64| ((bits >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
    let (a, b) = (part(mix(seed, 2 * place)), part(mix(seed, 2 * place + 1)));
    (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}

#[cfg(test)]
mod tests;
