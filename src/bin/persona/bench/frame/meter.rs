//! Takes the time of the plugin's systems.

use std::time::{Duration, Instant};

use bevy::{
    ecs::schedule::{ScheduleLabel, SingleThreadedExecutor},
    prelude::*,
};
use bevy_persona::PersonaSystems;

/// How long the plugin's systems have taken since it was last asked.
#[derive(Debug, Default, Resource)]
pub struct Meter {
    since: Option<Instant>,
    spent: Duration,
}

impl Meter {
    /// Takes the time out.
    pub fn take(&mut self) -> Duration {
        std::mem::take(&mut self.spent)
    }
}

/// Measures in the three schedules in which the plugin has systems: from before the first of them
/// until what they have asked for is done.
///
/// The schedules run on one thread, so that what is measured is the systems' work and not how long
/// another thread takes to wake up for them.
pub fn install(app: &mut App) {
    use PersonaSystems::{Express, First, Interpret, Last, Receive, Submit};

    for schedule in [PreUpdate.intern(), Update.intern(), PostUpdate.intern()] {
        app.edit_schedule(schedule, |schedule| {
            schedule.set_executor(SingleThreadedExecutor::new());
        });
    }
    app.init_resource::<Meter>()
        .add_systems(PreUpdate, (start.before(First), stop.after(Receive)).chain())
        .add_systems(Update, (start.before(Interpret), stop.after(Express)).chain())
        .add_systems(PostUpdate, (start.before(Submit), stop.after(Last)).chain());
}

/// Begins to count.
pub fn start(mut meter: ResMut<Meter>) {
    meter.since = Some(Instant::now());
}

fn stop(mut meter: ResMut<Meter>) {
    if let Some(since) = meter.since.take() {
        meter.spent += since.elapsed();
    }
}
