//! Fans who come and go, and the places that are kept for them.

use std::time::Instant;

use bevy::prelude::*;
use bevy_persona::{
    club::{FromServer, Parting, Refusal},
    dialogue::{Conversation, FanLanguage, FanProfile, Rapport, TalksWith},
    mind::FanId,
    prelude::{Fan, Persona},
    store::{Saved, StoreJob},
};

use super::{
    cast::Idols,
    keeping::Jobs,
    stage::Audience,
    state::{Guests, Rules, Seat, Session, Talk, Tools, online},
    welcome::Welcoming,
};
use crate::door::{Outbox, OutboxError, SessionId, as_text};

/// A fan is here, by a new connection.
#[derive(Debug, Clone, Event)]
pub struct Arrived {
    pub session: SessionId,
    pub fan: FanId,
    pub outbox: Outbox,
}

/// A connection has ended.
#[derive(Debug, Clone, Copy, Event)]
pub struct Left {
    pub session: SessionId,
}

/// A fan has no account any more.
#[derive(Debug, Clone, Event)]
pub struct SignedOut {
    pub fan: FanId,
}

/// What is kept of a fan has been read.
#[derive(Debug, Clone, Event)]
pub struct Remembered {
    pub fan: FanId,
    pub saved: Box<Saved>,
}

/// What is kept of a fan cannot be read now.
#[derive(Debug, Clone, Event)]
pub struct Unreadable {
    pub fan: FanId,
}

pub fn install(app: &mut App) {
    app.add_observer(arrive)
        .add_observer(leave)
        .add_observer(sign_out)
        .add_observer(fill)
        .add_observer(turn_away);
}

impl Seat {
    /// Sends a frame to all connections of the fan that have had their welcome. Who reads too slowly is
    /// let go.
    pub fn send(&mut self, frame: &FromServer) {
        let text = as_text(frame);
        self.sessions.retain(|session| {
            if !session.is_welcome {
                return true;
            }
            let sent = session.outbox.send_text(text.clone());
            if sent == Err(OutboxError::TooSlow) {
                warn!("a client reads too slowly and is let go");
            }
            sent.is_ok()
        });
    }

    /// Sends a frame to one connection.
    pub fn send_to(&self, session: SessionId, frame: &FromServer) {
        if let Some(session) = self.sessions.iter().find(|one| one.id == session) {
            // A connection that is gone is told of by the web.
            let _ = session.outbox.send(frame);
        }
    }
}

fn arrive(
    arrived: On<Arrived>,
    mut guests: ResMut<Guests>,
    mut seats: Query<&mut Seat>,
    jobs: Res<Jobs>,
    mut commands: Commands,
) {
    let Arrived { session, fan, outbox } = arrived.event().clone();
    if guests.is_closing {
        // The client may be gone already.
        let _ = outbox.send(&FromServer::Bye { reason: Parting::ShuttingDown });
        return;
    }
    let session = Session { id: session, outbox, is_welcome: false };
    if let Some(&entity) = guests.by_fan.get(&fan)
        && let Ok(mut seat) = seats.get_mut(entity)
    {
        guests.by_session.insert(session.id, entity);
        seat.sessions.push(session);
        seat.empty_since = None;
        if !seat.idols.is_empty() {
            commands.run_system_cached_with(welcome, entity);
        }
        return;
    }
    if jobs.submit(StoreJob::Load(fan.clone())).is_err() {
        let _ = session.outbox.send(&busy());
        return;
    }
    let id = session.id;
    let seat = Seat { sessions: vec![session], ..Seat::default() };
    let profile = FanProfile(Fan { id: fan.clone(), ..Fan::default() });
    let entity = commands.spawn((profile, seat)).id();
    guests.by_fan.insert(fan, entity);
    guests.by_session.insert(id, entity);
}

fn busy() -> FromServer {
    FromServer::Refused {
        nr: None,
        reason: Refusal::Busy,
        message: "Your place cannot be made ready at the moment; come again in a minute.".into(),
        retry_after: Some(60.0),
    }
}

/// What was between fan and idols comes back, and the fan is welcomed.
fn fill(
    remembered: On<Remembered>,
    guests: Res<Guests>,
    idols: Res<Idols>,
    mut seats: Query<(&mut Seat, &mut FanProfile)>,
    mut commands: Commands,
) {
    let Remembered { fan, saved } = remembered.event();
    let Some(&entity) = guests.by_fan.get(fan) else { return };
    let Ok((mut seat, mut profile)) = seats.get_mut(entity) else { return };
    if !seat.idols.is_empty() {
        return;
    }
    for unreadable in &saved.unreadable {
        warn!("{fan}: {unreadable} cannot be read; it stays where it is");
    }
    profile.0.memory = saved.memory();
    profile.0.unlocked.extend(saved.unlocked.iter().cloned());
    for idol in &idols.0 {
        let talks = saved.talks.get(&idol.id).cloned().unwrap_or_default();
        let her = (
            Persona(idol.sheet.clone()),
            TalksWith(entity),
            Conversation { history: talks.history },
            Rapport(talks.bond.unwrap_or_default()),
            FanLanguage::default(),
            Talk { member: idol.id.clone(), open: None, being_kept: 0 },
        );
        seat.idols.insert(idol.id.clone(), commands.spawn(her).id());
    }
    commands.run_system_cached_with(welcome, entity);
}

/// Welcomes those connections of a fan that are new.
fn welcome(
    In(entity): In<Entity>,
    mut seats: Query<(&mut Seat, &FanProfile)>,
    welcoming: Welcoming,
    mut audience: ResMut<Audience>,
) {
    let online = online(seats.iter().map(|(seat, _)| seat));
    let Ok((mut seat, profile)) = seats.get_mut(entity) else { return };
    let frame = welcoming.frame(&seat, &profile.0, online);
    seat.sessions.retain_mut(|session| {
        session.is_welcome || {
            session.is_welcome = true;
            session.outbox.send(&frame).is_ok()
        }
    });
    audience.has_changed = true;
}

fn turn_away(
    unreadable: On<Unreadable>,
    mut guests: ResMut<Guests>,
    seats: Query<&Seat>,
    mut commands: Commands,
) {
    let Some(&entity) = guests.by_fan.get(&unreadable.fan) else { return };
    let Some(seat) = seats.get(entity).ok().filter(|seat| seat.idols.is_empty()) else { return };
    for session in &seat.sessions {
        let _ = session.outbox.send(&busy());
    }
    guests.by_fan.remove(&unreadable.fan);
    guests.by_session.retain(|_, seat| *seat != entity);
    commands.entity(entity).try_despawn();
}

fn leave(
    left: On<Left>,
    mut guests: ResMut<Guests>,
    mut seats: Query<&mut Seat>,
    mut audience: ResMut<Audience>,
) {
    let Some(entity) = guests.by_session.remove(&left.session) else { return };
    let Ok(mut seat) = seats.get_mut(entity) else { return };
    seat.sessions.retain(|session| session.id != left.session);
    audience.has_changed = true;
}

fn sign_out(
    out: On<SignedOut>,
    mut guests: ResMut<Guests>,
    mut seats: Query<&mut Seat>,
    mut audience: ResMut<Audience>,
    mut commands: Commands,
) {
    let Some(entity) = guests.by_fan.remove(&out.fan) else { return };
    guests.by_session.retain(|_, seat| *seat != entity);
    if let Ok(mut seat) = seats.get_mut(entity) {
        seat.send(&FromServer::Bye { reason: Parting::SignedOut });
    }
    commands.entity(entity).try_despawn();
    audience.has_changed = true;
}

/// Gives up the places of those who have been away for long and with whom nobody talks any more.
pub fn tidy(
    rules: Res<Rules>,
    tools: Res<Tools>,
    mut guests: ResMut<Guests>,
    mut seats: Query<(Entity, &FanProfile, &mut Seat)>,
    talks: Query<&Talk>,
    mut commands: Commands,
) {
    for (entity, profile, mut seat) in &mut seats {
        if !seat.sessions.is_empty() {
            continue;
        }
        let since = *seat.bypass_change_detection().empty_since.get_or_insert_with(Instant::now);
        let is_talking = |idol: &Entity| {
            talks.get(*idol).is_ok_and(|talk| talk.open.is_some() || talk.being_kept > 0)
        };
        let waits_for_store = seat.idols.is_empty() || !seat.to_forget.is_empty();
        if since.elapsed() >= rules.linger
            && !waits_for_store
            && !seat.idols.values().any(is_talking)
        {
            guests.by_fan.remove(&profile.0.id);
            guests.by_session.retain(|_, at| *at != entity);
            commands.entity(entity).try_despawn();
        }
    }
    tools.metrics.set_fans(guests.by_fan.len());
}
