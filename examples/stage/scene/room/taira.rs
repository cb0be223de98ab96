//! Taira: the city at night, a modular synth with tidy cables, black coffee, a puzzle box.

use bevy::prelude::*;

use super::{Room, at};
use crate::scene::shapes::{dimmed, spread};

pub fn furnish(room: &mut Room) {
    let hex = Color::srgb_u8;
    room.walls(hex(44, 56, 108), hex(18, 22, 54));
    window(room);
    synth(room, at(0.78, 1.5, 0.02), Vec2::new(1.0, 0.86));
    let top = room.shelf(at(0.78, 0.98, 0.0), 1.1, hex(56, 60, 88));
    coffee(room, at(0.42, top, 0.14));
    puzzle(room, at(0.7, top, 0.14));
    // One line of light where the wall ends: nothing that dangles.
    let line = at(0.0, 2.3, 0.03);
    room.shine.rect(line, Vec2::new(9.0, 0.016), dimmed(hex(120, 160, 255), 0.8)).gradient(
        line - Vec3::Y * 0.2,
        Vec2::new(9.0, 0.38),
        Color::BLACK,
        dimmed(hex(90, 130, 255), 0.16),
    );
}

fn window(room: &mut Room) {
    let hex = Color::srgb_u8;
    let (middle, size) = (at(-0.98, 1.42, 0.01), Vec2::new(0.64, 1.3));
    room.solid.gradient(middle, size, hex(58, 70, 150), hex(9, 11, 36));
    let foot = middle.y - size.y / 2.0;
    for house in 0..6_u16 {
        let (width, height) = (0.11, 0.3 + 0.55 * spread(house, 0.618_034));
        let x = middle.x - size.x / 2.0 + 0.062 + 0.104 * f32::from(house);
        let wall = if house % 2 == 0 { hex(18, 22, 56) } else { hex(25, 30, 72) };
        let z = middle.z + 0.01 + 0.004 * f32::from(house % 2);
        room.solid.rect(Vec3::new(x, foot + height / 2.0, z), Vec2::new(width, height), wall);
        for pane in 0..16_u16 {
            let lit = spread(house * 16 + pane, 0.754_878) > 0.62;
            let y = foot + 0.05 + 0.055 * f32::from(pane / 2);
            if lit && y < foot + height - 0.03 {
                let pane_x = x + if pane % 2 == 0 { -0.022 } else { 0.022 };
                let light = if pane % 3 == 0 { hex(255, 220, 150) } else { hex(150, 190, 255) };
                let at = Vec3::new(pane_x, y, z + 0.003);
                room.shine.rect(at, Vec2::new(0.018, 0.024), dimmed(light, 0.6));
            }
        }
    }
    let moon = middle + Vec3::new(0.17, 0.47, 0.008);
    room.solid.ellipse(moon, Vec2::splat(0.06), hex(240, 244, 255), hex(210, 220, 250));
    room.shine.glow(moon + Vec3::Z * 0.01, Vec2::splat(0.2), hex(170, 190, 255), 0.2);
    room.window_frame(middle, size, hex(74, 82, 118));
}

/// Rows of modules: knobs, lamps, and cables that hang in order.
fn synth(room: &mut Room, middle: Vec3, size: Vec2) {
    let hex = Color::srgb_u8;
    room.solid.rect(middle, size + 0.08, hex(28, 26, 40)).frame(
        middle + Vec3::Z * 0.01,
        size,
        0.04,
        hex(92, 66, 58),
    );
    let panels = [hex(62, 66, 92), hex(46, 50, 78), hex(78, 84, 112), hex(38, 44, 84)];
    let (columns, rows) = (6_u16, 2_u16);
    let panel = Vec2::new(size.x / f32::from(columns), size.y / f32::from(rows));
    for index in 0..columns * rows {
        let (column, row) = (index % columns, index / columns);
        let x = middle.x - size.x / 2.0 + panel.x * (f32::from(column) + 0.5);
        let y = middle.y - size.y / 2.0 + panel.y * (f32::from(row) + 0.5);
        let face = Vec3::new(x, y, middle.z + 0.02);
        let colour = panels[usize::from(index * 3 + row) % panels.len()];
        room.solid.rect(face, panel - 0.012, colour);
        for knob in 0..4_u16 {
            let side = if knob % 2 == 0 { -0.038 } else { 0.038 };
            let up = 0.13 - 0.085 * f32::from(knob / 2);
            let at = face + Vec3::new(side, up, 0.01);
            room.solid.ellipse(at, Vec2::splat(0.024), hex(22, 22, 34), hex(54, 56, 76));
            let turn = Quat::from_rotation_z(4.4 * spread(index * 4 + knob, 0.618_034));
            let end = at + turn * (Vec3::Y * 0.022) + Vec3::Z * 0.004;
            room.solid.line(at + Vec3::Z * 0.004, end, 0.006, hex(236, 238, 250));
        }
        let lamp = face + Vec3::new(0.0, -0.04, 0.02);
        let light = if index % 3 == 0 { hex(255, 110, 130) } else { hex(110, 190, 255) };
        room.shine.glow(lamp, Vec2::splat(0.045), light, 0.55).ellipse(
            lamp,
            Vec2::splat(0.009),
            Color::WHITE,
            light,
        );
        for jack in [-0.04, 0.04] {
            let at = face + Vec3::new(jack, -0.12, 0.01);
            room.solid.ellipse(at, Vec2::splat(0.014), hex(8, 8, 14), hex(120, 124, 146));
        }
    }
    let cords = [hex(86, 132, 255), hex(240, 240, 250), hex(255, 190, 92), hex(86, 132, 255)];
    for (index, colour) in (0_u8..).zip(cords) {
        let x = middle.x - size.x / 2.0 + panel.x * (f32::from(index) + 0.5) + 0.04;
        let from = Vec3::new(x, middle.y + size.y * 0.25 - 0.12, middle.z + 0.05);
        let to = Vec3::new(x + panel.x - 0.08, from.y, from.z);
        let points: Vec<_> = (0..=10_u8)
            .map(|step| {
                let part = f32::from(step) / 10.0;
                from.lerp(to, part) - Vec3::Y * 0.5 * part * (1.0 - part)
            })
            .collect();
        room.solid.path(&points, 0.011, colour);
    }
}

fn coffee(room: &mut Room, foot: Vec3) {
    let hex = Color::srgb_u8;
    room.solid
        .gradient(
            foot + Vec3::Y * 0.055,
            Vec2::new(0.11, 0.11),
            hex(190, 196, 216),
            hex(236, 240, 250),
        )
        .frame(
            foot + Vec3::new(0.072, 0.06, 0.0),
            Vec2::new(0.026, 0.04),
            0.013,
            hex(214, 220, 236),
        )
        .ellipse(
            foot + Vec3::new(0.0, 0.11, 0.004),
            Vec2::new(0.055, 0.014),
            hex(30, 18, 18),
            hex(58, 38, 34),
        );
    for (x, y) in [(-0.012, 0.19), (0.014, 0.26), (0.0, 0.33)] {
        room.shine.glow(foot + Vec3::new(x, y, 0.02), Vec2::new(0.028, 0.065), Color::WHITE, 0.1);
    }
}

/// A box of nine fields in several colours, seen from one side.
fn puzzle(room: &mut Room, foot: Vec3) {
    let hex = Color::srgb_u8;
    room.solid.block(foot + Vec3::Y * 0.075, Vec3::splat(0.15), hex(16, 16, 28));
    let colours = [hex(92, 132, 255), hex(240, 240, 250), hex(255, 150, 90), hex(110, 220, 170)];
    for field in 0..9_u16 {
        let (x, y) = (f32::from(field % 3) - 1.0, f32::from(field / 3) - 1.0);
        let at = foot + Vec3::new(x * 0.047, 0.075 + y * 0.047, 0.08);
        let colour = colours[(usize::from(field) * 5 + 1) % colours.len()];
        room.solid.rect(at, Vec2::splat(0.041), colour);
    }
}
