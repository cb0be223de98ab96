//! Keeps the transcripts up to date.

use bevy::prelude::*;

use super::transcript::Transcript;
use crate::{
    dialogue::{EmotionChanged, ReplyChunk, ReplyFailed, ReplyFinished, Say, SceneListens},
    mind::fan_text,
};

pub(super) fn said(
    say: On<Say>,
    listens: Option<Res<SceneListens>>,
    mut transcripts: Query<&mut Transcript>,
) {
    // What is said to a scene gets no reply of its own.
    if listens.is_some_and(|listens| listens.0) {
        return;
    }
    let text = fan_text(&say.text);
    if let Ok(mut transcript) = transcripts.get_mut(say.entity)
        && !text.is_empty()
    {
        transcript.said(text);
    }
}

pub(super) fn feels(changed: On<EmotionChanged>, mut transcripts: Query<&mut Transcript>) {
    if let Ok(mut transcript) = transcripts.get_mut(changed.entity) {
        transcript.feels(changed.tag.clone());
    }
}

pub(super) fn hears(chunk: On<ReplyChunk>, mut transcripts: Query<&mut Transcript>) {
    if let Ok(mut transcript) = transcripts.get_mut(chunk.entity) {
        transcript.hears(&chunk.text);
    }
}

pub(super) fn finished(finished: On<ReplyFinished>, mut transcripts: Query<&mut Transcript>) {
    if let Ok(mut transcript) = transcripts.get_mut(finished.entity) {
        transcript.ended();
    }
}

pub(super) fn failed(failed: On<ReplyFailed>, mut transcripts: Query<&mut Transcript>) {
    if let Ok(mut transcript) = transcripts.get_mut(failed.entity) {
        transcript.failed(&failed.error);
    }
}
