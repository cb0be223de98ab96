//! The staircase: 107 steps, of which ten are here, and a door at their end.

use bevy::prelude::*;

use super::{super::place::Set, Built, hex};
use crate::scene::shapes::dimmed;

const WALL: f32 = -0.95;

pub fn build(set: &mut Built) {
    set.floor(WALL, hex(0x767c80), hex(0x868c90), 0.8);
    let window = Rect::new(-0.65, 2.75, 0.45, 4.05);
    set.wall(WALL, 6.4, window, hex(0x7c8884), hex(0xa4aca4));
    set.window(WALL, window, hex(0xb4b8ac));
    // The painted lower part of the wall goes up with the steps.
    let Some(steps) = Set::Staircase.steps() else { return };
    let on_wall = |x: f32, y: f32| Vec3::new(x, y, WALL + 0.01);
    let (from, end, top) = (steps.from, steps.end(), steps.top());
    let paint = hex(0x5c746c);
    let band = |a: (f32, f32), b: (f32, f32)| {
        [on_wall(a.0, 0.0), on_wall(b.0, 0.0), on_wall(b.0, b.1), on_wall(a.0, a.1)]
    };
    for (a, b) in [
        ((-6.0, 1.1), (from, 1.1)),
        ((from, 1.1), (end, top + 1.1)),
        ((end, top + 1.1), (6.0, top + 1.1)),
    ] {
        set.solid.quad(band(a, b), [paint; 4]);
        let lift = Vec3::new(0.0, 0.05, 0.003);
        let (low, high) =
            (on_wall(a.0, a.1) + Vec3::Z * 0.003, on_wall(b.0, b.1) + Vec3::Z * 0.003);
        set.solid.quad([low, high, high + lift, low + lift], [hex(0xd8c890); 4]);
    }
    flight(set);
    door(set, Vec3::new(2.05, top, WALL + 0.05));
    set.hanging_lamp(Vec3::new(-1.9, 2.45, -0.6), hex(0xfff0c8));
    set.hanging_lamp(Vec3::new(1.1, top + 2.3, -0.6), hex(0xfff0c8));
}

fn flight(set: &mut Built) {
    let Some(steps) = Set::Staircase.steps() else { return };
    let (front, stone) = (0.42, hex(0xa8aca8));
    let (middle, deep) = ((front + WALL) / 2.0, front - WALL);
    for step in 0..steps.count {
        let x = steps.from + (f32::from(step) + 0.5) * steps.run;
        let height = f32::from(step + 1) * steps.rise;
        let at = Vec3::new(x, height / 2.0, middle);
        let shade = stone.mix(&hex(0x788080), f32::from(step % 2) * 0.25);
        set.solid.block(at, Vec3::new(steps.run, height, deep), shade);
        // A light edge, so that every step can be counted.
        let edge = Vec3::new(x, height - 0.015, front + 0.004);
        set.solid.rect(edge, Vec2::new(steps.run, 0.03), hex(0xe4e0cc));
    }
    let at = Vec3::new(steps.end() + 1.5, steps.top() / 2.0, middle);
    set.solid.block(at, Vec3::new(3.0, steps.top(), deep), stone);
    let rail = |x: f32| Vec3::new(x, Set::Staircase.ground(x) + 0.92, WALL + 0.06);
    set.solid.line(rail(steps.from), rail(steps.end() + 0.1), 0.05, hex(0x8c5c40));
}

/// The door on the roof: the morning is behind it.
fn door(set: &mut Built, foot: Vec3) {
    let middle = foot + Vec3::Y * 0.98;
    set.solid
        .frame(middle, Vec2::new(0.82, 1.92), 0.07, hex(0xd0ccb8))
        .gradient(middle, Vec2::new(0.82, 1.92), hex(0x44604c), hex(0x5c7c64))
        .rect(middle + Vec3::new(0.0, 0.55, 0.01), Vec2::new(0.34, 0.4), hex(0xf0e0b8))
        .ellipse(
            middle + Vec3::new(-0.32, -0.05, 0.02),
            Vec2::splat(0.035),
            hex(0xf0e4b4),
            hex(0xa89868),
        );
    let gold = hex(0xffd088);
    set.shine.glow(middle + Vec3::new(0.0, 0.55, 0.04), Vec2::splat(0.6), gold, 0.16);
    set.shine.rect(foot + Vec3::new(0.0, 0.02, 0.04), Vec2::new(0.84, 0.03), dimmed(gold, 0.6));
}
