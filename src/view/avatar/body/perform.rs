//! Which motion a body makes.

use std::time::Duration;

use bevy::prelude::*;

use super::{
    Nods,
    repertoire::{Learnt, Repertoire},
};
use crate::cue::{Activity, Gesture, random::SplitMix};

/// A character ends the gesture or dance she makes.
#[derive(Debug, Clone, Copy, PartialEq, EntityEvent)]
pub struct EndGesture {
    /// The character.
    pub entity: Entity,
}

/// What a body does at the moment.
#[derive(Debug, Clone, Component)]
pub(crate) struct Performance {
    random: SplitMix,
    /// What is done, and the seconds until something else is.
    now: Option<(Learnt, f32)>,
    is_gesture: bool,
    activity: Activity,
}

/// Seconds in which one motion passes into the next.
const INTO_GESTURE: f32 = 0.3;
const OUT_OF_GESTURE: f32 = 0.45;
const BETWEEN: f32 = 0.6;

impl Performance {
    /// A body that chooses in its own way for each seed.
    pub(in crate::view::avatar) fn new(seed: u64) -> Self {
        let random = SplitMix(seed);
        Self { random, now: None, is_gesture: false, activity: Activity::default() }
    }

    /// Whether a gesture is being made.
    pub(super) fn gestures(&self) -> bool {
        self.is_gesture
    }

    fn begin(
        &mut self,
        learnt: Learnt,
        fade: f32,
        is_gesture: bool,
        player: &mut AnimationPlayer,
        transitions: &mut AnimationTransitions,
    ) {
        let same = self.now.is_some_and(|(now, _)| now.node == learnt.node);
        if !same || is_gesture {
            let fade = Duration::from_secs_f32(if self.now.is_none() { 0.01 } else { fade });
            if same && let Some(again) = player.animation_mut(learnt.node) {
                again.replay();
            } else {
                let playing = transitions.play(player, learnt.node, fade);
                if learnt.repeats {
                    playing.repeat();
                }
            }
        }
        let length = learnt.seconds.max(0.2);
        let seconds = if is_gesture && learnt.repeats {
            f32::INFINITY
        } else if is_gesture {
            (length - OUT_OF_GESTURE).max(0.1)
        } else {
            // Whole rounds, so that a loop ends where it began.
            length * self.random.between(1.0, 3.0).floor()
        };
        self.now = Some((learnt, seconds));
        self.is_gesture = is_gesture;
    }
}

/// Makes a gesture; one that the body has not learnt is passed over.
///
/// `nod` and `shake` are for the head alone, over whatever the body does.
pub(in crate::view::avatar) fn gesture(
    gesture: On<Gesture>,
    mut bodies: Query<(
        &Repertoire,
        &mut Performance,
        &mut AnimationPlayer,
        &mut AnimationTransitions,
        &mut Nods,
    )>,
) {
    let Ok((repertoire, mut performance, mut player, mut transitions, mut nods)) =
        bodies.get_mut(gesture.entity)
    else {
        return;
    };
    if let "nod" | "shake" = gesture.motion.as_str() {
        nods.answer(gesture.motion == "shake");
        return;
    }
    let Some(learnt) = repertoire.get(&gesture.motion) else {
        debug!("there is no motion `{}`", gesture.motion);
        return;
    };
    performance.begin(learnt, INTO_GESTURE, true, &mut player, &mut transitions);
}

/// Ends a gesture.
pub(in crate::view::avatar) fn end_gesture(
    end: On<EndGesture>,
    mut bodies: Query<&mut Performance>,
) {
    if let Ok(mut performance) = bodies.get_mut(end.entity)
        && performance.is_gesture
        && let Some((_, left)) = &mut performance.now
    {
        *left = 0.0;
    }
}

/// Lets bodies do what goes with their activity, and go back to it after a gesture.
pub(in crate::view::avatar) fn perform(
    time: Res<Time>,
    mut bodies: Query<(
        &Activity,
        &Repertoire,
        &mut Performance,
        &mut AnimationPlayer,
        &mut AnimationTransitions,
    )>,
) {
    let dt = time.delta_secs();
    for (activity, repertoire, mut performance, mut player, mut transitions) in &mut bodies {
        let performance = performance.bypass_change_detection();
        if let Some((_, left)) = &mut performance.now {
            *left -= dt;
        }
        let is_over = performance.now.is_none_or(|(_, left)| left <= 0.0);
        let changed = performance.activity != *activity && !performance.is_gesture;
        if !(is_over || changed) {
            continue;
        }
        let meanwhile = &repertoire.meanwhile[*activity as usize];
        if meanwhile.is_empty() {
            if performance.is_gesture && is_over {
                performance.is_gesture = false;
            }
            continue;
        }
        performance.activity = *activity;
        let current = performance.now.map(|(now, _)| now.node);
        let others = meanwhile.iter().filter(|learnt| Some(learnt.node) != current).count();
        let learnt = if others == 0 {
            meanwhile[0]
        } else {
            let pick = performance.random.below(others);
            let mut others = meanwhile.iter().filter(|learnt| Some(learnt.node) != current);
            others.nth(pick).copied().unwrap_or(meanwhile[0])
        };
        let fade = if performance.is_gesture { OUT_OF_GESTURE } else { BETWEEN };
        performance.begin(learnt, fade, false, &mut player, &mut transitions);
    }
}
