//! Lets a script talk with the idols, and takes a picture after each step.

mod compare;
mod heard;
mod on_scene;
mod parse;
mod play;
mod record;
mod stage;

use std::time::Duration;

use bevy::{prelude::*, time::TimeUpdateStrategy, winit::WinitSettings};

pub use parse::Script;
pub use record::Record;

/// Seconds of stage time per picture, however long it takes to draw one.
const FRAME: Duration = Duration::from_nanos(66_666_667);

/// Plays a script and quits: with code 0, or 1 if something was missing.
pub struct ScriptPlugin {
    pub script: Script,
    pub record: Record,
}

impl Plugin for ScriptPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(TimeUpdateStrategy::ManualDuration(FRAME))
            .insert_resource(WinitSettings::continuous())
            .insert_resource(play::Play::new(self.script.steps.clone()))
            .insert_resource(self.record.clone())
            .init_resource::<heard::Heard>()
            .add_observer(heard::started)
            .add_observer(heard::feeling)
            .add_observer(heard::words)
            .add_observer(heard::finished)
            .add_observer(heard::failed)
            .init_resource::<on_scene::Passages>()
            .add_observer(on_scene::ended)
            .add_systems(Update, (heard::model, on_scene::take_down, play::play).chain());
    }
}
