//! Faces: what a character feels, says and looks at, as weights of shapes.
//!
//! One system writes a face, [`express`]. It adds up layers: the mood, a flash of what has just come up,
//! glances, blinks, the mouth that speaks, and what a script asks for.

mod blink;
mod compose;
mod fit;
mod mouth;
mod shapes;
mod syllables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use bevy::{mesh::morph::MorphWeights, prelude::*};

use super::{Avatar, AvatarInfo};
use crate::{
    cue::{CueBook, EmotionBlend, EmotionRig, Gaze},
    dialogue::{EmotionChanged, ReplyChunk, ReplyEnd, ReplyFailed, ReplyFinished},
};
pub(super) use compose::FaceState;
pub(super) use shapes::FaceRig;

/// How an avatar shows things on its face, beyond what its file says.
///
/// Comes with every [`Avatar`]; spawn one beside it to change something.
///
/// # Example
/// ```
/// use bevy_persona::view::AvatarFace;
///
/// // This model calls its smile otherwise.
/// let face = AvatarFace::default().with_shapes("happy", [("Smile_Closed", 0.8)]);
/// ```
#[derive(Debug, Clone, PartialEq, Component)]
#[require(FaceState)]
pub struct AvatarFace {
    /// Expressions made of these shapes of the model, by the names of expressions: `happy`, `aa`, `blink`, …
    pub shapes: BTreeMap<String, Vec<(String, f32)>>,
    /// Whether she blinks by herself.
    pub blinks: bool,
    /// Makes the same blinks come at the same times; taken from the entity unless given.
    pub seed: Option<u64>,
}

impl Default for AvatarFace {
    fn default() -> Self {
        Self { shapes: BTreeMap::new(), blinks: true, seed: None }
    }
}

impl AvatarFace {
    /// Makes an expression of these shapes, each with its weight, 0..1.
    #[must_use]
    pub fn with_shapes(
        mut self,
        expression: impl Into<String>,
        shapes: impl IntoIterator<Item = (impl Into<String>, f32)>,
    ) -> Self {
        let shapes = shapes.into_iter().map(|(name, weight)| (name.into(), weight)).collect();
        self.shapes.insert(expression.into(), shapes);
        self
    }
}

/// A face that a script asks for, before all that she feels; her eyes may blink and her mouth speak.
///
/// Remove it, and she looks as she feels again.
#[derive(Debug, Clone, PartialEq, Default, Component, Deref)]
pub struct ScriptedFace(pub crate::cue::Look);

/// Learns what a newly loaded avatar can show.
pub(super) fn fit(
    mut avatars: Query<
        (
            Entity,
            NameOrEntity,
            &Avatar,
            &AvatarFace,
            &CueBook,
            &mut FaceRig,
            &mut FaceState,
            Option<&ScriptedFace>,
        ),
        Or<(Added<FaceRig>, Changed<AvatarFace>, Changed<CueBook>, Changed<ScriptedFace>)>,
    >,
    infos: Res<Assets<AvatarInfo>>,
    mut commands: Commands,
) {
    for (entity, name, avatar, face, book, mut rig, mut state, scripted) in &mut avatars {
        let Some(info) = infos.get(avatar.info()) else { continue };
        if rig.is_added() {
            for gap in fit::gaps(book, info, face) {
                warn!("the avatar of {name} ({}) has {gap}", avatar.path());
            }
        }
        rig.adapt(info, face);
        state.fit(&rig, book, scripted.map(|scripted| &scripted.0));
        commands.entity(entity).insert(EmotionRig(fit::emotions(book, &rig)));
    }
}

/// A script's face is gone.
pub(super) fn unscript(
    mut gone: RemovedComponents<ScriptedFace>,
    mut faces: Query<(&FaceRig, &CueBook, &mut FaceState)>,
) {
    for entity in gone.read() {
        if let Ok((rig, book, mut state)) = faces.get_mut(entity) {
            state.fit(rig, book, None);
        }
    }
}

/// The only writer of faces.
pub(super) fn express(
    time: Res<Time>,
    mut faces: Query<(Entity, &AvatarFace, &EmotionBlend, &FaceRig, &mut FaceState, Option<&Gaze>)>,
    mut meshes: Query<&mut MorphWeights>,
) {
    for (entity, face, blend, rig, mut state, gaze) in &mut faces {
        let state = state.bypass_change_detection();
        let seed = face.seed.unwrap_or_else(|| entity.to_bits());
        let eyes = gaze.map_or(Vec2::ZERO, |gaze| gaze.now().eyes);
        state.advance(time.delta_secs(), seed, face.blinks, rig, blend.weights(), eyes);
        state.write(rig, |mesh, weights| {
            let Ok(mut shown) = meshes.get_mut(mesh) else { return };
            let differs = weights.iter().any(|(shape, weight)| {
                shown.weights().get(*shape).is_some_and(|old| (old - weight).abs() > 1e-3)
            });
            if differs {
                let shown = shown.weights_mut();
                for (shape, weight) in weights {
                    if let Some(old) = shown.get_mut(*shape) {
                        *old = *weight;
                    }
                }
            }
        });
    }
}

pub(super) fn feel(changed: On<EmotionChanged>, mut faces: Query<&mut FaceState>) {
    if let Ok(mut state) = faces.get_mut(changed.entity) {
        state.flash(&changed.tag);
    }
}

pub(super) fn hear(chunk: On<ReplyChunk>, mut faces: Query<&mut FaceState>) {
    if let Ok(mut state) = faces.get_mut(chunk.entity) {
        state.hear(&chunk.text);
    }
}

pub(super) fn hush_after_interrupt(finished: On<ReplyFinished>, mut faces: Query<&mut FaceState>) {
    if finished.reason == ReplyEnd::Interrupted
        && let Ok(mut state) = faces.get_mut(finished.entity)
    {
        state.hush();
    }
}

pub(super) fn hush_after_failure(failed: On<ReplyFailed>, mut faces: Query<&mut FaceState>) {
    if let Ok(mut state) = faces.get_mut(failed.entity) {
        state.hush();
    }
}
