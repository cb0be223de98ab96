//! Takes what the game asks for.

use std::time::{SystemTime, UNIX_EPOCH};

use bevy::prelude::*;
use thiserror::Error;

use super::{
    AnswerFan, AskId, Conversation, FanSpoke, Improvise, Interrupt, Perform, ReplyEnd, ReplyFailed,
    ReplyFinished, Say, SceneListens, TalksWith,
    ask::{AskIds, Asks, Task, Waiting},
    settle::{Turn, settle_later},
};
use crate::{
    inference::{ConversationId, InferenceError, InferenceHandle, ReplyStats},
    mind::fan_text,
    persona::Persona,
};

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
    listens: Res<SceneListens>,
    mut ids: ResMut<AskIds>,
    mut asks: Query<(&mut Asks, Has<TalksWith>)>,
    mut commands: Commands,
) {
    let (entity, ask, text) = (say.entity, ids.draw(), fan_text(&say.text));
    match asks.get_mut(entity) {
        Err(_) => refuse(entity, ask, SayError::NoPersona(entity), &mut commands),
        Ok(_) if text.is_empty() => refuse(entity, ask, SayError::Empty, &mut commands),
        Ok((_, false)) if listens.0 => {
            commands.trigger(FanSpoke { entity, text });
            let (reason, stats) = (ReplyEnd::Heard, ReplyStats::default());
            let text = String::new();
            commands.trigger(ReplyFinished { entity, ask, reason, text, stats });
        }
        Ok((mut asks, _)) => {
            asks.waiting.push_back(Waiting { ask, fan: text, task: Task::Answer });
        }
    }
}

pub(super) fn perform(perform: On<Perform>, mut asks: Query<&mut Asks>, mut commands: Commands) {
    let Perform { entity, ask, fan, line } = perform.event().clone();
    let task = Task::Perform(line);
    queue(entity, Waiting { ask, fan: fan_text(&fan), task }, &mut asks, &mut commands);
}

pub(super) fn improvise(
    improvise: On<Improvise>,
    mut asks: Query<&mut Asks>,
    mut commands: Commands,
) {
    let Improvise { entity, ask, fan, act } = improvise.event().clone();
    let task = Task::Improvise(Box::new(act));
    queue(entity, Waiting { ask, fan: fan_text(&fan), task }, &mut asks, &mut commands);
}

pub(super) fn answer(answer: On<AnswerFan>, mut asks: Query<&mut Asks>, mut commands: Commands) {
    let AnswerFan { entity, ask, text } = answer.event().clone();
    let fan = fan_text(&text);
    if fan.is_empty() {
        refuse(entity, ask, SayError::Empty, &mut commands);
    } else {
        queue(entity, Waiting { ask, fan, task: Task::Answer }, &mut asks, &mut commands);
    }
}

fn queue(entity: Entity, waiting: Waiting, asks: &mut Query<&mut Asks>, commands: &mut Commands) {
    match asks.get_mut(entity) {
        Ok(mut asks) => asks.waiting.push_back(waiting),
        Err(_) => refuse(entity, waiting.ask, SayError::NoPersona(entity), commands),
    }
}

fn refuse(entity: Entity, ask: AskId, refused: SayError, commands: &mut Commands) {
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
