//! The fan's demo: four idols on a small stage, and a chat panel to talk with them.
//!
//! Click an idol, or press Tab, and write to her; a click beside her shows all four. F1 shows the
//! group, F2 the chosen one in her room, F3 what is behind the stage; hold F4 to speak to her; F5 starts the beat,
//! F6 lists the written scenes, F7 what is wrong with their files.
//! A script can do the talking:
//!
//! ```sh
//! cargo run --features full --example stage -- \
//!     --script assets/demo/first_hello.txt --screenshot-dir target/demo
//! ```

mod beat;
mod camera;
mod cast;
mod chat;
mod cli;
mod console;
mod dance;
mod glow;
mod help;
mod loading;
mod microphone;
mod plates;
mod report;
mod scene;
mod scenes;
mod script;
mod settings;
mod view;
mod window;

use bevy::prelude::*;
use bevy_persona::{prelude::*, view::VoicePlugin};
use bevy_vrm1::prelude::VrmPlugin;

use scenes::{
    Opening,
    auto_fan::{AutoFan, Chances},
};

/// What the command line decides for all parts of the stage.
#[derive(Debug, Clone, Resource)]
struct Setting {
    /// Whether everything sways, blinks and glides. For a script only what an idol feels moves, so
    /// that its pictures can be compared.
    alive: bool,
    /// Who is talked with first, in her room.
    first: Option<String>,
}

fn main() -> AppExit {
    let cli = cli::Cli::read();
    let persona = PersonaPlugins::default().with_model(cli.model.clone()).with_seed(cli.seed);
    // A script's pictures come with the text, and not with a voice.
    let persona = match (&cli.script, cli.voice) {
        (Some(_), false) => persona.build().disable::<VoicePlugin>(),
        _ => persona.build(),
    };
    let mut app = App::new();
    app.insert_resource(Setting { alive: cli.script.is_none(), first: cli.idol.clone() })
        .add_plugins((PersonaSourcePlugin::default(), window::plugins(&cli), VrmPlugin))
        .add_plugins((persona, LibraryPlugin::default(), chat::plugin))
        .add_plugins((settings::SettingsPlugin { file: cli.settings_file() }, help::plugin))
        .add_plugins((loading::plugin, microphone::plugin, scenes::plugin, console::plugin))
        .insert_resource(Opening(cli.opening()))
        .insert_resource(AutoFan(cli.auto_fan.map(Chances::new)))
        .add_plugins((view::plugin, beat::plugin, dance::plugin, scene::plugin, plates::plugin))
        .add_plugins((cast::plugin, camera::plugin));
    // A script's fan is always a new one, so that its pictures can be compared.
    if let Some(memory) = cli.memory() {
        app.add_plugins(memory);
    }
    if cli.report {
        app.add_plugins(report::plugin);
    }
    if let Some(script) = cli.script_plugin() {
        app.add_plugins(script);
    }
    app.run()
}
