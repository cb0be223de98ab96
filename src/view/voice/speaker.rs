//! A character who speaks aloud.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bevy::prelude::*;

use super::{
    clock::SoundClock,
    recital::{LineState, Recital},
    sound::SoundControl,
};
use crate::{
    dialogue::AskId,
    voice::{MouthPose, MouthTrack, SpokenWord},
};

/// What a character says, and how far she is.
#[derive(Debug, Default, Component)]
pub(crate) struct Speaker {
    pub(super) recital: Recital,
    pub(super) playing: Option<Playing>,
    /// Seconds of silence that are left before the next clause.
    pub(super) pause: f32,
    /// Seconds for which others were let finish.
    pub(super) waited: f32,
    /// Whether the model was too late in this reply.
    pub(super) babbles: bool,
    /// Set when what was ordered is not wanted any more.
    pub(super) cancelled: Arc<AtomicBool>,
}

/// A clause that is being said.
#[derive(Debug)]
pub(super) struct Playing {
    /// The entity that plays it.
    pub(super) sound: Entity,
    pub(super) control: Arc<SoundControl>,
    pub(super) clock: SoundClock,
    pub(super) mouth: MouthTrack,
    pub(super) words: Vec<SpokenWord>,
    /// Where the clause begins in the reply, in bytes, and where it ends.
    pub(super) range: std::ops::Range<usize>,
    pub(super) seconds: f32,
    pub(super) sample_rate: f32,
    /// Seconds of silence that follow.
    pub(super) pause: f32,
}

impl Speaker {
    /// Whether something of her is heard.
    pub(super) fn is_heard(&self) -> bool {
        self.playing.is_some()
    }

    /// Whether she could begin, if it were her turn.
    pub(super) fn waits_for_the_floor(&self) -> bool {
        self.playing.is_none() && self.recital.is_next_ready()
    }

    /// Whether she has something to say, now or soon.
    pub(super) fn has_something_to_say(&self) -> bool {
        self.is_heard() || self.pause > 0.0 || self.recital.ask.is_some()
    }

    /// Notes that `dt` seconds have passed; gives whether the next line has been awaited from the model for too long.
    pub(super) fn is_let_down(&mut self, dt: f32, deadline: f32) -> bool {
        if let Some(line) = self.recital.lines.front_mut()
            && let LineState::Ordered { waited, is_babble: false, .. } = &mut line.state
            && self.playing.is_none()
        {
            *waited += dt;
            return *waited >= deadline;
        }
        false
    }

    /// From now on she babbles: the voice model is too late.
    pub(super) fn give_up_on_the_model(&mut self) {
        self.babbles = true;
        self.cancel_orders();
        self.recital.forget_orders();
    }

    /// No voice makes what it has not made yet.
    fn cancel_orders(&mut self) {
        std::mem::take(&mut self.cancelled).store(true, Ordering::Relaxed);
    }

    /// Says nothing more; gives what was being said, and the reply it was.
    pub(super) fn hush(&mut self) -> (Option<Playing>, Option<AskId>) {
        let ask = self.recital.ask;
        let playing = self.playing.take();
        *self = Self::default();
        (playing, ask)
    }
}

/// Nobody waits for the words of somebody who is gone.
impl Drop for Speaker {
    fn drop(&mut self) {
        self.cancel_orders();
    }
}

impl Playing {
    /// Moves on by `dt` seconds; gives whether it is over.
    #[expect(clippy::cast_precision_loss, reason = "a clause is shorter than 2^24 samples")]
    pub(super) fn advance(&mut self, dt: f32) -> bool {
        self.clock.advance(dt, self.control.taken() as f32 / self.sample_rate.max(1.0));
        self.clock.seconds() >= self.seconds
    }

    /// The mouth of the moment.
    pub(super) fn pose(&self) -> MouthPose {
        self.mouth.sample(self.clock.seconds())
    }

    /// The word of the moment: where it stands in the reply.
    pub(super) fn word(&self) -> Option<std::ops::Range<usize>> {
        let now = self.clock.seconds();
        let word = self.words.iter().find(|word| word.time.contains(&now))?;
        Some(word.text.start + self.range.start..word.text.end + self.range.start)
    }
}
