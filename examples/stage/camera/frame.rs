//! What a picture must hold, and from where it does.

use bevy::prelude::*;

/// How high a picture the camera sees, in degrees.
pub const FIELD_OF_VIEW: f32 = 26.0;

/// A middle and half a size, in metres: no part of it may be cut off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    pub centre: Vec3,
    pub half: Vec2,
}

impl Frame {
    /// All four from head to toe, with the edge of the stage.
    pub const GROUP: Self = Self { centre: Vec3::new(0.0, 1.0, 0.0), half: Vec2::new(2.0, 1.6) };
    /// All four behind the stage.
    pub const BACKSTAGE: Self =
        Self { centre: Vec3::new(0.0, 0.98, 0.0), half: Vec2::new(1.45, 1.12) };

    /// An idol from the waist up, her eyes at this height.
    pub fn portrait(at: Vec3, eyes: f32) -> Self {
        Self { centre: at.with_y(eyes - 0.22), half: Vec2::new(0.46, 0.52) }
    }

    /// An idol on the stage from the knees up.
    pub fn on_stage(at: Vec3, eyes: f32) -> Self {
        Self { centre: at.with_y(eyes - 0.34), half: Vec2::new(0.6, 0.7) }
    }

    /// From where it fills the part of the window that the chat panel does not cover.
    pub fn seen_from(self, window: Vec2, panel: f32) -> Vec3 {
        let covered = panel / window.x;
        let slope_y = (FIELD_OF_VIEW.to_radians() / 2.0).tan();
        let slope_x = slope_y * window.x / window.y;
        let free = (1.0 - covered).max(0.2);
        let distance = (self.half.y / slope_y).max(self.half.x / (slope_x * free));
        self.centre + Vec3::new(covered * distance * slope_x, 0.0, distance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_is_in_the_middle_of_what_the_panel_leaves_free() {
        let (window, panel) = (Vec2::new(1280.0, 800.0), 400.0);
        let frame = Frame { centre: Vec3::ZERO, half: Vec2::new(0.3, 0.4) };
        let camera = frame.seen_from(window, panel);
        let slope = (FIELD_OF_VIEW.to_radians() / 2.0).tan() * window.x / window.y;
        let on_screen = (0.5 - camera.x / (camera.z * slope) / 2.0) * window.x;
        assert!((on_screen - (window.x - panel) / 2.0).abs() < 0.5, "{on_screen}");
    }

    #[test]
    fn a_wider_subject_is_seen_from_further_away() {
        let from = |half_width| {
            let frame = Frame { centre: Vec3::ZERO, half: Vec2::new(half_width, 0.4) };
            frame.seen_from(Vec2::new(640.0, 400.0), 226.0).z
        };
        assert!(from(2.0) > from(1.0));
    }

    #[test]
    fn a_portrait_is_closer_than_the_group_and_shows_the_eyes() {
        let portrait = Frame::portrait(Vec3::X, 1.5);
        assert!(portrait.half.y < Frame::GROUP.half.y);
        assert!(portrait.centre.y + portrait.half.y > 1.5 + 0.2);
    }
}
