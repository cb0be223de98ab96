//! The voices of the game: the one that was learnt, and the one that needs nothing.

use std::sync::{Arc, atomic::AtomicBool};

use bevy::prelude::*;

use super::VoiceStatus;
use crate::voice::{Babble, Order, Speech, Utterance, VoiceEvent, VoiceWorker};

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
    pub(super) fn new(model: Option<VoiceWorker>) -> Self {
        let babble = VoiceWorker::start("babble", |_| Ok(Box::new(Babble::default())));
        Self { model, is_ready: false, babble, tickets: 0 }
    }

    /// Asks for a sound: of the model if it can, else of the babble. Gives by which the sound is known, and
    /// whether it is babble.
    pub(super) fn order(
        &mut self,
        utterance: Utterance,
        of_the_model: bool,
        cancelled: &Arc<AtomicBool>,
    ) -> Option<(u64, bool)> {
        self.tickets += 1;
        let ticket = self.tickets;
        let order = Order { ticket, utterance, cancelled: cancelled.clone() };
        if of_the_model
            && self.is_ready
            && let Some(model) = &self.model
            && model.order(order.clone())
        {
            return Some((ticket, false));
        }
        self.babble.order(order).then_some((ticket, true))
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
