//! Jena: a sunrise with a roller coaster, sneakers on every shelf, and something spicy.

use std::f32::consts::{PI, TAU};

use bevy::prelude::*;

use super::{Room, at};
use crate::scene::shapes::dimmed;

pub fn furnish(room: &mut Room) {
    let hex = Color::srgb_u8;
    let wood = hex(150, 86, 52);
    room.walls(hex(128, 68, 62), hex(66, 34, 58));
    window(room);
    for (row, height) in [0.86, 1.28, 1.7].into_iter().enumerate() {
        let top = room.shelf(at(0.76, height, 0.0), 1.05, wood);
        for seat in 0..4 {
            let foot = at(0.36 + 0.27 * seat as f32, top, 0.14);
            if (row, seat) == (0, 1) {
                tteokbokki(room, foot);
            } else {
                sneaker(room, foot, row * 4 + seat);
            }
        }
    }
    let lamps = [hex(255, 176, 84), hex(255, 120, 110), hex(255, 220, 130)];
    room.string_lights(at(-2.1, 2.36, 0.15), at(0.0, 2.36, 0.15), 0.22, &lamps);
    room.string_lights(at(0.0, 2.36, 0.15), at(2.1, 2.36, 0.15), 0.22, &lamps);
}

fn window(room: &mut Room) {
    let hex = Color::srgb_u8;
    let (middle, size) = (at(-0.98, 1.45, 0.01), Vec2::new(0.62, 1.2));
    let horizon = middle - Vec3::Y * 0.22;
    room.solid
        .gradient(
            middle + Vec3::Y * 0.19,
            Vec2::new(size.x, 0.82),
            hex(255, 168, 96),
            hex(94, 70, 150),
        )
        .gradient(
            middle - Vec3::Y * 0.41,
            Vec2::new(size.x, 0.38),
            hex(96, 48, 92),
            hex(176, 82, 96),
        );
    let sun = horizon + Vec3::Z * 0.01;
    room.solid.sector(sun, Vec2::splat(0.16), 0.0..PI, hex(255, 240, 186), hex(255, 206, 118));
    room.shine.glow(sun + Vec3::Z * 0.01, Vec2::new(0.4, 0.36), hex(255, 176, 84), 0.3);
    coaster(room, horizon + Vec3::Z * 0.02);
    room.window_frame(middle, size, hex(230, 176, 132));
}

/// Hills and a loop, with posts.
fn coaster(room: &mut Room, ground: Vec3) {
    let rail = Color::srgb_u8(74, 34, 82);
    let height = |x: f32| 0.1 + 0.13 * (x * 13.0 + 0.6).sin().max(-0.55) * (1.0 - x.abs());
    let track: Vec<_> = (0..=30_u8)
        .map(|step| {
            let x = f32::from(step) / 30.0 * 0.6 - 0.3;
            ground + Vec3::new(x, height(x), 0.0)
        })
        .collect();
    room.solid.path(&track, 0.016, rail);
    for post in track.iter().step_by(3) {
        room.solid.line(post.with_y(ground.y - 0.08), *post, 0.007, rail);
    }
    let middle = ground + Vec3::new(0.14, 0.17, 0.002);
    let circle: Vec<_> = (0..=24_u8)
        .map(|step| {
            let (sin, cos) = (TAU * f32::from(step) / 24.0).sin_cos();
            middle + Vec3::new(0.1 * cos, 0.1 * sin, 0.0)
        })
        .collect();
    room.solid.path(&circle, 0.016, rail);
    for car in track.iter().skip(4).take(3) {
        let at = *car + Vec3::new(0.0, 0.022, 0.004);
        room.solid.rect(at, Vec2::new(0.026, 0.03), Color::srgb_u8(255, 226, 150));
    }
}

/// A sneaker from the side.
fn sneaker(room: &mut Room, foot: Vec3, index: usize) {
    let hex = Color::srgb_u8;
    let colours = [
        hex(245, 138, 46),
        hex(236, 84, 92),
        hex(92, 198, 196),
        hex(250, 206, 92),
        hex(146, 118, 226),
        hex(240, 240, 246),
        hex(255, 142, 176),
    ];
    let cloth = colours[index % colours.len()];
    let point = |x: f32, y: f32, z: f32| foot + Vec3::new(x, y, z);
    let shadow = cloth.mix(&Color::BLACK, 0.2);
    room.solid
        .quad(
            [
                point(-0.1, 0.03, 0.0),
                point(0.02, 0.03, 0.0),
                point(0.01, 0.1, 0.0),
                point(-0.095, 0.13, 0.0),
            ],
            [shadow, shadow, cloth, cloth],
        )
        .quad(
            [
                point(0.0, 0.03, 0.0),
                point(0.1, 0.03, 0.0),
                point(0.075, 0.066, 0.0),
                point(0.01, 0.1, 0.0),
            ],
            [shadow, shadow, cloth, cloth],
        )
        .rect(point(0.0, 0.015, 0.002), Vec2::new(0.21, 0.03), hex(250, 246, 240))
        .ellipse(
            point(0.08, 0.034, 0.003),
            Vec2::new(0.026, 0.02),
            hex(250, 246, 240),
            hex(232, 226, 222),
        );
    for lace in 0..3_u8 {
        let x = 0.012 + 0.018 * f32::from(lace);
        let y = 0.092 - 0.013 * f32::from(lace);
        room.solid.line(
            point(x - 0.012, y - 0.014, 0.004),
            point(x, y, 0.004),
            0.006,
            Color::WHITE,
        );
    }
}

/// A red bowl of rice cakes, with steam.
fn tteokbokki(room: &mut Room, foot: Vec3) {
    let hex = Color::srgb_u8;
    let rim = foot + Vec3::new(0.0, 0.085, 0.0);
    room.solid
        .sector(rim, Vec2::new(0.1, 0.085), PI..TAU, hex(70, 52, 110), hex(96, 72, 140))
        .ellipse(rim + Vec3::Z * 0.004, Vec2::new(0.1, 0.022), hex(226, 66, 40), hex(180, 44, 34));
    for (x, y) in [(-0.05, 0.012), (0.0, 0.018), (0.048, 0.01), (-0.02, -0.004), (0.026, -0.006)] {
        let at = rim + Vec3::new(x, y, 0.008);
        room.solid.ellipse(at, Vec2::new(0.024, 0.011), hex(255, 214, 176), hex(240, 130, 84));
    }
    for (x, y) in [(-0.02, 0.12), (0.02, 0.18), (0.0, 0.25)] {
        let steam = dimmed(Color::WHITE, 0.1);
        room.shine.ellipse(rim + Vec3::new(x, y, 0.02), Vec2::new(0.03, 0.07), steam, Color::BLACK);
    }
}
