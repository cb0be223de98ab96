//! The weights of a llama model.

use std::path::Path;

use super::{Config, Target};
use crate::inference::{
    kernels::PackedMatrix,
    model::{GgufError, LoadProgress, ModelFile, matrices::Matrices, rotation::Rotation},
};

pub(crate) struct Weights {
    pub(crate) embedding: PackedMatrix,
    pub(crate) layers: Vec<Layer>,
    pub(crate) norm: Vec<f32>,
    /// The embedding once more, where the file has no output matrix.
    pub(crate) output: PackedMatrix,
    /// Radians per token of each rotated pair.
    pub(crate) frequencies: Vec<f32>,
}

pub(crate) struct Layer {
    /// Whether queries and keys are rotated, so that it tells positions apart.
    pub(crate) rotates: bool,
    pub(crate) attention_norm: Vec<f32>,
    pub(crate) query: PackedMatrix,
    pub(crate) key: PackedMatrix,
    pub(crate) value: PackedMatrix,
    pub(crate) attention_output: PackedMatrix,
    pub(crate) feed_norm: Vec<f32>,
    pub(crate) gate: PackedMatrix,
    pub(crate) up: PackedMatrix,
    pub(crate) down: PackedMatrix,
}

impl Weights {
    /// The sizes and weights of a model file; repacked weights are kept in `cache_folder`.
    pub(crate) fn load(
        file: &mut dyn ModelFile,
        cache_folder: Option<&Path>,
        progress: &mut LoadProgress<'_>,
    ) -> Result<(Config, Self), GgufError> {
        let config = Config::read(file)?;
        let mut matrices = Matrices::load(file, cache_folder, progress)?;
        let weights = Self::new(file, &config, &mut matrices)?;
        Ok((config, weights))
    }

    fn new(
        file: &mut dyn ModelFile,
        config: &Config,
        matrices: &mut Matrices,
    ) -> Result<Self, GgufError> {
        let embedding = matrices.take("token_embd.weight", None, config.width)?;
        let output = match file.has("output.weight") {
            true => matrices.take("output.weight", Some(embedding.rows()), config.width)?,
            false => embedding.clone(),
        };
        let rotation = Rotation::read(file)?;
        let layers = (0..config.layers)
            .map(|index| Layer::new(file, config, matrices, index, rotation.is_in(index)))
            .collect::<Result<Vec<_>, _>>()?;
        if layers.windows(2).any(|pair| pair[0].gate.rows() != pair[1].gate.rows()) {
            return Err(GgufError::Shape("the layers' feed-forward parts differ in width".into()));
        }
        Ok(Self {
            layers,
            norm: vector(file, "output_norm.weight", config.width)?,
            frequencies: frequencies(file, config)?,
            embedding,
            output,
        })
    }

    /// Whether the output matrix is the embedding.
    pub(crate) fn is_tied(&self) -> bool {
        self.embedding.bytes().as_ptr() == self.output.bytes().as_ptr()
    }

    /// How much memory they take, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let output = if self.is_tied() { 0 } else { self.output.bytes().len() };
        let layers: usize = self.layers.iter().map(Layer::bytes).sum();
        self.embedding.bytes().len() + output + layers
    }
}

impl Layer {
    fn new(
        file: &mut dyn ModelFile,
        config: &Config,
        matrices: &mut Matrices,
        index: usize,
        rotates: bool,
    ) -> Result<Self, GgufError> {
        let name = |part: &str| format!("blk.{index}.{part}.weight");
        let (width, query, kv) = (config.width, config.query_width(), config.kv_width());
        let attention_norm = vector(file, &name("attn_norm"), width)?;
        let query = matrices.take(&Target::Query.tensor(index), Some(query), width)?;
        let gate = matrices.take(&Target::Gate.tensor(index), None, width)?;
        let inner = gate.rows();
        Ok(Self {
            rotates,
            attention_norm,
            key: matrices.take(&Target::Key.tensor(index), Some(kv), width)?,
            value: matrices.take(&Target::Value.tensor(index), Some(kv), width)?,
            attention_output: matrices.take(
                &Target::AttentionOutput.tensor(index),
                Some(width),
                query.rows(),
            )?,
            query,
            feed_norm: vector(file, &name("ffn_norm"), width)?,
            up: matrices.take(&Target::Up.tensor(index), Some(inner), width)?,
            down: matrices.take(&Target::Down.tensor(index), Some(width), inner)?,
            gate,
        })
    }

    /// The matrix that a target names.
    #[cfg(feature = "train")]
    pub(crate) fn matrix(&self, target: Target) -> &PackedMatrix {
        match target {
            Target::Query => &self.query,
            Target::Key => &self.key,
            Target::Value => &self.value,
            Target::AttentionOutput => &self.attention_output,
            Target::Gate => &self.gate,
            Target::Up => &self.up,
            Target::Down => &self.down,
        }
    }

    fn bytes(&self) -> usize {
        let attention = [&self.query, &self.key, &self.value, &self.attention_output];
        let feed = [&self.gate, &self.up, &self.down];
        attention.into_iter().chain(feed).map(|matrix| matrix.bytes().len()).sum()
    }
}

fn vector(file: &mut dyn ModelFile, name: &str, len: usize) -> Result<Vec<f32>, GgufError> {
    let values = file.dequantized(name)?.flatten_all().and_then(|values| values.to_vec1());
    let values: Vec<f32> = values.map_err(|error| GgufError::tensor(name, &error))?;
    if values.len() == len {
        Ok(values)
    } else {
        Err(GgufError::Shape(format!("`{name}` has {} values, not {len}", values.len())))
    }
}

/// The frequencies of the rotary positions (Su et al., 2021, arXiv:2104.09864), stretched as the file
/// says, with Llama 3.1's factors where it has them.
fn frequencies(file: &mut dyn ModelFile, config: &Config) -> Result<Vec<f32>, GgufError> {
    let half = config.head_dim / 2;
    let factors = match file.has("rope_freqs.weight") {
        true => vector(file, "rope_freqs.weight", half)?,
        false => vec![1.0; half],
    };
    let base = |pair: usize| config.rope_base.powf((2 * pair) as f32 / config.head_dim as f32);
    let frequency = |pair: usize| 1.0 / (base(pair) * config.stretch);
    Ok(factors.iter().enumerate().map(|(pair, factor)| frequency(pair) / factor).collect())
}
