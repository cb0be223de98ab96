//! The panels, with a font that can write Korean.

use bevy::{asset::io::file::FileAssetReader, prelude::*};
use bevy_persona::prelude::*;

use crate::{
    console::ConsoleShown, help::HelpShown, scenes::menu::ScenesShown, settings::SettingsShown,
};

const FONT: &str = "assets/fonts/PretendardJP-Medium.otf";

/// What a script can ask to be shown; `none` hides all, the chat too.
pub const PANELS: [&str; 8] =
    ["chat", "memory", "inspector", "settings", "help", "scenes", "console", "none"];

/// Request: show one of [`PANELS`] beside the chat, and no other.
#[derive(Debug, Clone, Event)]
pub struct ShowPanel(pub String);

pub fn plugin(app: &mut App) {
    let path = FileAssetReader::get_base_path().join(FONT);
    let font = std::fs::read(&path)
        .inspect_err(|error| warn!("{}: {error}; Korean will be unreadable", path.display()))
        .ok();
    app.add_plugins((ChatPanelPlugin { font }, SpeechBubblesPlugin))
        .add_plugins((MemoryPanelPlugin, InspectorPlugin))
        .add_observer(show);
}

fn show(
    show: On<ShowPanel>,
    mut shown: ResMut<ShownPanels>,
    mut settings: ResMut<SettingsShown>,
    mut help: ResMut<HelpShown>,
    mut scenes: ResMut<ScenesShown>,
    mut console: ResMut<ConsoleShown>,
) {
    let name = show.0.as_str();
    *shown = ShownPanels {
        chat: name != "none",
        memory: name == "memory",
        inspector: name == "inspector",
    };
    settings.0 = name == "settings";
    help.0 = name == "help";
    scenes.0 = name == "scenes";
    console.0 = name == "console";
}
