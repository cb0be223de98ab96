//! Written scenes on the stage: sets, walks, cameras, lights and sounds that the director asks for.

pub mod auto_fan;
mod begin;
mod cues;
mod gait;
pub mod light;
pub mod menu;
mod needs;
pub mod place;
pub mod sets;
pub mod shot;
mod sound;
pub mod walk;
mod weather;

use bevy::prelude::*;
use bevy_persona::director::DirectorPlugin;

pub use begin::Opening;

pub fn plugin(app: &mut App) {
    app.add_plugins(DirectorPlugin::default())
        .add_plugins((begin::plugin, cues::plugin, walk::plugin, gait::plugin, shot::plugin))
        .add_plugins((sets::plugin, light::plugin, weather::plugin, sound::plugin))
        .add_plugins((menu::plugin, auto_fan::plugin));
}
