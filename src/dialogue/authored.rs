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
    mind::{Palette, Segment, TagParser},
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

/// Says the next word of each written reply: a word a frame, so that faces can follow.
pub(super) fn speak(
    mut idols: Query<(Entity, &mut Asks, &mut Conversation)>,
    mut chunks: MessageWriter<ReplyChunk>,
    mut commands: Commands,
) {
    for (entity, mut asks, mut conversation) in &mut idols {
        let is_written =
            asks.open.as_ref().is_some_and(|open| matches!(open.stage, Stage::Written(_)));
        if !is_written {
            continue;
        }
        let Some(open) = &mut asks.open else { continue };
        if !speak_on(entity, open, &mut chunks, &mut commands)
            && let Some(open) = asks.open.take()
        {
            end(entity, open, &mut conversation, &mut commands);
        }
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
    loop {
        let Stage::Written(pieces) = &mut open.stage else { return false };
        let Some(piece) = pieces.pop_front() else { return false };
        if let Some(chunk) = show(entity, open, piece, commands) {
            chunks.write(chunk);
            return true;
        }
    }
}

fn end(entity: Entity, mut open: Open, conversation: &mut Conversation, commands: &mut Commands) {
    let (ask, text) = (open.ask, open.text());
    let (reason, stats) = (ReplyEnd::Complete, ReplyStats::default());
    commands.trigger(ReplyFinished { entity, ask, reason, text, stats });
    settle_later(Turn::of(entity, &mut open), commands);
    conversation.history.push_exchange(open.fan, open.beats.take());
}
