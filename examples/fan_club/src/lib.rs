//! A server on which many fans talk with the four idols at once.
//!
//! A headless Bevy app is the world: each fan has a seat in it, and idols of its own. The web is in front
//! of it, what is kept of fans behind it. `docs/scaling.md` says how many fans one server carries.

pub mod accounts;
pub mod args;
pub mod database;
pub mod door;
pub mod keeper;
pub mod limits;
pub mod metrics;
pub mod run;
pub mod status;
pub mod web;
pub mod world;
