//! The expressions of one avatar, bound to the meshes that stand in the world.

use bevy::{platform::collections::HashMap, prelude::*};

use super::AvatarFace;
use crate::view::avatar::info::{AvatarInfo, Block, Expression, Region};

/// One shape of one mesh, as part of an expression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bind {
    /// Which of [`FaceRig::slots`].
    pub(super) slot: usize,
    pub(super) weight: f32,
    pub(super) region: Region,
}

/// What an expression is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A feeling.
    Feeling,
    /// A mouth that speaks.
    Vowel,
    /// Lids.
    Blink,
    /// Eyes.
    Look,
}

impl Role {
    fn of(expression: &str) -> Self {
        match expression {
            "aa" | "ih" | "ou" | "ee" | "oh" => Self::Vowel,
            "blink" | "blinkLeft" | "blinkRight" => Self::Blink,
            "lookUp" | "lookDown" | "lookLeft" | "lookRight" => Self::Look,
            _ => Self::Feeling,
        }
    }
}

/// An expression that this avatar has.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) binds: Vec<Bind>,
    pub(super) is_binary: bool,
    pub(super) blocks_blink: Block,
    pub(super) blocks_look: Block,
    pub(super) blocks_mouth: Block,
}

/// The face of an avatar that stands in the world.
#[derive(Debug, Clone, Default, Component)]
pub(crate) struct FaceRig {
    /// The entities whose shapes are written, by the names of their nodes.
    meshes: Vec<(String, Entity)>,
    /// Every shape that some expression uses: mesh and index, ordered by mesh.
    pub(super) slots: Vec<(usize, usize)>,
    pub(super) shapes: Vec<Shape>,
}

impl FaceRig {
    /// Finds the meshes among the nodes of the avatar.
    pub(in crate::view::avatar) fn find(info: &AvatarInfo, nodes: &HashMap<&str, Entity>) -> Self {
        let mut meshes: Vec<(String, Entity)> = Vec::new();
        for shape in &info.shapes {
            if meshes.iter().all(|(known, _)| *known != shape.node)
                && let Some(entity) = nodes.get(shape.node.as_str())
            {
                meshes.push((shape.node.clone(), *entity));
            }
        }
        Self { meshes, ..Self::default() }
    }

    /// Takes on the expressions of the file, and those of the game over them.
    pub(super) fn adapt(&mut self, info: &AvatarInfo, face: &AvatarFace) {
        let mut expressions = info.expressions.clone();
        for (name, shapes) in &face.shapes {
            let binds = shapes.iter().flat_map(|(shape, weight)| {
                let same = info.shapes.iter().filter(move |known| known.shape == *shape);
                same.map(|known| crate::view::avatar::info::ShapeBind {
                    weight: *weight,
                    ..known.clone()
                })
            });
            let made = Expression { binds: binds.collect(), ..Expression::default() };
            expressions.insert(name.clone(), made);
        }
        let place = |node: &str| self.meshes.iter().position(|(known, _)| known == node);
        let mut slots: Vec<(usize, usize)> = expressions
            .values()
            .flat_map(|expression| &expression.binds)
            .filter_map(|bind| Some((place(&bind.node)?, bind.index)))
            .collect();
        slots.sort_unstable();
        slots.dedup();
        self.shapes = expressions
            .into_iter()
            .map(|(name, expression)| {
                let binds = expression.binds.iter().filter_map(|bind| {
                    let slot = (place(&bind.node)?, bind.index);
                    Some(Bind {
                        slot: slots.binary_search(&slot).ok()?,
                        weight: bind.weight,
                        region: Region::of(&bind.shape),
                    })
                });
                Shape {
                    role: Role::of(&name),
                    name,
                    binds: binds.collect(),
                    is_binary: expression.is_binary,
                    blocks_blink: expression.blocks_blink,
                    blocks_look: expression.blocks_look,
                    blocks_mouth: expression.blocks_mouth,
                }
            })
            .collect();
        self.slots = slots;
    }

    /// The place of an expression that moves something.
    pub(super) fn shape(&self, name: &str) -> Option<usize> {
        self.shapes.iter().position(|shape| shape.name == name && !shape.binds.is_empty())
    }

    /// The mesh of a slot.
    pub(super) fn mesh(&self, slot: usize) -> Option<Entity> {
        let (mesh, _) = self.slots.get(slot)?;
        self.meshes.get(*mesh).map(|(_, entity)| *entity)
    }
}
