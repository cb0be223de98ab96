//! Runs an app at 60 frames a second.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use bevy::prelude::*;

use super::meter::Meter;
use crate::bench::statistics::milliseconds;

/// How long a frame is shown.
const FRAME: Duration = Duration::from_nanos(16_666_667);

/// What was measured of each frame.
#[derive(Debug, Default)]
pub struct Frames {
    /// The work of all systems, without the wait for the next frame, in milliseconds.
    pub frame_ms: Vec<f64>,
    /// The work of the plugin's systems, in microseconds.
    pub plugin_us: Vec<f64>,
}

/// Runs an app for so long. A frame that takes too long makes the next ones late; none is left out.
pub fn run(app: &mut App, long: Duration) -> Frames {
    let mut frames = Frames::default();
    let start = Instant::now();
    let mut due = start;
    while start.elapsed() < long {
        let begin = Instant::now();
        app.update();
        frames.frame_ms.push(milliseconds(begin.elapsed()));
        let plugin = app.world_mut().resource_mut::<Meter>().take();
        frames.plugin_us.push(milliseconds(plugin) * 1000.0);
        let now = Instant::now();
        due = (due + FRAME).max(now);
        sleep(due - now);
    }
    frames
}
