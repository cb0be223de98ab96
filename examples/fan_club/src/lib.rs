//! A server on which many fans talk with the four idols at once.

pub mod accounts;
pub mod database;
pub mod door;
pub mod keeper;
pub mod limits;
pub mod metrics;
pub mod status;
pub mod web;
