//! How a tensor becomes what GGUF files have in its place.

use super::{FolderError, shards::Shards};
use crate::inference::model::{
    TensorFacts,
    rotary::{Order, reordered},
};

/// Where a tensor comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recipe {
    pub(super) source: Source,
    pub(super) shape: Vec<usize>,
    change: Change,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Source {
    /// A tensor of the folder, by its name there.
    Stored(String),
    /// Numbers that `config.json` gives.
    Given(Vec<f32>),
}

/// What is different in GGUF files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    None,
    /// The rows of each head are ordered for rotation in neighbouring pairs.
    Neighbours {
        head_dim: usize,
    },
    /// 1 is added.
    PlusOne,
}

impl Recipe {
    pub(super) fn stored(name: &str, shape: Vec<usize>, change: Change) -> Self {
        Self { source: Source::Stored(name.into()), shape, change }
    }

    pub(super) fn given(numbers: Vec<f32>) -> Self {
        Self { shape: vec![numbers.len()], source: Source::Given(numbers), change: Change::None }
    }

    /// The name of the tensor in the folder, if it is there.
    pub(super) fn tensor(&self) -> Option<&str> {
        match &self.source {
            Source::Stored(name) => Some(name),
            Source::Given(_) => None,
        }
    }

    pub(super) fn facts(&self, name: &str, shards: &Shards) -> TensorFacts {
        let stored = self.tensor().and_then(|name| shards.get(name));
        let (kind, bytes) = match stored {
            Some(stored) => (format!("{:?}", stored.dtype), stored.bytes()),
            None => ("F32".into(), 4 * self.shape.iter().product::<usize>() as u64),
        };
        TensorFacts { name: name.into(), shape: self.shape.clone(), kind, bytes }
    }

    /// Its numbers, row-major.
    pub(super) fn read(&self, shards: &mut Shards) -> Result<Vec<f32>, FolderError> {
        let mut values = match &self.source {
            Source::Stored(name) => shards.read(name)?,
            Source::Given(numbers) => numbers.clone(),
        };
        match self.change {
            Change::None => {}
            Change::Neighbours { head_dim } => {
                let width = self.shape.last().copied().unwrap_or(1);
                values = reordered(values, width, head_dim, Order::ToNeighbours);
            }
            Change::PlusOne => values.iter_mut().for_each(|value| *value += 1.0),
        }
        Ok(values)
    }
}
