//! A scene in the middle.

use serde::{Deserialize, Serialize};

use super::{Story, Value, code::Code, setting::Setting};

/// Enough to go on with a scene after a restart.
///
/// It fits the scenes it was made with, and edited ones: a node that has changed begins again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedScene {
    /// Which scene.
    pub scene: String,
    /// What has happened so far.
    pub story: Story,
    pub(crate) spot: Spot,
    #[serde(default)]
    pub(crate) setting: Setting,
}

impl SavedScene {
    /// The node it is in.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.spot.node
    }
}

/// Where in a program, and with what in hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spot {
    pub(crate) node: String,
    /// Of the node's program.
    pub(crate) fingerprint: u32,
    /// The next operation.
    pub(crate) at: usize,
    pub(crate) stack: Vec<Value>,
    pub(crate) options: Vec<Offered>,
    pub(crate) seed: u64,
}

/// An option that the fan may choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Offered {
    pub(crate) id: String,
    pub(crate) values: Vec<String>,
    /// The operation it goes on with.
    pub(crate) to: usize,
    pub(crate) available: bool,
}

impl Spot {
    pub(crate) fn beginning(code: &Code, seed: u64) -> Self {
        Self {
            node: code.info.name.clone(),
            fingerprint: code.fingerprint,
            at: 0,
            stack: Vec::new(),
            options: Vec::new(),
            seed,
        }
    }

    /// The same place in these nodes, or the beginning of the node if it has changed.
    pub(crate) fn in_code(self, code: &Code) -> Self {
        if self.fingerprint == code.fingerprint && self.at <= code.ops.len() {
            self
        } else {
            Self::beginning(code, self.seed)
        }
    }
}
