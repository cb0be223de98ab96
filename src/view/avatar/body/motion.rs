//! A motion that any humanoid can make.

use bevy::prelude::*;

use crate::view::avatar::HumanBone;

/// Turns of bones over time, seen in the axes of an avatar in T-pose that looks along +z.
///
/// Made from a VRM animation (`.vrma`). It knows nothing of the lengths of a body; the way of the hips is
/// in heights of hips.
#[derive(Debug, Clone, PartialEq, Asset, TypePath)]
pub(crate) struct Motion {
    pub(super) turns: Vec<Track<Quat>>,
    /// Where the hips are, 1 being their height at rest.
    pub(super) hips: Option<Track<Vec3>>,
    /// How long it takes, in seconds.
    pub(super) seconds: f32,
}

/// What one bone does.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Track<T> {
    pub(super) bone: HumanBone,
    /// Seconds, rising.
    pub(super) times: Vec<f32>,
    pub(super) values: Vec<T>,
}
