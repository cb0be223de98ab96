//! What outlives the server: each turn is handed to the keeper, and ends when it is on the disk.

use std::collections::VecDeque;

use bevy::prelude::*;
use bevy_persona::{
    PersonaSystems,
    club::FromServer,
    dialogue::{FanProfile, Forgotten, TalksWith, TurnSettled},
    mind::FanId,
    persona::PersonaId,
    prelude::Rapport,
    store::{NotQueued, StoreEvent, StoreJob, TurnRecord},
};

use super::{
    seat::{Remembered, Unreadable},
    state::{Ended, Guests, OpenTurn, Seat, Talk, Tools},
};
use crate::keeper::Keeper;

/// What is kept of fans.
#[derive(Resource)]
pub struct Jobs(Option<Keeper>);

impl Jobs {
    /// Hands over a job; gives it back if it was not taken.
    pub fn submit(&self, job: StoreJob) -> Result<(), Box<StoreJob>> {
        let Some(keeper) = &self.0 else { return Err(job.into()) };
        let submitted = keeper.submit(job).inspect_err(|error| error!("{error}"));
        submitted.map_err(|(NotQueued::Full(job) | NotQueued::Ended(job))| job)
    }

    /// Waits until all is written; gives how much could not be.
    pub fn close(&mut self) -> usize {
        self.0.take().map_or(0, |keeper| keeper.close().len())
    }
}

pub fn install(app: &mut App, keeper: Keeper) {
    app.insert_resource(Jobs(Some(keeper)))
        .add_systems(PreUpdate, hear.in_set(PersonaSystems::Receive))
        .add_systems(PostUpdate, (keep, forget, finish).chain().after(PersonaSystems::Submit));
}

fn hear(
    jobs: Res<Jobs>,
    guests: Res<Guests>,
    tools: Res<Tools>,
    seats: Query<&Seat>,
    mut talks: Query<&mut Talk>,
    mut commands: Commands,
) {
    let Some(keeper) = &jobs.0 else { return };
    for event in keeper.events() {
        match event {
            StoreEvent::Loaded(fan, saved) => commands.trigger(Remembered { fan, saved }),
            StoreEvent::Saved { fan, member } => {
                tools.metrics.kept();
                settle(&fan, &member, &guests, &seats, &mut talks);
            }
            StoreEvent::Failing(error) => {
                tools.metrics.keep_failed();
                error!("{error}; turns end when they can be written again");
            }
            StoreEvent::Recovered => info!("the store can be written again"),
            StoreEvent::Refused(job, error) => {
                tools.metrics.keep_failed();
                error!("{error}");
                match *job {
                    // A turn that can never be kept ends without.
                    StoreJob::SaveTurn { fan, member, .. } => {
                        settle(&fan, &member, &guests, &seats, &mut talks);
                    }
                    StoreJob::Load(fan) => commands.trigger(Unreadable { fan }),
                    _ => {}
                }
            }
            StoreEvent::Exported(..) => {}
        }
    }
}

/// One turn less is on its way to the disk.
fn settle(
    fan: &FanId,
    member: &PersonaId,
    guests: &Guests,
    seats: &Query<&Seat>,
    talks: &mut Query<&mut Talk>,
) {
    let seat = guests.by_fan.get(fan).and_then(|&seat| seats.get(seat).ok());
    let her = seat.and_then(|seat| seat.idols.get(member));
    if let Some(mut talk) = her.and_then(|&her| talks.get_mut(her).ok()) {
        talk.being_kept = talk.being_kept.saturating_sub(1);
    }
}

/// Turns that nobody takes wait here for the next frame.
#[derive(Default)]
struct Backlog(VecDeque<StoreJob>);

fn keep(
    jobs: Res<Jobs>,
    mut settled: MessageReader<TurnSettled>,
    mut talks: Query<(&mut Talk, &TalksWith, &Rapport)>,
    profiles: Query<&FanProfile>,
    mut backlog: Local<Backlog>,
) {
    for turn in settled.read() {
        let Ok((mut talk, with, rapport)) = talks.get_mut(turn.entity) else { continue };
        let Ok(FanProfile(fan)) = profiles.get(with.0) else { continue };
        let (lines, forgotten) = (turn.lines.clone(), turn.forgotten.clone());
        let record = TurnRecord::settled(lines, &fan.memory, forgotten, Some(rapport.0.clone()));
        let (fan, member) = (fan.id.clone(), turn.member.clone());
        talk.being_kept += 1;
        backlog.0.push_back(StoreJob::SaveTurn { fan, member, record: record.into() });
    }
    while let Some(job) = backlog.0.pop_front() {
        if let Err(refused) = jobs.submit(job) {
            backlog.0.push_front(*refused);
            break;
        }
    }
}

/// Behind [`keep`], so that no turn of before comes after.
fn forget(jobs: Res<Jobs>, mut seats: Query<(&mut Seat, &FanProfile)>) {
    for (mut seat, FanProfile(fan)) in &mut seats {
        if seat.to_forget.is_empty() {
            continue;
        }
        seat.to_forget.retain(|what| {
            let job = match what {
                Forgotten::Fact(fact) => StoreJob::Forget(fan.id.clone(), *fact),
                Forgotten::Fan => StoreJob::ForgetFan(fan.id.clone()),
            };
            jobs.submit(job).is_err()
        });
    }
}

/// Ends turns of which nothing is on its way to the disk any more.
fn finish(mut talks: Query<(&mut Talk, &TalksWith, &Rapport)>, mut seats: Query<&mut Seat>) {
    for (mut talk, with, rapport) in &mut talks {
        let Talk { member, open, being_kept: 0 } = talk.bypass_change_detection() else { continue };
        let Some(OpenTurn { nr, ended: Some(Ended { reason, text }), .. }) =
            open.take_if(|open| open.ended.is_some())
        else {
            continue;
        };
        if let Ok(mut seat) = seats.get_mut(with.0) {
            seat.send(&FromServer::End {
                from: member.clone(),
                nr,
                reason,
                text,
                closeness: rapport.0.relationship.affinity(),
            });
        }
    }
}
