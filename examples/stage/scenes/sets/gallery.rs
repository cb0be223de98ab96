//! The white room: strokes of colour, a cat, and a patch that the brush goes round.

use std::f32::consts::PI;

use bevy::prelude::*;

use super::{Built, hex};
use crate::scene::shapes::{dimmed, spread};

const WALL: f32 = -1.4;

pub fn build(set: &mut Built) {
    set.floor(WALL, hex(0xd4d0cc), hex(0xe2dedb), 1.4);
    set.wall(WALL, 4.2, Rect::new(0.0, 5.0, 0.0, 5.0), hex(0xe8e6e6), hex(0xf6f5f5));
    set.solid.rect(Vec3::new(0.0, 0.06, WALL + 0.01), Vec2::new(12.0, 0.12), hex(0xc8c6c8));
    strokes(set);
    patch(set);
    stool(set, Vec3::new(-1.1, 0.0, -0.75));
    cat(set, Vec3::new(1.2, 0.0, -0.8));
    // The rolled-up sheets in the corner.
    for (x, height, colour) in
        [(-2.3, 1.2, 0xf0d8c0), (-2.18, 1.4, 0xd8e4ec), (-2.06, 1.05, 0xf4e8d0)]
    {
        let at = Vec3::new(x, height / 2.0, WALL + 0.16);
        set.solid.block(at, Vec3::new(0.08, height, 0.08), hex(colour));
    }
}

/// Colours of Wavers' stories, all around the bare patch.
fn strokes(set: &mut Built) {
    let colours = [0xf4a0b8, 0x98c8e8, 0xf8d080, 0xa8d8a8, 0xc8a8e8, 0xf0a078].map(hex);
    for stroke in 0..34_u16 {
        let part = |step: f32| spread(stroke, step);
        let (x, y) = (-2.3 + 4.6 * part(0.618_034), 0.5 + 2.1 * part(0.754_878));
        if (x - 0.5).abs() < 0.72 && y < 2.3 {
            continue;
        }
        let long = 0.16 + 0.3 * part(0.347_296);
        let lean = 0.9 * (part(0.222) - 0.5);
        let colour = colours[usize::from(stroke) % colours.len()];
        let z = WALL + 0.012 + 0.0004 * f32::from(stroke);
        let way = Vec3::new(long, long * lean, 0.0);
        let at = Vec3::new(x, y, z);
        let thick = 0.05 + 0.05 * part(0.289);
        set.solid.line(at + way / 2.0, at - way / 2.0, thick, colour);
        set.solid.ellipse(at + way / 2.0, Vec2::splat(thick / 2.0), colour, colour);
        set.solid.ellipse(at - way / 2.0, Vec2::splat(thick / 2.0), colour, colour);
    }
}

/// A bare place shaped like a gate; an evening sun makes it gold.
fn patch(set: &mut Built) {
    let (x, half, straight) = (0.5, 0.5, 1.5);
    let z = WALL + 0.008;
    let (low, high) = (hex(0xdcdadc), hex(0xe4e2e4));
    set.solid
        .gradient(Vec3::new(x, straight / 2.0, z), Vec2::new(half * 2.0, straight), low, high)
        .sector(Vec3::new(x, straight, z), Vec2::splat(half), 0.0..PI, high, high);
    let gold = hex(0xffb848);
    set.lamps
        .gradient(
            Vec3::new(x, straight / 2.0, z + 0.01),
            Vec2::new(half * 2.0, straight),
            dimmed(gold, 0.5),
            dimmed(gold, 0.9),
        )
        .sector(
            Vec3::new(x, straight, z + 0.01),
            Vec2::splat(half),
            0.0..PI,
            dimmed(gold, 0.9),
            dimmed(gold, 0.9),
        );
}

fn stool(set: &mut Built, foot: Vec3) {
    let top = foot + Vec3::Y * 0.56;
    set.table(top, Vec2::new(0.5, 0.36), hex(0xd8b890));
    for (x, colour) in [(-0.15, 0xf08ca8), (0.0, 0x78b4e0), (0.15, 0xf8c860)] {
        let pot = top + Vec3::new(x, 0.05, 0.08);
        set.solid.gradient(pot, Vec2::new(0.1, 0.1), hex(0xb8b4b8), hex(0xf0eef0)).ellipse(
            pot + Vec3::new(0.0, 0.05, 0.004),
            Vec2::new(0.05, 0.014),
            hex(colour),
            hex(colour),
        );
        let brush = pot + Vec3::new(0.02, 0.05, 0.01);
        set.solid.line(brush + Vec3::new(0.05, 0.2, 0.0), brush, 0.012, hex(0xa87848));
    }
}

/// Custard, asleep or almost.
fn cat(set: &mut Built, foot: Vec3) {
    let (fur, pale) = (hex(0xf0c878), hex(0xfce4b0));
    let at = |x: f32, y: f32, z: f32| foot + Vec3::new(x, y, z);
    set.solid
        .ellipse(at(0.0, 0.05, 0.0), Vec2::new(0.4, 0.07), hex(0xb08cc0), hex(0x94709f))
        .ellipse(at(0.04, 0.19, 0.01), Vec2::new(0.26, 0.15), pale, fur)
        .ellipse(at(-0.2, 0.25, 0.02), Vec2::new(0.12, 0.105), pale, fur)
        .triangle([at(-0.3, 0.31, 0.03), at(-0.22, 0.34, 0.03), at(-0.29, 0.41, 0.03)], fur)
        .triangle([at(-0.18, 0.34, 0.03), at(-0.1, 0.31, 0.03), at(-0.11, 0.41, 0.03)], fur)
        .path(
            &[at(0.27, 0.12, 0.02), at(0.36, 0.13, 0.02), at(0.4, 0.2, 0.02), at(0.37, 0.27, 0.02)],
            0.045,
            fur,
        );
    for x in [-0.245, -0.155] {
        set.solid.line(at(x + 0.025, 0.25, 0.03), at(x - 0.025, 0.25, 0.03), 0.009, hex(0x5c4030));
    }
    set.solid.ellipse(at(-0.2, 0.225, 0.03), Vec2::new(0.014, 0.01), hex(0xe08888), hex(0xd07070));
}
