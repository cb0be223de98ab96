//! What the cues, faces, glances and bodies of four idols who talk cost a frame.
//!
//! `cargo bench --profile dev --features stage --bench avatars`

#[path = "../tests/steady_frame/idols.rs"]
mod idols;

use std::time::{Duration, Instant};

use bevy::prelude::*;

use idols::{Idols, Watched};

/// Frames that are measured: a minute.
const FRAMES: usize = 3600;

/// How long the systems have taken in this frame.
#[derive(Default, Resource)]
struct Meter {
    since: Option<Instant>,
    spent: Duration,
}

fn before(mut meter: ResMut<Meter>) {
    meter.since = Some(Instant::now());
}

fn after(mut meter: ResMut<Meter>) {
    if let Some(since) = meter.since.take() {
        meter.spent += since.elapsed();
    }
}

#[expect(clippy::print_stdout, reason = "it is what the benchmark is for")]
fn main() {
    let mut idols = Idols::enter::<Meter, _, _>(Watched::Bodies, before, after);
    let silent = measure(&mut idols, false);
    let talking = measure(&mut idols, true);
    for (what, times) in [("silent", silent), ("talking", talking)] {
        let at = |share: usize| times[(times.len() - 1) * share / 1000].as_secs_f64() * 1e6;
        let (p50, p99, most) = (at(500), at(990), at(1000));
        println!("four idols, {what}: p50 {p50:.1} µs, p99 {p99:.1} µs, at most {most:.1} µs");
    }
}

/// The times of all frames, shortest first.
fn measure(idols: &mut Idols, talk: bool) -> Vec<Duration> {
    let mut times: Vec<Duration> = (0..FRAMES)
        .map(|_| {
            if talk {
                idols.talk();
            }
            idols.app.world_mut().resource_mut::<Meter>().spent = Duration::ZERO;
            idols.frames(1);
            idols.app.world().resource::<Meter>().spent
        })
        .collect();
    times.sort_unstable();
    times
}
