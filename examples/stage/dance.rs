//! They dance to the beat, each in her place of the formation.

use bevy::prelude::*;
use bevy_persona::prelude::*;

use crate::{beat::Dance, cast::Idol};

pub fn plugin(app: &mut App) {
    app.add_observer(dance);
}

fn dance(dance: On<Dance>, idols: Query<Entity, With<Idol>>, mut commands: Commands) {
    for entity in &idols {
        if dance.0 {
            commands.trigger(Gesture { entity, motion: "dance_group".into() });
        } else {
            commands.trigger(EndGesture { entity });
        }
    }
}
