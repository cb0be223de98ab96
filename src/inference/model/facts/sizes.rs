//! The sizes of a model, whatever its architecture.

use super::matrix;
use crate::inference::model::{GgufError, Metadata, TensorFacts};

/// The sizes of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSizes {
    /// Values per token.
    pub width: usize,
    /// Heads of queries.
    pub heads: usize,
    /// Heads of keys and values in each layer; none in layers that convolve instead.
    pub kv_heads: Vec<usize>,
    /// Values per head.
    pub head_dim: usize,
    /// Values per token within the feed-forward part.
    pub inner: usize,
    /// The most tokens that it was trained to read.
    pub context: usize,
    /// How many tokens its local layers see, if it has such layers.
    pub window: Option<usize>,
    /// Entries of the vocabulary, as many as rows of the embedding.
    pub vocabulary: usize,
}

impl ModelSizes {
    /// Reads them.
    ///
    /// # Errors
    /// If a value is missing or makes no sense.
    pub(crate) fn read(
        architecture: &str,
        metadata: Metadata<'_>,
        tensors: &[TensorFacts],
    ) -> Result<Self, GgufError> {
        let key = |name: &str| format!("{architecture}.{name}");
        let size = |name: &str| metadata.u32(&key(name)).map(|size| size as usize);
        let (width, heads) = (size("embedding_length")?, size("attention.head_count")?);
        let layers = size("block_count")?;
        // Each layer has several tensors; so no head makes us count to four thousand million.
        if layers > tensors.len() || heads == 0 {
            return Err(GgufError::Shape(format!(
                "{layers} layers, {} tensors, {heads} heads",
                tensors.len()
            )));
        }
        let each = |name: &str| match size(name) {
            Ok(size) => Some(vec![size; layers]),
            Err(_) => {
                let sizes = metadata.integers(&key(name)).ok()?;
                let sizes = sizes.into_iter().map(|size| usize::try_from(size).unwrap_or(0));
                Some(sizes.collect())
            }
        };
        let kv_heads = each("attention.head_count_kv").unwrap_or_else(|| vec![heads; layers]);
        let inner = each("feed_forward_length").unwrap_or_default();
        let embedding = tensors.iter().find(|tensor| tensor.name == "token_embd.weight");
        Ok(Self {
            width,
            heads,
            kv_heads,
            head_dim: size("attention.key_length").unwrap_or(width / heads),
            inner: inner.into_iter().max().unwrap_or(0),
            context: size("context_length")?,
            window: size("attention.sliding_window").ok().filter(|&window| window > 0),
            vocabulary: embedding.and_then(matrix).map_or(0, |(rows, _)| rows),
        })
    }

    /// How many layers there are.
    #[must_use]
    pub fn layers(&self) -> usize {
        self.kv_heads.len()
    }
}
