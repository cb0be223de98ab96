//! Speaks replies that were written beforehand.

use std::collections::VecDeque;

use bevy::prelude::*;

use super::{
    Conversation, ReplyChunk, ReplyEnd, ReplyFinished, ReplyStarted,
    ask::{Asks, Open, Stage},
    receive::show,
    settle::{Turn, settle_later},
};
use crate::{
    inference::ReplyStats,
    mind::{Palette, Segment, Source, TagParser},
};

/// A written reply in the pieces in which it is spoken: its tags, and its words one by one.
pub(super) fn pieces(palette: &Palette, line: &str) -> VecDeque<Segment> {
    let (segments, _) = TagParser::read(palette.clone(), line);
    let words = |segment: Segment| match segment {
        Segment::Text(text) => {
            text.split_inclusive(' ').map(|word| Segment::Text(word.into())).collect()
        }
        tag @ Segment::Emotion(_) => vec![tag],
    };
    segments.into_iter().flat_map(words).collect()
}

/// How fast a written reply is said, in words per second: as fast as one reads, so that faces can
/// follow.
const WORDS_PER_SECOND: f32 = 40.0;

/// Says the next words of each written reply, at least one a frame.
///
/// Each word is a command of its own, so that what an observer does about one (interrupt, despawn)
/// holds when the next is said.
pub(super) fn speak(time: Res<Time>, idols: Query<(Entity, &Asks)>, mut commands: Commands) {
    let words = (time.delta_secs() * WORDS_PER_SECOND).clamp(1.0, 100.0) as usize;
    for (entity, asks) in &idols {
        if asks.open.as_ref().is_some_and(is_written) {
            for _ in 0..words {
                commands.run_system_cached_with(speak_one, entity);
            }
        }
    }
}

fn is_written(open: &Open) -> bool {
    matches!(open.stage, Stage::Written(_))
}

fn speak_one(
    In(entity): In<Entity>,
    mut idols: Query<(&mut Asks, &mut Conversation)>,
    mut chunks: MessageWriter<ReplyChunk>,
    mut commands: Commands,
) {
    let Ok((mut asks, mut conversation)) = idols.get_mut(entity) else { return };
    let Some(open) = asks.open.as_mut().filter(|open| is_written(open)) else { return };
    if !speak_on(entity, open, &mut chunks, &mut commands)
        && let Some(open) = asks.open.take()
    {
        end(entity, open, &mut conversation, &mut commands);
    }
}

/// Gives whether something is left to say.
fn speak_on(
    entity: Entity,
    open: &mut Open,
    chunks: &mut MessageWriter<ReplyChunk>,
    commands: &mut Commands,
) -> bool {
    if !open.started {
        open.started = true;
        commands.trigger(ReplyStarted { entity, ask: open.ask, fan: open.fan.clone() });
        return true;
    }
    let Stage::Written(pieces) = &mut open.stage else { return false };
    let Some(piece) = pieces.pop_front() else { return false };
    if let Some(chunk) = show(entity, open, piece, commands) {
        chunks.write(chunk);
    }
    true
}

fn end(entity: Entity, mut open: Open, conversation: &mut Conversation, commands: &mut Commands) {
    let (ask, text) = (open.ask, open.text());
    let source = open.thought.as_ref().map(|thought| thought.answer.source());
    let reason = if source == Some(Source::Scene) { ReplyEnd::Written } else { ReplyEnd::Complete };
    let stats = ReplyStats::default();
    commands.trigger(ReplyFinished { entity, ask, reason, text, stats });
    settle_later(Turn::of(entity, &mut open), commands);
    conversation.history.push_exchange(open.fan, open.beats.take());
}
