//! What a character is doing, seen from outside.
//!
//! | from | on | to |
//! |---|---|---|
//! | any | she is asked | thinking |
//! | any | a reply begins | speaking |
//! | thinking, speaking | the reply is broken off | interrupted |
//! | thinking, speaking | the reply ends or fails | reacting |
//! | interrupted, reacting | a moment has passed | listening |
//! | idle, away | the fan turns to her ([`Attend`]) | listening |
//! | listening | nobody turns to her for a while | idle |
//! | idle | nobody turns to her for a long while | away |

use bevy::prelude::*;
use serde::Deserialize;

/// What a character is doing.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize, Component,
)]
#[serde(try_from = "String")]
pub enum Activity {
    /// Nothing in particular.
    #[default]
    Idle,
    /// The fan has turned to her, writes, or has just been answered.
    Listening,
    /// She was asked and looks for words.
    Thinking,
    /// She speaks.
    Speaking,
    /// She was cut short.
    Interrupted,
    /// She has spoken, and what she felt still shows.
    Reacting,
    /// Nobody has turned to her for long.
    Away,
}

impl Activity {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Idle,
        Self::Listening,
        Self::Thinking,
        Self::Speaking,
        Self::Interrupted,
        Self::Reacting,
        Self::Away,
    ];

    /// The word that stands for it in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Listening => "listening",
            Self::Thinking => "thinking",
            Self::Speaking => "speaking",
            Self::Interrupted => "interrupted",
            Self::Reacting => "reacting",
            Self::Away => "away",
        }
    }

    /// What it passes into by itself, and after how many seconds.
    fn next(self) -> Option<(f32, Self)> {
        match self {
            Self::Interrupted => Some((1.2, Self::Listening)),
            Self::Reacting => Some((1.8, Self::Listening)),
            Self::Listening => Some((25.0, Self::Idle)),
            Self::Idle => Some((120.0, Self::Away)),
            Self::Thinking | Self::Speaking | Self::Away => None,
        }
    }
}

impl TryFrom<String> for Activity {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|activity| activity.as_str() == word);
        known.ok_or_else(|| {
            format!("`{word}` is no activity; there are {}", Self::ALL.map(Self::as_str).join(", "))
        })
    }
}

/// The fan turns to a character: picks her, or begins to write to her.
///
/// A view triggers it; it may come as often as it likes.
#[derive(Debug, Clone, Copy, EntityEvent)]
pub struct Attend {
    /// The character.
    pub entity: Entity,
}

/// How long a character has been at it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Component)]
pub(super) struct ActivityClock {
    seconds: f32,
}

impl ActivityClock {
    /// Begins another activity, or the same anew.
    pub(super) fn begin(&mut self, activity: &mut Activity, next: Activity) {
        *activity = next;
        self.seconds = 0.0;
    }

    /// The fan turns to her: whoever does nothing listens.
    pub(super) fn attend(&mut self, activity: &mut Activity) {
        if matches!(activity, Activity::Idle | Activity::Away | Activity::Listening) {
            self.begin(activity, Activity::Listening);
        }
    }

    /// Moves on by `dt` seconds; gives what she does now, if that is something else.
    pub(super) fn advance(&mut self, activity: Activity, dt: f32) -> Option<Activity> {
        self.seconds += dt;
        let (after, next) = activity.next()?;
        (self.seconds >= after).then(|| {
            self.seconds = 0.0;
            next
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(activity: &mut Activity, clock: &mut ActivityClock, seconds: f32) {
        for _ in 0..(seconds * 10.0) as usize {
            if let Some(next) = clock.advance(*activity, 0.1) {
                *activity = next;
            }
        }
    }

    #[test]
    fn whoever_was_cut_short_listens_and_in_the_end_is_away() {
        let (mut activity, mut clock) = (Activity::Interrupted, ActivityClock::default());
        run(&mut activity, &mut clock, 2.0);
        assert_eq!(activity, Activity::Listening);
        run(&mut activity, &mut clock, 30.0);
        assert_eq!(activity, Activity::Idle);
        run(&mut activity, &mut clock, 130.0);
        assert_eq!(activity, Activity::Away);
        clock.attend(&mut activity);
        assert_eq!(activity, Activity::Listening);
    }

    #[test]
    fn a_fan_who_writes_does_not_stop_her_from_speaking() {
        let (mut activity, mut clock) = (Activity::Speaking, ActivityClock::default());
        clock.attend(&mut activity);
        run(&mut activity, &mut clock, 300.0);
        assert_eq!(activity, Activity::Speaking);
    }
}
