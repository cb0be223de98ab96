//! The stage itself: night, a floor, a neon ring and a pool of light for each idol.

use std::f32::consts::FRAC_PI_2;

use bevy::prelude::*;

use crate::{
    camera::Shot,
    cast::{PLACES, Place},
    glow,
};

/// How far behind the idols the night hangs, in metres.
const BACK: f32 = 6.0;
/// Lights out of focus in the distance.
const LIGHTS: u16 = 40;

pub fn plugin(app: &mut App) {
    app.insert_resource(GlobalAmbientLight { brightness: 60.0, ..default() })
        .insert_resource(ClearColor(Color::srgb_u8(11, 8, 32)))
        .add_systems(Startup, (light, surround, places, distance));
}

/// One light, because toon materials add up every light they get. No shadows: they would take most
/// of the time where there is no graphics card.
fn light(mut commands: Commands) {
    commands.spawn((
        DirectionalLight { shadow_maps_enabled: false, ..default() },
        Transform::from_xyz(-0.35, 0.5, 0.8).looking_at(Vec3::ZERO, Vec3::Y),
    ));
}

/// Night behind and a floor below; a click on them shows all four.
fn surround(
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut commands: Commands,
) {
    let hex = Color::srgb_u8;
    let solid = materials.add(glow::material(AlphaMode::Opaque, 0.0));
    let night = [
        (-0.5, hex(26, 17, 46)),
        (0.3, hex(42, 24, 70)),
        (1.3, hex(76, 43, 110)),
        (2.2, hex(51, 32, 92)),
        (3.8, hex(23, 16, 51)),
        (7.0, hex(11, 8, 32)),
    ];
    let floor = [(-12.0, hex(14, 9, 26)), (0.0, hex(30, 20, 54)), (BACK, hex(36, 22, 62))];
    let lying = Transform::from_rotation(Quat::from_rotation_x(-FRAC_PI_2));
    let surfaces = [
        (glow::wall(40.0, &night), Transform::from_xyz(0.0, 0.0, -BACK)),
        (glow::wall(40.0, &floor), lying),
    ];
    for (mesh, transform) in surfaces {
        let surface = (Mesh3d(meshes.add(mesh)), MeshMaterial3d(solid.clone()), transform);
        commands
            .spawn((surface, Pickable::default()))
            .observe(|_: On<Pointer<Click>>, mut shot: ResMut<Shot>| *shot = Shot::Wide);
    }
}

/// Where each idol stands.
fn places(
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut commands: Commands,
) {
    const NEON: [(f32, f32); 8] = [
        (0.48, 0.0),
        (0.54, 0.1),
        (0.573, 0.45),
        (0.582, 1.6),
        (0.591, 1.6),
        (0.6, 0.45),
        (0.636, 0.12),
        (0.72, 0.0),
    ];
    const POOL: [(f32, f32); 4] = [(0.0, 0.5), (0.33, 0.31), (0.66, 0.09), (0.95, 0.0)];
    const FEET: [(f32, f32); 3] = [(0.0, 0.75), (0.17, 0.56), (0.34, 0.0)];
    let shine = materials.add(glow::material(AlphaMode::Add, 0.0));
    let pool = materials.add(glow::material(AlphaMode::Add, 10.0));
    let dark = materials.add(glow::material(AlphaMode::Blend, 20.0));
    let feet = meshes.add(glow::shade(&FEET));
    let lying = Quat::from_rotation_x(-FRAC_PI_2);
    for place in &PLACES {
        let Place { light, .. } = *place;
        let floor = |height: f32| {
            Transform::from_translation(place.floor().with_y(height)).with_rotation(lying)
        };
        let ring = place.floor() + Vec3::new(0.0, place.ring, -0.62);
        commands.spawn_batch([
            (
                Mesh3d(meshes.add(glow::rings(light, &NEON))),
                MeshMaterial3d(shine.clone()),
                Transform::from_translation(ring),
            ),
            (
                Mesh3d(meshes.add(glow::rings(light, &POOL))),
                MeshMaterial3d(pool.clone()),
                floor(0.004),
            ),
            (Mesh3d(feet.clone()), MeshMaterial3d(dark.clone()), floor(0.008)),
        ]);
    }
}

/// Faint lights far away, spread evenly but without a pattern.
fn distance(
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut commands: Commands,
) {
    const SPOT: [(f32, f32); 4] = [(0.0, 0.09), (0.72, 0.08), (0.9, 0.05), (1.0, 0.0)];
    let shine = materials.add(glow::material(AlphaMode::Add, -10.0));
    let spots = PLACES.map(|place| meshes.add(glow::rings(place.light, &SPOT)));
    for index in 0..LIGHTS {
        // Multiples of irrational numbers fill a square without clumps.
        let spread = |step: f32| (f32::from(index) * step).fract();
        let (across, up, size) = (spread(0.618_034), spread(0.754_878), spread(0.347_296));
        let at = Vec3::new((across - 0.5) * 13.0, 0.5 + up * up * 3.6, 0.2 - BACK);
        let size = 0.07 + 0.3 * size * size;
        commands.spawn((
            Mesh3d(spots[usize::from(index) % spots.len()].clone()),
            MeshMaterial3d(shine.clone()),
            Transform::from_translation(at).with_scale(Vec3::splat(size)),
        ));
    }
}
