//! What the parts of the world share.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use bevy::prelude::*;
use bevy_persona::{club::Ending, mind::FanId, persona::PersonaId};

use crate::{
    door::{Outbox, SessionId},
    metrics::Metrics,
    status::Status,
};

/// What the operator decides.
#[derive(Debug, Clone, Copy, Resource)]
pub struct Rules {
    pub linger: Duration,
    pub parting: Duration,
    pub max_chars: usize,
}

/// What is counted and shown.
#[derive(Clone, Resource)]
pub struct Tools {
    pub metrics: Arc<Metrics>,
    pub status: Arc<Status>,
}

/// Who is here.
#[derive(Debug, Default, Resource)]
pub struct Guests {
    pub by_fan: HashMap<FanId, Entity>,
    pub by_session: HashMap<SessionId, Entity>,
    /// Whether nobody is let in any more.
    pub is_closing: bool,
}

/// One connection of a fan.
#[derive(Debug)]
pub struct Session {
    pub id: SessionId,
    pub outbox: Outbox,
    /// Whether it has had its welcome.
    pub is_welcome: bool,
}

/// A fan's place: beside the [`FanProfile`](bevy_persona::dialogue::FanProfile).
#[derive(Debug, Default, Component)]
pub struct Seat {
    pub sessions: Vec<Session>,
    /// The fan's idols; empty until the fan's memory has been read.
    pub idols: BTreeMap<PersonaId, Entity>,
    /// With whom the fan spoke last.
    pub spoke_with: Option<Entity>,
    /// Since when there is no connection.
    pub empty_since: Option<Instant>,
    /// What is to be forgotten in the store, behind the turns of this frame.
    pub to_forget: Vec<bevy_persona::dialogue::Forgotten>,
}

/// How many fans are here: places that are kept for those who have left do not count.
pub fn online<'a>(seats: impl IntoIterator<Item = &'a Seat>) -> usize {
    seats.into_iter().filter(|seat| !seat.sessions.is_empty()).count()
}

/// The talk between a fan and an idol: beside the [`Persona`](bevy_persona::prelude::Persona).
#[derive(Debug, Component)]
pub struct Talk {
    pub member: PersonaId,
    /// The message that is being answered.
    pub open: Option<OpenTurn>,
    /// How many turns are on their way to the disk.
    pub being_kept: usize,
}

/// A message that is being answered.
#[derive(Debug)]
pub struct OpenTurn {
    /// The client's number of it.
    pub nr: u64,
    /// When it came.
    pub since: Instant,
    /// Whether words have been sent.
    pub has_words: bool,
    /// How the answer ended, once it has.
    pub ended: Option<Ended>,
}

/// How an answer ended.
#[derive(Debug)]
pub struct Ended {
    pub reason: Ending,
    pub text: String,
}
