//! Which layers of a model tell positions apart.

use super::{GgufError, ModelFile};

/// Of each layer, whether its queries and keys are rotated.
///
/// A folder says it of each layer. GGUF files say nothing: `SmolLM3` leaves every fourth layer out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rotation {
    /// All do.
    Everywhere,
    /// All but the last of each so many.
    NotLastOf(usize),
    /// As is said of each.
    Said(Vec<bool>),
}

impl Rotation {
    pub(super) fn read(file: &dyn ModelFile) -> Result<Self, GgufError> {
        const PERIOD: usize = 4;
        let architecture = file.architecture()?;
        let key = format!("{architecture}.rope.layers");
        if architecture != "smollm3" {
            Ok(Self::Everywhere)
        } else if file.metadata().has(&key) {
            Ok(Self::Said(file.metadata().bools(&key)?))
        } else {
            Ok(Self::NotLastOf(PERIOD))
        }
    }

    pub(super) fn is_in(&self, layer: usize) -> bool {
        match self {
            Self::Everywhere => true,
            Self::NotLastOf(period) => !(layer + 1).is_multiple_of(*period),
            Self::Said(said) => said.get(layer).copied().unwrap_or(true),
        }
    }
}
