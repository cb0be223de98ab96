//! A soft empty place, for scenes that nobody has built anything for.

use bevy::prelude::*;

use super::{Built, hex};
use crate::scene::shapes::dimmed;

pub fn build(set: &mut Built) {
    set.floor(-6.5, hex(0x5a4c7c), hex(0x6a5a90), 0.9);
    for (x, height) in [(-2.3, 2.6), (-1.7, 2.9), (1.7, 2.9), (2.3, 2.6)] {
        let at = Vec3::new(x, height / 2.0, -1.9);
        set.solid.block(at, Vec3::new(0.16, height, 0.16), hex(0x7c6aa4));
        set.lamps.glow(at + Vec3::Y * height / 2.0, Vec2::splat(0.5), hex(0xffd0f0), 0.3);
    }
    set.shine.gradient(
        Vec3::new(0.0, 0.6, -2.4),
        Vec2::new(14.0, 1.2),
        dimmed(hex(0xb090ff), 0.06),
        Color::BLACK,
    );
}
