//! The floor of the stage, its lit edge, and haze above it.

use bevy::prelude::*;

use super::{
    Scenery, back_to_all,
    shapes::{Shapes, dimmed},
};
use crate::{cast::PLACES, glow::Paint};

/// Where the stage ends towards the fans, in metres.
const EDGE: f32 = 1.05;
/// Where it ends at the back.
const BACK: f32 = -5.6;
/// Half its width.
const HALF: f32 = 9.0;
/// How high it is above the ground on which the fans stand.
const HEIGHT: f32 = 0.9;

pub fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn);
}

fn spawn(paint: Res<Paint>, mut meshes: ResMut<Assets<Mesh>>, mut commands: Commands) {
    let root = (Scenery::Stage, Transform::default(), Visibility::Hidden);
    commands.spawn(root).with_children(|stage| {
        stage
            .spawn((
                Mesh3d(meshes.add(boards().mesh())),
                MeshMaterial3d(paint.solid.clone()),
                Pickable::default(),
            ))
            .observe(back_to_all);
        stage.spawn((Mesh3d(meshes.add(lights().mesh())), MeshMaterial3d(paint.shine.clone())));
    });
}

/// What is opaque: boards, and the front of the platform.
fn boards() -> Shapes {
    let mut shapes = Shapes::default();
    let hex = Color::srgb_u8;
    let (near, far) = (hex(34, 22, 62), hex(20, 12, 42));
    let corner = |x: f32, z: f32| Vec3::new(x, 0.0, z);
    shapes.quad(
        [corner(-HALF, EDGE), corner(HALF, EDGE), corner(HALF, BACK), corner(-HALF, BACK)],
        [near, near, far, far],
    );
    let front = Vec3::new(0.0, -HEIGHT / 2.0, EDGE);
    shapes.gradient(front, Vec2::new(2.0 * HALF, HEIGHT), hex(9, 6, 20), hex(32, 19, 58));
    shapes
}

/// What shines: seams of the boards, the edge, and haze that thins out upwards.
fn lights() -> Shapes {
    let mut shapes = Shapes::default();
    let violet = Color::srgb(0.62, 0.45, 1.0);
    let seam = |strength: f32| dimmed(violet, strength);
    let flat = |shapes: &mut Shapes, a: Vec3, b: Vec3, side: Vec3, near: Color, far: Color| {
        shapes.quad([a - side, a + side, b + side, b - side], [near, near, far, far]);
    };
    // Seams run together towards the back, as the eye expects of a deep stage.
    for step in -6_i8..=6 {
        let x = f32::from(step) * 0.75;
        let (a, b) = (Vec3::new(x, 0.003, EDGE), Vec3::new(x * 0.92, 0.003, -4.0));
        flat(&mut shapes, a, b, Vec3::X * 0.007, seam(0.13), seam(0.02));
    }
    // The edge: a bright line, a softer one on each side of it, and light running down the front.
    let line = |shapes: &mut Shapes, y: f32, height: f32, foot: f32, head: f32| {
        let at = Vec3::new(0.0, y, EDGE + 0.01);
        shapes.gradient(at, Vec2::new(2.0 * HALF, height), seam(foot), seam(head));
    };
    line(&mut shapes, -0.02, 0.022, 1.0, 1.0);
    line(&mut shapes, -0.07, 0.08, 0.0, 0.4);
    line(&mut shapes, 0.012, 0.045, 0.3, 0.0);
    for place in &PLACES {
        let wash = |y: f32, half: Vec2, strength: f32| {
            (Vec3::new(place.x, y, EDGE + 0.015), half, dimmed(place.light, strength))
        };
        let (at, half, colour) = wash(-0.03, Vec2::new(0.62, 0.16), 0.5);
        shapes.ellipse(at, half, colour, Color::BLACK);
        let (at, half, colour) = wash(-0.02, Vec2::new(0.4, 0.014), 0.9);
        shapes.ellipse(at, half, colour, Color::BLACK);
    }
    // Haze, in two layers behind the idols.
    for (z, height, strength) in [(-1.1, 1.0, 0.055), (-3.4, 1.9, 0.1)] {
        let at = Vec3::new(0.0, height / 2.0, z);
        let size = Vec2::new(2.0 * HALF, height);
        shapes.gradient(at, size, dimmed(violet, strength), Color::BLACK);
    }
    shapes
}
