//! Faces of VRM avatars.
//!
//! One system writes a face: it adds up what she feels, her blinks and the movement of her mouth,
//! and sends the sum as one `SetExpressions`.

mod blink;
mod compose;
mod face;
mod motion;
mod mouth;
mod rig;
mod syllables;
#[cfg(test)]
mod tests;

use bevy::prelude::*;
use bevy_vrm1::prelude::{
    ExpressionEntityMap, ExpressionOverrideSettings, ExpressionOverrideType, SetExpressions, Vrm,
};

use crate::{
    PersonaSystems,
    cue::{self, EmotionBlend, EmotionRig},
    dialogue::{ReplyChunk, ReplyEnd, ReplyFailed, ReplyFinished},
    persona::Persona,
    systems,
};
pub use face::{Look, VrmFace};
use motion::FaceMotion;

/// Shows the feelings of each [`Persona`] on the VRM avatar of the same entity.
///
/// Gives every VRM a [`VrmFace`], and every persona with a loaded avatar an [`EmotionRig`], so that
/// replies are tagged with what this face can show. Installs observers of reply events and its
/// systems in [`PersonaSystems::Express`].
///
/// It does not load avatars: the game adds `bevy_vrm1::prelude::VrmPlugin` as well. Without it
/// there are no faces and this plugin does nothing, so it may stay in a headless test.
///
/// # Example
/// ```no_run
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
/// use bevy_vrm1::prelude::{VrmHandle, VrmPlugin};
///
/// App::new()
///     .add_plugins((PersonaSourcePlugin::default(), DefaultPlugins, VrmPlugin))
///     .add_plugins(PersonaPlugins::default())
///     .add_systems(Startup, |mut commands: Commands, assets: Res<AssetServer>| {
///         commands.spawn((
///             Persona(assets.load("personas://siwoo.persona.ron")),
///             VrmHandle(assets.load("avatars/siwoo.vrm")),
///         ));
///     });
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct VrmViewPlugin;

impl Plugin for VrmViewPlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        app.register_required_components::<Vrm, VrmFace>()
            .add_observer(hear)
            .add_observer(hush_after_interrupt)
            .add_observer(hush_after_failure)
            .add_systems(
                Update,
                (fit, express).chain().after(cue::advance).in_set(PersonaSystems::Express),
            );
    }
}

/// Learns what a newly loaded avatar can show.
fn fit(
    mut avatars: Query<(
        NameOrEntity,
        Ref<Persona>,
        Ref<ExpressionEntityMap>,
        Ref<VrmFace>,
        &mut FaceMotion,
    )>,
    settings: Query<&ExpressionOverrideSettings>,
    mut commands: Commands,
) {
    for (name, persona, map, face, mut motion) in &mut avatars {
        if !(persona.is_added() || map.is_changed() || face.is_changed()) {
            continue;
        }
        let known: Vec<&str> = map.keys().map(|expression| expression.0.as_str()).collect();
        for gap in rig::gaps(&face, &known) {
            warn!("the avatar of {name} has {gap}");
        }
        commands.entity(name.entity).insert(EmotionRig(rig::emotions(&face, &known)));
        let stops_blinks = |entity: &Entity| {
            let settings = settings.get(*entity);
            settings.is_ok_and(|known| known.override_blink != ExpressionOverrideType::None)
        };
        let blocking = map.iter().filter(|(_, entity)| stops_blinks(entity));
        motion.fit(blocking.map(|(expression, _)| expression.0.clone()).collect());
    }
}

/// The only writer of faces.
fn express(
    time: Res<Time>,
    mut faces: Query<
        (Entity, &VrmFace, &EmotionBlend, &mut FaceMotion),
        (With<Persona>, With<ExpressionEntityMap>),
    >,
    mut commands: Commands,
) {
    for (entity, face, blend, mut motion) in &mut faces {
        let seed = face.blink_seed.unwrap_or_else(|| entity.to_bits());
        let motion = motion.bypass_change_detection();
        if let Some(weights) = motion.advance(time.delta_secs(), seed, face, blend.weights()) {
            commands.trigger(SetExpressions::from_iter(entity, weights.iter()));
        }
    }
}

fn hear(chunk: On<ReplyChunk>, mut faces: Query<&mut FaceMotion>) {
    if let Ok(mut motion) = faces.get_mut(chunk.entity) {
        motion.hear(&chunk.text);
    }
}

fn hush_after_interrupt(finished: On<ReplyFinished>, mut faces: Query<&mut FaceMotion>) {
    if finished.reason == ReplyEnd::Interrupted
        && let Ok(mut motion) = faces.get_mut(finished.entity)
    {
        motion.hush();
    }
}

fn hush_after_failure(failed: On<ReplyFailed>, mut faces: Query<&mut FaceMotion>) {
    if let Ok(mut motion) = faces.get_mut(failed.entity) {
        motion.hush();
    }
}
