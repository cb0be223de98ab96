//! What one fan's message goes through.

use std::collections::VecDeque;

use bevy::prelude::*;

use crate::{
    inference::{Request, RequestId, Ticket},
    mind::{Act, Beats, Emotion, Segment, Thought},
};

/// Names one [`Say`](super::Say) from its first event to its last; unique within an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AskId(pub(crate) u64);

/// Gives out the names of asks.
///
/// # Example
/// ```
/// use bevy_persona::dialogue::AskIds;
///
/// let mut ids = AskIds::default();
/// assert_ne!(ids.draw(), ids.draw());
/// ```
#[derive(Debug, Default, Resource)]
pub struct AskIds(u64);

impl AskIds {
    /// A name that nothing else has: for a [`Perform`](super::Perform) or an
    /// [`Improvise`](super::Improvise).
    pub fn draw(&mut self) -> AskId {
        self.0 += 1;
        AskId(self.0)
    }
}

/// A message that waits for its turn.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) ask: AskId,
    pub(super) fan: String,
    pub(super) task: Task,
}

/// What is asked of a character.
#[derive(Debug)]
pub(super) enum Task {
    /// An answer to the fan.
    Answer,
    /// These words, with their tags.
    Perform(String),
    /// Her own words for a moment of a scene.
    Improvise(Box<Act>),
}

/// A message that is being answered.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) ask: AskId,
    pub(super) fan: String,
    pub(super) stage: Stage,
    pub(super) beats: Beats,
    pub(super) emotion: Emotion,
    /// Whether the reply has begun.
    pub(super) started: bool,
    /// What she made of the message, until the turn is settled.
    pub(super) thought: Option<Box<Thought>>,
}

/// How far an open ask is.
#[derive(Debug)]
pub(super) enum Stage {
    /// To be handed to the worker; empty only while that is tried.
    Prepared(Option<Box<Request>>),
    /// With the worker. Dropping the ticket cancels the reply.
    Asked(Ticket),
    /// The rest of a reply that was written beforehand.
    Written(VecDeque<Segment>),
}

impl Open {
    /// An ask of which nothing was shown yet.
    pub(super) fn new(
        ask: AskId,
        fan: String,
        stage: Stage,
        thought: Option<Box<Thought>>,
    ) -> Self {
        let (beats, emotion) = (Beats::default(), Emotion::Neutral);
        Self { ask, fan, stage, beats, emotion, started: false, thought }
    }

    pub(super) fn request(&self) -> Option<RequestId> {
        match &self.stage {
            Stage::Prepared(_) | Stage::Written(_) => None,
            Stage::Asked(ticket) => Some(ticket.id()),
        }
    }

    /// All that was shown of the reply.
    pub(super) fn text(&self) -> String {
        self.beats.as_slice().iter().map(|beat| beat.text.as_str()).collect()
    }
}

/// The asks of one character: at most one open, the others in order.
#[derive(Debug, Default, Component)]
pub(super) struct Asks {
    pub(super) waiting: VecDeque<Waiting>,
    pub(super) open: Option<Open>,
    /// Whether the first waiting message needs the model, which is still being loaded.
    pub(super) needs_model: bool,
}
