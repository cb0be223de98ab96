//! Hears the knocks of the web.

use bevy::prelude::*;
use bevy_persona::PersonaSystems;
use crossbeam_channel::Receiver;

use super::{closing::CloseDoor, requests::Asked, seat};
use crate::door::Knock;

/// Knocks that are heard in a frame; more wait for the next one.
const KNOCKS: usize = 1024;

/// What the web tells.
#[derive(Resource)]
struct Heard(Receiver<Knock>);

pub fn install(app: &mut App, heard: Receiver<Knock>) {
    app.insert_resource(Heard(heard))
        .add_systems(PreUpdate, (listen, seat::tidy).chain().before(PersonaSystems::Receive));
    seat::install(app);
    super::requests::install(app);
}

/// Each knock is a command of its own, so that the next one finds what this one did.
fn listen(heard: Res<Heard>, mut commands: Commands) {
    for knock in heard.0.try_iter().take(KNOCKS) {
        match knock {
            Knock::Arrive { session, fan, outbox } => {
                commands.trigger(seat::Arrived { session, fan, outbox });
            }
            Knock::Frame { session, frame, at } => commands.trigger(Asked { session, frame, at }),
            Knock::Leave { session } => commands.trigger(seat::Left { session }),
            Knock::SignOut { fan } => commands.trigger(seat::SignedOut { fan }),
            Knock::Close => commands.trigger(CloseDoor),
        }
    }
}
