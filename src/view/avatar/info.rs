//! What is in an avatar file: bones, expressions, shapes; the same for every format.

mod arkit;
mod loader;
mod plain;
mod region;
mod vrm0;
mod vrm1;

use std::collections::BTreeMap;

use bevy::prelude::*;

use super::HumanBone;
pub use loader::{AvatarFileError, AvatarInfoLoader};
pub use region::Region;

/// What an avatar file says about itself.
///
/// VRM files say which node is which bone and which shapes make a smile; of plain glTF files it is
/// guessed by the names of nodes and shapes.
#[derive(Debug, Clone, PartialEq, Asset, TypePath)]
pub struct AvatarInfo {
    /// The format of the file.
    pub format: AvatarFormat,
    /// What the avatar is called; empty if the file does not say.
    pub name: String,
    /// The names of the nodes that are bones.
    pub bones: BTreeMap<HumanBone, String>,
    /// Expressions by the names of VRM 1.0, and the avatar's own.
    pub expressions: BTreeMap<String, Expression>,
    /// All shapes of all meshes.
    pub shapes: Vec<ShapeBind>,
}

/// The format of an avatar file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AvatarFormat {
    /// VRM 1.0.
    Vrm1,
    /// VRM 0.x.
    Vrm0,
    /// glTF without VRM data.
    Gltf,
}

/// Shapes that together make an expression.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expression {
    /// The shapes.
    pub binds: Vec<ShapeBind>,
    /// Whether it is either there or not.
    pub is_binary: bool,
    /// How far it keeps eyes from blinking.
    pub blocks_blink: Block,
    /// How far it keeps eyes from looking around.
    pub blocks_look: Block,
    /// How far it keeps the mouth from speaking.
    pub blocks_mouth: Block,
}

/// How far one expression keeps another part of the face still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Block {
    /// Not at all.
    #[default]
    Never,
    /// As far as it shows.
    Blend,
    /// Altogether, as soon as it shows.
    Always,
}

impl Block {
    /// The share that is kept still, 0..1, while the expression has this weight.
    ///
    /// `Always` comes in over the first quarter, so that nothing jumps.
    #[must_use]
    pub fn share(self, weight: f32) -> f32 {
        match self {
            Self::Never => 0.0,
            Self::Blend => weight.clamp(0.0, 1.0),
            Self::Always => (4.0 * weight).clamp(0.0, 1.0),
        }
    }
}

/// One shape (morph target) of a mesh.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapeBind {
    /// The name of the node that has the mesh.
    pub node: String,
    /// Which shape of it.
    pub index: usize,
    /// The name of the shape; empty if the file does not say.
    pub shape: String,
    /// Its weight at the full strength of the expression, 0..1.
    pub weight: f32,
}

impl AvatarInfo {
    /// Splits shapes of a whole face into those of its parts, where the mesh has them.
    ///
    /// `VRoid` models come with `Fcl_ALL_Joy` and with `Fcl_BRW_Joy`, `Fcl_EYE_Joy`, `Fcl_MTH_Joy`; with the
    /// parts a smile can leave the mouth to speech.
    fn split_whole_faces(&mut self) {
        for expression in self.expressions.values_mut() {
            let mut parts = Vec::new();
            expression.binds.retain(|bind| {
                let Some(feeling) = bind.shape.split("_ALL_").nth(1) else { return true };
                let pieces: Vec<_> = ["_BRW_", "_EYE_", "_MTH_"]
                    .iter()
                    .filter_map(|part| {
                        self.shapes.iter().find(|shape| {
                            shape.node == bind.node
                                && shape.shape.ends_with(&format!("{part}{feeling}"))
                        })
                    })
                    .map(|shape| ShapeBind { weight: bind.weight, ..shape.clone() })
                    .collect();
                let whole = pieces.len() < 3;
                if !whole {
                    parts.extend(pieces);
                }
                whole
            });
            expression.binds.extend(parts);
        }
    }
}
