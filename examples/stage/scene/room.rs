//! A room for each idol, with what she likes.

mod jena;
mod marty;
mod siwoo;
mod taira;

use bevy::prelude::*;

use super::{
    Scenery, back_to_all,
    shapes::{Shapes, dimmed},
};
use crate::{
    cast::{PLACES, Place},
    glow::Paint,
};

/// Where the back wall of a room is, in metres behind the idol.
const WALL: f32 = -2.2;

pub fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn);
}

/// A room while it is furnished: what is opaque, and what shines. Everything on the wall is given
/// by how far right of the idol, how high, and how far from the wall it is.
#[derive(Debug, Default)]
struct Room {
    solid: Shapes,
    shine: Shapes,
}

/// A point of the room, in metres.
const fn at(right: f32, up: f32, off_wall: f32) -> Vec3 {
    Vec3::new(right, up, WALL + off_wall)
}

fn spawn(paint: Res<Paint>, mut meshes: ResMut<Assets<Mesh>>, mut commands: Commands) {
    for place in &PLACES {
        let mut room = Room::default();
        match place.id {
            "siwoo" => siwoo::furnish(&mut room),
            "jena" => jena::furnish(&mut room),
            "taira" => taira::furnish(&mut room),
            "marty" => marty::furnish(&mut room),
            _ => room.walls(Color::srgb_u8(40, 26, 70), Color::srgb_u8(24, 16, 44)),
        }
        room.halo(place);
        let floor = Transform::from_translation(place.floor());
        commands.spawn((Scenery::Room(place.id), floor, Visibility::Hidden)).with_children(
            |root| {
                root.spawn((
                    Mesh3d(meshes.add(room.solid.mesh())),
                    MeshMaterial3d(paint.solid.clone()),
                    Pickable::default(),
                ))
                .observe(back_to_all);
                let shine = Mesh3d(meshes.add(room.shine.mesh()));
                root.spawn((shine, MeshMaterial3d(paint.shine.clone())));
            },
        );
    }
}

impl Room {
    /// The back wall, lightest at the height of her face's surroundings, and the floor.
    fn walls(&mut self, light: Color, dark: Color) {
        let floor = dark.mix(&Color::BLACK, 0.35);
        let corner = |x: f32, z: f32| Vec3::new(x, 0.0, z);
        self.solid
            .gradient(at(0.0, 0.6, 0.0), Vec2::new(9.0, 1.2), dark, light)
            .gradient(at(0.0, 2.4, 0.0), Vec2::new(9.0, 2.4), light, dark)
            .quad(
                [corner(-4.5, 1.5), corner(4.5, 1.5), corner(4.5, WALL), corner(-4.5, WALL)],
                [floor; 4],
            )
            .rect(at(0.0, 0.06, 0.01), Vec2::new(9.0, 0.12), dark.mix(&Color::WHITE, 0.08));
    }

    /// Her own light behind her.
    fn halo(&mut self, place: &Place) {
        let at = at(-0.15, 1.35, 0.4);
        self.shine.glow(at, Vec2::new(1.0, 1.15), place.light, 0.13);
    }

    /// A window with cross bars and a sill; what is seen in it is drawn before.
    fn window_frame(&mut self, middle: Vec3, size: Vec2, wood: Color) {
        let bar = 0.018;
        self.solid
            .rect(middle + Vec3::Z * 0.05, Vec2::new(bar, size.y), wood)
            .rect(middle + Vec3::new(0.0, size.y * 0.12, 0.05), Vec2::new(size.x, bar), wood)
            .frame(middle + Vec3::Z * 0.06, size, 0.045, wood)
            .block(
                middle + Vec3::new(0.0, -size.y / 2.0 - 0.06, 0.11),
                Vec3::new(size.x + 0.2, 0.04, 0.16),
                wood,
            );
    }

    /// A curtain at one side of a window, in folds, on its piece of the rod.
    fn curtain(&mut self, top: Vec3, size: Vec2, colour: Color) {
        let rod = Vec2::new(size.x + 0.8, 0.024);
        self.solid.rect(top + Vec3::Z * 0.01, rod, Color::srgb_u8(70, 46, 66));
        let folds = 5_u8;
        let fold = size.x / f32::from(folds);
        let (lit, shadow) = (colour, colour.mix(&Color::BLACK, 0.35));
        for index in 0..folds {
            let left = top.x - size.x / 2.0 + fold * f32::from(index);
            let corner = |x: f32, y: f32| Vec3::new(x, y, top.z);
            let (right, foot) = (left + fold, top.y - size.y);
            self.solid.quad(
                [
                    corner(left, foot),
                    corner(right, foot),
                    corner(right, top.y),
                    corner(left, top.y),
                ],
                [lit, shadow, shadow, lit],
            );
        }
    }

    /// A board on the wall, to put things on; gives the height of its upper side.
    fn shelf(&mut self, middle: Vec3, width: f32, wood: Color) -> f32 {
        self.solid.block(middle + Vec3::Z * 0.11, Vec3::new(width, 0.035, 0.2), wood);
        middle.y + 0.0175
    }

    /// Small lamps on a cord that hangs between two points.
    fn string_lights(&mut self, from: Vec3, to: Vec3, sag: f32, colours: &[Color]) {
        let count = 12_u8;
        let point = |step: u8| {
            let part = f32::from(step) / f32::from(count);
            from.lerp(to, part) - Vec3::Y * sag * 4.0 * part * (1.0 - part)
        };
        let points: Vec<_> = (0..=count).map(point).collect();
        self.solid.path(&points, 0.006, Color::srgb_u8(20, 14, 30));
        for (index, point) in points.iter().enumerate() {
            let Some(colour) = colours.get(index % colours.len().max(1)) else { return };
            let lamp = *point - Vec3::Y * 0.02 + Vec3::Z * 0.02;
            self.shine.glow(lamp, Vec2::splat(0.085), *colour, 0.35);
            self.shine.ellipse(lamp, Vec2::splat(0.016), Color::WHITE, dimmed(*colour, 0.9));
        }
    }
}
