//! Where each idol stands: a neon ring behind her, a pool of light under her feet.

use std::f32::consts::FRAC_PI_2;

use bevy::prelude::*;

use super::Scenery;
use crate::{
    cast::{PLACES, Place},
    glow::{self, Paint},
};

pub fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn);
}

fn spawn(
    paint: Res<Paint>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut commands: Commands,
) {
    const NEON: [(f32, f32); 8] = [
        (0.4, 0.0),
        (0.44, 0.08),
        (0.468, 0.3),
        (0.474, 1.1),
        (0.48, 1.1),
        (0.486, 0.3),
        (0.515, 0.08),
        (0.6, 0.0),
    ];
    const POOL: [(f32, f32); 4] = [(0.0, 0.5), (0.33, 0.31), (0.66, 0.09), (0.95, 0.0)];
    const FEET: [(f32, f32); 3] = [(0.0, 0.75), (0.17, 0.56), (0.34, 0.0)];
    let pool = materials.add(glow::material(AlphaMode::Add, 10.0));
    let dark = materials.add(glow::material(AlphaMode::Blend, 20.0));
    let feet = meshes.add(glow::shade(&FEET));
    let lying = Quat::from_rotation_x(-FRAC_PI_2);
    let root = (Scenery::Stage, Transform::default(), Visibility::Hidden);
    commands.spawn(root).with_children(|stage| {
        for place in &PLACES {
            let Place { light, ring, .. } = *place;
            let floor = |height: f32| {
                Transform::from_translation(place.floor().with_y(height)).with_rotation(lying)
            };
            let ring = place.floor() + Vec3::new(0.0, ring, -0.62);
            stage.spawn((
                Mesh3d(meshes.add(glow::rings(light, &NEON))),
                MeshMaterial3d(paint.shine.clone()),
                Transform::from_translation(ring),
            ));
            let circle = meshes.add(glow::rings(light, &POOL));
            stage.spawn((Mesh3d(circle), MeshMaterial3d(pool.clone()), floor(0.004)));
            stage.spawn((Mesh3d(feet.clone()), MeshMaterial3d(dark.clone()), floor(0.008)));
        }
    });
}
