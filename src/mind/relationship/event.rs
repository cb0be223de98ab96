//! What brings a fan and a member closer, or drives them apart.

use serde::{Deserialize, Serialize};

use crate::mind::{Emotion, FanFeeling};

/// Something that changes how a fan and a member stand with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RelationEvent {
    /// They talked.
    Talked,
    /// The fan was down, and she was there.
    Comforted,
    /// The fan told something that few know.
    SharedSecret,
    /// The fan said something kind about her.
    Complimented,
    /// They were glad about something together.
    Celebrated,
    /// The fan did what was promised.
    PromiseKept,
    /// The fan did not do what was promised.
    PromiseBroken,
    /// The fan came back.
    Returned {
        /// For how many days the fan was away.
        days_away: u32,
    },
    /// The fan was mean to her.
    Insulted,
    /// The fan pushed for what she does not give.
    Pressured,
}

/// What an event adds to each number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Change {
    pub(super) affinity: f32,
    pub(super) trust: f32,
    pub(super) familiarity: f32,
}

/// Kinds of conduct that hurt her.
const INSULTS: [&str; 1] = ["harassment_of_idol"];
/// Kinds of conduct that push her.
const PRESSES: [&str; 5] =
    ["sexual", "romance_pressure", "personal_data", "harassment_of_others", "real_people"];
/// Kinds of conduct that are a call for help.
const CALLS: [&str; 3] = ["self_harm", "minors_safety", "medical_legal_financial"];
/// From which part of the votes on a topic counts.
const VOTED: f32 = 0.3;

impl RelationEvent {
    /// The name in saves.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Talked => "talked",
            Self::Comforted => "comforted",
            Self::SharedSecret => "shared_secret",
            Self::Complimented => "complimented",
            Self::Celebrated => "celebrated",
            Self::PromiseKept => "promise_kept",
            Self::PromiseBroken => "promise_broken",
            Self::Returned { .. } => "returned",
            Self::Insulted => "insulted",
            Self::Pressured => "pressured",
        }
    }

    pub(super) fn change(self) -> Change {
        let change = |affinity, trust, familiarity| Change { affinity, trust, familiarity };
        match self {
            Self::Talked => change(0.4, 0.1, 0.6),
            Self::Comforted => change(1.5, 2.0, 0.5),
            Self::SharedSecret => change(1.5, 3.0, 1.0),
            Self::Complimented => change(1.0, 0.3, 0.2),
            Self::Celebrated => change(1.2, 0.8, 0.6),
            Self::PromiseKept => change(2.0, 4.0, 0.5),
            Self::PromiseBroken => change(-2.0, -6.0, 0.0),
            Self::Returned { days_away } => {
                change((1.0 + 0.2 * days_away as f32).min(3.0), 0.5, 0.0)
            }
            Self::Insulted => change(-4.0, -5.0, 0.0),
            Self::Pressured => change(-2.0, -4.0, 0.0),
        }
    }

    /// What an exchange was: from the fan's feeling, the kind of conduct flagged in the message
    /// (such as `harassment_of_idol`) and how much the message is about each topic, 0..1.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::mind::{FanFeeling, RelationEvent};
    ///
    /// let fan = FanFeeling { grief: true, ..FanFeeling::default() };
    /// let events = RelationEvent::of_exchange(&fan, None, &[]);
    /// assert_eq!(events, [RelationEvent::Talked, RelationEvent::Comforted]);
    /// let events = RelationEvent::of_exchange(&fan, Some("harassment_of_idol"), &[]);
    /// assert_eq!(events, [RelationEvent::Insulted]);
    /// ```
    #[must_use]
    pub fn of_exchange(
        fan: &FanFeeling,
        conduct: Option<&str>,
        topics: &[(String, f32)],
    ) -> Vec<Self> {
        let is = |kinds: &[&str]| conduct.is_some_and(|kind| kinds.contains(&kind));
        if is(&INSULTS) {
            return vec![Self::Insulted];
        }
        if is(&PRESSES) {
            return vec![Self::Pressured];
        }
        let about = |names: &[&str]| {
            topics.iter().any(|(name, vote)| names.contains(&name.as_str()) && *vote >= VOTED)
        };
        let mut events = vec![Self::Talked];
        match &fan.strongest {
            _ if fan.grief || is(&CALLS) => events.push(Self::Comforted),
            Some(Emotion::Sad) => events.push(Self::Comforted),
            Some(Emotion::Joy) => events.push(Self::Celebrated),
            Some(Emotion::Love) => events.push(Self::Complimented),
            Some(Emotion::Shy) => events.push(Self::SharedSecret),
            _ if about(&["comfort", "breakup"]) => events.push(Self::Comforted),
            _ if about(&["celebrate", "victory"]) => events.push(Self::Celebrated),
            _ if about(&["compliment", "thanks"]) => events.push(Self::Complimented),
            _ => {}
        }
        events
    }
}
