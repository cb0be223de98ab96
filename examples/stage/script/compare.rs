//! Whether two pictures show something different.

use bevy::prelude::*;

/// How far a channel of a pixel must be off to count, of 255.
const VISIBLE: u8 = 24;
/// Channels of a pixel.
const CHANNELS: usize = 4;

/// The part of the pixels that visibly differ, 0..1; nothing if the pictures cannot be compared.
pub fn differing(a: &Image, b: &Image) -> Option<f32> {
    let (a, b) = (a.data.as_ref()?, b.data.as_ref()?);
    if a.len() != b.len() || a.is_empty() {
        return None;
    }
    let pixels = a.chunks(CHANNELS).zip(b.chunks(CHANNELS));
    let differs = |(a, b): &(&[u8], &[u8])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > VISIBLE);
    let count = pixels.clone().filter(differs).count();
    #[expect(clippy::cast_precision_loss, reason = "pictures have far less than 2^24 pixels")]
    let part = count as f32 / pixels.len() as f32;
    Some(part)
}

#[cfg(test)]
mod tests {
    use bevy::{
        asset::RenderAssetUsages,
        render::render_resource::{Extent3d, TextureDimension, TextureFormat},
    };

    use super::*;

    fn picture(pixels: &[[u8; 4]]) -> Image {
        let size = Extent3d { width: u32::try_from(pixels.len()).unwrap(), ..default() };
        let data = pixels.concat();
        let format = TextureFormat::Rgba8UnormSrgb;
        Image::new(size, TextureDimension::D2, data, format, RenderAssetUsages::MAIN_WORLD)
    }

    #[test]
    fn only_what_can_be_seen_counts() {
        let before = picture(&[[0; 4], [10; 4], [20; 4], [200; 4]]);
        let after = picture(&[[0; 4], [30; 4], [20; 4], [90; 4]]);
        assert_eq!(differing(&before, &after), Some(0.25));
        assert_eq!(differing(&before, &before), Some(0.0));
        assert_eq!(differing(&before, &picture(&[[0; 4]])), None);
    }
}
