//! Marty: a warm afternoon, a cat asleep in it, watercolours, strawberry milk.

use std::f32::consts::PI;

use bevy::prelude::*;

use super::{Room, at};

pub fn furnish(room: &mut Room) {
    let hex = Color::srgb_u8;
    let wood = hex(214, 166, 150);
    room.walls(hex(150, 92, 124), hex(88, 52, 92));
    window(room, wood);
    painting(
        room,
        at(0.53, 1.66, 0.02),
        Vec2::new(0.4, 0.5),
        [hex(255, 176, 150), hex(255, 214, 160), hex(246, 138, 172)],
    );
    painting(
        room,
        at(1.0, 1.78, 0.02),
        Vec2::new(0.32, 0.36),
        [hex(150, 196, 240), hex(196, 170, 240), hex(160, 224, 210)],
    );
    painting(
        room,
        at(0.98, 1.36, 0.02),
        Vec2::new(0.28, 0.22),
        [hex(255, 160, 190), hex(250, 210, 220), hex(220, 150, 220)],
    );
    let top = room.shelf(at(0.72, 1.02, 0.0), 1.0, wood);
    milk(room, at(0.4, top, 0.14));
    brushes(room, at(0.66, top, 0.14));
    plant(room, at(0.94, top, 0.14));
    let lamps = [hex(255, 196, 206), hex(255, 226, 190)];
    room.string_lights(at(-2.1, 2.36, 0.15), at(-0.1, 2.36, 0.15), 0.22, &lamps);
    room.string_lights(at(-0.1, 2.36, 0.15), at(2.1, 2.36, 0.15), 0.22, &lamps);
}

fn window(room: &mut Room, wood: Color) {
    let hex = Color::srgb_u8;
    let (middle, size) = (at(-0.99, 1.5, 0.01), Vec2::new(0.62, 1.1));
    room.solid.gradient(middle, size, hex(255, 206, 158), hex(196, 150, 214));
    let sun = middle + Vec3::new(0.1, -0.02, 0.01);
    room.solid.ellipse(sun, Vec2::splat(0.1), hex(255, 246, 214), hex(255, 228, 170));
    room.shine.glow(sun + Vec3::Z * 0.01, Vec2::splat(0.42), hex(255, 206, 140), 0.22);
    for (x, y, wide) in [(-0.13, 0.32, 0.14), (-0.05, 0.36, 0.09), (0.17, 0.24, 0.1)] {
        let cloud = middle + Vec3::new(x, y, 0.015);
        room.solid.ellipse(
            cloud,
            Vec2::new(wide, wide * 0.32),
            hex(255, 236, 236),
            hex(250, 214, 222),
        );
    }
    room.window_frame(middle, size, wood);
    room.curtain(at(-1.39, 2.14, 0.09), Vec2::new(0.24, 1.3), hex(246, 178, 196));
    room.curtain(at(-0.65, 2.14, 0.09), Vec2::new(0.17, 1.3), hex(246, 178, 196));
    cat(room, middle + Vec3::new(-0.1, -0.59, 0.2));
}

/// A cat curled up, its back to the sun.
fn cat(room: &mut Room, foot: Vec3) {
    let hex = Color::srgb_u8;
    let (fur, dark) = (hex(250, 236, 224), hex(224, 176, 150));
    let head = foot + Vec3::new(0.2, 0.1, 0.02);
    room.solid
        .sector(foot, Vec2::new(0.22, 0.2), 0.0..PI, fur, dark)
        .ellipse(head, Vec2::new(0.085, 0.072), fur, fur)
        .triangle(
            [
                head + Vec3::new(-0.078, 0.02, 0.0),
                head + Vec3::new(-0.012, 0.055, 0.0),
                head + Vec3::new(-0.062, 0.118, 0.0),
            ],
            dark,
        )
        .triangle(
            [
                head + Vec3::new(0.012, 0.055, 0.0),
                head + Vec3::new(0.078, 0.02, 0.0),
                head + Vec3::new(0.062, 0.118, 0.0),
            ],
            dark,
        );
    for side in [-1.0, 1.0] {
        let eye = head + Vec3::new(0.034 * side, 0.004, 0.01);
        let half = Vec3::new(0.016, 0.006, 0.0);
        room.solid.path(
            &[eye + half * Vec3::new(-1.0, 1.0, 0.0), eye - Vec3::Y * 0.006, eye + half],
            0.006,
            hex(90, 60, 70),
        );
    }
    room.solid.ellipse(
        head + Vec3::new(0.0, -0.018, 0.01),
        Vec2::new(0.009, 0.006),
        hex(240, 130, 150),
        hex(240, 130, 150),
    );
    let tail: Vec<_> = (0..=8_u8)
        .map(|step| {
            let (sin, cos) = (PI * (0.95 + 0.09 * f32::from(step))).sin_cos();
            foot + Vec3::new(0.22 * cos, 0.05 + 0.1 * sin, 0.03)
        })
        .collect();
    room.solid.path(&tail, 0.04, dark);
}

/// Blots of colour on white paper.
fn painting(room: &mut Room, middle: Vec3, size: Vec2, colours: [Color; 3]) {
    let paper = Color::srgb_u8(250, 242, 236);
    room.solid
        .frame(middle + Vec3::Z * 0.004, size, 0.024, Color::srgb_u8(236, 196, 176))
        .rect(middle, size, paper);
    let blots = [(-0.2, 0.18, 0.26), (0.22, 0.06, 0.24), (-0.04, -0.24, 0.24)];
    for ((x, y, half), colour) in blots.into_iter().zip(colours) {
        let at = middle + Vec3::new(x * size.x, y * size.y, 0.002);
        room.solid.ellipse(at, size * half, colour, colour.mix(&paper, 0.75));
    }
}

fn milk(room: &mut Room, foot: Vec3) {
    let hex = Color::srgb_u8;
    let carton = foot + Vec3::Y * 0.085;
    room.solid
        .block(carton, Vec3::new(0.12, 0.17, 0.1), hex(255, 158, 186))
        .quad(
            [
                carton + Vec3::new(-0.06, 0.085, 0.05),
                carton + Vec3::new(0.06, 0.085, 0.05),
                carton + Vec3::new(0.045, 0.15, 0.0),
                carton + Vec3::new(-0.045, 0.15, 0.0),
            ],
            [hex(250, 236, 240); 4],
        )
        .ellipse(
            carton + Vec3::new(0.0, -0.01, 0.055),
            Vec2::new(0.036, 0.042),
            hex(240, 66, 96),
            hex(224, 48, 82),
        )
        .rect(carton + Vec3::new(0.0, 0.034, 0.058), Vec2::new(0.04, 0.014), hex(110, 190, 120))
        .line(
            carton + Vec3::new(0.02, 0.1, 0.06),
            carton + Vec3::new(0.06, 0.26, 0.06),
            0.012,
            Color::WHITE,
        );
}

/// Brushes in a jar.
fn brushes(room: &mut Room, foot: Vec3) {
    let hex = Color::srgb_u8;
    for (x, lean, tip) in [
        (-0.03, -0.05, hex(120, 170, 240)),
        (0.0, 0.01, hex(250, 140, 170)),
        (0.03, 0.06, hex(255, 200, 110)),
    ] {
        let (from, to) = (foot + Vec3::new(x, 0.08, 0.0), foot + Vec3::new(x + lean, 0.27, 0.0));
        room.solid.line(from, to, 0.012, hex(196, 140, 110));
        room.solid.ellipse(to + Vec3::new(0.0, 0.02, 0.002), Vec2::new(0.014, 0.032), tip, tip);
    }
    room.solid.gradient(
        foot + Vec3::new(0.0, 0.06, 0.01),
        Vec2::new(0.11, 0.12),
        hex(170, 200, 226),
        hex(226, 238, 246),
    );
}

fn plant(room: &mut Room, foot: Vec3) {
    let hex = Color::srgb_u8;
    let leaf = hex(120, 180, 130);
    for (angle, length) in [(-1.0_f32, 0.17), (-0.5, 0.22), (0.0, 0.25), (0.5, 0.21), (1.0, 0.16)] {
        let turn = Quat::from_rotation_z(angle);
        let from = foot + Vec3::Y * 0.1;
        let tip = |x: f32, y: f32| from + turn * Vec3::new(x, y, 0.0);
        room.solid.quad(
            [tip(0.0, 0.0), tip(0.035, length * 0.6), tip(0.0, length), tip(-0.035, length * 0.6)],
            [leaf.mix(&Color::BLACK, 0.3), leaf, leaf.mix(&Color::WHITE, 0.2), leaf],
        );
    }
    room.solid.gradient(
        foot + Vec3::new(0.0, 0.055, 0.02),
        Vec2::new(0.13, 0.11),
        hex(210, 120, 110),
        hex(244, 160, 146),
    );
}
