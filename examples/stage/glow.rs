//! Meshes that carry their light in their vertices: no lamp, no bloom, cheap on any machine.

use std::f32::consts::TAU;

use bevy::{
    asset::RenderAssetUsages,
    mesh::{Indices, PrimitiveTopology},
    prelude::*,
};

/// Segments of a circle.
const SEGMENTS: u32 = 72;

/// Rings around a point, facing +z: each with its radius and its strength; soft in between.
pub fn rings(colour: Color, rings: &[(f32, f32)]) -> Mesh {
    let LinearRgba { red, green, blue, .. } = colour.to_linear();
    circles(rings.iter().map(|&(radius, strength)| {
        (radius, [red * strength, green * strength, blue * strength, 1.0])
    }))
}

/// Darkness around a point, facing +z: each ring with its radius and its strength.
pub fn shade(rings: &[(f32, f32)]) -> Mesh {
    circles(rings.iter().map(|&(radius, strength)| (radius, [0.01, 0.005, 0.03, strength])))
}

/// A wall facing +z: its colour at each height; soft in between.
pub fn wall(width: f32, heights: &[(f32, Color)]) -> Mesh {
    let sides = |&(y, colour): &(f32, Color)| {
        let colour = colour.to_linear().to_f32_array();
        [([-width / 2.0, y, 0.0], colour), ([width / 2.0, y, 0.0], colour)]
    };
    mesh(heights.iter().flat_map(sides).collect(), 2, false)
}

fn circles(rings: impl Iterator<Item = (f32, [f32; 4])>) -> Mesh {
    let points = rings.flat_map(|(radius, colour)| {
        (0..SEGMENTS).map(move |step| {
            let (sin, cos) = (TAU * step as f32 / SEGMENTS as f32).sin_cos();
            ([cos * radius, sin * radius, 0.0], colour)
        })
    });
    mesh(points.collect(), SEGMENTS, true)
}

/// Rows of points, each joined to the next row; `closed` rows come back to their first point.
fn mesh(points: Vec<([f32; 3], [f32; 4])>, row: u32, closed: bool) -> Mesh {
    let rows = points.len() as u32 / row;
    let steps = if closed { row } else { row - 1 };
    let quads = (0..rows.saturating_sub(1)).flat_map(|r| (0..steps).map(move |s| (r, s)));
    let corners = quads.flat_map(|(r, s)| {
        let at = |r: u32, s: u32| r * row + s % row;
        let (a, b, c, d) = (at(r, s), at(r, s + 1), at(r + 1, s + 1), at(r + 1, s));
        // Circles run around their middle, walls from left to right: seen from +z the next row
        // lies to the right of the one, and to the left of the other.
        if closed { [a, d, c, a, c, b] } else { [a, b, c, a, c, d] }
    });
    let indices = Indices::U32(corners.collect());
    let (positions, colours): (Vec<_>, Vec<_>) = points.into_iter().unzip();
    let normals = vec![[0.0, 0.0, 1.0]; positions.len()];
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::default())
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, positions)
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, normals)
        .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, colours)
        .with_inserted_indices(indices)
}

/// A beam of light from the origin down, facing +z: strongest in its middle and at its lamp.
pub fn beam(length: f32, top: f32, bottom: f32) -> Mesh {
    const ACROSS: [(f32, f32); 7] = [
        (-1.0, 0.0),
        (-0.62, 0.12),
        (-0.28, 0.55),
        (0.0, 1.0),
        (0.28, 0.55),
        (0.62, 0.12),
        (1.0, 0.0),
    ];
    const ALONG: [(f32, f32); 6] =
        [(1.0, 0.0), (0.75, 0.09), (0.5, 0.22), (0.25, 0.42), (0.06, 0.72), (0.0, 0.9)];
    let points = ALONG.iter().flat_map(|&(part, strength)| {
        let half = (top + (bottom - top) * part) / 2.0;
        ACROSS.map(move |(side, share)| {
            let light = strength * share;
            ([half * side, -length * part, 0.0], [light, light, light, 1.0])
        })
    });
    mesh(points.collect(), ACROSS.len() as u32, false)
}

/// The three ways in which all scenery is drawn: few materials, few draw calls.
#[derive(Debug, Clone, Resource)]
pub struct Paint {
    /// Opaque, in the colours of the vertices.
    pub solid: Handle<StandardMaterial>,
    /// Adds light to what is behind.
    pub shine: Handle<StandardMaterial>,
    /// Covers what is behind, as much as the colour says.
    pub shade: Handle<StandardMaterial>,
}

impl FromWorld for Paint {
    fn from_world(world: &mut World) -> Self {
        let mut materials = world.resource_mut::<Assets<StandardMaterial>>();
        let [solid, shine, shade] = [AlphaMode::Opaque, AlphaMode::Add, AlphaMode::Blend]
            .map(|mode| materials.add(material(mode, 0.0)));
        Self { solid, shine, shade }
    }
}

/// How such a mesh is drawn: in its own colours, `nearer` than what it lies on.
pub fn material(alpha_mode: AlphaMode, nearer: f32) -> StandardMaterial {
    StandardMaterial { unlit: true, alpha_mode, depth_bias: nearer, ..default() }
}
