//! What is built for scenes: a few boxes and strips each, in the light of the moment.

mod gallery;
mod greenhouse;
mod plain;
mod rooftop;
mod staircase;
mod tower;
mod workshop;

use std::f32::consts::FRAC_PI_2;

use bevy::prelude::*;

use super::{place::Set, walk::Whereabouts};
use crate::{
    cast::Idol,
    glow::{self, Paint},
    scene::{
        Scenery,
        shapes::{Shapes, dimmed, spread},
    },
    view::{Shown, View},
};

/// How sets are painted: the light of a scene colours these.
#[derive(Debug, Clone, Resource)]
pub struct SetPaint {
    /// Opaque, in the colours of the vertices.
    pub solid: Handle<StandardMaterial>,
    /// Lamps: adds light, as much as they are turned up.
    pub lamps: Handle<StandardMaterial>,
}

impl FromWorld for SetPaint {
    fn from_world(world: &mut World) -> Self {
        let mut materials = world.resource_mut::<Assets<StandardMaterial>>();
        let [solid, lamps] = [AlphaMode::Opaque, AlphaMode::Add]
            .map(|mode| materials.add(glow::material(mode, 0.0)));
        Self { solid, lamps }
    }
}

/// A set while it is built, in metres.
#[derive(Debug, Default)]
struct Built {
    solid: Shapes,
    /// Lights that the scene turns up and down.
    lamps: Shapes,
    /// Light that is always there: glass, steam, snow on a screen.
    shine: Shapes,
}

/// The darkness under somebody's feet.
#[derive(Debug, Component)]
struct Shadow(Entity);

pub fn plugin(app: &mut App) {
    app.init_resource::<SetPaint>()
        .add_systems(Startup, spawn)
        .add_systems(Update, (cast_shadows, follow.after(super::walk::walk)));
}

fn spawn(
    set_paint: Res<SetPaint>,
    paint: Res<Paint>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut commands: Commands,
) {
    for set in Set::ALL {
        let mut built = Built::default();
        match set {
            Set::Greenhouse => greenhouse::build(&mut built),
            Set::Rooftop => rooftop::build(&mut built),
            Set::Lanterns => rooftop::build_lanterns(&mut built),
            Set::Tower => tower::build(&mut built),
            Set::Staircase => staircase::build(&mut built),
            Set::Workshop => workshop::build(&mut built),
            Set::Gallery => gallery::build(&mut built),
            Set::Plain => plain::build(&mut built),
        }
        let Built { solid, lamps, shine } = built;
        let parts = [(solid, &set_paint.solid), (shine, &paint.shine), (lamps, &set_paint.lamps)];
        let root = (Scenery::Set(set), Transform::default(), Visibility::Hidden);
        commands.spawn(root).with_children(|root| {
            for (shapes, material) in parts.into_iter().filter(|(shapes, _)| !shapes.is_empty()) {
                root.spawn((Mesh3d(meshes.add(shapes.mesh())), MeshMaterial3d(material.clone())));
            }
        });
    }
}

/// Everybody casts a soft shadow on the ground of a set.
fn cast_shadows(
    newcomers: Query<Entity, Added<Idol>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut commands: Commands,
) {
    const FEET: [(f32, f32); 3] = [(0.0, 0.6), (0.16, 0.42), (0.32, 0.0)];
    for idol in &newcomers {
        commands.spawn((
            Shadow(idol),
            Mesh3d(meshes.add(glow::shade(&FEET))),
            MeshMaterial3d(materials.add(glow::material(AlphaMode::Blend, 20.0))),
            Transform::from_rotation(Quat::from_rotation_x(-FRAC_PI_2)),
            Visibility::Hidden,
        ));
    }
}

fn follow(
    shown: Res<Shown>,
    idols: Query<&Whereabouts>,
    mut shadows: Query<(&Shadow, &mut Transform, &mut Visibility)>,
) {
    let set = matches!(shown.0, View::Scene(_));
    for (shadow, mut transform, mut visibility) in &mut shadows {
        let place = idols.get(shadow.0).ok().filter(|place| set && place.entered);
        let seen = if place.is_some() { Visibility::Visible } else { Visibility::Hidden };
        visibility.set_if_neq(seen);
        if let Some(place) = place {
            transform.translation = place.at + Vec3::Y * 0.012;
        }
    }
}

/// A colour as it is written in pictures.
const fn hex(colour: u32) -> Color {
    let [_, red, green, blue] = colour.to_be_bytes();
    Color::srgb(red as f32 / 255.0, green as f32 / 255.0, blue as f32 / 255.0)
}

impl Built {
    /// The ground, from the camera to `back`, with boards or slabs of this width.
    fn floor(&mut self, back: f32, near: Color, far: Color, slab: f32) {
        const HALF: f32 = 7.0;
        const FRONT: f32 = 9.0;
        let corner = |x: f32, z: f32| Vec3::new(x, 0.0, z);
        self.solid.quad(
            [corner(-HALF, FRONT), corner(HALF, FRONT), corner(HALF, back), corner(-HALF, back)],
            [near, near, far, far],
        );
        let seam = near.mix(&Color::BLACK, 0.22);
        let count = (HALF / slab) as i16;
        for step in -count..=count {
            let x = f32::from(step) * slab;
            let (a, b, side) =
                (Vec3::new(x, 0.003, FRONT), Vec3::new(x, 0.003, back), Vec3::X * 0.006);
            self.solid.quad([a - side, a + side, b + side, b - side], [seam; 4]);
        }
    }

    /// A wall with a hole in it, in which the sky is seen.
    fn wall(&mut self, z: f32, top: f32, hole: Rect, foot: Color, head: Color) {
        const HALF: f32 = 6.0;
        let shade = |y: f32| foot.mix(&head, (y / top).clamp(0.0, 1.0));
        let mut part = |min: Vec2, max: Vec2| {
            let size = max - min;
            if size.min_element() > 0.0 {
                let middle = ((min + max) / 2.0).extend(z);
                self.solid.gradient(middle, size, shade(min.y), shade(max.y));
            }
        };
        part(Vec2::new(-HALF, 0.0), Vec2::new(hole.min.x, top));
        part(Vec2::new(hole.max.x, 0.0), Vec2::new(HALF, top));
        part(Vec2::new(hole.min.x, 0.0), Vec2::new(hole.max.x, hole.min.y));
        part(Vec2::new(hole.min.x, hole.max.y), Vec2::new(hole.max.x, top));
    }

    /// Frame, cross bars and sill of a window.
    fn window(&mut self, z: f32, hole: Rect, wood: Color) {
        let (middle, size) = (hole.center().extend(z), hole.size());
        self.solid
            .rect(middle + Vec3::Z * 0.02, Vec2::new(0.03, size.y), wood)
            .rect(middle + Vec3::Z * 0.02, Vec2::new(size.x, 0.03), wood)
            .frame(middle + Vec3::Z * 0.03, size, 0.05, wood)
            .block(
                middle - Vec3::new(0.0, size.y / 2.0 + 0.06, -0.09),
                Vec3::new(size.x + 0.22, 0.04, 0.16),
                wood,
            );
        // A streak across the glass.
        let corner = |x: f32, y: f32| middle + Vec3::new(x * size.x, y * size.y, 0.01);
        let pale = dimmed(Color::WHITE, 0.05);
        self.shine.quad(
            [corner(-0.4, -0.5), corner(-0.2, -0.5), corner(0.3, 0.5), corner(0.1, 0.5)],
            [Color::BLACK, Color::BLACK, pale, pale],
        );
    }

    /// A table with four legs; its upper side is `at`.
    fn table(&mut self, at: Vec3, size: Vec2, wood: Color) {
        let legs = wood.mix(&Color::BLACK, 0.3);
        for (x, z) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
            let foot = Vec3::new(
                at.x + x * (size.x / 2.0 - 0.06),
                at.y / 2.0,
                at.z + z * (size.y / 2.0 - 0.06),
            );
            self.solid.block(foot, Vec3::new(0.05, at.y, 0.05), legs);
        }
        self.solid.block(at - Vec3::Y * 0.025, Vec3::new(size.x, 0.05, size.y), wood);
    }

    /// A cup of tea, with steam.
    fn cup(&mut self, foot: Vec3, colour: Color) {
        let dark = colour.mix(&Color::BLACK, 0.25);
        self.solid.gradient(foot + Vec3::Y * 0.045, Vec2::new(0.08, 0.09), dark, colour).ellipse(
            foot + Vec3::new(0.0, 0.09, 0.005),
            Vec2::new(0.04, 0.012),
            hex(0xb0703a),
            colour,
        );
        for (x, y) in [(-0.01, 0.15), (0.008, 0.21)] {
            let at = foot + Vec3::new(x, y, 0.02);
            self.shine.glow(at, Vec2::new(0.022, 0.05), Color::WHITE, 0.09);
        }
    }

    /// A lamp that hangs on a cord.
    fn hanging_lamp(&mut self, middle: Vec3, colour: Color) {
        let point = |x: f32, y: f32| middle + Vec3::new(x, y, 0.0);
        self.solid.line(point(0.0, 0.1), point(0.0, 3.0), 0.012, hex(0x241c2c)).quad(
            [point(-0.19, -0.02), point(0.19, -0.02), point(0.06, 0.14), point(-0.06, 0.14)],
            [hex(0x8a5a48), hex(0x8a5a48), hex(0x4a3038), hex(0x4a3038)],
        );
        self.lamps
            .glow(middle - Vec3::Y * 0.05, Vec2::new(0.85, 0.7), colour, 0.26)
            .ellipse(middle - Vec3::Y * 0.02, Vec2::new(0.14, 0.024), Color::WHITE, colour)
            .quad(
                [point(-1.0, -1.7), point(1.0, -1.7), point(0.17, -0.03), point(-0.17, -0.03)],
                [Color::BLACK, Color::BLACK, dimmed(colour, 0.09), dimmed(colour, 0.09)],
            );
    }

    /// A paper lantern that hangs there.
    fn lantern(&mut self, middle: Vec3, colour: Color, size: f32) {
        let half = Vec2::new(0.1, 0.13) * size;
        let cap = Vec2::new(half.x * 1.1, 0.018 * size);
        self.solid
            .ellipse(middle, half, colour.mix(&Color::WHITE, 0.45), colour)
            .rect(middle + Vec3::new(0.0, half.y, 0.01), cap, hex(0x4a2c30))
            .rect(middle + Vec3::new(0.0, -half.y, 0.01), cap, hex(0x4a2c30));
        let warm = hex(0xffb060).mix(&colour, 0.35);
        self.lamps.glow(middle + Vec3::Z * 0.03, Vec2::splat(0.42 * size), warm, 0.42);
    }

    /// A cord that hangs between two points; gives the points of it.
    fn cord(&mut self, from: Vec3, to: Vec3, sag: f32, count: u8) -> Vec<Vec3> {
        let point = |step: u8| {
            let part = f32::from(step) / f32::from(count);
            from.lerp(to, part) - Vec3::Y * sag * 4.0 * part * (1.0 - part)
        };
        let points: Vec<_> = (0..=count).map(point).collect();
        self.solid.path(&points, 0.01, hex(0x1c1624));
        points
    }

    /// Houses far away, with some lit windows.
    fn skyline(&mut self, z: f32, height: f32, seed: u16) {
        for house in 0..22_u16 {
            let part = |step: f32| spread(house + seed, step);
            let x = (f32::from(house) - 10.5) * 0.72 + 0.3 * part(0.347_296);
            let size = Vec2::new(0.5 + 0.5 * part(0.618_034), height * (0.35 + part(0.754_878)));
            let at = Vec3::new(x, size.y / 2.0 - 0.6, z - 0.01 * f32::from(house % 3));
            self.solid.gradient(at, size, hex(0x34304e), hex(0x4a4468));
            for lit in 0..6_u16 {
                let light = |step: f32| spread(house * 7 + lit + seed, step) - 0.5;
                if light(0.289) > 0.05 {
                    continue;
                }
                let pane = at
                    + Vec3::new(
                        light(0.618_034) * size.x * 0.7,
                        light(0.754_878) * size.y * 0.7 + 0.2,
                        0.02,
                    );
                self.lamps.rect(pane, Vec2::new(0.035, 0.05), dimmed(hex(0xffc880), 0.6));
            }
        }
    }

    /// A pot with long leaves.
    fn plant(&mut self, foot: Vec3, height: f32, seed: u16) {
        self.solid.gradient(
            foot + Vec3::Y * 0.11,
            Vec2::new(0.24, 0.22),
            hex(0x84503c),
            hex(0xb07452),
        );
        for leaf in 0..11_u16 {
            let part = |step: f32| spread(leaf + seed, step);
            let lean = (part(0.618_034) - 0.5) * 1.7;
            let long = height * (0.55 + 0.45 * part(0.754_878));
            let root = foot + Vec3::new(lean * 0.06, 0.2, 0.012 * f32::from(leaf % 5));
            let tip = root + Vec3::new(lean * long * 0.62, long * (1.0 - 0.18 * lean.abs()), 0.0);
            let middle = root.lerp(tip, 0.55) + Vec3::Y * 0.04;
            let side = (tip - root).cross(Vec3::Z).normalize_or_zero() * (0.035 + 0.02 * height);
            let green = hex(0x3c6c48).mix(&hex(0x8cb468), part(0.347_296));
            let dark = green.mix(&Color::BLACK, 0.35);
            self.solid.quad([root, middle + side, tip, middle - side], [dark, green, green, green]);
        }
    }
}
