//! The forward pass: embedding, layers, output.

use candle_core::{Device, Tensor};
use candle_nn::ops;

use super::{
    Source,
    config::{Architecture, Config},
    first_line,
    layer::Layer,
    matrix::{Matrix, vector},
    memory::{Memory, State},
    rope::Rope,
    sequences::Decode,
};
use crate::inference::model::{GgufError, LoadProgress};

/// A model in memory.
#[derive(Debug)]
pub struct Decoder {
    config: Config,
    embedding: Matrix,
    layers: Vec<Layer>,
    norm: Tensor,
    /// None where the embedding serves as the output matrix.
    output: Option<Matrix>,
    rope: Rope,
    local_rope: Rope,
    device: Device,
}

impl Decoder {
    pub(super) fn load(
        architecture: Architecture,
        source: &mut Source<'_>,
        progress: &mut LoadProgress<'_>,
    ) -> Result<Self, GgufError> {
        let config = Config::read(architecture, source.file)?;
        let embedding = Matrix::read(source, "token_embd.weight", None, config.width)?;
        let output = match source.file.has("output.weight") {
            true => {
                let rows = Some(embedding.rows());
                Some(Matrix::read(source, "output.weight", rows, config.width)?)
            }
            false => None,
        };
        let mut layers = Vec::new();
        for layer in 0..config.kv_heads.len() {
            if !progress(layer as u64, config.kv_heads.len() as u64) {
                return Err(GgufError::Cancelled);
            }
            layers.push(Layer::read(source, &config, layer)?);
        }
        let norm = match source.file.has("output_norm.weight") {
            true => vector(source, "output_norm.weight", config.width)?,
            // LFM 2 normalises with what is named after the embedding.
            false => vector(source, "token_embd_norm.weight", config.width)?,
        };
        let rope = rope(source, &config)?;
        let local_rope = Rope::new(config.rope_dims, config.local_rope_base, 1.0);
        let device = source.device.clone();
        Ok(Self { config, embedding, layers, norm, output, rope, local_rope, device })
    }

    fn output(&self) -> &Matrix {
        self.output.as_ref().unwrap_or(&self.embedding)
    }

    fn forward(
        &self,
        state: &mut State,
        tokens: &[u32],
        logits: bool,
    ) -> candle_core::Result<Option<Vec<f32>>> {
        let mut x = self.embedding.lookup(&Tensor::new(tokens, &self.device)?)?;
        if let Some(scale) = self.config.embedding_scale() {
            x = (x * scale)?;
        }
        state.layers.resize(self.layers.len(), Memory::Empty);
        let turns = self.rope.turns(state.len, tokens.len(), &self.device)?;
        let local_turns = self.local_rope.turns(state.len, tokens.len(), &self.device)?;
        for (index, (layer, memory)) in self.layers.iter().zip(&mut state.layers).enumerate() {
            let is_local = self.config.window(index).is_some();
            x = layer.forward(x, memory, if is_local { &local_turns } else { &turns })?;
        }
        state.len += tokens.len();
        if !logits {
            return Ok(None);
        }
        let last = x.narrow(0, tokens.len() - 1, 1)?.contiguous()?;
        let last = ops::rms_norm(&last, &self.norm, self.config.eps)?;
        self.output().apply(&last)?.flatten_all()?.to_vec1().map(Some)
    }
}

/// The frequencies, with the factors that a file may have for them: Llama 3.1's, and those with which
/// Phi 3's long models were trained in short contexts.
fn rope(source: &mut Source<'_>, config: &Config) -> Result<Rope, GgufError> {
    const FACTORS: [&str; 2] = ["rope_factors_short.weight", "rope_freqs.weight"];
    let rope = Rope::new(config.rope_dims, config.rope_base, config.rope_scaling)
        .of_neighbours(config.architecture.turns_neighbours());
    let Some(name) = FACTORS.into_iter().find(|name| source.file.has(name)) else {
        return Ok(rope);
    };
    let factors = vector(source, name, config.rope_dims / 2)?.to_vec1::<f32>();
    let factors = factors.map_err(|error| GgufError::tensor(name, &error))?;
    Ok(rope.long(&factors, config.rope_magnitude))
}

impl Decode for Decoder {
    type State = State;

    fn context_length(&self) -> usize {
        self.config.context
    }

    fn vocabulary(&self) -> usize {
        self.output().rows()
    }

    fn read(
        &self,
        state: &mut State,
        tokens: &[u32],
        logits: bool,
    ) -> Result<Option<Vec<f32>>, String> {
        self.forward(state, tokens, logits).map_err(|error| first_line(&error))
    }

    fn truncated(&self, state: &State, len: usize) -> Option<State> {
        state.truncated(len)
    }

    fn can_truncate(&self) -> bool {
        self.config.kv_heads.iter().all(|&kv_heads| kv_heads > 0)
    }

    fn weight_bytes(&self) -> usize {
        let output = self.output.as_ref().map_or(0, Matrix::bytes);
        let layers: usize = self.layers.iter().map(Layer::bytes).sum();
        self.embedding.bytes() + output + layers
    }

    fn state_bytes(&self, state: &State) -> usize {
        state.bytes()
    }
}

#[cfg(test)]
mod tests;
