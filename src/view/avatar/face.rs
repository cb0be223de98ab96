//! Faces: what a character feels, says and looks at, as weights of shapes.
//!
//! One system writes a face, [`express`]. It adds up layers: the mood, a flash of what has just come up,
//! glances, blinks, the mouth that speaks, and what a script asks for.

mod blink;
mod compose;
mod fit;
mod mouth;
mod shapes;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use bevy::{mesh::morph::MorphWeights, prelude::*};

use super::{Avatar, AvatarInfo};
use crate::cue::{Beat, BeatPart, CueBook, EmotionBlend, EmotionRig, Gaze, LipSync};
pub(super) use compose::FaceState;
pub(super) use mouth::prepare as prepare_mouth;
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
    mut faces: Query<(
        Entity,
        &AvatarFace,
        &EmotionBlend,
        &FaceRig,
        &mut FaceState,
        Option<&Gaze>,
        Option<&LipSync>,
    )>,
    mut meshes: Query<&mut MorphWeights>,
) {
    for (entity, face, blend, rig, mut state, gaze, lips) in &mut faces {
        let state = state.bypass_change_detection();
        let seed = face.seed.unwrap_or_else(|| entity.to_bits());
        let eyes = gaze.map_or(Vec2::ZERO, |gaze| gaze.now().eyes);
        state.advance(time.delta_secs(), seed, face.blinks, rig, blend.weights(), eyes, lips);
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

/// A part of a reply is performed.
pub(super) fn perform(beat: On<Beat>, mut faces: Query<(&mut FaceState, Has<LipSync>)>) {
    let Ok((mut state, has_voice)) = faces.get_mut(beat.entity) else { return };
    match &beat.part {
        BeatPart::Feel(tag) => state.flash(tag),
        // A voice moves the mouth itself.
        BeatPart::Say(text) if !has_voice => state.hear(text),
        BeatPart::End { interrupted: true } => state.hush(),
        BeatPart::Begin | BeatPart::Say(_) | BeatPart::End { .. } => {}
    }
}
