//! Beams of light from a truss, slowly moving.

use std::f32::consts::TAU;

use bevy::prelude::*;

use super::{
    Scenery,
    shapes::{Shapes, dimmed},
};
use crate::{
    cast::PLACES,
    glow::{self, Paint},
    view::in_motion,
};

/// How high the lamps hang, in metres.
const HEIGHT: f32 = 3.75;
/// How far behind the idols.
const BEHIND: f32 = -2.6;
/// How many lamps there are, and how far apart.
const LAMPS: u8 = 8;
const GAP: f32 = 0.82;

pub fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn).add_systems(Update, swing.run_if(in_motion));
}

/// A beam that swings around where it rests; angles in radians.
#[derive(Debug, Component)]
struct Beam {
    rest: f32,
    phase: f32,
}

impl Beam {
    fn at(&self, seconds: f32) -> Quat {
        let sway = 0.17 * (seconds * 0.42 + self.phase).sin();
        Quat::from_rotation_z(self.rest + sway)
    }
}

fn spawn(
    paint: Res<Paint>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut commands: Commands,
) {
    let mesh = meshes.add(glow::beam(5.4, 0.05, 1.25));
    let light = PLACES.map(|place| {
        let base_color = dimmed(place.light, 0.5);
        materials.add(StandardMaterial { base_color, ..glow::material(AlphaMode::Add, 0.0) })
    });
    let mut truss = Shapes::default();
    let mut lamps = Shapes::default();
    let width = GAP * f32::from(LAMPS) + 0.6;
    for y in [0.0, 0.26] {
        let at = Vec3::new(0.0, HEIGHT + 0.12 + y, BEHIND);
        truss.rect(at, Vec2::new(width, 0.035), Color::srgb_u8(24, 17, 44));
    }
    let root = (Scenery::Stage, Transform::default(), Visibility::Hidden);
    commands.spawn(root).with_children(|stage| {
        for index in 0..LAMPS {
            let middle = f32::from(LAMPS - 1) / 2.0;
            let side = f32::from(index) - middle;
            let at = Vec3::new(side * GAP, HEIGHT, BEHIND);
            let place = usize::from(index) / 2 % PLACES.len();
            // Neighbours cross; none points straight down onto a head.
            let rest = if index % 2 == 0 { 0.3 } else { -0.3 };
            let beam = Beam { rest, phase: TAU * f32::from(index) * 0.38 };
            let transform = Transform::from_translation(at).with_rotation(beam.at(0.0));
            stage.spawn((
                Mesh3d(mesh.clone()),
                MeshMaterial3d(light[place].clone()),
                transform,
                beam,
            ));
            lamps.glow(at + Vec3::Z * 0.02, Vec2::splat(0.2), PLACES[place].light, 0.7);
            lamps.glow(at + Vec3::Z * 0.03, Vec2::splat(0.06), Color::WHITE, 0.9);
            truss.line(
                at + Vec3::Y * 0.12,
                at + Vec3::new(0.41, 0.38, 0.0),
                0.02,
                Color::srgb_u8(24, 17, 44),
            );
        }
        stage.spawn((Mesh3d(meshes.add(truss.mesh())), MeshMaterial3d(paint.solid.clone())));
        stage.spawn((Mesh3d(meshes.add(lamps.mesh())), MeshMaterial3d(paint.shine.clone())));
    });
}

fn swing(time: Res<Time>, mut beams: Query<(&Beam, &mut Transform)>) {
    for (beam, mut transform) in &mut beams {
        transform.rotation = beam.at(time.elapsed_secs());
    }
}
