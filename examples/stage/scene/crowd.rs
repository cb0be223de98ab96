//! The fans in front of the stage: heads against the light, and light sticks that wave.

use std::f32::consts::TAU;

use bevy::prelude::*;
use bevy_persona::prelude::*;

use super::{
    Scenery, place_of,
    shapes::{Shapes, dimmed, spread},
    turned_to_another,
};
use crate::{
    beat::Dancing,
    cast::{Idol, PLACES},
    glow::{self, Paint},
    view::in_motion,
};

/// Fans in a row.
const ROW: u16 = 28;
/// Between two fans, in metres.
const GAP: f32 = 0.3;
/// The rows, from the stage on: how far in front of the idols, and how high the heads reach.
const ROWS: [(f32, f32); 3] = [(1.9, -0.11), (2.6, -0.01), (3.3, 0.08)];
/// Sticks of how many sorts there are: each sort is one draw call.
const SORTS: usize = 4;

pub fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn)
        .add_systems(Update, (tint.run_if(turned_to_another), wave.run_if(in_motion)));
}

/// A light stick; angles in radians.
#[derive(Debug, Component)]
struct Stick {
    /// How it is held at rest.
    rest: f32,
    /// How far behind the first stick it waves, in turns.
    late: f32,
}

/// The colours of the sticks.
#[derive(Debug, Resource)]
struct Sticks([Handle<StandardMaterial>; SORTS]);

fn spawn(
    paint: Res<Paint>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut commands: Commands,
) {
    let sorts: [_; SORTS] = std::array::from_fn(|sort| {
        let base_color = PLACES[sort % PLACES.len()].light;
        materials.add(StandardMaterial { base_color, ..glow::material(AlphaMode::Add, 0.0) })
    });
    let stick = meshes.add(stick().mesh());
    let root = (Scenery::Stage, Transform::default(), Visibility::Hidden);
    commands.spawn(root).with_children(|crowd| {
        crowd.spawn((Mesh3d(meshes.add(heads().mesh())), MeshMaterial3d(paint.solid.clone())));
        for (index, fan) in fans() {
            let stick_of =
                Stick { rest: 0.5 * (spread(index, 0.618_034) - 0.5), late: fan.x * 0.09 };
            let hand = fan + Vec3::new(0.1, -0.02 + 0.1 * spread(index, 0.754_878), 0.02);
            crowd.spawn((
                Mesh3d(stick.clone()),
                MeshMaterial3d(sorts[usize::from(index) % SORTS].clone()),
                Transform::from_translation(hand)
                    .with_rotation(Quat::from_rotation_z(stick_of.rest)),
                stick_of,
            ));
        }
    });
    commands.insert_resource(Sticks(sorts));
}

/// Everybody's place: the top of the head.
fn fans() -> impl Iterator<Item = (u16, Vec3)> {
    (0_u16..).zip(ROWS).flat_map(|(row, (z, y))| {
        (0..ROW).map(move |seat| {
            let index = row * ROW + seat;
            let part = |step: f32| spread(index, step) - 0.5;
            let x = (f32::from(seat) - f32::from(ROW - 1) / 2.0 + 0.5 * part(0.618_034)) * GAP;
            (index, Vec3::new(x, y + 0.09 * part(0.347_296), z))
        })
    })
}

/// All heads and shoulders, the furthest first.
fn heads() -> Shapes {
    let mut shapes = Shapes::default();
    let (dark, rim) = (Color::srgb_u8(8, 5, 18), Color::srgb_u8(27, 16, 49));
    for (_, top) in fans() {
        let head = top - Vec3::Y * 0.11;
        shapes.ellipse(head, Vec2::new(0.07, 0.088), dark, rim);
        shapes.ellipse(head - Vec3::new(0.0, 0.3, -0.01), Vec2::new(0.17, 0.22), dark, rim);
        let body = head - Vec3::new(0.0, 0.75, -0.01);
        shapes.rect(body, Vec2::new(0.3, 0.9), dark);
    }
    shapes
}

/// A stick from the hand up, white: its material has the colour.
fn stick() -> Shapes {
    let mut shapes = Shapes::default();
    let white = Color::WHITE;
    shapes
        .glow(Vec3::Y * 0.13, Vec2::new(0.085, 0.17), white, 0.16)
        .glow(Vec3::Y * 0.13, Vec2::new(0.03, 0.11), white, 0.5)
        .rect(Vec3::Y * 0.13, Vec2::new(0.012, 0.16), dimmed(white, 0.6));
    shapes
}

/// Most of the sticks have the colour of whom the fan talks with.
fn tint(
    chosen: Res<ChosenIdol>,
    idols: Query<&Idol>,
    sticks: Res<Sticks>,
    mut materials: ResMut<Assets<StandardMaterial>>,
) {
    let Some(place) = place_of(chosen.0, &idols) else { return };
    let pale = place.light.mix(&Color::WHITE, 0.45);
    let other = PLACES.iter().find(|other| other.id != place.id).map_or(pale, |other| other.light);
    for (handle, colour) in sticks.0.iter().zip([place.light, place.light, pale, other]) {
        if let Some(mut material) = materials.get_mut(handle) {
            material.base_color = colour;
        }
    }
}

/// Slowly from side to side; in time with the beat while it plays.
fn wave(time: Res<Time>, dancing: Res<Dancing>, mut sticks: Query<(&Stick, &mut Transform)>) {
    let (turns, width) = if dancing.0 { (1.0, 0.5) } else { (0.3, 0.32) };
    let phase = time.elapsed_secs_wrapped() * turns;
    for (stick, mut transform) in &mut sticks {
        let swing = (TAU * (phase - stick.late)).sin() * width;
        transform.rotation = Quat::from_rotation_z(stick.rest * 0.5 + swing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_fan_stands_in_front_of_the_feet() {
        // As seen from where the camera shows the group.
        let camera = Vec3::new(0.0, 1.1, 8.1);
        for (_, top) in fans() {
            let on_stage = camera.y + (top.y - camera.y) * camera.z / (camera.z - top.z);
            assert!(on_stage < -0.3, "{on_stage}");
        }
    }
}
