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

#[test]
fn four_idols_who_stand_and_listen_ask_for_no_memory() {
    let mut idols = Idols::enter::<Asked, _, _>(Watched::All, before, after);
    idols.app.init_resource::<Asked>();
    for entity in idols.entities.clone() {
        idols.app.world_mut().trigger(Attend { entity });
    }
    idols.frames(60);
    let busy: Vec<usize> = (0..600)
        .map(|_| {
            idols.app.world_mut().resource_mut::<Asked>().times = 0;
            idols.frames(1);
            idols.app.world().resource::<Asked>().times
        })
        .collect();
    let asking = busy.iter().filter(|times| **times > 0).count();
    assert_eq!(asking, 0, "of 600 frames; allocations: {busy:?}");
}
