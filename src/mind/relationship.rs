//! How a fan and a member stand with each other, and how that changes.

mod event;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Audience;

pub use event::RelationEvent;

/// The most that a number can rise on one day.
const MOST_A_DAY: f32 = 6.0;
/// How much less each repetition of the same event counts on one day.
const REPEATED: f32 = 0.6;

/// How a fan and a member stand with each other. Each number lies between 0 and 100.
///
/// | event | affinity | trust | familiarity |
/// |---|---|---|---|
/// | talked | +0.4 | +0.1 | +0.6 |
/// | comforted | +1.5 | +2 | +0.5 |
/// | shared a secret | +1.5 | +3 | +1 |
/// | complimented | +1 | +0.3 | +0.2 |
/// | celebrated | +1.2 | +0.8 | +0.6 |
/// | kept a promise | +2 | +4 | +0.5 |
/// | returned after days | +1 to +3 | +0.5 | 0 |
/// | insulted | -4 | -5 | 0 |
/// | pressured | -2 | -4 | 0 |
/// | broke a promise | -2 | -6 | 0 |
///
/// No number rises by more than 6 on one day, and the same good event counts less each time on
/// that day. Losses have no such bounds.
///
/// # Example
/// ```
/// use bevy_persona::mind::{Audience, RelationEvent, Relationship};
///
/// let mut siwoo = Relationship::default();
/// assert_eq!((siwoo.affinity(), siwoo.level()), (10.0, Audience::Public));
/// for day in 0..20 {
///     siwoo.after(RelationEvent::Comforted, day);
///     siwoo.after(RelationEvent::Celebrated, day);
/// }
/// assert_eq!(siwoo.level(), Audience::Friend);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Saved")]
pub struct Relationship {
    affinity: f32,
    trust: f32,
    familiarity: f32,
    today: Today,
}

/// What has happened on one day.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Today {
    /// Days since a fixed day.
    day: i64,
    affinity: f32,
    trust: f32,
    familiarity: f32,
    /// How often each event has happened.
    events: BTreeMap<String, u32>,
}

/// A relationship as it stands in a save, which may hold any number.
#[derive(Deserialize)]
struct Saved {
    affinity: f32,
    trust: f32,
    familiarity: f32,
    #[serde(default)]
    today: Today,
}

impl From<Saved> for Relationship {
    fn from(saved: Saved) -> Self {
        let gained = |gained: f32| if gained.is_nan() { MOST_A_DAY } else { gained.max(0.0) };
        Self {
            affinity: within(saved.affinity),
            trust: within(saved.trust),
            familiarity: within(saved.familiarity),
            today: Today {
                affinity: gained(saved.today.affinity),
                trust: gained(saved.today.trust),
                familiarity: gained(saved.today.familiarity),
                ..saved.today
            },
        }
    }
}

impl Default for Relationship {
    /// A fan whom she meets for the first time.
    fn default() -> Self {
        Self::of_affinity(10.0)
    }
}

impl Relationship {
    /// A relationship that begins with this affinity, 0..100, for tests and scripted scenes.
    #[must_use]
    pub fn of_affinity(affinity: f32) -> Self {
        Self { affinity: within(affinity), trust: 0.0, familiarity: 0.0, today: Today::default() }
    }

    /// How close she feels to the fan, 0..100.
    #[must_use]
    pub const fn affinity(&self) -> f32 {
        self.affinity
    }

    /// How far she relies on the fan, 0..100.
    #[must_use]
    pub const fn trust(&self) -> f32 {
        self.trust
    }

    /// How well she knows the fan, 0..100.
    #[must_use]
    pub const fn familiarity(&self) -> f32 {
        self.familiarity
    }

    /// By how much affinity may still rise on a day.
    #[must_use]
    pub fn left_today(&self, now_day: i64) -> f32 {
        let gained = if now_day > self.today.day { 0.0 } else { self.today.affinity };
        (MOST_A_DAY - gained).clamp(0.0, MOST_A_DAY)
    }

    /// What she would tell this fan: never [`Audience::Secret`], which asks for a scene.
    #[must_use]
    pub fn level(&self) -> Audience {
        let levels = [Audience::Close, Audience::Friend];
        let reached = levels.into_iter().find(|level| self.affinity >= level.affinity());
        reached.unwrap_or(Audience::Public)
    }

    /// Adds to the affinity what a written scene gives or takes; the bounds of a day are not for scenes.
    pub fn shift(&mut self, by: f32) {
        if by.is_finite() {
            self.affinity = within(self.affinity + by);
        }
    }

    /// Something has happened. `now_day` counts days from a fixed day, 0 or later; a clock that was
    /// set back begins no new day.
    pub fn after(&mut self, event: RelationEvent, now_day: i64) {
        if now_day > self.today.day {
            self.today = Today { day: now_day, ..Today::default() };
        }
        let times = self.today.events.entry(event.name().to_owned()).or_default();
        let part = REPEATED.powi(i32::try_from(*times).unwrap_or(i32::MAX));
        *times = times.saturating_add(1);
        let change = event.change();
        let Today { affinity, trust, familiarity, .. } = &mut self.today;
        step(&mut self.affinity, affinity, change.affinity, part);
        step(&mut self.trust, trust, change.trust, part);
        step(&mut self.familiarity, familiarity, change.familiarity, part);
    }
}

/// Adds a gain as far as the day allows, or a loss.
fn step(number: &mut f32, gained: &mut f32, change: f32, part: f32) {
    if change > 0.0 {
        let gain = (change * part).min((MOST_A_DAY - *gained).max(0.0));
        *gained += gain;
        *number = within(*number + gain);
    } else {
        *number = within(*number + change);
    }
}

/// Between 0 and 100, whatever it was.
fn within(number: f32) -> f32 {
    if number.is_nan() { 0.0 } else { number.clamp(0.0, 100.0) }
}

#[cfg(test)]
mod tests;
