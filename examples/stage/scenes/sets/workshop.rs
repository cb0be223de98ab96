//! Taira's workshop: a desk full of small lights, a window over the city, a box that waits.

use bevy::prelude::*;

use super::{Built, hex};
use crate::scene::shapes::{dimmed, spread};

const WALL: f32 = -1.5;

pub fn build(set: &mut Built) {
    set.floor(WALL, hex(0x5c4c48), hex(0x6c5a54), 0.36);
    let window = Rect::new(-1.85, 0.95, -0.75, 2.2);
    set.skyline(-4.4, 2.2, 23);
    set.wall(WALL, 3.6, window, hex(0x4c506c), hex(0x646888));
    set.window(WALL, window, hex(0x94785c));
    desk(set);
    shelf(set);
    door(set);
    small_table(set);
    set.hanging_lamp(Vec3::new(-0.55, 2.2, -0.5), hex(0xffb870));
}

fn desk(set: &mut Built) {
    let top = Vec3::new(1.05, 0.86, -1.12);
    set.table(top, Vec2::new(1.5, 0.6), hex(0x8c6848));
    // The modular synthesiser: boxes with rows of lights and cables between them.
    for (x, width, height) in [(-0.4, 0.55, 0.5), (0.25, 0.6, 0.62)] {
        let at = top + Vec3::new(x, height / 2.0, -0.1);
        set.solid.block(at, Vec3::new(width, height, 0.2), hex(0x34324a));
        for led in 0..18_u16 {
            let (column, row) = (f32::from(led % 6), f32::from(led / 6));
            let dot = at
                + Vec3::new(
                    (column / 5.0 - 0.5) * width * 0.8,
                    (row / 2.0 - 0.5) * height * 0.7,
                    0.11,
                );
            let colour = [0x58b8ff, 0xff9058, 0x78ffb8, 0xf0f0ff].map(hex)[usize::from(led) % 4];
            set.solid.ellipse(dot, Vec2::splat(0.016), hex(0x585878), hex(0x20202c));
            if spread(led, 0.618_034) > 0.4 {
                set.lamps.glow(dot + Vec3::Z * 0.01, Vec2::splat(0.045), colour, 0.8);
            }
        }
    }
    let plug = |x: f32, y: f32| top + Vec3::new(x, y, 0.06);
    for (a, b, colour) in [
        (plug(-0.5, 0.4), plug(0.2, 0.5), 0xd85858),
        (plug(-0.3, 0.25), plug(0.42, 0.3), 0x58a0d8),
        (plug(-0.42, 0.14), plug(0.1, 0.16), 0xe0c058),
    ] {
        let points: Vec<_> = (0..=8_u8)
            .map(|step| {
                let part = f32::from(step) / 8.0;
                a.lerp(b, part) - Vec3::Y * 0.5 * part * (1.0 - part)
            })
            .collect();
        set.solid.path(&points, 0.014, hex(colour));
    }
    set.cup(top + Vec3::new(-0.02, 0.0, 0.2), hex(0x3c3c48));
    set.solid.block(top + Vec3::new(0.5, 0.02, 0.16), Vec3::new(0.34, 0.04, 0.16), hex(0xe8e4dc));
}

fn shelf(set: &mut Built) {
    for (y, seed) in [(1.75, 4_u16), (2.3, 19)] {
        let board = Vec3::new(1.1, y, WALL + 0.16);
        set.solid.block(board, Vec3::new(1.9, 0.04, 0.28), hex(0x84603f));
        for item in 0..9_u16 {
            let part = |step: f32| spread(item + seed, step);
            let size = Vec3::new(0.1 + 0.07 * part(0.618_034), 0.12 + 0.2 * part(0.754_878), 0.14);
            let x = -0.82 + 0.205 * f32::from(item);
            let colour = hex(0x6c6488).mix(&hex(0xc08c60), part(0.347_296));
            set.solid.block(board + Vec3::new(x, 0.02 + size.y / 2.0, 0.0), size, colour);
        }
    }
}

fn door(set: &mut Built) {
    let middle = Vec3::new(2.6, 1.02, WALL + 0.03);
    set.solid
        .frame(middle, Vec2::new(0.8, 2.0), 0.07, hex(0x94785c))
        .gradient(middle, Vec2::new(0.8, 2.0), hex(0x5c4434), hex(0x7c5c44))
        .ellipse(
            middle + Vec3::new(-0.3, -0.05, 0.02),
            Vec2::splat(0.035),
            hex(0xf0d8a0),
            hex(0xa88850),
        );
}

/// The box that opens for people who wait, and the metronome beside it.
fn small_table(set: &mut Built) {
    let top = Vec3::new(-0.62, 0.76, -0.45);
    set.table(top, Vec2::new(0.8, 0.46), hex(0x9c7450));
    let middle = top + Vec3::new(0.08, 0.11, 0.04);
    let wood = hex(0x7a4a34);
    set.solid.block(middle, Vec3::new(0.3, 0.2, 0.24), wood);
    for (dx, dy) in [(-0.075, 0.05), (0.075, 0.05), (-0.075, -0.05), (0.075, -0.05)] {
        set.solid.rect(
            middle + Vec3::new(dx, dy, 0.123),
            Vec2::new(0.12, 0.075),
            if dx * dy > 0.0 { hex(0xb07c54) } else { hex(0x94603f) },
        );
    }
    // A millimetre is open.
    let seam = middle + Vec3::new(0.0, 0.1, 0.125);
    set.shine.rect(seam, Vec2::new(0.3, 0.008), dimmed(hex(0xa8e0ff), 0.8));
    set.shine.glow(seam, Vec2::new(0.3, 0.12), hex(0x88c8ff), 0.28);
    let foot = top + Vec3::new(-0.24, 0.0, 0.06);
    set.solid
        .triangle(
            [foot - Vec3::X * 0.06, foot + Vec3::X * 0.06, foot + Vec3::Y * 0.22],
            hex(0x54382c),
        )
        .line(
            foot + Vec3::new(0.0, 0.04, 0.01),
            foot + Vec3::new(0.05, 0.22, 0.01),
            0.01,
            hex(0xe8dcc0),
        );
}
