//! How a body carries itself: breath, a look at the fan, and what she feels.

use bevy::{ecs::query::QueryData, prelude::*};
use bevy_persona::prelude::*;
use bevy_vrm1::prelude::{
    HeadBoneEntity, LeftShoulderBoneEntity, NeckBoneEntity, RightShoulderBoneEntity,
    SpineBoneEntity, UpperChestBoneEntity,
};

use crate::{
    Setting,
    camera::Fan,
    cast::{EyeLevel, Idol},
};

pub fn plugin(app: &mut App) {
    app.register_required_components::<Idol, Posture>()
        .add_systems(Update, carry.after(PersonaSystems::Express));
}

/// What of a body is on its way from one bearing to another.
#[derive(Debug, Default, Component)]
struct Posture {
    /// Where she looks, in degrees to her left and down.
    gaze: Vec2,
    /// How much she is in the middle of speaking, 0..1.
    speaking: f32,
}

/// Angles in degrees, from standing straight.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Bearing {
    /// Head down.
    nod: f32,
    /// Head to her left.
    turn: f32,
    /// Head towards her right shoulder.
    tilt: f32,
    /// Chest forward and down.
    chest: f32,
    /// Shoulders up.
    shoulders: f32,
    /// Upper body towards her right.
    lean: f32,
}

impl Bearing {
    fn of(emotion: &Emotion) -> Self {
        let still = Self::default();
        match emotion {
            Emotion::Joy => Self { nod: -4.0, tilt: 4.0, chest: -3.0, ..still },
            Emotion::Sad => Self { nod: 9.0, tilt: 3.0, chest: 4.0, shoulders: -3.0, ..still },
            Emotion::Angry => Self { nod: 4.0, chest: -2.0, shoulders: 3.0, ..still },
            Emotion::Surprised => Self { nod: -6.0, chest: -4.0, shoulders: 5.0, ..still },
            Emotion::Shy => {
                Self { nod: 9.0, turn: -9.0, tilt: 6.0, chest: 3.0, shoulders: 4.0, ..still }
            }
            Emotion::Love => Self { nod: 2.0, tilt: 8.0, chest: -1.0, ..still },
            Emotion::Playful => Self { nod: -2.0, turn: 5.0, tilt: -8.0, ..still },
            Emotion::Neutral | Emotion::Custom(_) => still,
        }
    }

    fn add(&mut self, other: Self, share: f32) {
        self.nod += other.nod * share;
        self.turn += other.turn * share;
        self.tilt += other.tilt * share;
        self.chest += other.chest * share;
        self.shoulders += other.shoulders * share;
        self.lean += other.lean * share;
    }

    /// Breath and the small sway of somebody who stands; slow waves that never repeat together.
    fn idle(seconds: f32) -> Self {
        let wave = |per_second: f32, start: f32| (seconds * per_second + start).sin();
        Self {
            nod: 0.8 * wave(0.73, 0.4),
            turn: 1.6 * wave(0.37, 0.0),
            tilt: 1.2 * wave(0.5, 2.0),
            chest: -wave(1.5, 0.0),
            shoulders: 0.8 * wave(1.5, 0.0),
            lean: 0.9 * wave(0.61, 1.0),
        }
    }

    /// Small nods in the rhythm of speech.
    fn talk(seconds: f32) -> Self {
        Self {
            nod: 1.6 * (seconds * 5.1).sin(),
            tilt: 2.5,
            turn: 1.2 * (seconds * 2.3).sin(),
            ..Self::default()
        }
    }
}

/// The bones that a bearing moves.
#[derive(QueryData)]
struct Bones {
    spine: &'static SpineBoneEntity,
    chest: &'static UpperChestBoneEntity,
    neck: &'static NeckBoneEntity,
    head: &'static HeadBoneEntity,
    left: &'static LeftShoulderBoneEntity,
    right: &'static RightShoulderBoneEntity,
}

fn carry(
    time: Res<Time>,
    setting: Res<Setting>,
    fan: Single<&GlobalTransform, With<Fan>>,
    mut idols: Query<(
        &GlobalTransform,
        &EyeLevel,
        &EmotionBlend,
        &DialogueState,
        &mut Posture,
        Bones,
    )>,
    mut transforms: Query<&mut Transform>,
) {
    for (index, (at, eyes, blend, state, mut posture, bones)) in (0_u8..).zip(&mut idols) {
        let speaking = f32::from(u8::from(*state == DialogueState::Replying));
        posture.speaking.smooth_nudge(&speaking, 4.0, time.delta_secs());
        let eyes = at.translation().with_y(eyes.0);
        posture.gaze.smooth_nudge(&towards(fan.translation() - eyes), 5.0, time.delta_secs());

        let mut bearing = Bearing::default();
        for (emotion, weight) in blend.weights() {
            bearing.add(Bearing::of(emotion), *weight);
        }
        if setting.alive {
            let seconds = time.elapsed_secs() + 1.7 * f32::from(index);
            bearing.add(Bearing::idle(seconds), 1.0);
            bearing.add(Bearing::talk(seconds), posture.speaking);
        }
        let mut turn = |bone: Entity, rotation: Quat| {
            if let Ok(mut transform) = transforms.get_mut(bone) {
                transform.rotation = rotation;
            }
        };
        let Vec2 { x: left, y: down } = posture.gaze;
        let Bearing { nod, turn: aside, tilt, chest, shoulders, lean } = bearing;
        turn(bones.spine.0, angles(0.0, 0.0, lean));
        turn(bones.chest.0, angles(chest, left * 0.15, 0.0));
        turn(bones.neck.0, angles(nod * 0.35 + down * 0.3, aside * 0.3 + left * 0.25, tilt * 0.3));
        turn(bones.head.0, angles(nod * 0.65 + down * 0.5, aside * 0.7 + left * 0.45, tilt * 0.7));
        turn(bones.left.0, angles(0.0, 0.0, shoulders - 5.0));
        turn(bones.right.0, angles(0.0, 0.0, 5.0 - shoulders));
    }
}

/// The angles of a look along `way`, no further than a neck turns with ease.
fn towards(way: Vec3) -> Vec2 {
    let left = way.x.atan2(way.z).to_degrees().clamp(-30.0, 30.0);
    let down = -way.y.atan2(way.xz().length()).to_degrees();
    Vec2::new(left, down.clamp(-12.0, 12.0))
}

/// Degrees down, to her left, and towards her right shoulder.
fn angles(down: f32, left: f32, right: f32) -> Quat {
    let [down, left, right] = [down, left, right].map(f32::to_radians);
    Quat::from_rotation_y(left) * Quat::from_rotation_x(down) * Quat::from_rotation_z(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nod_lowers_the_face_and_a_turn_goes_to_her_left() {
        assert!((angles(10.0, 0.0, 0.0) * Vec3::Z).y < 0.0);
        assert!((angles(0.0, 10.0, 0.0) * Vec3::Z).x > 0.0);
        assert!((angles(0.0, 0.0, 10.0) * Vec3::Y).x < 0.0);
    }

    #[test]
    fn she_looks_at_a_fan_in_front_and_does_not_twist_her_neck() {
        assert_eq!(towards(Vec3::new(0.0, 0.0, 2.0)), Vec2::ZERO);
        assert_eq!(towards(Vec3::new(9.0, 0.0, 1.0)).x, 30.0);
        assert!(towards(Vec3::new(0.0, -0.2, 2.0)).y > 0.0);
    }
}
