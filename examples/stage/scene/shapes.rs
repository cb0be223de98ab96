//! Flat and square shapes, many in one mesh: furniture, windows, pictures, crowds.

use std::f32::consts::TAU;

use bevy::{
    asset::RenderAssetUsages,
    mesh::{Indices, PrimitiveTopology},
    prelude::*,
};

/// Segments of an ellipse.
const SEGMENTS: u16 = 24;

/// Triangles with a colour at each corner. What is drawn later must be nearer, or additive.
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    positions: Vec<[f32; 3]>,
    colours: Vec<[f32; 4]>,
    indices: Vec<u32>,
}

impl Shapes {
    /// Four corners, counter-clockwise as seen from the front.
    pub fn quad(&mut self, corners: [Vec3; 4], colours: [Color; 4]) -> &mut Self {
        let first = self.positions.len() as u32;
        self.positions.extend(corners.map(|corner| corner.to_array()));
        self.colours.extend(colours.map(|colour| colour.to_linear().to_f32_array()));
        self.indices.extend([0, 1, 2, 0, 2, 3].map(|corner| first + corner));
        self
    }

    /// An upright rectangle around `at`, of one colour at its foot and another at its head.
    pub fn gradient(&mut self, at: Vec3, size: Vec2, foot: Color, head: Color) -> &mut Self {
        let half = size / 2.0;
        let corner = |x: f32, y: f32| at + Vec3::new(x * half.x, y * half.y, 0.0);
        let corners = [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)];
        self.quad(corners, [foot, foot, head, head])
    }

    /// An upright rectangle around `at`.
    pub fn rect(&mut self, at: Vec3, size: Vec2, colour: Color) -> &mut Self {
        self.gradient(at, size, colour, colour)
    }

    /// Four bars around a rectangle of this size.
    pub fn frame(&mut self, at: Vec3, size: Vec2, bar: f32, colour: Color) -> &mut Self {
        let wide = Vec2::new(size.x + 2.0 * bar, bar);
        let high = Vec2::new(bar, size.y);
        let (x, y) = ((size.x + bar) / 2.0, (size.y + bar) / 2.0);
        self.rect(at + Vec3::Y * y, wide, colour)
            .rect(at - Vec3::Y * y, wide, colour)
            .rect(at + Vec3::X * x, high, colour)
            .rect(at - Vec3::X * x, high, colour)
    }

    /// An upright ellipse around `at`, of one colour in its middle and another at its rim.
    pub fn ellipse(&mut self, at: Vec3, half: Vec2, middle: Color, rim: Color) -> &mut Self {
        self.sector(at, half, 0.0..TAU, middle, rim)
    }

    /// A part of an ellipse, between two angles from the right, counter-clockwise.
    pub fn sector(
        &mut self,
        at: Vec3,
        half: Vec2,
        angles: std::ops::Range<f32>,
        middle: Color,
        rim: Color,
    ) -> &mut Self {
        let first = self.positions.len() as u32;
        self.positions.push(at.to_array());
        self.colours.push(middle.to_linear().to_f32_array());
        for step in 0..=SEGMENTS {
            let part = f32::from(step) / f32::from(SEGMENTS);
            let (sin, cos) = angles.start.lerp(angles.end, part).sin_cos();
            self.positions.push((at + Vec3::new(cos * half.x, sin * half.y, 0.0)).to_array());
            self.colours.push(rim.to_linear().to_f32_array());
        }
        let fan =
            (1..=u32::from(SEGMENTS)).flat_map(|step| [first, first + step, first + step + 1]);
        self.indices.extend(fan);
        self
    }

    /// A triangle, counter-clockwise as seen from the front.
    pub fn triangle(&mut self, corners: [Vec3; 3], colour: Color) -> &mut Self {
        let [a, b, c] = corners;
        self.quad([a, b, c, c], [colour; 4])
    }

    /// A straight line that faces +z.
    pub fn line(&mut self, from: Vec3, to: Vec3, width: f32, colour: Color) -> &mut Self {
        let side = (to - from).cross(Vec3::Z).normalize_or_zero() * width / 2.0;
        self.quad([from + side, to + side, to - side, from - side], [colour; 4])
    }

    /// A line through points that hangs or bends.
    pub fn path(&mut self, points: &[Vec3], width: f32, colour: Color) -> &mut Self {
        for pair in points.windows(2) {
            self.line(pair[0], pair[1], width, colour);
        }
        self
    }

    /// A box around `at`: its top lighter, its sides darker than its front.
    pub fn block(&mut self, at: Vec3, size: Vec3, colour: Color) -> &mut Self {
        let half = size / 2.0;
        let corner = |x: f32, y: f32, z: f32| at + half * Vec3::new(x, y, z);
        let (top, side) = (colour.mix(&Color::WHITE, 0.16), colour.mix(&Color::BLACK, 0.34));
        let front = at + Vec3::Z * half.z;
        self.quad(
            [
                corner(-1.0, 1.0, 1.0),
                corner(1.0, 1.0, 1.0),
                corner(1.0, 1.0, -1.0),
                corner(-1.0, 1.0, -1.0),
            ],
            [top; 4],
        )
        .quad(
            [
                corner(1.0, -1.0, 1.0),
                corner(1.0, -1.0, -1.0),
                corner(1.0, 1.0, -1.0),
                corner(1.0, 1.0, 1.0),
            ],
            [side; 4],
        )
        .quad(
            [
                corner(-1.0, -1.0, -1.0),
                corner(-1.0, -1.0, 1.0),
                corner(-1.0, 1.0, 1.0),
                corner(-1.0, 1.0, -1.0),
            ],
            [side; 4],
        )
        .gradient(front, size.truncate(), colour.mix(&Color::BLACK, 0.12), colour)
    }

    /// A light out of focus: strongest in its middle, nothing at its rim. For additive paint.
    pub fn glow(&mut self, at: Vec3, half: Vec2, colour: Color, strength: f32) -> &mut Self {
        self.ellipse(at, half, dimmed(colour, strength), Color::BLACK)
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// All of it.
    pub fn mesh(self) -> Mesh {
        let normals = vec![[0.0, 0.0, 1.0]; self.positions.len()];
        Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::default())
            .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, self.positions)
            .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, normals)
            .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, self.colours)
            .with_inserted_indices(Indices::U32(self.indices))
    }
}

/// A colour of less light, or more.
pub fn dimmed(colour: Color, strength: f32) -> Color {
    let LinearRgba { red, green, blue, .. } = colour.to_linear();
    Color::linear_rgb(red * strength, green * strength, blue * strength)
}

/// A number in 0..1 for each index, spread without a pattern that anybody would see.
pub fn spread(index: u16, step: f32) -> f32 {
    (f32::from(index) * step).fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_triangle_has_its_corners_and_faces_the_fan() {
        let mut shapes = Shapes::default();
        let white = Color::WHITE;
        shapes
            .rect(Vec3::ZERO, Vec2::ONE, white)
            .ellipse(Vec3::X, Vec2::ONE, white, white)
            .triangle([Vec3::ZERO, Vec3::X, Vec3::Y], white)
            .line(Vec3::ZERO, Vec3::new(1.0, 2.0, 0.0), 0.1, white)
            .frame(Vec3::ZERO, Vec2::ONE, 0.1, white);
        assert_eq!(shapes.positions.len(), shapes.colours.len());
        for triangle in shapes.indices.chunks(3) {
            let [a, b, c] = [0, 1, 2].map(|corner| {
                Vec3::from(shapes.positions[usize::try_from(triangle[corner]).unwrap()])
            });
            assert!((b - a).cross(c - a).z >= -1e-6, "{a} {b} {c}");
        }
    }

    #[test]
    fn a_line_without_length_is_harmless() {
        let mut shapes = Shapes::default();
        shapes.line(Vec3::ONE, Vec3::ONE, 0.1, Color::WHITE);
        assert!(shapes.positions.iter().flatten().all(|number| number.is_finite()));
    }
}
