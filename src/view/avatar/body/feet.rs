//! Feet that stand stay where they stand.
//!
//! A motion that was made for other legs, or one that passes into another, lets feet slide. So a foot that
//! is on the ground and hardly moves is held there, by two-bone inverse kinematics, until the motion takes
//! it away.

use bevy::prelude::*;

use crate::view::avatar::{AvatarRig, BoneRest, HumanBone};

/// How far above its height at rest an ankle may be that stands, in metres at a hips' height of 1 m.
const GROUND: f32 = 0.025;
/// How fast an ankle may move that stands, in metres a second.
const STILL: f32 = 0.35;
/// How far the motion may take a foot from where it is held, in metres, before it steps.
const REACH: f32 = 0.07;
/// How fast a foot that was held comes back to where the motion has it, per second.
const RELEASE: f32 = 9.0;
/// How near to that it must be before it is held again, in metres.
const SETTLED: f32 = 0.01;

/// Both feet of a body.
#[derive(Debug, Clone, Default, Component)]
pub(crate) struct Feet([Foot; 2]);

/// One foot on its way; places are in the space of the avatar, in metres.
#[derive(Debug, Clone, Default)]
struct Foot {
    /// Where the motion had it a frame ago.
    last: Option<Vec3>,
    /// Where it is held, while it stands.
    anchor: Option<Vec3>,
    /// How far it is taken from where the motion has it.
    shift: Vec3,
}

/// The bones of a leg, from the top.
const LEGS: [[HumanBone; 3]; 2] = [
    [HumanBone::LeftUpperLeg, HumanBone::LeftLowerLeg, HumanBone::LeftFoot],
    [HumanBone::RightUpperLeg, HumanBone::RightLowerLeg, HumanBone::RightFoot],
];

impl Foot {
    /// Moves on by `dt` seconds; gives where the ankle should be that the motion has `at` this place.
    fn advance(&mut self, dt: f32, at: Vec3, rest_height: f32, scale: f32) -> Vec3 {
        let is_still = self.last.is_some_and(|last| at.distance(last) <= STILL * dt);
        self.last = Some(at);
        let stands = at.y - rest_height < GROUND * scale && is_still;
        let is_low = at.y - rest_height < 2.0 * GROUND * scale;
        let near = |anchor: &Vec3| is_low && at.xz().distance(anchor.xz()) < REACH * scale;
        self.anchor = self.anchor.filter(near);
        if self.anchor.is_none() {
            self.shift *= (-RELEASE * dt).exp();
            if stands && self.shift.length() < SETTLED * scale {
                self.anchor = Some(at + self.shift);
            }
        }
        if let Some(anchor) = self.anchor {
            self.shift = (anchor - at).with_y(0.0);
        }
        at + self.shift
    }
}

/// Bends hip and knee so that the ankle comes to `goal`; gives the turns of thigh and shin, and none if
/// the leg has no length. Places and turns are in the space of the avatar.
///
/// The knee stays in the plane in which it is; a goal out of reach is come near to.
fn bend(hip: Vec3, knee: Vec3, ankle: Vec3, goal: Vec3) -> Option<[Quat; 2]> {
    let (thigh, shin) = (knee.distance(hip), ankle.distance(knee));
    let (way, old_way) = (goal - hip, ankle - hip);
    if thigh < 1e-2 || shin < 1e-2 || old_way.length() < 1e-2 || way.length() < 1e-2 {
        return None;
    }
    let longest = (thigh + shin) * 0.9995;
    let far = way.length().clamp((thigh - shin).abs() * 1.001, longest);
    let between = |a: f32, b: f32, opposite: f32| {
        ((a * a + b * b - opposite * opposite) / (2.0 * a * b)).clamp(-1.0, 1.0).acos()
    };
    let (to_knee, knee_to_ankle) = (knee - hip, ankle - knee);
    // A straight leg bends about her left-right axis, knee to the front.
    let axis = to_knee.cross(knee_to_ankle).try_normalize().unwrap_or(Vec3::X);
    let bent_now = between(thigh, shin, old_way.length().min(longest));
    let bent = between(thigh, shin, far);
    let at_hip_now = between(thigh, old_way.length().min(longest), shin);
    let at_hip = between(thigh, far, shin);
    let open_hip = Quat::from_axis_angle(axis, at_hip_now - at_hip);
    let open_knee = Quat::from_axis_angle(axis, bent_now - bent);
    let swing = Quat::from_rotation_arc(old_way.normalize(), way.normalize());
    Some([swing * open_hip, swing * open_hip * open_knee])
}

/// Holds the feet of all bodies where they stand, after all else has moved them.
pub(in crate::view::avatar) fn plant(
    time: Res<Time>,
    mut bodies: Query<(&AvatarRig, &mut Feet)>,
    mut transforms: Query<&mut Transform>,
) {
    let dt = time.delta_secs();
    for (rig, mut feet) in &mut bodies {
        let feet = feet.bypass_change_detection();
        let Some(hips) = rig.bone(HumanBone::Hips) else { continue };
        let Ok(hips_now) = transforms.get(hips.entity).copied() else { continue };
        let above = Transform::from_translation(hips.parent_at).with_rotation(hips.parent);
        let hips_now = above * hips_now;
        for (leg, foot) in LEGS.iter().zip(&mut feet.0) {
            let Some(bones) = leg_of(rig, leg) else { continue };
            plant_one(dt, rig.hips_height(), hips_now, bones, foot, &mut transforms);
        }
    }
}

/// The bones of a leg, if each hangs on the one above without another in between.
fn leg_of<'a>(rig: &'a AvatarRig, leg: &[HumanBone; 3]) -> Option<[&'a BoneRest; 3]> {
    let [thigh, shin, foot] = leg.map(|bone| rig.bone(bone));
    let (hips, thigh, shin, foot) = (rig.bone(HumanBone::Hips)?, thigh?, shin?, foot?);
    let hangs = |upper: &BoneRest, lower: &BoneRest| lower.parent_at.distance(upper.at()) < 1e-3;
    let is_chain = hangs(hips, thigh) && hangs(thigh, shin) && hangs(shin, foot);
    is_chain.then_some([thigh, shin, foot])
}

fn plant_one(
    dt: f32,
    hips_height: f32,
    hips: Transform,
    bones: [&BoneRest; 3],
    foot: &mut Foot,
    transforms: &mut Query<&mut Transform>,
) {
    let Ok([thigh, shin, ankle]) = transforms.get_many(bones.map(|bone| bone.entity)) else {
        return;
    };
    let thigh_now = hips * *thigh;
    let shin_now = thigh_now * *shin;
    let ankle_now = shin_now * *ankle;
    let at = ankle_now.translation;
    let goal = foot.advance(dt, at, bones[2].at().y, hips_height);
    if goal.distance_squared(at) < 1e-8 {
        return;
    }
    let Some([turn_thigh, turn_shin]) = bend(thigh_now.translation, shin_now.translation, at, goal)
    else {
        return;
    };
    let thigh_turned = turn_thigh * thigh_now.rotation;
    let shin_turned = turn_shin * shin_now.rotation;
    let local = [
        hips.rotation.inverse() * thigh_turned,
        thigh_turned.inverse() * shin_turned,
        // The sole stays as it was.
        shin_turned.inverse() * ankle_now.rotation,
    ];
    for (bone, rotation) in bones.iter().zip(local) {
        if let Ok(mut transform) = transforms.get_mut(bone.entity) {
            transform.rotation = rotation;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FRAME: f32 = 1.0 / 60.0;

    fn foot_at(place: Vec3, foot: &mut Foot) -> Vec3 {
        foot.advance(FRAME, place, 0.08, 1.0)
    }

    #[test]
    fn a_foot_that_slides_a_little_is_held() {
        let mut foot = Foot::default();
        foot_at(Vec3::new(0.1, 0.08, 0.0), &mut foot);
        let first = foot_at(Vec3::new(0.1, 0.08, 0.0), &mut foot);
        for step in 0..30_u8 {
            let slid = Vec3::new(0.1 + 0.002 * f32::from(step), 0.08, 0.0);
            assert!(foot_at(slid, &mut foot).distance(first) < 1e-5);
        }
    }

    #[test]
    fn a_step_is_taken_and_the_foot_is_let_go_of_softly() {
        let mut foot = Foot::default();
        let mut last = foot_at(Vec3::new(0.1, 0.08, 0.0), &mut foot);
        for step in 0..60_u8 {
            let course = f32::from(step) / 60.0;
            let lifted = 0.08 + 0.15 * (course * std::f32::consts::PI).sin();
            let now = foot_at(Vec3::new(0.1 + 0.3 * course, lifted, 0.0), &mut foot);
            assert!(now.distance(last) < 0.04, "{last} to {now}");
            last = now;
        }
        assert!((last.x - 0.4).abs() < 0.08, "{last}");
    }

    #[test]
    fn a_dancing_foot_is_not_held() {
        let mut foot = Foot::default();
        for step in 0..40_u8 {
            let at = Vec3::new(0.02 * f32::from(step), 0.08, 0.0);
            assert!(foot_at(at, &mut foot).distance(at) < 1e-6);
        }
    }

    proptest! {
        #[test]
        fn the_ankle_comes_to_its_goal_and_bones_keep_their_lengths(
            x in -0.05_f32..0.05, y in 0.0_f32..0.06, z in -0.05_f32..0.05, knee in 0.01_f32..0.2,
        ) {
            let (hip, ankle) = (Vec3::new(0.1, 0.9, 0.0), Vec3::new(0.1, 0.1, 0.0));
            let middle = Vec3::new(0.1, 0.5, knee);
            let goal = ankle + Vec3::new(x, y, z);
            let [thigh, shin] = bend(hip, middle, ankle, goal).unwrap();
            let new_knee = hip + thigh * (middle - hip);
            let new_ankle = new_knee + shin * (ankle - middle);
            let reach = middle.distance(hip) + ankle.distance(middle);
            if goal.distance(hip) < reach * 0.999 {
                prop_assert!(new_ankle.distance(goal) < 2e-3, "{new_ankle} {goal}");
            }
            prop_assert!(new_knee.z > -0.06, "the knee bends to the front: {new_knee}");
        }
    }

    #[test]
    fn a_leg_without_length_is_left_alone() {
        assert!(bend(Vec3::ZERO, Vec3::ZERO, Vec3::ZERO, Vec3::Y).is_none());
    }
}
