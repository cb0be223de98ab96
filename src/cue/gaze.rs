//! Where eyes, head and chest turn.
//!
//! Eyes jump first, the head follows, and the eyes turn back as it arrives (the vestibulo-ocular
//! reflex); far turns take the chest along. While they rest on somebody they move a little from eye
//! to eye, and now and then they look away for a moment, more so while thinking (Argyle and Cook,
//! *Gaze and Mutual Gaze*, 1976).

use bevy::prelude::*;
use serde::Deserialize;

use super::random::SplitMix;

/// How somebody looks at another.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Component)]
#[serde(default, deny_unknown_fields)]
pub struct GazeManner {
    /// The share of time for which the eyes meet the other's, 0..1.
    pub contact: f32,
    /// Where eyes go that look away, in degrees to either side.
    pub aside: f32,
    /// Where eyes go that look away, in degrees down; negative is up.
    pub down: f32,
}

impl Default for GazeManner {
    fn default() -> Self {
        Self { contact: 0.8, aside: 14.0, down: 4.0 }
    }
}

impl GazeManner {
    /// In between two manners.
    #[must_use]
    pub fn mix(self, other: Self, share: f32) -> Self {
        let mix = |from: f32, to: f32| from + (to - from) * share;
        Self {
            contact: mix(self.contact, other.contact),
            aside: mix(self.aside, other.aside),
            down: mix(self.down, other.down),
        }
    }
}

/// Turns in degrees: to her left, and down.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct GazeShare {
    /// Of the eyes in the head.
    pub eyes: Vec2,
    /// Of the head on the chest.
    pub head: Vec2,
    /// Of the chest, to her left.
    pub chest: f32,
}

/// The eyes of one character.
#[derive(Debug, Clone, Component)]
pub struct Gaze {
    random: SplitMix,
    now: GazeShare,
    /// Seconds until the eyes go elsewhere.
    fixation: f32,
    /// Where they are, seen from what they look at, in degrees.
    offset: Vec2,
    averted: bool,
}

impl Gaze {
    /// How far eyes turn with ease, in degrees.
    const EYES: Vec2 = Vec2::new(24.0, 16.0);
    /// How far a head turns with ease.
    const HEAD: Vec2 = Vec2::new(50.0, 22.0);
    /// What lies further away than this is not looked at.
    const FIELD: f32 = 100.0;

    /// Eyes that move in their own way for each seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            random: SplitMix(seed),
            now: GazeShare::default(),
            fixation: 0.0,
            offset: Vec2::ZERO,
            averted: false,
        }
    }

    /// Moves on by `dt` seconds towards something that lies `at` degrees to her left and down.
    pub fn advance(&mut self, dt: f32, at: Vec2, manner: GazeManner) -> GazeShare {
        self.fixation -= dt;
        if self.fixation <= 0.0 {
            self.fixate(manner);
        }
        let at = if at.x.abs() > Self::FIELD { Vec2::ZERO } else { at };
        let goal = at + self.offset;
        let chest = 0.22 * (goal.x.abs() - 12.0).max(0.0) * goal.x.signum();
        // Heads are lazy: small and short glances are for the eyes alone.
        let share = if self.averted { 0.25 } else { 0.75 };
        let lead = at + self.offset * share;
        let head = Vec2::new((lead.x - chest) * 0.75, lead.y * 0.6);
        let head = head.clamp(-Self::HEAD, Self::HEAD);
        let ease = |rate: f32| 1.0 - (-rate * dt).exp();
        self.now.chest += (chest.clamp(-25.0, 25.0) - self.now.chest) * ease(2.5);
        self.now.head += (head - self.now.head) * ease(5.0);
        let rest = goal - self.now.head - Vec2::new(self.now.chest, 0.0);
        let eyes = rest.clamp(-Self::EYES, Self::EYES);
        self.now.eyes += (eyes - self.now.eyes) * ease(28.0);
        self.now
    }

    /// The turns of the moment.
    #[must_use]
    pub fn now(&self) -> GazeShare {
        self.now
    }

    fn fixate(&mut self, manner: GazeManner) {
        let random = &mut self.random;
        // Glances away last about half as long as looks, so they must come twice as often.
        let away = (1.0 - manner.contact).clamp(0.0, 1.0);
        let often = 2.0 * away / (1.0 + away);
        self.averted = random.unit() < often;
        if self.averted {
            let side = if random.unit() < 0.5 { -1.0 } else { 1.0 };
            let aside = side * manner.aside * random.between(0.7, 1.2);
            self.offset = Vec2::new(aside, manner.down * random.between(0.6, 1.3));
            self.fixation = random.lognormal(0.9, 0.35);
        } else {
            self.offset = Vec2::new(random.between(-1.6, 1.6), random.between(-0.8, 1.4));
            self.fixation = random.lognormal(1.7, 0.5);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: f32 = 1.0 / 60.0;
    const STEADY: GazeManner = GazeManner { contact: 1.0, aside: 14.0, down: 4.0 };

    fn sum(share: GazeShare) -> Vec2 {
        share.eyes + share.head + Vec2::new(share.chest, 0.0)
    }

    #[test]
    fn eyes_head_and_chest_together_reach_what_is_looked_at() {
        let mut gaze = Gaze::new(5);
        for _ in 0..240 {
            gaze.advance(FRAME, Vec2::new(40.0, -8.0), STEADY);
        }
        let off = (sum(gaze.now()) - Vec2::new(40.0, -8.0)).length();
        assert!(off < 3.0, "{off}");
        assert!(gaze.now().chest > 3.0 && gaze.now().head.x > 10.0);
    }

    #[test]
    fn eyes_arrive_before_the_head() {
        let mut gaze = Gaze::new(5);
        for _ in 0..6 {
            gaze.advance(FRAME, Vec2::new(18.0, 0.0), STEADY);
        }
        assert!(gaze.now().eyes.x > 1.5 * gaze.now().head.x);
    }

    #[test]
    fn who_is_behind_her_does_not_twist_her_neck() {
        let mut gaze = Gaze::new(5);
        for _ in 0..240 {
            gaze.advance(FRAME, Vec2::new(170.0, 0.0), STEADY);
        }
        assert!(sum(gaze.now()).length() < 5.0);
    }

    #[test]
    fn eyes_meet_for_about_the_share_that_the_manner_says() {
        let share = |contact: f32| {
            let mut gaze = Gaze::new(9);
            let manner = GazeManner { contact, ..STEADY };
            let met = (0..36_000).filter(|_| {
                gaze.advance(FRAME, Vec2::ZERO, manner);
                !gaze.averted
            });
            met.count() as f32 / 36_000.0
        };
        assert!((share(0.8) - 0.8).abs() < 0.08, "{}", share(0.8));
        assert!((share(0.4) - 0.4).abs() < 0.12, "{}", share(0.4));
        assert!(share(1.0) > 0.999);
    }
}
