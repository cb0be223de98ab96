//! Takes what the game asks for.

use std::time::{SystemTime, UNIX_EPOCH};

use bevy::prelude::*;
use thiserror::Error;

use super::{
    AskId, Conversation, Interrupt, ReplyEnd, ReplyFailed, ReplyFinished, Say,
    ask::{Asks, Waiting},
    settle::{Turn, settle_later},
};
use crate::{
    inference::{ConversationId, InferenceError, InferenceHandle, ReplyStats},
    mind::fan_text,
    persona::Persona,
};

/// The number of the newest ask.
#[derive(Debug, Default, Resource)]
pub(super) struct LastAsk(u64);

/// Where the randomness of replies starts.
#[derive(Debug, Resource)]
pub(super) struct Seed(pub(super) u64);

impl Seed {
    pub(super) fn new(seed: Option<u64>) -> Self {
        Self(seed.unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            now.as_secs() ^ u64::from(now.subsec_nanos()).rotate_left(32)
        }))
    }
}

/// Why a message cannot be answered at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SayError {
    /// Nothing but white space or control characters.
    #[error("the message is empty: send at least one visible character")]
    Empty,
    /// The entity is nobody.
    #[error("{0} has no `Persona`: spawn it with one before talking to it")]
    NoPersona(Entity),
    /// The persona's file could not be read; the log says why.
    #[error("the persona of {0} is not loaded: see the error about its file in the log")]
    PersonaNotLoaded(Entity),
}

/// The conversation of a character, as the backend knows it.
pub(super) fn conversation_id(entity: Entity) -> ConversationId {
    ConversationId(entity.to_bits())
}

pub(super) fn say(
    say: On<Say>,
    mut last: ResMut<LastAsk>,
    mut asks: Query<&mut Asks>,
    mut commands: Commands,
) {
    last.0 += 1;
    let (entity, ask) = (say.entity, AskId(last.0));
    let text = fan_text(&say.text);
    let refused = match asks.get_mut(entity) {
        Err(_) => SayError::NoPersona(entity),
        Ok(_) if text.is_empty() => SayError::Empty,
        Ok(mut asks) => {
            asks.waiting.push_back(Waiting { ask, fan: text });
            return;
        }
    };
    let error = InferenceError::request(refused);
    // The entity may be gone by now; then nobody is left to tell.
    commands.queue_silenced(move |world: &mut World| {
        if world.get_entity(entity).is_ok() {
            world.trigger(ReplyFailed { entity, ask, error });
        }
    });
}

pub(super) fn interrupt(
    interrupt: On<Interrupt>,
    mut idols: Query<(&mut Asks, &mut Conversation)>,
    mut commands: Commands,
) {
    let entity = interrupt.entity;
    let Ok((mut asks, mut conversation)) = idols.get_mut(entity) else { return };
    let end = |ask, text, commands: &mut Commands| {
        let (reason, stats) = (ReplyEnd::Interrupted, ReplyStats::default());
        commands.trigger(ReplyFinished { entity, ask, reason, text, stats });
    };
    if let Some(mut open) = asks.open.take() {
        end(open.ask, open.text(), &mut commands);
        settle_later(Turn::of(entity, &mut open), &mut commands);
        conversation.history.push_exchange(open.fan, open.beats.take());
    }
    for waiting in std::mem::take(&mut asks.waiting) {
        end(waiting.ask, String::new(), &mut commands);
    }
}

/// A character that leaves takes its conversation with it: open replies end with their tickets.
pub(super) fn leave(
    left: On<Remove, Persona>,
    handle: Option<Res<InferenceHandle>>,
    mut asks: Query<&mut Asks>,
    mut commands: Commands,
) {
    let entity = left.entity;
    if let Some(handle) = handle {
        handle.forget(conversation_id(entity));
    }
    let Ok(mut asks) = asks.get_mut(entity) else { return };
    let Asks { waiting, open, .. } = std::mem::take(&mut *asks);
    let asks = open.map(|open| open.ask).into_iter().chain(waiting.into_iter().map(|w| w.ask));
    let asks: Vec<AskId> = asks.collect();
    // Where the entity stays, somebody may still wait for its answers.
    commands.queue_silenced(move |world: &mut World| {
        let Ok(mut stayed) = world.get_entity_mut(entity) else { return };
        stayed.remove::<Asks>();
        for ask in asks {
            let error = InferenceError::request(SayError::NoPersona(entity));
            world.trigger(ReplyFailed { entity, ask, error });
        }
    });
}
