//! What is kept of tokens that were read. Tensors are never written to, so copies may share them.

use candle_core::Tensor;

/// What a model keeps of a sequence.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// One per layer; none yet before the first token.
    pub(super) layers: Vec<Memory>,
    /// How many tokens were read.
    pub(super) len: usize,
}

impl State {
    /// The state after its first `len` tokens; none if a layer cannot go back.
    pub(super) fn truncated(&self, len: usize) -> Option<Self> {
        let layers = self.layers.iter().map(|layer| layer.truncated(len)).collect::<Option<_>>()?;
        Some(Self { layers, len })
    }

    /// The memory it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let values = |tensor: &Tensor| tensor.elem_count() * size_of::<f32>();
        self.layers
            .iter()
            .map(|layer| match layer {
                Memory::Empty => 0,
                Memory::Attention { keys, values: seen } => values(keys) + values(seen),
                Memory::Convolution(last) => values(last),
            })
            .sum()
    }
}

/// What a layer keeps.
#[derive(Debug, Clone, Default)]
pub(super) enum Memory {
    /// Nothing has been read.
    #[default]
    Empty,
    /// Keys and values of all tokens, `[kv_heads, tokens, head_dim]`.
    Attention {
        /// The keys, rotated.
        keys: Tensor,
        /// The values.
        values: Tensor,
    },
    /// The last inputs of a convolution, `[kernel - 1, width]`.
    Convolution(Tensor),
}

impl Memory {
    /// Appends keys and values of new tokens; gives all of them.
    pub(super) fn append(
        &mut self,
        new_keys: Tensor,
        new_values: Tensor,
    ) -> candle_core::Result<(Tensor, Tensor)> {
        let (keys, values) = match self {
            Self::Attention { keys, values } => {
                (Tensor::cat(&[&*keys, &new_keys], 1)?, Tensor::cat(&[&*values, &new_values], 1)?)
            }
            _ => (new_keys, new_values),
        };
        *self = Self::Attention { keys: keys.clone(), values: values.clone() };
        Ok((keys, values))
    }

    fn truncated(&self, len: usize) -> Option<Self> {
        let first = |tensor: &Tensor| tensor.narrow(1, 0, len).and_then(|x| x.contiguous()).ok();
        match self {
            _ if len == 0 => Some(Self::Empty),
            Self::Attention { keys, values } => {
                Some(Self::Attention { keys: first(keys)?, values: first(values)? })
            }
            Self::Empty | Self::Convolution(_) => None,
        }
    }
}
