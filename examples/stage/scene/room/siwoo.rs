//! Siwoo: rain at night, a moon behind it, barley tea, her paper diary, autumn leaves.

use bevy::prelude::*;

use super::{Room, at};
use crate::scene::shapes::{dimmed, spread};

pub fn furnish(room: &mut Room) {
    let hex = Color::srgb_u8;
    let wood = hex(88, 62, 74);
    room.walls(hex(78, 58, 112), hex(42, 30, 70));
    window(room, wood);
    // A shelf with tea and the diary, and a paper lamp above it.
    let top = room.shelf(at(0.72, 1.08, 0.0), 0.9, wood);
    tea(room, at(0.42, top, 0.13));
    diary(room, at(0.74, top, 0.13));
    lamp(room, at(0.52, 1.76, 0.2));
    leaves(room);
}

fn window(room: &mut Room, wood: Color) {
    let hex = Color::srgb_u8;
    let (middle, size) = (at(-0.99, 1.45, 0.01), Vec2::new(0.62, 1.2));
    room.solid.gradient(middle, size, hex(52, 58, 112), hex(17, 18, 52));
    let moon = middle + Vec3::new(-0.13, 0.33, 0.01);
    room.solid.ellipse(moon, Vec2::splat(0.13), hex(252, 244, 214), hex(240, 226, 190));
    room.solid.ellipse(
        moon + Vec3::new(0.06, 0.03, 0.005),
        Vec2::splat(0.105),
        hex(24, 25, 62),
        hex(24, 25, 62),
    );
    room.shine.glow(moon + Vec3::Z * 0.01, Vec2::splat(0.38), hex(246, 230, 190), 0.22);
    for drop in 0..34_u16 {
        let part = |step: f32| spread(drop, step) - 0.5;
        let from = middle
            + Vec3::new(part(0.618_034) * size.x * 0.94, part(0.754_878) * size.y * 0.9, 0.03);
        let to = from - Vec3::new(0.012, 0.06 + 0.05 * spread(drop, 0.347_296), 0.0);
        room.shine.line(to, from, 0.005, dimmed(hex(176, 190, 255), 0.34));
    }
    room.window_frame(middle, size, wood);
    room.curtain(at(-1.4, 2.14, 0.09), Vec2::new(0.26, 1.5), hex(140, 112, 184));
    room.curtain(at(-0.65, 2.14, 0.09), Vec2::new(0.17, 1.5), hex(140, 112, 184));
}

/// A glass of barley tea, with steam.
fn tea(room: &mut Room, foot: Vec3) {
    let hex = Color::srgb_u8;
    room.solid
        .gradient(foot + Vec3::Y * 0.075, Vec2::new(0.1, 0.15), hex(126, 72, 30), hex(206, 140, 66))
        .ellipse(
            foot + Vec3::new(0.0, 0.15, 0.01),
            Vec2::new(0.05, 0.014),
            hex(224, 168, 96),
            hex(240, 206, 160),
        )
        .frame(
            foot + Vec3::new(0.072, 0.085, 0.0),
            Vec2::new(0.03, 0.05),
            0.012,
            hex(236, 214, 190),
        );
    for (x, y) in [(-0.018, 0.24), (0.012, 0.3), (-0.006, 0.37)] {
        room.shine.glow(foot + Vec3::new(x, y, 0.02), Vec2::new(0.03, 0.07), Color::WHITE, 0.1);
    }
}

/// A closed book with a ribbon, and a pen on it.
fn diary(room: &mut Room, foot: Vec3) {
    let hex = Color::srgb_u8;
    room.solid
        .block(foot + Vec3::Y * 0.03, Vec3::new(0.3, 0.05, 0.14), hex(180, 151, 214))
        .rect(foot + Vec3::new(0.0, 0.03, 0.075), Vec2::new(0.28, 0.032), hex(244, 236, 222))
        .rect(foot + Vec3::new(-0.06, 0.02, 0.08), Vec2::new(0.02, 0.09), hex(214, 92, 120))
        .line(
            foot + Vec3::new(-0.08, 0.065, 0.06),
            foot + Vec3::new(0.12, 0.075, 0.06),
            0.014,
            hex(74, 58, 120),
        )
        .block(foot + Vec3::new(0.28, 0.12, 0.0), Vec3::new(0.05, 0.24, 0.14), hex(120, 92, 160))
        .block(foot + Vec3::new(0.34, 0.1, 0.0), Vec3::new(0.05, 0.2, 0.14), hex(196, 128, 104));
}

fn lamp(room: &mut Room, middle: Vec3) {
    let hex = Color::srgb_u8;
    room.solid.line(middle, middle + Vec3::Y * 1.2, 0.008, hex(30, 22, 44)).ellipse(
        middle + Vec3::Z * 0.01,
        Vec2::new(0.17, 0.14),
        hex(255, 236, 196),
        hex(232, 186, 140),
    );
    for y in [-0.07, -0.02, 0.04, 0.09] {
        let half = 0.16 * (1.0_f32 - (y / 0.14_f32).powi(2)).sqrt();
        let side = Vec3::X * half;
        let at = middle + Vec3::new(0.0, y, 0.02);
        room.solid.line(at - side, at + side, 0.005, hex(214, 160, 116));
    }
    room.shine.glow(middle + Vec3::Z * 0.05, Vec2::new(0.62, 0.56), hex(255, 196, 128), 0.24);
}

/// A garland of autumn leaves over the window and the shelf.
fn leaves(room: &mut Room) {
    let hex = Color::srgb_u8;
    let colours = [hex(226, 118, 58), hex(206, 78, 64), hex(232, 172, 74), hex(170, 74, 92)];
    let (from, to) = (at(-2.2, 2.36, 0.16), at(2.0, 2.3, 0.16));
    let point = |index: u16| {
        let part = f32::from(index) / 26.0;
        from.lerp(to, part) - Vec3::Y * (0.1 * (part * 9.4).sin().abs() + 0.02)
    };
    let cord: Vec<_> = (0..=26).map(point).collect();
    room.solid.path(&cord, 0.007, hex(66, 44, 50));
    for (index, hook) in (0_u16..).zip(&cord) {
        let turn = Quat::from_rotation_z(1.6 * (spread(index, 0.618_034) - 0.5));
        let colour = colours[usize::from(index) % colours.len()];
        let tip = |x: f32, y: f32| *hook + turn * Vec3::new(x, y, 0.01);
        room.solid.quad(
            [tip(0.0, -0.13), tip(0.05, -0.06), tip(0.0, 0.0), tip(-0.05, -0.06)],
            [colour.mix(&Color::BLACK, 0.2), colour, colour.mix(&Color::WHITE, 0.2), colour],
        );
    }
}
