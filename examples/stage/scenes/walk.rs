//! Idols on a set: where they are, and how they get where they are sent.

use std::f32::consts::PI;

use bevy::prelude::*;
use bevy_persona::cue::LookAtThis;

use super::place::{Mark, Set};
use crate::{
    cast::Idol,
    view::{Shown, View},
};

/// Below this nobody moves her feet, in metres.
const NEAR: f32 = 0.03;
/// How far a step takes her.
const STEP: f32 = 0.42;
/// How fast she turns, per second.
const TURN: f32 = 7.0;
/// How far she turns to what she looks at, of the whole angle and in radians.
const TOWARDS: (f32, f32) = (0.55, 0.6);
/// How far outside somebody begins who comes later, in metres.
const ENTRANCE: f32 = 1.3;

/// Where an idol is on the set.
#[derive(Debug, Clone, Component)]
pub struct Whereabouts {
    pub at: Vec3,
    /// Where she goes, or stands.
    pub goal: Vec3,
    from: Vec3,
    /// Seconds since she left, and until she arrives.
    since: f32,
    seconds: f32,
    /// How far she is turned, to her left.
    yaw: f32,
    /// Whether she has come on.
    pub entered: bool,
    /// Whether she is low down there.
    pub kneels: bool,
    pub gait: Gait,
}

/// How her legs go.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gait {
    /// Half a turn a step, in radians.
    pub phase: f32,
    /// How wide the steps are, 0..1.
    pub width: f32,
    /// How far down she is, 0..1.
    pub low: f32,
}

impl Default for Whereabouts {
    fn default() -> Self {
        Self {
            at: Vec3::ZERO,
            goal: Vec3::ZERO,
            from: Vec3::ZERO,
            since: 0.0,
            seconds: 0.0,
            yaw: 0.0,
            entered: false,
            kneels: false,
            gait: Gait::default(),
        }
    }
}

impl Whereabouts {
    /// Stands there, not yet seen.
    pub fn waiting_at(at: Vec3) -> Self {
        Self { at, goal: at, from: at, ..Self::default() }
    }

    /// Whether she is on her way.
    pub fn is_walking(&self) -> bool {
        self.since < self.seconds && self.goal.distance(self.from) > NEAR
    }

    /// She is to go there; somebody who has not been seen yet comes from the side, or stands there
    /// from the start.
    pub fn send(&mut self, goal: Vec3, mark: &Mark, seconds: f32, has_begun: bool) {
        if !self.entered {
            self.entered = true;
            self.at = goal;
            if has_begun {
                self.at.x += ENTRANCE * if goal.x < 0.0 { -1.0 } else { 1.0 };
            }
        }
        self.kneels = mark.is_low;
        (self.from, self.goal) = (self.at, goal);
        (self.since, self.seconds) = (0.0, seconds.clamp(0.0, 20.0));
        if self.seconds < 0.05 {
            self.at = goal;
        }
    }

    /// Moves on by `dt` seconds; `aside` is how far what she looks at lies to her left.
    fn advance(&mut self, dt: f32, set: Set, aside: f32) {
        let before = self.at;
        let walks = self.is_walking();
        if walks {
            self.since += dt;
            let part = (self.since / self.seconds).min(1.0);
            let smooth = part * part * (3.0 - 2.0 * part);
            let flat = self.from.lerp(self.goal, smooth);
            self.at = flat.with_y(self.at.y);
        } else {
            self.at = self.goal.with_y(self.at.y);
        }
        let ground = if walks { set.ground(self.at.x) } else { self.goal.y };
        self.at.y += (ground - self.at.y) * (1.0 - (-11.0 * dt).exp());

        let way = (self.at - before).with_y(0.0).length();
        let speed = if dt > 0.0 { way / dt } else { 0.0 };
        self.gait.phase = (self.gait.phase + way / STEP * PI) % (2.0 * PI);
        let ease = 1.0 - (-9.0 * dt).exp();
        self.gait.width += ((speed / 0.8).min(1.0) - self.gait.width) * ease;
        let low = if self.kneels && !walks { 1.0 } else { 0.0 };
        self.gait.low += (low - self.gait.low) * (1.0 - (-5.0 * dt).exp());

        let way = self.goal - self.from;
        let heading = if walks && way.length() > 0.12 {
            way.x.atan2(way.z).clamp(-1.3, 1.3)
        } else {
            (aside * TOWARDS.0).clamp(-TOWARDS.1, TOWARDS.1)
        };
        self.yaw += (heading - self.yaw) * (1.0 - (-TURN * dt).exp());
    }
}

pub fn plugin(app: &mut App) {
    app.register_required_components::<Idol, Whereabouts>()
        .add_systems(Update, walk.after(crate::view::ViewSystems));
}

pub fn walk(
    time: Res<Time>,
    shown: Res<Shown>,
    targets: Query<&GlobalTransform>,
    mut idols: Query<
        (&mut Whereabouts, &mut Transform, &mut Visibility, Option<&LookAtThis>),
        With<Idol>,
    >,
) {
    let View::Scene(set) = shown.0 else { return };
    for (mut place, mut transform, mut visibility, look) in &mut idols {
        let target =
            look.and_then(|look| targets.get(look.0).ok()).map(GlobalTransform::translation);
        let aside = target.map_or(0.0, |target| {
            let way = target - place.at;
            way.x.atan2(way.z.max(0.3))
        });
        place.advance(time.delta_secs(), set, aside);
        transform.translation = place.at - Vec3::Y * place.gait.drop();
        transform.rotation = Quat::from_rotation_y(place.yaw);
        let seen = if place.entered { Visibility::Inherited } else { Visibility::Hidden };
        visibility.set_if_neq(seen);
    }
}

impl Gait {
    /// How far a shin is long: who kneels is so much lower.
    const SHIN: f32 = 0.36;

    /// How far the hips are lower than when she stands, in metres.
    fn drop(self) -> f32 {
        let bob = 0.022 * self.width * (1.0 - (2.0 * self.phase).cos()) / 2.0;
        bob + Self::SHIN * self.low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn she_arrives_in_time_on_the_ground_and_faces_the_fan_again() {
        let set = Set::Staircase;
        let mark = set.mark("floor8").unwrap();
        let mut place = Whereabouts::waiting_at(set.home(1));
        place.entered = true;
        place.send(mark.floor, &mark, 2.0, true);
        let mut turned = 0.0_f32;
        for _ in 0..120 {
            place.advance(1.0 / 60.0, set, 0.0);
            turned = turned.max(place.yaw);
        }
        assert!(turned > 1.0, "{turned}");
        for _ in 0..90 {
            place.advance(1.0 / 60.0, set, 0.0);
        }
        assert!(!place.is_walking());
        assert!(place.at.distance(mark.floor) < 0.02, "{}", place.at);
        assert!(place.yaw.abs() < 0.05 && place.gait.width < 0.05);
    }

    #[test]
    fn who_comes_later_comes_from_the_side() {
        let mark = Set::Workshop.mark("door").unwrap();
        let mut early = Whereabouts::default();
        early.send(mark.floor, &mark, 0.5, false);
        assert_eq!(early.at, mark.floor);
        let mut late = Whereabouts::default();
        late.send(mark.floor, &mark, 0.5, true);
        assert!(late.at.x > mark.floor.x + 1.0 && late.entered);
    }
}
