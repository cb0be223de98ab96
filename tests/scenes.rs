//! The written scenes of the game: they load, play, are saved and are read again in the middle.

#[path = "scenes/common.rs"]
mod common;
#[path = "scenes/play.rs"]
mod play;
