//! Written scenes, played over characters that are there.

#![cfg(feature = "scene")]

pub mod common;

#[path = "director/answers.rs"]
mod answers;
#[path = "director/beginnings.rs"]
mod beginnings;
#[path = "director/effects.rs"]
mod effects;
#[path = "director/interrupting.rs"]
mod interrupting;
#[path = "director/lines.rs"]
mod lines;
#[path = "director/moments.rs"]
mod moments;
#[cfg(feature = "hot_reload")]
#[path = "director/reload.rs"]
mod reload;
#[cfg(feature = "store")]
#[path = "director/restart.rs"]
mod restart;
#[path = "director/samples.rs"]
mod samples;
#[path = "director/saving.rs"]
mod saving;
#[path = "director/show.rs"]
mod show;
#[path = "director/talks.rs"]
mod talks;
