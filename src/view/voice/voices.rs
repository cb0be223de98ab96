//! The voices of the game: the one that was learnt, and the one that needs nothing.

use std::sync::{Arc, atomic::AtomicBool};

use bevy::prelude::*;

use super::{VoiceStatus, recital::LineState};
use crate::voice::{Order, Refused, Speech, Utterance, VoiceEvent, VoiceWorker};

/// The threads that make sounds.
#[derive(Debug, Resource)]
pub(super) struct Voices {
    /// None if there is no voice model.
    model: Option<VoiceWorker>,
    /// Whether it has loaded.
    is_ready: bool,
    babble: VoiceWorker,
    tickets: u64,
}

impl Voices {
    /// `babble` speaks while the model loads, and instead of it.
    pub(super) fn new(model: Option<VoiceWorker>, babble: VoiceWorker) -> Self {
        Self { model, is_ready: false, babble, tickets: 0 }
    }

    /// Asks for a sound: of the model if it can, else of the babble. Gives how far the sound is then: it stays new if
    /// both have too much to do.
    pub(super) fn order(
        &mut self,
        utterance: Utterance,
        of_the_model: bool,
        cancelled: &Arc<AtomicBool>,
    ) -> LineState {
        self.tickets += 1;
        let ticket = self.tickets;
        let order = Order { ticket, utterance, cancelled: cancelled.clone() };
        if of_the_model
            && self.is_ready
            && let Some(model) = &self.model
            && model.order(order.clone()).is_ok()
        {
            return LineState::Ordered { ticket, waited: 0.0, is_babble: false };
        }
        match self.babble.order(order) {
            Ok(()) => LineState::Ordered { ticket, waited: 0.0, is_babble: true },
            Err(Refused::Busy) => LineState::New,
            Err(Refused::Gone) => LineState::Mute,
        }
    }

    /// The next sound that is there; none for one that could not be made.
    pub(super) fn next(
        &mut self,
        status: &mut ResMut<VoiceStatus>,
    ) -> Option<(u64, Option<Speech>)> {
        loop {
            let of_the_model = self.model.as_ref().and_then(VoiceWorker::try_next);
            let event = match of_the_model {
                Some(VoiceEvent::Ready) => {
                    self.is_ready = true;
                    status.set_if_neq(VoiceStatus::Ready);
                    continue;
                }
                Some(VoiceEvent::Failed(error)) => {
                    warn!("characters babble, since {error}");
                    status.set_if_neq(VoiceStatus::Babble(error.to_string()));
                    self.model = None;
                    continue;
                }
                said => said.or_else(|| self.babble.try_next())?,
            };
            if let VoiceEvent::Said { ticket, speech } = event {
                return Some((ticket, speech.inspect_err(|error| warn!("{error}")).ok()));
            }
        }
    }
}
