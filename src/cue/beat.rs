//! When what a reply brings is shown.
//!
//! Words come faster than anybody speaks. Whoever has no voice shows all of it as it comes; whoever has
//! one ([`Voiced`]) shows it as she speaks.

use bevy::prelude::*;

use crate::{
    dialogue::{
        AskId, EmotionChanged, ReplyChunk, ReplyEnd, ReplyFailed, ReplyFinished, ReplyStarted,
    },
    mind::EmotionTag,
};

/// A part of a reply is performed now: the face, the body and the gestures go with it.
///
/// # Scheduling
/// Triggered with the event of the reply that it stands for, or, for a [`Voiced`] character, when she
/// comes to it.
#[derive(Debug, Clone, PartialEq, EntityEvent)]
pub struct Beat {
    /// The character.
    pub entity: Entity,
    /// The reply.
    pub ask: AskId,
    /// What is performed.
    pub part: BeatPart,
}

/// What a [`Beat`] performs.
#[derive(Debug, Clone, PartialEq)]
pub enum BeatPart {
    /// She begins to reply.
    Begin,
    /// A feeling comes up.
    Feel(EmotionTag),
    /// Words are said.
    Say(String),
    /// The reply is over.
    End {
        /// She was cut short.
        interrupted: bool,
    },
}

/// Marks a character whose voice says when each [`Beat`] comes.
///
/// Whoever inserts it triggers the beats. The beginning of a reply and its first feeling are not waited
/// for: they come at once.
#[derive(Debug, Clone, Copy, Default, Component)]
pub struct Voiced {
    /// The reply in which a feeling has been shown.
    felt: Option<AskId>,
}

type Voices<'w, 's> = Query<'w, 's, &'static mut Voiced>;

pub(super) fn begin(started: On<ReplyStarted>, mut commands: Commands) {
    let (entity, ask) = (started.entity, started.ask);
    commands.trigger(Beat { entity, ask, part: BeatPart::Begin });
}

pub(super) fn feel(changed: On<EmotionChanged>, mut voices: Voices, mut commands: Commands) {
    let (entity, ask) = (changed.entity, changed.ask);
    if let Ok(mut voice) = voices.get_mut(entity)
        && voice.felt.replace(ask) == Some(ask)
    {
        return;
    }
    commands.trigger(Beat { entity, ask, part: BeatPart::Feel(changed.tag.clone()) });
}

pub(super) fn say(chunk: On<ReplyChunk>, voices: Voices, mut commands: Commands) {
    let (entity, ask) = (chunk.entity, chunk.ask);
    if !voices.contains(entity) {
        commands.trigger(Beat { entity, ask, part: BeatPart::Say(chunk.text.clone()) });
    }
}

pub(super) fn end(finished: On<ReplyFinished>, voices: Voices, mut commands: Commands) {
    let (entity, ask) = (finished.entity, finished.ask);
    let interrupted = finished.reason == ReplyEnd::Interrupted;
    if interrupted || !voices.contains(entity) {
        commands.trigger(Beat { entity, ask, part: BeatPart::End { interrupted } });
    }
}

pub(super) fn fail(failed: On<ReplyFailed>, mut commands: Commands) {
    let (entity, ask) = (failed.entity, failed.ask);
    commands.trigger(Beat { entity, ask, part: BeatPart::End { interrupted: false } });
}
