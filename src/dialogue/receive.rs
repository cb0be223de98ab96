//! Turns what the worker sent into events and history.

use bevy::prelude::*;

use super::{
    Conversation, EmotionChanged, ReplyChunk, ReplyFailed, ReplyFinished, ReplyStarted,
    ask::{Asks, Open, Stage},
    settle::{Turn, settle_later},
};
use crate::{
    inference::{Inbox, InferenceError, Outcome, RequestId, WorkerEvent},
    mind::Segment,
};

/// Everybody with open asks.
type Idols<'w, 's> = Query<'w, 's, (Entity, &'static mut Asks, &'static mut Conversation)>;

/// Reads the inbox empty.
///
/// Each event is a command of its own, so that what an observer does about one (interrupt, despawn)
/// holds when the next is read.
pub(super) fn interpret(mut inbox: ResMut<Inbox>, mut commands: Commands) {
    for event in inbox.0.drain(..) {
        commands.run_system_cached_with(interpret_one, event);
    }
}

fn interpret_one(
    In(event): In<WorkerEvent>,
    mut idols: Idols,
    mut chunks: MessageWriter<ReplyChunk>,
    mut commands: Commands,
) {
    match event {
        WorkerEvent::Loading(_) | WorkerEvent::Ready(_) | WorkerEvent::Switched(_) => {}
        WorkerEvent::Started(id) => start(id, &mut idols, &mut commands),
        WorkerEvent::Segment(id, segment) => {
            if let Some((entity, mut asks, _)) = find(id, &mut idols)
                && let Some(open) = asks.open.as_mut()
                && let Some(chunk) = show(entity, open, segment, &mut commands)
            {
                chunks.write(chunk);
            }
        }
        WorkerEvent::Done(id, outcome) => finish(id, outcome, &mut idols, &mut commands),
        WorkerEvent::Failed(id, error) => {
            if let Some((entity, mut asks, mut conversation)) = find(id, &mut idols)
                && let Some(open) = asks.open.take()
            {
                fail(entity, open, &mut conversation, error, &mut commands);
            }
        }
        WorkerEvent::Stopped(error) => fail_all(&mut idols, &error, &mut commands),
    }
}

/// The character whose open ask this is; nobody, if it was interrupted or despawned since.
fn find<'a>(
    id: RequestId,
    idols: &'a mut Idols,
) -> Option<(Entity, Mut<'a, Asks>, Mut<'a, Conversation>)> {
    idols.iter_mut().find(|(_, asks, _)| asks.open.as_ref().and_then(Open::request) == Some(id))
}

fn start(id: RequestId, idols: &mut Idols, commands: &mut Commands) {
    if let Some((entity, mut asks, _)) = find(id, idols)
        && let Some(open) = &mut asks.open
    {
        open.started = true;
        commands.trigger(ReplyStarted { entity, ask: open.ask, fan: open.fan.clone() });
    }
}

/// Tells of a piece of a reply; gives the words.
pub(super) fn show(
    entity: Entity,
    open: &mut Open,
    segment: Segment,
    commands: &mut Commands,
) -> Option<ReplyChunk> {
    match segment {
        Segment::Emotion(tag) => {
            open.emotion = tag.emotion.clone();
            open.beats.emotion(tag.clone());
            commands.trigger(EmotionChanged { entity, ask: open.ask, tag });
            None
        }
        Segment::Text(text) => {
            open.beats.text(&text);
            let emotion = open.emotion.clone();
            let chunk = ReplyChunk { entity, ask: open.ask, text, emotion };
            commands.trigger(chunk.clone());
            Some(chunk)
        }
    }
}

fn finish(id: RequestId, outcome: Outcome, idols: &mut Idols, commands: &mut Commands) {
    let Some((entity, mut asks, mut conversation)) = find(id, idols) else { return };
    let Some(mut open) = asks.open.take() else { return };
    let Outcome { reason, stats } = outcome;
    let (ask, text, reason) = (open.ask, open.text(), reason.into());
    commands.trigger(ReplyFinished { entity, ask, reason, text, stats });
    settle_later(Turn::of(entity, &mut open), commands);
    conversation.history.push_exchange(open.fan, open.beats.take());
}

/// History keeps what was shown; where nothing was, the message can simply be sent again.
fn fail(
    entity: Entity,
    mut open: Open,
    conversation: &mut Conversation,
    error: InferenceError,
    commands: &mut Commands,
) {
    commands.trigger(ReplyFailed { entity, ask: open.ask, error });
    if !open.text().trim().is_empty() {
        settle_later(Turn::of(entity, &mut open), commands);
        conversation.history.push_exchange(open.fan, open.beats.take());
    }
}

fn fail_all(idols: &mut Idols, error: &InferenceError, commands: &mut Commands) {
    for (entity, mut asks, mut conversation) in idols {
        // What neither was with the worker nor waits for its model goes to the next one.
        let was_asked = |open: &mut Open| matches!(open.stage, Stage::Asked(_));
        let open = asks.open.take_if(was_asked);
        if open.is_none() && !std::mem::take(&mut asks.needs_model) {
            continue;
        }
        if let Some(open) = open {
            fail(entity, open, &mut conversation, error.clone(), commands);
        }
        for waiting in std::mem::take(&mut asks.waiting) {
            commands.trigger(ReplyFailed { entity, ask: waiting.ask, error: error.clone() });
        }
    }
}
