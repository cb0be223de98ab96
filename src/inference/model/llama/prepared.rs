//! An adapter in the form in which it is applied.

use super::{
    Config,
    adapter::{Adapter, Target},
};
use crate::inference::kernels::{LowRankPart, LowRankStack};

/// What matrices are multiplied with; those with the same input are changed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    /// Queries, keys and values.
    Attention,
    /// Behind the attention.
    Attended,
    /// Gate and up.
    Feed,
    /// Down.
    Gated,
}

impl Input {
    /// The matrices, in the order of their outputs.
    const TARGETS: [(Self, &[Target]); 4] = [
        (Self::Attention, &[Target::Query, Target::Key, Target::Value]),
        (Self::Attended, &[Target::AttentionOutput]),
        (Self::Feed, &[Target::Gate, Target::Up]),
        (Self::Gated, &[Target::Down]),
    ];
}

/// An adapter whose matrices are quantised and stacked.
pub(super) struct Prepared {
    layers: Vec<[Option<LowRankStack>; 4]>,
}

impl Prepared {
    /// Of an adapter that was found to fit.
    pub(super) fn new(adapter: &Adapter, config: &Config, inner: usize) -> Self {
        let sizes = config.sizes(inner);
        let stack = |layer: usize, targets: &[Target]| {
            let parts = targets.iter().enumerate().filter_map(|(output, target)| {
                let change = adapter.get(layer, *target)?;
                let (down, up, scale) = (&change.down[..], &change.up[..], change.scale);
                Some(LowRankPart { output, down, up, scale })
            });
            LowRankStack::new(sizes.shape(targets[0]).1, &parts.collect::<Vec<_>>())
        };
        let layer = |layer| Input::TARGETS.map(|(_, targets)| stack(layer, targets));
        Self { layers: (0..config.layers).map(layer).collect() }
    }

    /// What it adds to the products of an input.
    pub(super) fn stack(&self, layer: usize, input: Input) -> Option<&LowRankStack> {
        self.layers.get(layer)?[input as usize].as_ref()
    }

    /// How much memory it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.layers.iter().flatten().flatten().map(LowRankStack::bytes).sum()
    }
}
