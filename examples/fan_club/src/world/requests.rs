//! What fans ask for.

use std::time::Instant;

use bevy::prelude::*;
use bevy_persona::{
    club::{FromServer, Refusal, ToServer},
    dialogue::{FanLanguage, FanProfile, ForgetProfile, Forgotten},
    library::MindLibrary,
    mind::Timestamp,
    prelude::{Interrupt, Say},
};

use super::{
    state::{Guests, OpenTurn, Seat, Talk, online},
    welcome::{Welcoming, remembered},
};
use crate::door::SessionId;

/// A fan asks for something.
#[derive(Debug, Clone, Event)]
pub struct Asked {
    pub session: SessionId,
    pub frame: ToServer,
    pub at: Instant,
}

pub fn install(app: &mut App) {
    app.add_observer(answer);
}

fn answer(
    asked: On<Asked>,
    guests: Res<Guests>,
    mut seats: Query<&mut Seat>,
    mut talks: Query<&mut Talk>,
    mut commands: Commands,
) {
    let Asked { session, frame, at } = asked.event().clone();
    let Some(&entity) = guests.by_session.get(&session) else { return };
    let Ok(mut seat) = seats.get_mut(entity) else { return };
    match frame {
        ToServer::Say { nr, to, text } => {
            let refusal =
                match seat.idols.get(&to).and_then(|&her| Some((her, talks.get_mut(her).ok()?))) {
                    _ if guests.is_closing || seat.idols.is_empty() => Refusal::Busy,
                    None => Refusal::UnknownMember,
                    Some((_, talk)) if talk.open.is_some() => Refusal::StillAnswering,
                    Some((entity, mut talk)) => {
                        talk.open = Some(OpenTurn::new(nr, at));
                        seat.spoke_with = Some(entity);
                        commands.trigger(Say { entity, text });
                        return;
                    }
                };
            seat.send_to(session, &refused(nr, refusal, &to.to_string()));
        }
        ToServer::Stop { to } => {
            if let Some(&entity) = seat.idols.get(&to) {
                commands.trigger(Interrupt { entity });
            }
        }
        ToServer::Recall => commands.run_system_cached_with(recall, (entity, session)),
        ToServer::Forget { fact } => {
            let what = Forgotten::Fact(fact);
            commands.trigger(ForgetProfile { entity, what });
            seat.to_forget.push(what);
            commands.run_system_cached_with(recall, (entity, session));
        }
        ToServer::ForgetMe => {
            let what = Forgotten::Fan;
            commands.trigger(ForgetProfile { entity, what });
            seat.to_forget.push(what);
            // Behind all that the forgetting itself still does.
            commands.queue(move |world: &mut World| {
                world.flush();
                if let Err(error) = world.run_system_cached_with(begin_anew, entity) {
                    error!("a fan who was forgotten is not welcomed: {error}");
                }
            });
        }
        _ => {}
    }
}

fn refused(nr: u64, reason: Refusal, member: &str) -> FromServer {
    let message = match reason {
        Refusal::UnknownMember => format!("Nobody here is called `{member}`."),
        Refusal::StillAnswering => {
            format!("{member} has not answered your last message yet; wait, or stop her first.")
        }
        _ => "The server is about to close; come again in a minute.".into(),
    };
    FromServer::Refused { nr: Some(nr), reason, message, retry_after: None }
}

fn recall(
    In((entity, session)): In<(Entity, SessionId)>,
    library: Res<MindLibrary>,
    seats: Query<(&Seat, &FanProfile)>,
    languages: Query<&FanLanguage>,
) {
    let Ok((seat, profile)) = seats.get(entity) else { return };
    let spoken = seat.spoke_with.and_then(|her| languages.get(her).ok());
    let language = spoken.copied().unwrap_or_default().0;
    seat.send_to(session, &remembered(&library, &profile.0, language, Timestamp::now()));
}

fn begin_anew(
    In(entity): In<Entity>,
    welcoming: Welcoming,
    mut seats: Query<(&mut Seat, &FanProfile)>,
) {
    let online = online(seats.iter().map(|(seat, _)| seat));
    let Ok((mut seat, profile)) = seats.get_mut(entity) else { return };
    let frame = welcoming.frame(&seat, &profile.0, online);
    seat.send(&frame);
}
