//! Where fans and idols are: a headless Bevy app on a thread of its own.
//!
//! Each fan has an entity with a profile, and four idols of its own, who talk with nobody else. Four more
//! idols stand on the stage, before all fans.
//!
//! ```text
//! web ══ Knock ══► door ──► seat, talk ──► Say … ReplyFinished ──► talk ══ frames ══► web
//!                            │                        TurnSettled ──► keeping ══ jobs ══► Keeper
//! stage ── moments ──► all seats
//! ```

mod cast;
mod closing;
mod door;
mod keeping;
mod moments;
mod replies;
mod requests;
mod seat;
mod stage;
mod state;
mod welcome;

pub use cast::{Cast, CastError};
pub use moments::{Moments, MomentsError};

use std::{io, sync::Arc, thread::JoinHandle, time::Duration};

use bevy::{app::ScheduleRunnerPlugin, asset::AssetPlugin, prelude::*};
use bevy_persona::{
    dialogue::DialoguePlugin,
    inference::{ChainLink, InferenceBudget, InferencePlugin},
    library::MindLibrary,
    mind::Library,
    persona::PersonaAssetsPlugin,
};
use crossbeam_channel::Receiver;

use crate::{door::Knock, keeper::Keeper, metrics::Metrics, status::Status};

/// What a world is made of.
pub struct Setting {
    /// Who the idols are.
    pub cast: Cast,
    /// What was written for them.
    pub library: Library,
    /// What happens on the stage.
    pub moments: Moments,
    /// The time between two moments.
    pub between: Duration,
    /// Who finds the words: the first that can.
    pub links: Vec<ChainLink>,
    /// What the model may take of the machine.
    pub budget: InferenceBudget,
    /// Makes the same talks go the same way.
    pub seed: Option<u64>,
    /// How long a fan's seat is kept when the last connection has ended.
    pub linger: Duration,
    /// How long open replies may take when the server ends.
    pub parting: Duration,
    /// The longest message, in characters.
    pub max_chars: usize,
}

/// What connects a world with the rest of the server.
pub struct Ties {
    /// What the web tells.
    pub heard: Receiver<Knock>,
    /// What is kept of fans.
    pub keeper: Keeper,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// What the web tells of the world.
    pub status: Arc<Status>,
}

/// The time between two frames: how late a message is heard at most.
const FRAME: Duration = Duration::from_millis(8);

/// Runs a world on a thread of its own, until the door is closed.
///
/// # Errors
/// If the system gives no thread.
pub fn spawn(setting: Setting, ties: Ties) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("fan club world".into()).spawn(move || {
        let exit = build(setting, ties).run();
        if exit.is_error() {
            error!("the world ended badly");
        }
    })
}

fn build(setting: Setting, ties: Ties) -> App {
    let Setting { cast, library, moments, between, links, budget, seed, .. } = setting;
    let Setting { linger, parting, max_chars, .. } = setting;
    let mut app = App::new();
    app.add_plugins((
        MinimalPlugins.set(ScheduleRunnerPlugin::run_loop(FRAME)),
        AssetPlugin { watch_for_changes_override: Some(false), ..default() },
        PersonaAssetsPlugin,
        InferencePlugin::chain(links),
        DialoguePlugin { seed, ..default() },
    ))
    .insert_resource(budget)
    .insert_resource(MindLibrary::new(library))
    .insert_resource(state::Rules { linger, parting, max_chars })
    .insert_resource(state::Tools { metrics: ties.metrics, status: ties.status })
    .init_resource::<state::Guests>();
    cast.enter(&mut app);
    door::install(&mut app, ties.heard);
    replies::install(&mut app);
    keeping::install(&mut app, ties.keeper);
    stage::install(&mut app, moments, between);
    closing::install(&mut app);
    app
}
