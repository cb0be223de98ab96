//! From the T-pose of the avatar files to arms at rest.

use bevy::prelude::*;
use bevy_vrm1::prelude::VrmBone;

pub fn plugin(app: &mut App) {
    app.add_systems(Update, lower_arms);
}

/// Rest rotations are all identity in VRM 1.0, so a pose is set, not added.
fn lower_arms(mut bones: Query<(&VrmBone, &mut Transform), Added<VrmBone>>) {
    for (bone, mut transform) in &mut bones {
        if let Some(rotation) = at_rest(&bone.0) {
            transform.rotation = rotation;
        }
    }
}

/// How a bone is turned at rest; none where the T-pose is right already.
fn at_rest(bone: &str) -> Option<Quat> {
    // Left arms point to +x. What turns them down and forward turns right arms the other way.
    let (side, part) = match (bone.strip_prefix("left"), bone.strip_prefix("right")) {
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
        let left = at_rest("leftUpperArm").unwrap() * Vec3::X;
        let right = at_rest("rightUpperArm").unwrap() * Vec3::NEG_X;
        assert!(left.y < -0.8 && left.z > 0.0);
        assert!((left - right * Vec3::new(-1.0, 1.0, 1.0)).length() < 1e-5);
    }

    #[test]
    fn fingers_bend_towards_the_palm() {
        let tip = at_rest("leftLittleIntermediate").unwrap() * Vec3::X;
        assert!(tip.y < -0.2);
    }

    #[test]
    fn the_rest_of_the_body_stays() {
        for bone in ["hips", "head", "leftUpperLeg", "leftShoulder", "leftThumbMetacarpal"] {
            assert_eq!(at_rest(bone), None, "{bone}");
        }
    }
}
