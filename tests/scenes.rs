//! The written scenes of the game: they load, play, are saved and are read again in the middle.

#![cfg(feature = "scene")]

#[path = "scenes/broken.rs"]
mod broken;
#[path = "scenes/common.rs"]
mod common;
#[path = "scenes/functions.rs"]
mod functions;
#[path = "scenes/languages.rs"]
mod languages;
#[path = "scenes/play.rs"]
mod play;
#[path = "scenes/reload.rs"]
mod reload;
#[path = "scenes/save.rs"]
mod save;
