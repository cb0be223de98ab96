//! The fan's demo: four idols on a small stage, and a chat panel to talk with them.
//!
//! Click an idol, or press Tab, and write to her; a click beside her shows all four. A script can
//! do the talking:
//!
//! ```sh
//! cargo run --all-features --example stage -- \
//!     --script assets/demo/first_hello.txt --screenshot-dir target/demo
//! ```

mod camera;
mod cast;
mod chat;
mod cli;
mod glow;
mod pose;
mod posture;
mod scene;
mod script;
mod window;

use bevy::prelude::*;
use bevy_persona::prelude::*;
use bevy_vrm1::prelude::VrmPlugin;

/// What the command line decides for all parts of the stage.
#[derive(Debug, Clone, Resource)]
struct Setting {
    /// Whether everything sways, blinks and glides. For a script only what an idol feels moves, so
    /// that its pictures can be compared.
    alive: bool,
    /// Who is talked with first.
    first: Option<String>,
}

fn main() -> AppExit {
    let cli = cli::Cli::read();
    let persona = PersonaPlugins::default().with_model(cli.model.clone()).with_seed(cli.seed);
    let mut app = App::new();
    app.insert_resource(Setting { alive: cli.script.is_none(), first: cli.idol.clone() })
        .add_plugins((PersonaSourcePlugin::default(), window::plugins(&cli), VrmPlugin))
        .add_plugins((persona, LibraryPlugin::default(), chat::plugin))
        .add_plugins((scene::plugin, cast::plugin, camera::plugin))
        .add_plugins((pose::plugin, posture::plugin));
    // A script's fan is always a new one, so that its pictures can be compared.
    if let Some(memory) = cli.memory() {
        app.add_plugins(memory);
    }
    if let Some(script) = cli.script_plugin() {
        app.add_plugins(script);
    }
    app.run()
}
