//! In a steady frame the plugin asks for no memory.

#[path = "steady_frame/idols.rs"]
mod idols;

use std::alloc::System;

use bevy::prelude::*;
use bevy_persona::prelude::Attend;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use idols::{Idols, Watched};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What the systems of the plugin have asked of the allocator.
#[derive(Default, Resource)]
struct Asked {
    since: Option<Region<'static, System>>,
    times: usize,
}

fn before(mut asked: ResMut<Asked>) {
    asked.since = Some(Region::new(ALLOCATOR));
}

fn after(mut asked: ResMut<Asked>) {
    if let Some(region) = asked.since.take() {
        let change = region.change();
        asked.times += change.allocations + change.reallocations;
    }
}

/// How often the allocator was asked in each of 600 frames. Other threads are counted, too: what the plugin
/// asks for in every frame cannot hide, what comes now and then is not its own.
fn asked(idols: &mut Idols, talk: bool) -> Vec<usize> {
    let frames = (0..600).map(|_| {
        if talk {
            idols.talk();
        }
        idols.app.world_mut().resource_mut::<Asked>().times = 0;
        idols.frames(1);
        idols.app.world().resource::<Asked>().times
    });
    frames.collect()
}

// One test: the allocator is one for all.
#[test]
fn no_frame_asks_for_memory_unless_something_begins() {
    let mut idols = Idols::enter::<Asked, _, _>(Watched::All, before, after);
    for entity in idols.entities.clone() {
        idols.app.world_mut().trigger(Attend { entity });
    }
    idols.frames(60);
    let listening = asked(&mut idols, false);
    let count = |frames: &[usize]| frames.iter().filter(|times| **times > 0).count();
    assert!(count(&listening) < 20, "who listens: {listening:?}");

    let mut idols = Idols::enter::<Asked, _, _>(Watched::Bodies, before, after);
    let talking = asked(&mut idols, true);
    assert!(count(&talking) < 90, "who talks: {talking:?}");
}
