//! From a motion to a clip for one body.

use bevy::{
    animation::{animatable::Animatable, animated_field},
    prelude::*,
};

use super::motion::Motion;
use crate::view::avatar::{AvatarRig, HumanBone};

/// The motion as this body makes it.
pub(super) fn clip(motion: &Motion, rig: &AvatarRig) -> AnimationClip {
    let mut clip = AnimationClip::default();
    for track in &motion.turns {
        let Some(rest) = rig.bone(track.bone) else { continue };
        let keys = track.times.iter().zip(&track.values);
        let keys: Vec<_> = keys.map(|(time, turn)| (*time, rest.turned(*turn))).collect();
        let target = AvatarRig::target(track.bone);
        if let Some(curve) = curve(keys) {
            clip.add_curve_to_target(
                target,
                AnimatableCurve::new(animated_field!(Transform::rotation), curve),
            );
        }
    }
    if let (Some(way), Some(rest)) = (&motion.hips, rig.bone(HumanBone::Hips)) {
        let height = rig.hips_height();
        let keys = way.times.iter().zip(&way.values);
        let place = |at: &Vec3| rest.parent.inverse() * (*at * height - rest.parent_at);
        let keys: Vec<_> = keys.map(|(time, at)| (*time, place(at))).collect();
        if let Some(curve) = curve(keys) {
            clip.add_curve_to_target(
                AvatarRig::target(HumanBone::Hips),
                AnimatableCurve::new(animated_field!(Transform::translation), curve),
            );
        }
    }
    clip.set_duration(motion.seconds);
    clip
}

/// A curve through the keys; one key alone is held.
fn curve<T: Animatable + Copy>(mut keys: Vec<(f32, T)>) -> Option<AnimatableKeyframeCurve<T>> {
    if let [(time, value)] = keys[..] {
        keys.push((time + 0.1, value));
    }
    AnimatableKeyframeCurve::new(keys).ok()
}
