//! Bevy without window and sound, and the avatars of the crate without their minds.

use bevy::{
    app::PluginsState,
    audio::AudioPlugin,
    prelude::*,
    render::{RenderPlugin, pipelined_rendering::PipelinedRenderingPlugin},
    tasks::tick_global_task_pools_on_main_thread,
    window::ExitCondition,
    winit::WinitPlugin,
};
use bevy_persona::{cue::CuePlugin, prelude::*};
use bevy_vrm1::prelude::VrmPlugin;

use super::frame::BACKGROUND;

/// An app that is ready for its first update.
pub fn ready() -> App {
    let window =
        WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() };
    let bevy = DefaultPlugins
        .set(window)
        // Pictures must be whole, and of the moment that they were asked for.
        .set(RenderPlugin { synchronous_pipeline_compilation: true, ..default() })
        .disable::<PipelinedRenderingPlugin>()
        .disable::<AudioPlugin>()
        .disable::<WinitPlugin>();
    let [red, green, blue, _] = BACKGROUND;
    let mut app = App::new();
    app.add_plugins((bevy, VrmPlugin, CuePlugin, AvatarPlugin))
        .insert_resource(ClearColor(Color::srgb_u8(red, green, blue)))
        .insert_resource(GlobalAmbientLight { brightness: 60.0, ..default() })
        .add_systems(Startup, light);
    // The graphics card is found by another thread.
    while app.plugins_state() == PluginsState::Adding {
        tick_global_task_pools_on_main_thread();
    }
    app.finish();
    app.cleanup();
    app
}

/// One light, as on the stage: toon materials add up every light they get.
fn light(mut commands: Commands) {
    commands.spawn((
        DirectionalLight { shadow_maps_enabled: false, ..default() },
        Transform::from_xyz(-0.35, 0.5, 0.8).looking_at(Vec3::ZERO, Vec3::Y),
    ));
}
