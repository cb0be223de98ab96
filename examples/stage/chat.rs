//! The chat panel, with a font that can write Korean.

use bevy::{asset::io::file::FileAssetReader, prelude::*};
use bevy_persona::prelude::*;

const FONT: &str = "assets/fonts/Pretendard-Medium.otf";

pub fn plugin(app: &mut App) {
    let path = FileAssetReader::get_base_path().join(FONT);
    let font = std::fs::read(&path)
        .inspect_err(|error| warn!("{}: {error}; Korean will be unreadable", path.display()))
        .ok();
    app.add_plugins(ChatPanelPlugin { font });
}
