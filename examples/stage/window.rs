//! Bevy's own plugins, with the window the command line asks for.

use bevy::{
    app::PluginGroupBuilder,
    prelude::*,
    render::RenderPlugin,
    window::{PresentMode, WindowResolution},
};

use crate::cli::{Cli, Size};

/// `DefaultPlugins` for this stage.
pub fn plugins(cli: &Cli) -> PluginGroupBuilder {
    let scripted = cli.script.is_some();
    let Size(width, height) = cli.size();
    let mut resolution = WindowResolution::new(width, height);
    if scripted {
        // Pictures have the size that was asked for, on any screen.
        resolution = resolution.with_scale_factor_override(1.0);
    }
    let window = Window {
        title: "On stage".into(),
        resolution,
        // A script does not wait for the screen.
        present_mode: if scripted { PresentMode::AutoNoVsync } else { PresentMode::AutoVsync },
        ..default()
    };
    DefaultPlugins
        .set(WindowPlugin { primary_window: Some(window), ..default() })
        // The first picture of a script must be whole, so nothing may be compiled on the side.
        .set(RenderPlugin { synchronous_pipeline_compilation: scripted, ..default() })
}
