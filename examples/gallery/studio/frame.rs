//! What the cameras see, and where each of them draws.

use bevy::{
    camera::{ClearColorConfig, RenderTarget, Viewport},
    core_pipeline::tonemapping::Tonemapping,
    prelude::*,
    render::render_resource::TextureFormat,
};
use bevy_persona::{cue::LookAtThis, prelude::*};

use crate::picture::Pixel;

use super::NAMES;

/// What is behind the avatars.
pub const BACKGROUND: Pixel = [214, 212, 226, 255];
/// How wide the cameras see upwards, in degrees: little, so that nothing is distorted.
const FIELD_OF_VIEW: f32 = 18.0;

/// What of an avatar is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// The face.
    Face,
    /// All of her.
    Body,
}

impl Frame {
    /// The size of one picture, in pixels.
    pub fn cell(self) -> UVec2 {
        match self {
            Self::Face => UVec2::new(112, 140),
            Self::Body => UVec2::new(96, 140),
        }
    }

    /// Where the picture of each avatar is on the strip.
    pub fn cells(self) -> [URect; NAMES.len()] {
        let size = self.cell();
        let mut left = 0;
        NAMES.map(|_| {
            let cell = URect::from_corners(UVec2::new(left, 0), UVec2::new(left, 0) + size);
            left += size.x;
            cell
        })
    }

    /// Where the camera stands whose picture shows her, in metres.
    fn view(self, feet: Vec3, head: Vec3) -> Transform {
        let (middle, high) = match self {
            Self::Face => (head + 0.07 * Vec3::Y, 0.38),
            Self::Body => (feet + 0.95 * Vec3::Y, 2.1),
        };
        let distance = 0.5 * high / (0.5 * FIELD_OF_VIEW).to_radians().tan();
        Transform::from_translation(middle + distance * Vec3::Z)
    }
}

/// Cameras that draw side by side on one image.
pub struct Strip {
    pub image: Handle<Image>,
    cameras: Vec<Entity>,
}

impl Strip {
    /// Puts a camera in front of each avatar, and makes her look at it.
    pub fn set_up(world: &mut World, frame: Frame, avatars: &[Entity]) -> Self {
        let cells = frame.cells();
        let size = cells.iter().fold(UVec2::ZERO, |size, cell| size.max(cell.max));
        let image = Image::new_target_texture(size.x, size.y, TextureFormat::Rgba8UnormSrgb, None);
        let image = world.resource_mut::<Assets<Image>>().add(image);
        let mut cameras = Vec::new();
        for ((order, cell), avatar) in (0..).zip(cells).zip(avatars) {
            let viewport =
                Viewport { physical_position: cell.min, physical_size: cell.size(), ..default() };
            let clear_color = match order {
                0 => ClearColorConfig::Default,
                // The first camera has cleared the whole strip.
                _ => ClearColorConfig::None,
            };
            let fov = FIELD_OF_VIEW.to_radians();
            let camera = (
                Camera3d::default(),
                Camera { order, clear_color, viewport: Some(viewport), ..default() },
                RenderTarget::Image(image.clone().into()),
                // The colours of toon materials are meant as they are.
                Tonemapping::None,
                Projection::Perspective(PerspectiveProjection { fov, ..default() }),
            );
            let camera = world.spawn(camera).id();
            world.entity_mut(*avatar).insert(LookAtThis(camera));
            cameras.push(camera);
        }
        Self { image, cameras }
    }

    /// Turns the cameras to where the avatars are now.
    pub fn aim(&self, world: &mut World, frame: Frame, avatars: &[Entity]) {
        for (camera, avatar) in self.cameras.iter().zip(avatars) {
            let at =
                |entity| world.get::<GlobalTransform>(entity).map(GlobalTransform::translation);
            let feet = at(*avatar).unwrap_or_default();
            let rig = world.get::<AvatarRig>(*avatar);
            let head = rig.and_then(|rig| at(rig.bone(HumanBone::Head)?.entity));
            let view = frame.view(feet, head.unwrap_or(feet + 1.4 * Vec3::Y));
            if let Some(mut stands) = world.get_mut::<Transform>(*camera) {
                *stands = view;
            }
        }
    }

    /// Lets the cameras draw, or rest: drawing takes most of the time.
    pub fn switch(&self, world: &mut World, on: bool) {
        for camera in &self.cameras {
            if let Some(mut camera) = world.get_mut::<Camera>(*camera) {
                camera.is_active = on;
            }
        }
    }

    /// Removes the cameras.
    pub fn take_down(self, world: &mut World) {
        for camera in self.cameras {
            world.despawn(camera);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_lie_side_by_side() {
        for frame in [Frame::Face, Frame::Body] {
            let cells = frame.cells();
            assert_eq!(cells[0].min, UVec2::ZERO);
            for pair in cells.windows(2) {
                assert_eq!(pair[0].max.x, pair[1].min.x);
                assert_eq!(pair[1].size(), frame.cell());
            }
        }
    }
}
