//! What is added to every motion: breath, posture, glances, nods.

use std::f32::consts::PI;

use bevy::prelude::*;

use super::perform::Performance;
use crate::{
    cue::{Activity, Attention, CueBook, Gaze, GazeManner, Posture, Stress, random::SplitMix},
    view::avatar::{AvatarRig, HumanBone},
};

/// Movements of the head that come and go: nods of a listener, beats of a speaker.
#[derive(Debug, Clone, Component)]
pub(crate) struct Nods {
    random: SplitMix,
    /// Seconds until the next nod of a listener.
    wait: f32,
    running: Option<Running>,
    /// Seconds that she has lived, for breath and sway.
    seconds: f32,
}

/// A movement of the head on its way.
#[derive(Debug, Clone, Copy)]
struct Running {
    /// Seconds since it began.
    since: f32,
    /// How far it goes, in degrees.
    depth: f32,
    /// How often.
    times: f32,
    /// To the sides instead of down.
    shakes: bool,
}

impl Nods {
    /// Seconds of one nod.
    const LENGTH: f32 = 0.55;

    /// A head that moves in its own way for each seed.
    pub(in crate::view::avatar) fn new(seed: u64) -> Self {
        let mut random = SplitMix(seed);
        let (wait, seconds) = (random.between(1.0, 3.0), random.between(0.0, 60.0));
        Self { random, wait, running: None, seconds }
    }

    /// Nods twice, or shakes the head.
    pub(super) fn answer(&mut self, shakes: bool) {
        let depth = if shakes { 9.0 } else { 8.0 };
        self.running = Some(Running { since: 0.0, depth, times: 2.0, shakes });
    }

    /// Moves on by `dt` seconds; gives how far the head is to her left and down, in degrees.
    fn advance(&mut self, dt: f32, listens: bool) -> Vec2 {
        self.wait -= dt;
        if self.wait <= 0.0 {
            self.wait = self.random.lognormal(4.0, 0.5);
            if listens && self.running.is_none() {
                let times = if self.random.unit() < 0.35 { 2.0 } else { 1.0 };
                let depth = self.random.between(4.0, 7.0);
                self.running = Some(Running { since: 0.0, depth, times, shakes: false });
            }
        }
        let Some(running) = &mut self.running else { return Vec2::ZERO };
        running.since += dt;
        let Running { since, depth, times, shakes } = *running;
        let course = since / (Self::LENGTH * times);
        if course >= 1.0 {
            self.running = None;
            return Vec2::ZERO;
        }
        let swing = (course * times * PI).sin();
        if shakes {
            // Both sides, and softly in and out.
            return Vec2::new(depth * (2.0 * course * times * PI).sin() * (course * PI).sin(), 0.0);
        }
        Vec2::new(0.0, depth * (1.0 - 0.5 * course) * swing * swing)
    }
}

/// A word is stressed: the head goes with it.
pub(in crate::view::avatar) fn stress(stress: On<Stress>, mut heads: Query<&mut Nods>) {
    if let Ok(mut nods) = heads.get_mut(stress.entity)
        && nods.running.is_none()
    {
        let depth = 2.0 + 4.0 * stress.strength;
        nods.running = Some(Running { since: 0.0, depth, times: 1.0, shakes: false });
    }
}

/// Turns eyes, head and chest to what has the character's attention.
pub(in crate::view::avatar) fn gaze(
    time: Res<Time>,
    mut characters: Query<(&AvatarRig, &GlobalTransform, &Attention, &GazeManner, &mut Gaze)>,
    rigs: Query<&AvatarRig>,
    places: Query<&GlobalTransform>,
) {
    for (rig, stands, attention, manner, mut gaze) in &mut characters {
        let head_of = |rig: &AvatarRig| {
            let head = rig.bone(HumanBone::Head)?;
            places.get(head.entity).ok().map(GlobalTransform::translation)
        };
        let at = attention.0.and_then(|other| {
            let from = head_of(rig)?;
            let to = match rigs.get(other) {
                Ok(other) => head_of(other)?,
                Err(_) => places.get(other).ok()?.translation(),
            };
            Some(stands.rotation().inverse() * (to - from))
        });
        let at = at.filter(|way| way.length_squared() > 1e-4 && way.is_finite());
        let angles = at.map_or(Vec2::ZERO, |way| {
            Vec2::new(way.x.atan2(way.z), -way.y.atan2(way.xz().length()))
        });
        let angles = angles * 180.0 / PI;
        gaze.bypass_change_detection().advance(time.delta_secs(), angles, *manner);
    }
}

/// Adds to what the motion of this frame has made of the bones.
pub(in crate::view::avatar) fn add(
    time: Res<Time>,
    mut bodies: Query<(&AvatarRig, &Posture, &Gaze, &Activity, &CueBook, &Performance, &mut Nods)>,
    mut transforms: Query<&mut Transform>,
) {
    let dt = time.delta_secs();
    for (rig, posture, gaze, activity, book, performance, mut nods) in &mut bodies {
        let nods = nods.bypass_change_detection();
        nods.seconds += dt;
        let listens = book.activities.get(activity).is_some_and(|cue| cue.nods);
        let nod = nods.advance(dt, listens && !performance.gestures());
        let Posture { nod: down, turn, tilt, chest, shoulders, lean } = *posture;
        // Sways that never repeat together; breath lifts chest and shoulders.
        let wave = |per_second: f32, start: f32| (nods.seconds * per_second + start).sin();
        let breath = wave(1.5, 0.0);
        let share = gaze.now();
        let head_down = down + nod.y + 0.5 * wave(0.73, 0.4);
        let head_turn = turn + nod.x + 0.9 * wave(0.37, 0.0);
        let head_tilt = tilt + 0.8 * wave(0.5, 2.0);
        let upper = if rig.bone(HumanBone::UpperChest).is_some() {
            HumanBone::UpperChest
        } else {
            HumanBone::Chest
        };
        let mut turn = |bone: HumanBone, by: Quat| {
            let Some(rest) = rig.bone(bone) else { return };
            let Ok(mut transform) = transforms.get_mut(rest.entity) else { return };
            transform.rotation = rest.parent.inverse() * by * rest.parent * transform.rotation;
        };
        turn(HumanBone::Spine, angles(0.0, share.chest * 0.4, lean + 0.6 * wave(0.61, 1.0)));
        turn(upper, angles(chest - 0.7 * breath, share.chest * 0.6, 0.0));
        let Vec2 { x: left, y: below } = share.head;
        turn(
            HumanBone::Neck,
            angles(head_down * 0.35 + below * 0.4, head_turn * 0.3 + left * 0.4, head_tilt * 0.3),
        );
        turn(
            HumanBone::Head,
            angles(head_down * 0.65 + below * 0.6, head_turn * 0.7 + left * 0.6, head_tilt * 0.7),
        );
        let up = shoulders + 0.7 * breath;
        turn(HumanBone::LeftShoulder, angles(0.0, 0.0, -up));
        turn(HumanBone::RightShoulder, angles(0.0, 0.0, up));
        // Where the eyes are bones; where they are shapes, the face turns them.
        let eyes = angles(share.eyes.y * 0.6, share.eyes.x * 0.6, 0.0);
        turn(HumanBone::LeftEye, eyes);
        turn(HumanBone::RightEye, eyes);
    }
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
    fn a_listener_nods_now_and_then_and_smoothly() {
        let mut nods = Nods::new(5);
        let (mut last, mut deepest, mut still) = (0.0_f32, 0.0_f32, 0);
        for _ in 0..3600 {
            let nod = nods.advance(1.0 / 60.0, true).y;
            assert!((nod - last).abs() < 1.6, "{last} to {nod}");
            deepest = deepest.max(nod);
            still += usize::from(nod == 0.0);
            last = nod;
        }
        assert!(deepest > 2.0 && still > 1800, "{deepest} {still}");
    }

    #[test]
    fn a_shake_goes_to_both_sides_and_ends() {
        let mut nods = Nods::new(5);
        nods.answer(true);
        let turns: Vec<_> = (0..120).map(|_| nods.advance(1.0 / 60.0, false).x).collect();
        assert!(turns.iter().any(|turn| *turn > 4.0) && turns.iter().any(|turn| *turn < -4.0));
        assert_eq!(turns.last(), Some(&0.0));
    }

    #[test]
    fn who_does_not_listen_does_not_nod() {
        let mut nods = Nods::new(5);
        assert!((0..3600).all(|_| nods.advance(1.0 / 60.0, false) == Vec2::ZERO));
    }
}
