//! The roof: where they rehearse, and on another night hang up lanterns.

use bevy::prelude::*;

use super::{Built, hex};
use crate::{
    cast::PLACES,
    scene::shapes::{Shapes, dimmed},
};

/// Where the roof ends.
const EDGE: f32 = -1.9;

pub fn build(set: &mut Built) {
    roof(set);
    tapes(&mut set.solid);
    work_table(set);
    desk(set, Vec3::new(2.0, 0.0, -0.95));
    sink(set);
    amplifier(set, Vec3::new(-1.95, 0.0, -0.2));
    let poles = [Vec3::new(-2.6, 2.7, -1.5), Vec3::new(0.3, 2.9, -1.7), Vec3::new(2.9, 2.7, -1.5)];
    for pair in poles.windows(2) {
        for lamp in set.cord(pair[0], pair[1], 0.32, 8) {
            set.lamps.glow(lamp - Vec3::Y * 0.03, Vec2::splat(0.17), hex(0xffc880), 0.5);
            set.solid.ellipse(
                lamp - Vec3::Y * 0.03,
                Vec2::splat(0.022),
                hex(0xfff4d8),
                hex(0xffd898),
            );
        }
    }
    for pole in poles {
        set.solid.line(pole, pole.with_y(0.0), 0.04, hex(0x2c2838));
    }
}

/// The same roof, with lanterns, six cups, and the glass of the Greenhouse.
pub fn build_lanterns(set: &mut Built) {
    roof(set);
    desk(set, Vec3::new(2.1, 0.0, -1.0));
    glass(set);
    let top = Vec3::new(0.2, 0.7, -0.75);
    set.table(top, Vec2::new(1.3, 0.5), hex(0x94684c));
    for (index, x) in (0_u8..).zip([-0.5, -0.3, -0.1, 0.1, 0.3, 0.5]) {
        let colour = PLACES.get(usize::from(index)).map_or(hex(0xf4ead8), |place| place.light);
        let z = if index % 2 == 0 { 0.12 } else { 0.02 };
        set.cup(top + Vec3::new(x, 0.0, z), colour.mix(&Color::WHITE, 0.5));
    }
    let colours = [0xff9a5c, 0xffc06c, 0xf08878, 0xffd890, 0xe8a0b8].map(hex);
    let cords = [
        (Vec3::new(-3.0, 2.7, -1.2), Vec3::new(0.2, 2.9, -1.5), 0.4, 6),
        (Vec3::new(0.2, 2.9, -1.5), Vec3::new(3.2, 2.7, -1.2), 0.42, 6),
        (Vec3::new(-3.2, 3.2, -2.6), Vec3::new(3.2, 3.3, -2.6), 0.5, 9),
    ];
    for (row, (from, to, sag, count)) in (0_usize..).zip(cords) {
        for (index, hook) in set.cord(from, to, sag, count).into_iter().enumerate() {
            let size = 1.0 + 0.25 * ((index * 3 + row) % 3) as f32;
            let hang = Vec3::Y * (0.16 * size);
            set.lantern(hook - hang, colours[(index + row) % colours.len()], size);
        }
    }
}

fn roof(set: &mut Built) {
    set.floor(EDGE, hex(0x6c6678), hex(0x7a7488), 1.1);
    set.skyline(-5.6, 2.3, 11);
    set.skyline(-5.0, 1.3, 53);
    let wall = hex(0x8a8296);
    set.solid.gradient(Vec3::new(0.0, 0.3, EDGE), Vec2::new(14.0, 0.6), hex(0x565064), wall).block(
        Vec3::new(0.0, 0.62, EDGE),
        Vec3::new(14.0, 0.06, 0.2),
        hex(0xa098ac),
    );
    for step in -7_i8..=7 {
        let foot = Vec3::new(f32::from(step) * 0.9, 0.64, EDGE);
        set.solid.line(foot + Vec3::Y * 0.5, foot, 0.025, hex(0x38344a));
    }
    for y in [0.92, 1.14] {
        set.solid.rect(Vec3::new(0.0, y, EDGE), Vec2::new(14.0, 0.028), hex(0x38344a));
    }
}

/// Crosses of tape where they begin to dance.
fn tapes(solid: &mut Shapes) {
    for (x, z, colour) in [(-1.0, 0.05, 0), (0.0, 0.2, 1), (0.95, 0.05, 3)] {
        let colour = PLACES[colour].light;
        for (across, along) in [(0.16, 0.022), (0.022, 0.16)] {
            let at = |dx: f32, dz: f32| Vec3::new(x + dx * across, 0.006, z + 0.1 + dz * along);
            solid.quad([at(-1.0, 1.0), at(1.0, 1.0), at(1.0, -1.0), at(-1.0, -1.0)], [colour; 4]);
        }
    }
}

/// The large table under which all of them fit.
fn work_table(set: &mut Built) {
    let top = Vec3::new(0.1, 1.18, -0.85);
    set.table(top, Vec2::new(2.0, 0.8), hex(0x9c7050));
    set.solid.gradient(
        top + Vec3::new(0.0, -0.18, 0.42),
        Vec2::new(2.02, 0.32),
        hex(0x4c6478),
        hex(0x6c8c9c),
    );
    set.solid.block(top + Vec3::new(-0.6, 0.08, 0.0), Vec3::new(0.4, 0.15, 0.3), hex(0x585068));
    set.solid.block(top + Vec3::new(0.55, 0.05, 0.1), Vec3::new(0.3, 0.09, 0.2), hex(0xb89868));
}

/// Taira's desk, with keys and small lights.
fn desk(set: &mut Built, foot: Vec3) {
    let top = foot + Vec3::Y * 0.84;
    set.table(top, Vec2::new(1.0, 0.5), hex(0x4c4660));
    set.solid.block(top + Vec3::new(0.0, 0.05, 0.02), Vec3::new(0.8, 0.1, 0.3), hex(0x2c2a3c));
    set.solid.block(top + Vec3::new(0.1, 0.28, -0.16), Vec3::new(0.5, 0.34, 0.1), hex(0x383450));
    for key in 0..14_u8 {
        let x = -0.36 + 0.055 * f32::from(key);
        set.solid.rect(
            top + Vec3::new(x, 0.05, 0.176),
            Vec2::new(0.045, 0.07),
            if key % 7 == 3 { hex(0x8c90a8) } else { hex(0xe4e4ec) },
        );
        let light = [hex(0x58c8ff), hex(0xff7890), hex(0x90ffb0)][usize::from(key) % 3];
        let led = top
            + Vec3::new(-0.1 + 0.06 * f32::from(key % 7), 0.22 + 0.12 * f32::from(key / 7), -0.1);
        set.lamps.glow(led, Vec2::splat(0.035), light, 0.9);
    }
}

fn sink(set: &mut Built) {
    let at = Vec3::new(-1.75, 0.0, EDGE + 0.35);
    set.solid
        .block(at + Vec3::Y * 0.72, Vec3::new(0.7, 0.24, 0.4), hex(0xd4dae0))
        .block(at + Vec3::Y * 0.3, Vec3::new(0.3, 0.6, 0.2), hex(0xa4aab4))
        .line(at + Vec3::new(0.0, 1.08, 0.0), at + Vec3::new(0.0, 0.84, 0.0), 0.04, hex(0xb8c0c8))
        .line(
            at + Vec3::new(0.0, 1.08, 0.01),
            at + Vec3::new(0.14, 1.04, 0.01),
            0.04,
            hex(0xb8c0c8),
        );
}

fn amplifier(set: &mut Built, foot: Vec3) {
    let at = foot + Vec3::Y * 0.3;
    set.solid.block(at, Vec3::new(0.62, 0.6, 0.4), hex(0x3c3648));
    set.solid.ellipse(
        at + Vec3::new(0.0, -0.04, 0.205),
        Vec2::splat(0.2),
        hex(0x26222e),
        hex(0x544c60),
    );
}

/// A wall of the Greenhouse, in which the lanterns are seen again.
fn glass(set: &mut Built) {
    let z = -1.35;
    let frame = hex(0xc4ccc0);
    for x in [-3.6, -2.85, -2.1, -1.35, -0.6] {
        set.solid.rect(Vec3::new(x, 1.15, z + 0.02), Vec2::new(0.04, 2.3), frame);
    }
    for y in [0.04, 1.2, 2.3] {
        set.solid.rect(Vec3::new(-2.1, y, z + 0.03), Vec2::new(3.04, 0.05), frame);
    }
    set.shine.gradient(
        Vec3::new(-2.1, 1.15, z),
        Vec2::new(3.0, 2.3),
        dimmed(hex(0xa8c8e0), 0.03),
        dimmed(hex(0xc8e0f0), 0.09),
    );
    // One more than are lit.
    for (x, y) in [(-3.2, 1.75), (-2.5, 1.55), (-1.75, 1.7), (-0.95, 1.5), (-1.5, 1.15)] {
        set.lamps.glow(Vec3::new(x, y, z + 0.01), Vec2::new(0.16, 0.2), hex(0xffa858), 0.3);
    }
}
