//! The Echo Tower: stairs that one can see through, a rail, a mast with five wires.

use bevy::prelude::*;

use super::{super::place::Set, Built, hex};
use crate::scene::shapes::dimmed;

/// How deep stairs and platform are, front and back.
const FRONT: f32 = 0.4;
const BACK: f32 = -0.75;

pub fn build(set: &mut Built) {
    set.floor(-6.8, hex(0x5c5a6c), hex(0x44445c), 1.3);
    set.skyline(-6.2, 0.95, 5);
    set.skyline(-5.8, 0.6, 71);
    gate(set);
    stairs(set);
    mast(set);
}

fn gate(set: &mut Built) {
    let metal = hex(0x54506a);
    for x in [-2.35, -1.05] {
        set.solid.block(Vec3::new(x, 1.05, -0.9), Vec3::new(0.1, 2.1, 0.1), metal);
    }
    set.solid.block(Vec3::new(-1.7, 2.1, -0.9), Vec3::new(1.5, 0.09, 0.1), metal);
    for bar in 0..6_u8 {
        let x = -4.0 + 0.28 * f32::from(bar);
        set.solid.rect(Vec3::new(x, 0.75, -0.95), Vec2::new(0.03, 1.5), metal);
    }
    set.lamps.glow(Vec3::new(-1.7, 2.0, -0.8), Vec2::splat(0.5), hex(0xffc488), 0.35);
}

fn stairs(set: &mut Built) {
    let (metal, edge) = (hex(0x7c8096), hex(0xa8acc0));
    let Some(steps) = Set::Tower.steps() else { return };
    let (middle, deep) = ((FRONT + BACK) / 2.0, FRONT - BACK);
    for step in 0..steps.count {
        let x = steps.from + (f32::from(step) + 0.5) * steps.run;
        let y = f32::from(step + 1) * steps.rise - 0.025;
        set.solid.block(Vec3::new(x, y, middle), Vec3::new(steps.run, 0.05, deep), metal);
    }
    let (foot, head) =
        (Vec3::new(steps.from, 0.0, BACK), Vec3::new(steps.end(), steps.top(), BACK));
    set.solid.line(foot, head, 0.08, hex(0x4c4a60));
    // The platform, on thin legs.
    let width = 3.4;
    let at = Vec3::new(steps.end() + width / 2.0, steps.top() - 0.04, middle);
    set.solid.block(at, Vec3::new(width, 0.08, deep), metal);
    for x in [0.1, 1.1, 2.1, 3.1] {
        let leg = Vec3::new(steps.end() + x, steps.top() / 2.0 - 0.05, BACK + 0.1);
        set.solid.block(leg, Vec3::new(0.07, steps.top() - 0.1, 0.07), hex(0x4c4a60));
    }
    // The rail behind, that hums.
    let rail = |x: f32, up: f32| Vec3::new(x, Set::Tower.ground(x).max(0.02) + up, BACK + 0.02);
    for post in 0..9_u8 {
        let x = steps.end() + 0.05 + 0.41 * f32::from(post);
        set.solid.line(rail(x, 0.95), rail(x, 0.0), 0.03, hex(0x5c5a74));
    }
    for up in [0.5, 0.95] {
        let (from, to) = (rail(steps.end(), up), rail(steps.end() + width, up));
        set.solid.line(from, to, if up > 0.9 { 0.045 } else { 0.022 }, edge);
        set.solid.line(Vec3::new(steps.from, up, BACK + 0.02), from, 0.035, edge);
    }
    set.solid.line(
        Vec3::new(steps.from, 0.95, BACK + 0.02),
        Vec3::new(steps.from, 0.0, BACK + 0.02),
        0.03,
        hex(0x5c5a74),
    );
}

/// Five wires from the mast down to the dark; the fifth shines a little.
fn mast(set: &mut Built) {
    let metal = hex(0x66647e);
    let z = -1.5;
    let (foot, head) = (Vec3::new(2.05, 0.0, z), Vec3::new(2.05, 5.4, z));
    for side in [-1.0, 1.0] {
        let base = Vec3::X * side * 0.24;
        set.solid.line(head + Vec3::X * side * 0.04, foot + base, 0.045, metal);
    }
    for rung in 0..14_u8 {
        let part = f32::from(rung) / 14.0;
        let (y, half) = (5.4 * part, 0.24 - 0.2 * part);
        let next = 0.24 - 0.2 * (part + 1.0 / 14.0);
        let side = if rung % 2 == 0 { 1.0 } else { -1.0 };
        let (a, b) =
            (Vec3::new(2.05 - half * side, y, z), Vec3::new(2.05 + next * side, y + 0.385, z));
        set.solid.line(a, b, 0.02, metal);
    }
    set.lamps.glow(head, Vec2::splat(0.3), hex(0xff6058), 0.6);
    for wire in 0..5_u8 {
        let at = f32::from(wire);
        let from = Vec3::new(2.0, 4.9 - 0.42 * at, z + 0.02);
        let to = Vec3::new(-5.2, 2.5 - 0.42 * at, -2.4);
        let points: Vec<_> = (0..=20_u8)
            .map(|step| {
                let part = f32::from(step) / 20.0;
                from.lerp(to, part) - Vec3::Y * 1.5 * part * (1.0 - part)
            })
            .collect();
        if wire == 4 {
            set.shine.path(&points, 0.05, dimmed(hex(0x80e8d0), 0.06));
            set.shine.path(&points, 0.014, dimmed(hex(0xb0ffe8), 0.5));
        } else {
            set.solid.path(&points, 0.014, hex(0xb8bcd4));
        }
    }
}
