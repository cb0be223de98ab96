//! The Greenhouse: glass with rain on it, plants, a table with two cups of barley tea.

use bevy::prelude::*;

use super::{Built, hex};
use crate::scene::shapes::{dimmed, spread};

/// Where the glass is.
const GLASS: f32 = -1.6;

pub fn build(set: &mut Built) {
    set.floor(GLASS, hex(0x7c6450), hex(0x8c7460), 0.42);
    glass(set);
    door(set);
    let (left, right) = (Vec3::new(-1.9, 0.0, -1.1), Vec3::new(2.25, 0.0, -1.0));
    set.plant(left, 1.1, 3);
    set.plant(left + Vec3::new(0.5, 0.0, -0.25), 0.7, 17);
    set.plant(left + Vec3::new(-0.55, 0.0, 0.2), 1.5, 29);
    set.plant(right, 0.9, 41);
    set.plant(right + Vec3::new(0.5, 0.0, 0.2), 1.3, 57);
    // Two cups; one of them for whoever comes.
    let top = Vec3::new(0.95, 0.74, -0.35);
    set.table(top, Vec2::new(0.72, 0.5), hex(0xa87c58));
    set.cup(top + Vec3::new(-0.14, 0.0, 0.1), hex(0xe8d8f4));
    set.cup(top + Vec3::new(0.12, 0.0, 0.16), hex(0xf4e4c8));
    set.solid.gradient(
        top + Vec3::new(0.27, 0.1, 0.05),
        Vec2::new(0.14, 0.2),
        hex(0x586878),
        hex(0x8c9cac),
    );
    set.hanging_lamp(Vec3::new(0.95, 2.15, -0.6), hex(0xffc078));
}

fn glass(set: &mut Built) {
    let (frame, sill) = (hex(0xd8e0d4), hex(0x98a494));
    let low = 0.62;
    set.solid
        .gradient(Vec3::new(0.0, low / 2.0, GLASS), Vec2::new(12.0, low), hex(0x5c5048), sill)
        .block(Vec3::new(0.0, low, GLASS + 0.08), Vec3::new(12.0, 0.05, 0.18), frame);
    let wall = |x: f32, y: f32, out: f32| Vec3::new(x, y, GLASS + out);
    for step in -7_i8..=7 {
        let x = f32::from(step) * 0.82 + 0.2;
        set.solid
            .rect(wall(x, 1.65, 0.01), Vec2::new(0.045, 2.1), frame)
            // The roof comes over the heads.
            .line(wall(x, 2.66, 0.02), Vec3::new(x * 1.06, 3.7, 0.3), 0.05, frame);
    }
    for y in [1.55, 2.66] {
        set.solid.rect(wall(0.0, y, 0.02), Vec2::new(12.0, 0.045), frame);
    }
    // The grey of the panes, and drops that run down.
    set.shine.gradient(
        wall(0.0, 1.65, -0.01),
        Vec2::new(12.0, 2.1),
        dimmed(hex(0xb8d0d8), 0.05),
        dimmed(hex(0xd8ecf4), 0.1),
    );
    for drop in 0..120_u16 {
        let part = |step: f32| spread(drop, step);
        let x = (part(0.618_034) - 0.5) * 6.4;
        let y = 0.75 + 1.85 * part(0.754_878);
        let long = 0.03 + 0.12 * part(0.347_296).powi(2);
        let (to, from) = (wall(x, y - long, 0.03), wall(x, y, 0.03));
        set.shine.line(to, from, 0.007, dimmed(hex(0xe4f2fa), 0.16));
        set.shine.glow(to, Vec2::new(0.008, 0.011), hex(0xffffff), 0.16);
    }
}

fn door(set: &mut Built) {
    let frame = hex(0xb4c0b0);
    let middle = Vec3::new(1.62, 1.05, GLASS + 0.06);
    set.solid
        .frame(middle, Vec2::new(0.7, 2.02), 0.07, frame)
        .rect(middle - Vec3::Y * 0.62, Vec2::new(0.7, 0.76), hex(0x8c9c8c))
        .rect(middle + Vec3::new(0.0, 0.3, 0.01), Vec2::new(0.04, 1.3), frame)
        .ellipse(
            middle + Vec3::new(-0.28, -0.1, 0.03),
            Vec2::splat(0.03),
            hex(0xf0d8a0),
            hex(0xb89858),
        );
}
