//! What idols answer, on its way to the fan.

use std::time::Instant;

use bevy::prelude::*;
use bevy_persona::{
    club::{Ending, FromServer},
    dialogue::TalksWith,
    prelude::{EmotionChanged, ReplyChunk, ReplyEnd, ReplyFailed, ReplyFinished, ReplyStarted},
};

use super::state::{Ended, OpenTurn, Seat, Talk, Tools};
use crate::metrics::Outcome;

pub fn install(app: &mut App) {
    app.add_observer(begin)
        .add_observer(feel)
        .add_observer(say)
        .add_observer(end)
        .add_observer(fail)
        .add_systems(PreUpdate, count);
}

impl OpenTurn {
    pub fn new(nr: u64, since: Instant) -> Self {
        Self { nr, since, has_words: false, ended: None }
    }
}

/// The idols who talk with fans.
type Talks<'w, 's> = Query<'w, 's, (&'static mut Talk, &'static TalksWith)>;

/// Sends a frame about the open turn of an idol to her fan.
fn send(
    entity: Entity,
    talks: &mut Talks,
    seats: &mut Query<&mut Seat>,
    frame: impl FnOnce(&Talk, &mut OpenTurn) -> FromServer,
) {
    let Ok((mut talk, with)) = talks.get_mut(entity) else { return };
    let Some(mut open) = talk.open.take() else { return };
    let frame = frame(&talk, &mut open);
    talk.open = Some(open);
    if let Ok(mut seat) = seats.get_mut(with.0) {
        seat.send(&frame);
    }
}

fn begin(started: On<ReplyStarted>, mut talks: Talks, mut seats: Query<&mut Seat>) {
    send(started.entity, &mut talks, &mut seats, |talk, open| FromServer::Begin {
        from: talk.member.clone(),
        nr: open.nr,
    });
}

fn feel(changed: On<EmotionChanged>, mut talks: Talks, mut seats: Query<&mut Seat>) {
    send(changed.entity, &mut talks, &mut seats, |talk, open| FromServer::Feel {
        from: talk.member.clone(),
        nr: open.nr,
        emotion: changed.tag.emotion.clone(),
        intensity: changed.tag.intensity,
    });
}

fn say(chunk: On<ReplyChunk>, tools: Res<Tools>, mut talks: Talks, mut seats: Query<&mut Seat>) {
    send(chunk.entity, &mut talks, &mut seats, |talk, open| {
        if !std::mem::replace(&mut open.has_words, true) {
            tools.metrics.first_words(open.since.elapsed());
        }
        FromServer::Words { from: talk.member.clone(), nr: open.nr, text: chunk.text.clone() }
    });
}

/// The end is not sent before the turn has been kept.
fn end(finished: On<ReplyFinished>, tools: Res<Tools>, mut talks: Talks) {
    let Ok((mut talk, _)) = talks.get_mut(finished.entity) else { return };
    let Talk { member, open: Some(open), .. } = &mut *talk else { return };
    let reason = match finished.reason {
        ReplyEnd::Interrupted => Ending::Interrupted,
        ReplyEnd::Length => Ending::Length,
        _ => Ending::Complete,
    };
    let outcome =
        if reason == Ending::Interrupted { Outcome::Interrupted } else { Outcome::Complete };
    tools.metrics.replied(member.as_str(), outcome);
    tools.metrics.reply_took(open.since.elapsed());
    open.ended = Some(Ended { reason, text: finished.text.clone() });
}

fn fail(failed: On<ReplyFailed>, tools: Res<Tools>, mut talks: Talks, mut seats: Query<&mut Seat>) {
    warn!("a reply failed: {}", failed.error);
    send(failed.entity, &mut talks, &mut seats, |talk, open| {
        tools.metrics.replied(talk.member.as_str(), Outcome::Failed);
        FromServer::Failed {
            from: talk.member.clone(),
            nr: open.nr,
            message: "She lost her thread. Say it again in a moment.".into(),
        }
    });
    if let Ok((mut talk, _)) = talks.get_mut(failed.entity) {
        talk.open = None;
    }
}

fn count(tools: Res<Tools>, talks: Query<&Talk>) {
    tools.metrics.set_open_replies(talks.iter().filter(|talk| talk.open.is_some()).count());
}
