//! Behind the stage: mirrors with bulbs, warm lamps, costumes on a rail.

use bevy::prelude::*;

use super::{
    Scenery, back_to_all,
    shapes::{Shapes, dimmed},
};
use crate::{cast::PLACES, glow::Paint};

/// How far behind the idols the wall is, in metres.
const WALL: f32 = -1.7;

pub fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn);
}

fn spawn(paint: Res<Paint>, mut meshes: ResMut<Assets<Mesh>>, mut commands: Commands) {
    let (mut solid, mut shine) = (Shapes::default(), Shapes::default());
    room(&mut solid, &mut shine);
    for place in &PLACES {
        mirror(&mut solid, &mut shine, place.x * 0.86, place.light);
    }
    counter(&mut solid);
    rail(&mut solid);
    lamps(&mut solid, &mut shine);
    let mut shade = Shapes::default();
    for x in [-1.02, -0.34, 0.36, 1.02] {
        feet(&mut shade, x);
    }
    let root = (Scenery::Backstage, Transform::default(), Visibility::Hidden);
    commands.spawn(root).with_children(|root| {
        root.spawn((
            Mesh3d(meshes.add(solid.mesh())),
            MeshMaterial3d(paint.solid.clone()),
            Pickable::default(),
        ))
        .observe(back_to_all);
        root.spawn((Mesh3d(meshes.add(shade.mesh())), MeshMaterial3d(paint.shade.clone())));
        root.spawn((Mesh3d(meshes.add(shine.mesh())), MeshMaterial3d(paint.shine.clone())));
    });
}

/// A point of the wall.
const fn at(right: f32, up: f32, off_wall: f32) -> Vec3 {
    Vec3::new(right, up, WALL + off_wall)
}

fn room(solid: &mut Shapes, shine: &mut Shapes) {
    let hex = Color::srgb_u8;
    let corner = |x: f32, z: f32| Vec3::new(x, 0.0, z);
    solid
        .gradient(at(0.0, 0.7, 0.0), Vec2::new(12.0, 1.4), hex(48, 26, 44), hex(98, 54, 66))
        .gradient(at(0.0, 2.6, 0.0), Vec2::new(12.0, 2.4), hex(98, 54, 66), hex(36, 20, 42))
        .quad(
            [corner(-6.0, 3.0), corner(6.0, 3.0), corner(6.0, WALL), corner(-6.0, WALL)],
            [hex(52, 30, 44), hex(52, 30, 44), hex(74, 42, 52), hex(74, 42, 52)],
        )
        .rect(at(0.0, 0.05, 0.01), Vec2::new(12.0, 0.1), hex(44, 24, 40));
    // Boards of the floor.
    for step in -9_i8..=9 {
        let x = f32::from(step) * 0.42;
        let (a, b) = (Vec3::new(x, 0.002, 2.0), Vec3::new(x, 0.002, WALL));
        let side = Vec3::X * 0.006;
        solid.quad([a - side, a + side, b + side, b - side], [hex(40, 22, 36); 4]);
    }
    shine.gradient(
        at(0.0, 1.2, 0.05),
        Vec2::new(12.0, 1.6),
        Color::BLACK,
        dimmed(hex(255, 170, 110), 0.05),
    );
}

/// A mirror with bulbs all around it.
fn mirror(solid: &mut Shapes, shine: &mut Shapes, x: f32, colour: Color) {
    let hex = Color::srgb_u8;
    let (middle, size) = (at(x, 1.5, 0.03), Vec2::new(0.52, 0.84));
    solid.frame(middle, size, 0.1, hex(58, 34, 46)).gradient(
        middle + Vec3::Z * 0.005,
        size,
        hex(92, 70, 96),
        hex(142, 122, 150),
    );
    // A streak across the glass.
    let corner = |dx: f32, dy: f32| middle + Vec3::new(dx * size.x, dy * size.y, 0.01);
    shine.quad(
        [corner(-0.42, -0.3), corner(-0.2, -0.3), corner(0.34, 0.42), corner(0.12, 0.42)],
        [Color::BLACK, Color::BLACK, dimmed(Color::WHITE, 0.12), dimmed(Color::WHITE, 0.12)],
    );
    // A note in her colour, stuck to the glass.
    let note = corner(0.34, -0.36) + Vec3::Z * 0.01;
    solid.rect(note, Vec2::new(0.09, 0.09), colour.mix(&Color::WHITE, 0.3));
    let (half, warm) = (size / 2.0 + 0.05, hex(255, 206, 140));
    let sides = [-1.0_f32, -0.5, 0.0, 0.5, 1.0];
    let bulbs = sides
        .iter()
        .flat_map(|&part| [(-1.0, part), (1.0, part)])
        .chain([-0.34, 0.34].iter().flat_map(|&part| [(part, -1.0), (part, 1.0)]));
    for (right, up) in bulbs {
        let bulb = middle + Vec3::new(right * half.x, up * half.y, 0.03);
        shine.glow(bulb, Vec2::splat(0.13), warm, 0.34);
        solid.ellipse(bulb, Vec2::splat(0.03), hex(255, 246, 226), hex(255, 214, 150));
    }
}

/// The table under the mirrors, and what lies on it.
fn counter(solid: &mut Shapes) {
    let hex = Color::srgb_u8;
    let top = 0.86;
    solid.block(at(0.0, top - 0.03, 0.2), Vec3::new(4.0, 0.06, 0.4), hex(150, 96, 78));
    solid.gradient(
        at(0.0, top / 2.0 - 0.03, 0.3),
        Vec2::new(3.9, top - 0.06),
        hex(46, 26, 40),
        hex(78, 46, 54),
    );
    for x in [-1.0, 0.0, 1.0] {
        let drawer = at(x, top - 0.2, 0.31);
        solid.rect(drawer, Vec2::new(0.9, 0.2), hex(92, 56, 60));
        solid.ellipse(
            drawer + Vec3::Z * 0.005,
            Vec2::splat(0.022),
            hex(240, 196, 140),
            hex(190, 136, 96),
        );
    }
    let colours = PLACES.map(|place| place.light);
    for index in 0..14_u8 {
        let x = -1.8 + 0.275 * f32::from(index);
        let height = 0.07 + 0.035 * f32::from(index * 5 % 4);
        let colour = colours[usize::from(index) % colours.len()].mix(&Color::BLACK, 0.15);
        let bottle = at(x, top + height / 2.0, 0.3);
        solid.block(bottle, Vec3::new(0.055, height, 0.05), colour);
        solid.rect(
            bottle + Vec3::new(0.0, height / 2.0 + 0.015, 0.0),
            Vec2::new(0.026, 0.03),
            hex(246, 236, 226),
        );
    }
}

/// Costumes at the right, in the colours of the four.
fn rail(solid: &mut Shapes) {
    let hex = Color::srgb_u8;
    let metal = hex(196, 186, 200);
    for side in [-1.0_f32, 1.0] {
        let x = side * 2.35;
        let end = |y: f32, out: f32| at(x + out, y, 0.5);
        solid.line(end(0.0, -0.42), end(1.7, -0.42), 0.03, metal);
        solid.line(end(0.0, 0.42), end(1.7, 0.42), 0.03, metal);
        solid.line(end(1.68, -0.45), end(1.68, 0.45), 0.03, metal);
        for (index, place) in (0_u8..).zip(&PLACES) {
            let hook = end(1.66, -0.3 + 0.2 * f32::from(index)) + Vec3::Z * 0.02;
            let point = |dx: f32, dy: f32| hook + Vec3::new(dx, dy, 0.01 * f32::from(index));
            let cloth = place.light.mix(&Color::BLACK, 0.12);
            let shadow = cloth.mix(&Color::BLACK, 0.4);
            solid.quad(
                [point(-0.17, -0.95), point(0.17, -0.95), point(0.06, -0.42), point(-0.06, -0.42)],
                [shadow, shadow, cloth, cloth],
            );
            solid.quad(
                [point(-0.06, -0.42), point(0.06, -0.42), point(0.1, -0.08), point(-0.1, -0.08)],
                [shadow, cloth, cloth, cloth],
            );
            solid.triangle([point(-0.1, -0.08), point(0.1, -0.08), point(0.0, 0.0)], metal);
        }
    }
}

fn lamps(solid: &mut Shapes, shine: &mut Shapes) {
    let hex = Color::srgb_u8;
    let warm = hex(255, 190, 120);
    for x in [-1.55, -0.1, 1.4] {
        let lamp = at(x, 2.34, 0.7);
        let point = |dx: f32, dy: f32| lamp + Vec3::new(dx, dy, 0.0);
        solid.line(lamp, lamp + Vec3::Y, 0.012, hex(26, 16, 28));
        solid.quad(
            [point(-0.17, -0.02), point(0.17, -0.02), point(0.05, 0.13), point(-0.05, 0.13)],
            [hex(170, 92, 70), hex(170, 92, 70), hex(70, 38, 48), hex(70, 38, 48)],
        );
        shine.glow(lamp - Vec3::Y * 0.03, Vec2::new(0.5, 0.36), warm, 0.3);
        shine.ellipse(lamp - Vec3::Y * 0.03, Vec2::new(0.13, 0.022), Color::WHITE, warm);
        shine.quad(
            [point(-0.95, -1.9), point(0.95, -1.9), point(0.16, -0.03), point(-0.16, -0.03)],
            [Color::BLACK, Color::BLACK, dimmed(warm, 0.1), dimmed(warm, 0.1)],
        );
    }
}

/// Darkness under two feet.
fn feet(shade: &mut Shapes, x: f32) {
    let (dark, none) = (Color::srgba(0.04, 0.01, 0.03, 0.6), Color::srgba(0.04, 0.01, 0.03, 0.0));
    // Lying: an ellipse cannot, so it is made of two flat quads around its middle line.
    let point = |dx: f32, dz: f32| Vec3::new(x + dx, 0.006, dz);
    shade
        .quad(
            [point(-0.3, 0.3), point(0.3, 0.3), point(0.2, 0.0), point(-0.2, 0.0)],
            [none, none, dark, dark],
        )
        .quad(
            [point(-0.2, 0.0), point(0.2, 0.0), point(0.3, -0.35), point(-0.3, -0.35)],
            [dark, dark, none, none],
        );
}
