//! A layer: attention or convolution, then a feed-forward part, each normalised before and in some
//! models also after.

use candle_core::{D, Tensor};
use candle_nn::ops;

use super::{
    Source,
    attention::Attention,
    config::{Architecture, Config},
    convolution::Convolution,
    matrix::{Matrix, apply_all, vector, vector_if_there},
    memory::Memory,
    rope::Turns,
};
use crate::inference::model::GgufError;

/// The weights of a layer.
#[derive(Debug)]
pub(super) struct Layer {
    norm: Tensor,
    mixer: Mixer,
    mixer_norm: Option<Tensor>,
    feed_norm: Tensor,
    feed: FeedForward,
    after_feed_norm: Option<Tensor>,
    eps: f32,
}

/// What lets tokens see each other.
#[derive(Debug)]
enum Mixer {
    Attention(Attention),
    Convolution(Convolution),
}

impl Layer {
    pub(super) fn read(
        source: &mut Source<'_>,
        config: &Config,
        layer: usize,
    ) -> Result<Self, GgufError> {
        let width = config.width;
        let name = |part: &str| format!("blk.{layer}.{part}.weight");
        let mixer = match config.kv_heads[layer] {
            0 => Mixer::Convolution(Convolution::read(source, config, layer)?),
            _ => Mixer::Attention(Attention::read(source, config, layer)?),
        };
        Ok(Self {
            norm: vector(source, &name("attn_norm"), width)?,
            mixer,
            mixer_norm: vector_if_there(source, &name("post_attention_norm"), width)?,
            feed_norm: vector(source, &name("ffn_norm"), width)?,
            feed: FeedForward::read(source, config, layer)?,
            after_feed_norm: vector_if_there(source, &name("post_ffw_norm"), width)?,
            eps: config.eps,
        })
    }

    /// The memory of the weights, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let mixer = match &self.mixer {
            Mixer::Attention(attention) => attention.bytes(),
            Mixer::Convolution(convolution) => convolution.bytes(),
        };
        mixer + self.feed.bytes()
    }

    /// New tokens `x` `[count, width]`, one layer further.
    pub(super) fn forward(
        &self,
        x: Tensor,
        memory: &mut Memory,
        turns: &Turns,
    ) -> candle_core::Result<Tensor> {
        let normed = ops::rms_norm(&x, &self.norm, self.eps)?;
        let mixed = match &self.mixer {
            Mixer::Attention(attention) => attention.forward(&normed, memory, turns)?,
            Mixer::Convolution(convolution) => convolution.forward(&normed, memory)?,
        };
        let x = (x + self.normed(mixed, self.mixer_norm.as_ref())?)?;
        let fed = self.feed.forward(&ops::rms_norm(&x, &self.feed_norm, self.eps)?)?;
        x + self.normed(fed, self.after_feed_norm.as_ref())?
    }

    fn normed(&self, x: Tensor, norm: Option<&Tensor>) -> candle_core::Result<Tensor> {
        match norm {
            Some(norm) => ops::rms_norm(&x, norm, self.eps),
            None => Ok(x),
        }
    }
}

/// A gated feed-forward part (Shazeer, 2020, arXiv:2002.05202).
#[derive(Debug)]
struct FeedForward {
    /// None where its rows come first in `up`.
    gate: Option<Matrix>,
    up: Matrix,
    down: Matrix,
    /// Whether the gate is a `GELU`, in its tanh form; else a `SiLU`.
    is_gelu: bool,
}

impl FeedForward {
    fn read(source: &mut Source<'_>, config: &Config, layer: usize) -> Result<Self, GgufError> {
        let width = config.width;
        let name = |part: &str| format!("blk.{layer}.{part}.weight");
        let up = Matrix::read(source, &name("ffn_up"), None, width)?;
        let (gate, inner) = match source.file.has(&name("ffn_gate")) {
            true => {
                let rows = Some(up.rows());
                (Some(Matrix::read(source, &name("ffn_gate"), rows, width)?), up.rows())
            }
            false => (None, up.rows() / 2),
        };
        let down = Matrix::read(source, &name("ffn_down"), Some(width), inner)?;
        Ok(Self { gate, up, down, is_gelu: config.architecture == Architecture::Gemma3 })
    }

    fn bytes(&self) -> usize {
        self.gate.as_ref().map_or(0, Matrix::bytes) + self.up.bytes() + self.down.bytes()
    }

    fn forward(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        let [gate, up] = match &self.gate {
            Some(gate) => apply_all([gate, &self.up], x)?,
            None => {
                let (both, inner) = (self.up.apply(x)?, self.up.rows() / 2);
                let half = |first| both.narrow(D::Minus1, first, inner)?.contiguous();
                [half(0)?, half(inner)?]
            }
        };
        let gate = if self.is_gelu { gate.gelu()? } else { ops::silu(&gate)? };
        self.down.apply(&(gate * up)?)
    }
}
