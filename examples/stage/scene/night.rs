//! Night behind the stage, with lights out of focus.

use bevy::prelude::*;

use super::{Scenery, back_to_all, shapes::spread};
use crate::{
    cast::PLACES,
    glow::{self, Paint},
};

/// How far behind the idols the night hangs, in metres.
const BACK: f32 = 6.0;
/// Lights out of focus in the distance.
const LIGHTS: u16 = 36;

pub fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn);
}

fn spawn(paint: Res<Paint>, mut meshes: ResMut<Assets<Mesh>>, mut commands: Commands) {
    const SPOT: [(f32, f32); 4] = [(0.0, 0.09), (0.72, 0.08), (0.9, 0.05), (1.0, 0.0)];
    let hex = Color::srgb_u8;
    let night = [
        (-3.0, hex(14, 9, 30)),
        (0.0, hex(30, 17, 56)),
        (1.4, hex(62, 34, 98)),
        (2.6, hex(38, 24, 76)),
        (4.4, hex(17, 12, 42)),
        (8.0, hex(9, 6, 24)),
    ];
    let spots = PLACES.map(|place| meshes.add(glow::rings(place.light, &SPOT)));
    let root = (Scenery::Stage, Transform::default(), Visibility::Hidden);
    commands.spawn(root).with_children(|night_sky| {
        night_sky
            .spawn((
                Mesh3d(meshes.add(glow::wall(44.0, &night))),
                MeshMaterial3d(paint.solid.clone()),
                Transform::from_xyz(0.0, 0.0, -BACK),
                Pickable::default(),
            ))
            .observe(back_to_all);
        for index in 0..LIGHTS {
            // Multiples of irrational numbers fill a square without clumps.
            let part = |step: f32| spread(index, step);
            let (across, up, size) = (part(0.618_034), part(0.754_878), part(0.347_296));
            let at = Vec3::new((across - 0.5) * 15.0, 0.4 + up * up * 4.2, 0.2 - BACK);
            let size = 0.07 + 0.3 * size * size;
            night_sky.spawn((
                Mesh3d(spots[usize::from(index) % spots.len()].clone()),
                MeshMaterial3d(paint.shine.clone()),
                Transform::from_translation(at).with_scale(Vec3::splat(size)),
            ));
        }
    });
}
