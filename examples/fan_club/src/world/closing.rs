//! The end of the server, and what it tells of itself until then.

use std::time::Instant;

use bevy::prelude::*;
use bevy_persona::{
    PersonaSystems,
    club::{FromServer, Parting},
    inference::ModelStatus,
    prelude::Interrupt,
};

use super::{
    keeping::Jobs,
    state::{Guests, Rules, Seat, Talk, Tools},
};

/// The door is closed: no message is taken any more.
#[derive(Debug, Clone, Copy, Event)]
pub struct CloseDoor;

/// Since when the door is closed, and whether those who still speak were interrupted.
#[derive(Debug, Resource)]
struct Closing {
    since: Instant,
    has_interrupted: bool,
}

pub fn install(app: &mut App) {
    app.add_observer(close)
        .add_systems(PreUpdate, tell.after(PersonaSystems::Receive))
        .add_systems(
            PostUpdate,
            end.after(PersonaSystems::Submit).run_if(resource_exists::<Closing>),
        );
}

fn tell(model: Res<ModelStatus>, guests: Res<Guests>, tools: Res<Tools>) {
    if !model.is_changed() || guests.is_closing {
        return;
    }
    match &*model {
        ModelStatus::Ready(info) => {
            info!("`{}` speaks", info.model);
            tools.status.ready();
        }
        ModelStatus::Failed(error) => tools.status.failed(error.to_string()),
        ModelStatus::Loading(loading) => {
            tools.status.loading((loading.fraction().unwrap_or(0.0) * 100.0) as u8);
        }
    }
}

fn close(_: On<CloseDoor>, mut guests: ResMut<Guests>, tools: Res<Tools>, mut commands: Commands) {
    if !std::mem::replace(&mut guests.is_closing, true) {
        info!("closing: open replies are finished first");
        tools.status.stopping();
        commands.insert_resource(Closing { since: Instant::now(), has_interrupted: false });
    }
}

fn end(
    mut closing: ResMut<Closing>,
    rules: Res<Rules>,
    talks: Query<(Entity, &Talk)>,
    mut seats: Query<&mut Seat>,
    mut jobs: ResMut<Jobs>,
    mut exit: MessageWriter<AppExit>,
    mut commands: Commands,
) {
    let mut open = talks.iter().filter(|(_, talk)| talk.open.is_some()).peekable();
    let waited = closing.since.elapsed();
    if open.peek().is_some() && waited < rules.parting {
        return;
    }
    if open.peek().is_some() && !closing.has_interrupted {
        closing.has_interrupted = true;
        open.for_each(|(entity, _)| commands.trigger(Interrupt { entity }));
        return;
    }
    // What was interrupted is written in the frames that follow.
    if open.peek().is_some() && waited < rules.parting * 2 {
        return;
    }
    for mut seat in &mut seats {
        seat.send(&FromServer::Bye { reason: Parting::ShuttingDown });
        seat.sessions.clear();
    }
    let lost = jobs.close();
    if lost > 0 {
        error!("{lost} changes could not be written and are lost");
    }
    exit.write(AppExit::Success);
}
