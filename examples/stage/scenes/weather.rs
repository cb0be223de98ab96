//! Rain, stars, moon, sun, aurora and lanterns in the air: a few meshes that come and go.

use std::f32::consts::TAU;

use bevy::prelude::*;

use super::light::{Air, Lights};
use crate::{
    glow::Paint,
    scene::{
        Scenery,
        shapes::{Shapes, dimmed, spread},
    },
    view::{Shown, View, in_motion},
};

/// How high a sheet of rain is, in metres: two of them fall one after the other.
const SHEET: f32 = 5.0;

/// How something in the air moves.
#[derive(Debug, Clone, Copy)]
enum Moves {
    Not,
    /// Falls, metres a second, beginning so far up.
    Falls(f32, f32),
    /// Sways, so far and beginning there.
    Sways(Vec3, f32),
}

/// Something in the air.
#[derive(Debug, Component)]
struct InAir {
    what: Air,
    home: Vec3,
    moves: Moves,
}

pub fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn).add_systems(Update, (come_and_go, drift.run_if(in_motion)));
}

fn spawn(paint: Res<Paint>, mut meshes: ResMut<Assets<Mesh>>, mut commands: Commands) {
    let mut items: Vec<(Air, Shapes, Vec3, Moves)> = vec![];
    // What falls in front of the idols is for the open air alone.
    let sheets =
        [(Air::Rain, -3.2, 6.5, 90_u16), (Air::Rain, -2.0, 8.0, 70), (Air::Storm, 0.9, 10.0, 26)];
    for (what, z, speed, count) in sheets {
        for sheet in [0.0, 1.0] {
            let home = Vec3::new(0.0, sheet * SHEET - 0.5 * SHEET, z);
            items.push((what, rain(count, z), home, Moves::Falls(speed, sheet * SHEET)));
        }
    }
    let sky = Vec3::new(0.0, 0.0, -6.8);
    items.push((Air::Stars, stars(), sky, Moves::Not));
    items.push((Air::Moon, moon(), Vec3::new(1.9, 3.3, -6.7), Moves::Not));
    items.push((Air::Sun, sun(), Vec3::new(2.0, 1.0, -6.7), Moves::Not));
    for (index, x) in (0_u8..).zip([-2.6, 0.2, 2.9]) {
        let home = Vec3::new(x, 1.4 + 0.3 * f32::from(index % 2), -6.6);
        let sway = Moves::Sways(Vec3::new(0.5, 0.12, 0.0), f32::from(index) * 2.1);
        items.push((Air::Aurora, aurora(index), home, sway));
    }
    for index in 0..3_u8 {
        let home = Vec3::new(0.0, 0.0, -5.2 + 1.3 * f32::from(index));
        let sway = Moves::Sways(Vec3::new(0.12, 0.16, 0.0), f32::from(index) * 1.7);
        items.push((Air::Lanterns, lanterns(index), home, sway));
    }
    for (what, shapes, home, moves) in items {
        commands.spawn((
            Scenery::AnySet,
            Transform::default(),
            Visibility::Hidden,
            children![(
                InAir { what, home, moves },
                Mesh3d(meshes.add(shapes.mesh())),
                MeshMaterial3d(paint.shine.clone()),
                Transform::from_translation(home),
                Visibility::Hidden,
            )],
        ));
    }
}

/// What the light has in it is seen.
fn come_and_go(lights: Res<Lights>, mut air: Query<(&InAir, &mut Visibility)>) {
    if !lights.is_changed() {
        return;
    }
    for (item, mut visibility) in &mut air {
        let seen = lights.has(item.what);
        visibility.set_if_neq(if seen { Visibility::Inherited } else { Visibility::Hidden });
    }
}

fn drift(
    time: Res<Time>,
    shown: Res<Shown>,
    mut air: Query<(&InAir, &mut Transform, &InheritedVisibility)>,
) {
    if !matches!(shown.0, View::Scene(_)) {
        return;
    }
    let seconds = time.elapsed_secs_wrapped();
    for (item, mut transform, seen) in &mut air {
        if !seen.get() {
            continue;
        }
        let at = match item.moves {
            Moves::Not => continue,
            Moves::Falls(speed, begin) => {
                let y = (begin - seconds * speed).rem_euclid(2.0 * SHEET) - SHEET * 0.5;
                item.home.with_y(y)
            }
            Moves::Sways(way, late) => {
                let turn = Vec3::new(
                    (seconds * 0.31 + late).sin(),
                    (seconds * 0.43 + late * 1.3).sin(),
                    0.0,
                );
                item.home + way * turn
            }
        };
        transform.translation = at;
    }
}

fn rain(count: u16, z: f32) -> Shapes {
    let mut shapes = Shapes::default();
    let light = Color::srgb(0.72, 0.82, 0.95);
    for drop in 0..count {
        let x = (spread(drop, 0.618_034) - 0.5) * (6.2 - z);
        let from = Vec3::new(x, spread(drop, 0.754_878) * SHEET - 0.6, 0.0);
        let long = 0.14 + 0.16 * spread(drop, 0.347_296);
        let to = from - Vec3::new(0.02, long, 0.0);
        shapes.line(to, from, 0.006, dimmed(light, if z > 0.0 { 0.1 } else { 0.2 }));
    }
    shapes
}

fn stars() -> Shapes {
    let mut shapes = Shapes::default();
    for star in 0..130_u16 {
        let x = (spread(star, 0.618_034) - 0.5) * 15.0;
        let y = 0.4 + 5.6 * spread(star, 0.754_878);
        let size = 0.008 + 0.016 * spread(star, 0.347_296).powi(3);
        let light = dimmed(Color::srgb(0.85, 0.88, 1.0), 0.3 + 0.6 * spread(star, 0.222));
        let at = Vec3::new(x, y, 0.0);
        shapes
            .triangle([at - Vec3::X * size, at + Vec3::X * size, at + Vec3::Y * size * 1.6], light);
        shapes
            .triangle([at + Vec3::X * size, at - Vec3::X * size, at - Vec3::Y * size * 1.6], light);
    }
    shapes
}

fn moon() -> Shapes {
    let mut shapes = Shapes::default();
    let pale = Color::srgb(0.93, 0.93, 0.82);
    shapes.glow(Vec3::ZERO, Vec2::splat(1.5), pale, 0.2).ellipse(
        Vec3::Z * 0.01,
        Vec2::splat(0.36),
        dimmed(pale, 0.8),
        dimmed(pale, 0.62),
    );
    shapes
}

fn sun() -> Shapes {
    let mut shapes = Shapes::default();
    let warm = Color::srgb(1.0, 0.8, 0.5);
    shapes
        .glow(Vec3::ZERO, Vec2::splat(3.4), warm, 0.34)
        .glow(Vec3::Z * 0.01, Vec2::splat(1.1), warm, 0.4)
        .ellipse(Vec3::Z * 0.02, Vec2::splat(0.42), dimmed(warm, 0.7), dimmed(warm, 0.4));
    shapes
}

/// A curtain of light: folds that are brightest at their foot.
fn aurora(index: u8) -> Shapes {
    const FOLDS: u8 = 18;
    let mut shapes = Shapes::default();
    let colours = [Color::srgb(0.3, 1.0, 0.7), Color::srgb(0.35, 0.85, 1.0)];
    let green = colours[usize::from(index) % 2];
    let violet = Color::srgb(0.6, 0.35, 1.0);
    let point = |step: u8| {
        let part = f32::from(step) / f32::from(FOLDS);
        let x = (part - 0.5) * 4.6;
        let foot = 0.35 * (part * 7.0 + f32::from(index) * 1.9).sin();
        let edge = (part * TAU / 2.0).sin();
        let strength = edge * (0.16 + 0.1 * (part * 21.0 + f32::from(index)).sin());
        (x, foot, strength)
    };
    for step in 0..FOLDS {
        let ((x, y, light), (x2, y2, light2)) = (point(step), point(step + 1));
        let at = |x: f32, y: f32| Vec3::new(x, y, 0.0);
        let (low, high) = (0.5, 2.6);
        shapes
            .quad(
                [at(x, y), at(x2, y2), at(x2, y2 + low), at(x, y + low)],
                [Color::BLACK, Color::BLACK, dimmed(green, light2), dimmed(green, light)],
            )
            .quad(
                [at(x, y + low), at(x2, y2 + low), at(x2, y2 + high), at(x, y + high)],
                [
                    dimmed(green, light),
                    dimmed(green, light2),
                    dimmed(violet, light2 * 0.05),
                    dimmed(violet, light * 0.05),
                ],
            );
    }
    shapes
}

/// Paper lanterns that rise far away.
fn lanterns(row: u8) -> Shapes {
    let mut shapes = Shapes::default();
    let warm = Color::srgb(1.0, 0.66, 0.32);
    let size = 0.05 + 0.025 * f32::from(row);
    for index in 0..9_u16 {
        let seed = index + 31 * u16::from(row);
        let x = (spread(seed, 0.618_034) - 0.5) * 7.5;
        let y = 1.5 + 2.6 * spread(seed, 0.754_878);
        let at = Vec3::new(x, y, 0.002 * f32::from(index));
        shapes.glow(at, Vec2::splat(size * 3.6), warm, 0.24).gradient(
            at,
            Vec2::new(size, size * 1.35),
            dimmed(warm, 1.0),
            dimmed(warm, 0.45),
        );
    }
    shapes
}
