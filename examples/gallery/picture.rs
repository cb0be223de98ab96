//! Pictures in memory: cut, paste, compare, save.

use std::path::{Path, PathBuf};

use bevy::{
    asset::RenderAssetUsages,
    image::Image,
    math::{URect, UVec2},
    render::render_resource::{Extent3d, TextureDimension, TextureFormat},
};
use thiserror::Error;

/// Red, green, blue, opacity, 0..255 each.
pub type Pixel = [u8; 4];

/// How far a channel of a pixel must be off to count as another, of 255.
const VISIBLE: u8 = 24;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    size: UVec2,
    /// Row by row from the top.
    pixels: Vec<Pixel>,
}

/// A picture that cannot be saved.
#[derive(Debug, Error)]
#[error("{}: {reason}", .path.display())]
pub struct PictureError {
    path: PathBuf,
    reason: String,
}

impl Picture {
    /// A picture of one colour.
    pub fn plain(size: UVec2, colour: Pixel) -> Self {
        Self { size, pixels: vec![colour; (size.x * size.y) as usize] }
    }

    /// What a camera has taken, if it has four channels of one byte.
    pub fn of(image: &Image) -> Option<Self> {
        let size = image.size();
        let (pixels, rest) = image.data.as_ref()?.as_chunks::<4>();
        let whole = rest.is_empty() && pixels.len() == (size.x * size.y) as usize;
        whole.then(|| Self { size, pixels: pixels.to_vec() })
    }

    /// Width and height, in pixels.
    pub fn size(&self) -> UVec2 {
        self.size
    }

    /// A part of it; what lies outside is left out.
    pub fn cut(&self, part: URect) -> Self {
        let part = part.intersect(URect::from_corners(UVec2::ZERO, self.size));
        let size = part.size();
        let rows = (part.min.y..part.max.y).flat_map(|y| {
            let from = (y * self.size.x + part.min.x) as usize;
            &self.pixels[from..from + size.x as usize]
        });
        Self { size, pixels: rows.copied().collect() }
    }

    /// Puts another one on top, its upper left corner at `at`; what lies outside is left out.
    pub fn paste(&mut self, other: &Self, at: UVec2) {
        for y in 0..other.size.y {
            for x in 0..other.size.x {
                self.set(at + UVec2::new(x, y), other.pixels[(y * other.size.x + x) as usize]);
            }
        }
    }

    /// Colours one pixel; one outside is passed over.
    pub fn set(&mut self, at: UVec2, colour: Pixel) {
        if at.x < self.size.x && at.y < self.size.y {
            self.pixels[(at.y * self.size.x + at.x) as usize] = colour;
        }
    }

    /// The part of its pixels that visibly differ from those of another of the same size, 0..1.
    pub fn differing(&self, other: &Self) -> f32 {
        if self.size != other.size || self.pixels.is_empty() {
            return 1.0;
        }
        let pixels = self.pixels.iter().zip(&other.pixels);
        part(pixels.filter(|(a, b)| differ(a, b)).count(), self.pixels.len())
    }

    /// The part of its pixels that visibly differ from a colour, 0..1.
    pub fn covering(&self, background: Pixel) -> f32 {
        part(self.pixels.iter().filter(|a| differ(a, &background)).count(), self.pixels.len())
    }

    /// Writes it to a file; the ending says in which format.
    ///
    /// # Errors
    /// If that is not possible.
    pub fn save(&self, path: &Path) -> Result<(), PictureError> {
        let failed = |reason: String| PictureError { path: path.to_owned(), reason };
        let size = Extent3d { width: self.size.x, height: self.size.y, depth_or_array_layers: 1 };
        let image = Image::new(
            size,
            TextureDimension::D2,
            self.pixels.as_flattened().to_vec(),
            TextureFormat::Rgba8UnormSrgb,
            RenderAssetUsages::MAIN_WORLD,
        );
        let image = image.try_into_dynamic().map_err(|error| failed(error.to_string()))?;
        image.to_rgb8().save(path).map_err(|error| failed(error.to_string()))
    }
}

fn differ(a: &Pixel, b: &Pixel) -> bool {
    a.iter().zip(b).take(3).any(|(a, b)| a.abs_diff(*b) > VISIBLE)
}

#[expect(clippy::cast_precision_loss, reason = "pictures have far less than 2^24 pixels")]
fn part(count: usize, all: usize) -> f32 {
    count as f32 / all.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: Pixel = [0, 0, 0, 255];
    const WHITE: Pixel = [255; 4];

    fn dotted(at: UVec2) -> Picture {
        let mut picture = Picture::plain(UVec2::new(4, 2), BLACK);
        picture.set(at, WHITE);
        picture
    }

    #[test]
    fn only_what_can_be_seen_counts() {
        let dark = Picture::plain(UVec2::new(4, 2), [10, 10, 10, 255]);
        let dot = dotted(UVec2::new(3, 1));
        assert!((dot.differing(&dark) - 0.125).abs() < 1e-6);
        assert!((dot.covering(BLACK) - 0.125).abs() < 1e-6);
        assert!(dark.covering(BLACK) < 1e-6);
    }

    #[test]
    fn what_is_cut_out_can_be_pasted_back() {
        let dot = dotted(UVec2::new(3, 1));
        let cut = dot.cut(URect::new(2, 1, 9, 9));
        assert_eq!(cut.size(), UVec2::new(2, 1));
        let mut other = dotted(UVec2::new(0, 0));
        other.set(UVec2::ZERO, BLACK);
        other.paste(&cut, UVec2::new(2, 1));
        assert_eq!(other, dot);
        other.paste(&cut, UVec2::new(3, 1));
        assert_eq!(other.size(), dot.size());
    }
}
