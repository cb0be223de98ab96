//! The four avatars.

use bevy::prelude::*;
use bevy_persona::{
    cue::{CueBook, CueSheet, Gaze},
    prelude::*,
};

use crate::cli::Detail;

/// Who is drawn, from left to right.
pub const NAMES: [&str; 4] = ["siwoo", "jena", "taira", "marty"];
/// Metres from one to the next: none comes into another's picture.
const APART: f32 = 12.0;

/// Lets all four enter.
pub fn enter(world: &mut World, detail: Detail) -> Vec<Entity> {
    let assets = world.resource::<AssetServer>().clone();
    let avatars = (0_u8..).zip(NAMES).map(|(place, name)| {
        let stands = (
            Avatar::new(&assets, detail.file(name)),
            // Pictures are compared, so that nothing may come and go by chance.
            AvatarFace { blinks: false, ..default() },
            EmotionBlend::default(),
            CueBook::new(attentive(name)),
            Transform::from_xyz(f32::from(place) * APART, 0.0, 0.0),
        );
        world.spawn((Name::new(name), stands)).id()
    });
    avatars.collect()
}

/// The usual ways, but she never looks away, and is idle in her own way.
fn attentive(name: &str) -> CueSheet {
    let mut sheet = CueSheet::default();
    for cue in sheet.activities.values_mut() {
        cue.gaze.contact = 1.0;
        for motion in &mut cue.motions {
            *motion = motion.replace("{id}", name);
        }
    }
    for cue in sheet.feelings.values_mut() {
        cue.gaze.contact = 1.0;
    }
    sheet
}

/// Stops what their bodies do, and their glances; their faces go on.
pub fn hold_still(world: &mut World, avatars: &[Entity]) {
    let mut sheet = CueSheet::default();
    for cue in sheet.activities.values_mut() {
        cue.motions.clear();
    }
    let book = CueBook::new(sheet);
    for avatar in avatars {
        let mut avatar = world.entity_mut(*avatar);
        // Breath and sway are added only where there is a gaze.
        avatar.insert(book.clone()).remove::<Gaze>();
        if let Some(mut player) = avatar.get_mut::<AnimationPlayer>() {
            player.stop_all();
        }
    }
}

/// Whether all have a body and know all motions.
pub fn is_ready(world: &mut World) -> bool {
    let motions = world.resource::<MotionLibrary>().names().count();
    let mut bodies = world.query::<(&AvatarRig, &AnimationGraphHandle)>();
    let graphs = world.resource::<Assets<AnimationGraph>>();
    // A graph has a node for each motion, and the root.
    let knows_all = |graph: &AnimationGraphHandle| {
        graphs.get(&graph.0).is_some_and(|graph| graph.nodes().count() > motions)
    };
    let ready = bodies.iter(world).filter(|(_, graph)| knows_all(graph)).count();
    motions > 0 && ready == NAMES.len()
}
