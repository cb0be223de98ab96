//! How a body stands that makes no motion: arms down, hands at rest.

use bevy::prelude::*;

use crate::view::avatar::{AvatarRig, HumanBone};

/// The bones to which breath, posture and glances are added in each frame.
pub(super) const ADDED_TO: [HumanBone; 9] = [
    HumanBone::Spine,
    HumanBone::Chest,
    HumanBone::UpperChest,
    HumanBone::Neck,
    HumanBone::Head,
    HumanBone::LeftShoulder,
    HumanBone::RightShoulder,
    HumanBone::LeftEye,
    HumanBone::RightEye,
];

/// Takes new bodies out of their T-pose; puts bones that are added to back to where they start from.
pub(in crate::view::avatar) fn stand(
    rigs: Query<Ref<AvatarRig>>,
    mut transforms: Query<&mut Transform>,
) {
    for rig in &rigs {
        let mut set = |bone: HumanBone| {
            if let Some(rest) = rig.bone(bone)
                && let Ok(mut transform) = transforms.get_mut(rest.entity)
            {
                transform.rotation = rest.turned(at_rest(bone).unwrap_or(Quat::IDENTITY));
            }
        };
        if rig.is_added() {
            HumanBone::ALL.iter().copied().for_each(&mut set);
        } else {
            ADDED_TO.into_iter().for_each(&mut set);
        }
    }
}

/// How a bone is turned at rest; none where the T-pose is right already.
fn at_rest(bone: HumanBone) -> Option<Quat> {
    // Left arms point to +x. What turns them down and forward turns right arms the other way.
    let name = bone.as_str();
    let (side, part) = match (name.strip_prefix("left"), name.strip_prefix("right")) {
        (Some(part), _) => (1.0, part),
        (_, Some(part)) => (-1.0, part),
        _ => return None,
    };
    let down = |degrees: f32| Quat::from_rotation_z(-side * degrees.to_radians());
    let forward = |degrees: f32| Quat::from_rotation_y(-side * degrees.to_radians());
    Some(match part {
        "UpperArm" => forward(6.0) * down(62.0),
        "LowerArm" => forward(18.0),
        "Hand" => down(4.0),
        "ThumbProximal" => forward(-14.0),
        "ThumbDistal" => forward(-12.0),
        _ => down(curl(part)?),
    })
}

/// How far a joint of a relaxed hand is bent, in degrees: the little finger most.
fn curl(joint: &str) -> Option<f32> {
    const FINGERS: [(&str, f32); 4] =
        [("Index", 11.0), ("Middle", 14.0), ("Ring", 15.5), ("Little", 17.5)];
    const JOINTS: [(&str, f32); 3] = [("Proximal", 0.9), ("Intermediate", 1.1), ("Distal", 0.7)];
    let (finger, degrees) = FINGERS.into_iter().find(|(name, _)| joint.starts_with(name))?;
    let rest = joint.strip_prefix(finger)?;
    let (_, share) = JOINTS.into_iter().find(|(name, _)| *name == rest)?;
    Some(degrees * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_arms_hang_down_and_mirror_each_other() {
        let left = at_rest(HumanBone::LeftUpperArm).unwrap() * Vec3::X;
        let right = at_rest(HumanBone::RightUpperArm).unwrap() * Vec3::NEG_X;
        assert!(left.y < -0.8 && left.z > 0.0);
        assert!((left - right * Vec3::new(-1.0, 1.0, 1.0)).length() < 1e-5);
    }

    #[test]
    fn the_rest_of_the_body_stays() {
        for bone in [HumanBone::Hips, HumanBone::Head, HumanBone::LeftUpperLeg] {
            assert_eq!(at_rest(bone), None, "{bone}");
        }
    }
}
