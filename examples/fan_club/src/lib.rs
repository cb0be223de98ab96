//! A server on which many fans talk with the four idols at once.

pub mod door;
