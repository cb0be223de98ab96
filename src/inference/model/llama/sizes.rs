//! The sizes of the matrices that an adapter may change.

use super::{Config, Target, config::ARCHITECTURES};
use crate::inference::model::{GgufError, ModelFile};

/// The sizes of a llama model's matrices.
///
/// # Example
/// ```
/// use bevy_persona::inference::model::{MatrixSizes, Target};
///
/// let smol = MatrixSizes { width: 576, heads: 9, kv_heads: 3, head_dim: 64, inner: 1536 };
/// assert_eq!(smol.shape(Target::Key), (192, 576));
/// assert_eq!(smol.shape(Target::Down), (576, 1536));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MatrixSizes {
    /// Values per token.
    pub width: usize,
    /// Heads of queries.
    pub heads: usize,
    /// Heads of keys and values.
    pub kv_heads: usize,
    /// Values per head; even.
    pub head_dim: usize,
    /// Values per token within the feed-forward part.
    pub inner: usize,
}

impl MatrixSizes {
    /// Those of a model file.
    ///
    /// # Errors
    /// If the file is of another architecture, or its sizes are missing or do not fit together.
    pub fn of(file: &dyn ModelFile) -> Result<Self, GgufError> {
        let found = file.architecture()?;
        if !ARCHITECTURES.contains(&found) {
            let supported = "llama, smollm3";
            return Err(GgufError::Architecture { found: found.into(), supported });
        }
        let inner = file.metadata().u32(&format!("{found}.feed_forward_length"))? as usize;
        Ok(Config::read(file)?.sizes(inner))
    }

    /// Rows and columns of a matrix.
    #[must_use]
    pub fn shape(&self, target: Target) -> (usize, usize) {
        let (query, kv) = (self.heads * self.head_dim, self.kv_heads * self.head_dim);
        match target {
            Target::Query => (query, self.width),
            Target::Key | Target::Value => (kv, self.width),
            Target::AttentionOutput => (self.width, query),
            Target::Gate | Target::Up => (self.inner, self.width),
            Target::Down => (self.width, self.inner),
        }
    }
}

impl Config {
    /// The sizes of the matrices of a model whose feed-forward part has `inner` values per token.
    pub(super) fn sizes(&self, inner: usize) -> MatrixSizes {
        let Self { width, heads, kv_heads, head_dim, .. } = *self;
        MatrixSizes { width, heads, kv_heads, head_dim, inner }
    }
}
