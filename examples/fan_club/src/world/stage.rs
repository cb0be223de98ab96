//! The stage that all fans see: how many are here, and what the members say to each other.

use std::time::Duration;

use bevy::{platform::time::Instant, prelude::*};
use bevy_persona::{
    club::{FromServer, Moment},
    dialogue::{AskId, AskIds, Conversation, Perform},
    persona::PersonaId,
    prelude::{EmotionChanged, Persona, ReplyFailed, ReplyFinished},
};

use super::{
    cast::Idols,
    moments::{Exchange, Moments},
    state::{Guests, Seat, Tools, online},
};

/// Fans who are here.
#[derive(Debug, Default, Resource)]
pub struct Audience {
    /// Whether somebody has come or gone.
    pub has_changed: bool,
    told: usize,
    told_at: Option<Instant>,
}

/// One of the members on the stage, whom all see.
#[derive(Debug, Component)]
struct OnStage(PersonaId);

/// The exchange that is being played.
#[derive(Debug, Resource)]
struct Playing {
    exchange: Option<Exchange>,
    /// Which line comes next.
    line: usize,
    /// What is being said.
    open: Option<AskId>,
    /// When something happens next.
    next: Instant,
    /// Which exchange comes next.
    turn: usize,
}

/// The time between two lines: as long as one looks from one to the other.
const BEAT: Duration = Duration::from_millis(1800);
/// How often the number of fans is told at most.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// The time between two exchanges.
#[derive(Debug, Clone, Copy, Resource)]
struct Between(Duration);

pub fn install(app: &mut App, moments: Moments, between: Duration) {
    // Who comes first does not wait for long.
    let next = Instant::now() + between / 5;
    app.init_resource::<Audience>()
        .insert_resource(moments)
        .insert_resource(Between(between))
        .insert_resource(Playing { exchange: None, line: 0, open: None, next, turn: 0 })
        .add_systems(Startup, enter)
        .add_systems(Update, (play, count))
        .add_observer(feel)
        .add_observer(say)
        .add_observer(fall_silent);
}

fn enter(idols: Res<Idols>, mut commands: Commands) {
    for idol in &idols.0 {
        commands.spawn((Persona(idol.sheet.clone()), OnStage(idol.id.clone())));
    }
}

/// Tells all fans what happens.
fn broadcast(seats: &mut Query<&mut Seat>, moment: Moment) {
    let frame = FromServer::Stage(moment);
    for mut seat in seats {
        seat.send(&frame);
    }
}

fn count(mut audience: ResMut<Audience>, mut seats: Query<&mut Seat>) {
    let is_early = audience.told_at.is_some_and(|told| told.elapsed() < TELL_EVERY);
    if !audience.has_changed || is_early {
        return;
    }
    let fans = online(seats.iter());
    audience.has_changed = false;
    audience.told_at = Some(Instant::now());
    if std::mem::replace(&mut audience.told, fans) != fans {
        broadcast(&mut seats, Moment::Online { fans });
    }
}

fn play(
    mut playing: ResMut<Playing>,
    moments: Res<Moments>,
    between: Res<Between>,
    guests: Res<Guests>,
    tools: Res<Tools>,
    mut stage: Query<(Entity, &OnStage, &mut Conversation)>,
    mut ids: ResMut<AskIds>,
    mut commands: Commands,
) {
    if playing.open.is_some() || Instant::now() < playing.next || guests.is_closing {
        return;
    }
    if playing.exchange.is_none() {
        // Nobody plays to an empty house.
        if moments.all.is_empty() || guests.by_fan.is_empty() {
            playing.next = Instant::now() + BEAT;
            return;
        }
        playing.exchange = Some(moments.all[playing.turn % moments.all.len()].clone());
        playing.turn += 1;
        playing.line = 0;
        tools.metrics.moment();
    }
    let spoken =
        playing.exchange.as_ref().and_then(|exchange| exchange.lines.get(playing.line)).cloned();
    let Some(spoken) = spoken else {
        playing.exchange = None;
        playing.next = Instant::now() + between.0;
        // What was said on the stage is nobody's talk.
        for (_, _, mut conversation) in &mut stage {
            conversation.history.turns.clear();
        }
        return;
    };
    playing.line += 1;
    let her = stage.iter().find(|(_, who, _)| who.0 == spoken.who).map(|found| found.0);
    let Some(entity) = her else {
        warn!("`{}` of a moment is nobody here", spoken.who);
        return;
    };
    let ask = ids.draw();
    playing.open = Some(ask);
    commands.trigger(Perform { entity, ask, fan: String::new(), line: spoken.says });
}

fn feel(changed: On<EmotionChanged>, stage: Query<&OnStage>, mut seats: Query<&mut Seat>) {
    let Ok(OnStage(who)) = stage.get(changed.entity) else { return };
    let (who, emotion) = (who.clone(), changed.tag.emotion.clone());
    broadcast(&mut seats, Moment::Feel { who, emotion, intensity: changed.tag.intensity });
}

fn say(
    finished: On<ReplyFinished>,
    stage: Query<&OnStage>,
    mut playing: ResMut<Playing>,
    mut seats: Query<&mut Seat>,
) {
    let Ok(OnStage(who)) = stage.get(finished.entity) else { return };
    let text = finished.text.trim().to_owned();
    broadcast(&mut seats, Moment::Says { who: who.clone(), text });
    playing.go_on();
}

fn fall_silent(failed: On<ReplyFailed>, stage: Query<&OnStage>, mut playing: ResMut<Playing>) {
    if stage.contains(failed.entity) {
        playing.go_on();
    }
}

impl Playing {
    fn go_on(&mut self) {
        self.open = None;
        self.next = Instant::now() + BEAT;
    }
}
