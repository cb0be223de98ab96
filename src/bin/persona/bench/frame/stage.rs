//! A game without a window: four idols, and some work of its own in each frame.

use std::{
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use bevy::prelude::*;
use bevy_persona::{
    PersonaSystems, inference::InferenceError, model_store::ModelSource, prelude::*,
};

use super::meter;
use crate::bench::{
    IDOLS,
    busy::compute,
    statistics::{milliseconds, percentile},
    subject::Subject,
};

/// What the fans say, in turn.
const MESSAGES: [&str; 6] = [
    "Hi! How was practice today?",
    "I could not sleep, so I listened to your song.",
    "What do you do when you are sad?",
    "Tell me about the others.",
    "I have an exam tomorrow and I am nervous.",
    "What would you like to eat right now?",
];
/// How long the game's own work takes of a frame where nothing disturbs it.
const WORK: Duration = Duration::from_millis(4);
/// How long to wait between two looks at a model that is loading.
const LOOK: Duration = Duration::from_millis(5);

/// The game.
pub struct Stage {
    /// Its app, which moves on only when it is told.
    pub app: App,
}

/// What was heard of the replies.
#[derive(Debug, Clone, Copy, Default)]
pub struct Heard {
    /// Tokens of the replies that have ended.
    pub tokens: usize,
    /// Replies that have ended well.
    pub finished: usize,
    /// Replies that have not.
    pub failed: usize,
}

/// The talk of all idols.
#[derive(Debug, Default, Resource)]
struct Talk {
    is_open: bool,
    /// Who says nothing now.
    silent: Vec<Entity>,
    said: usize,
    heard: Heard,
}

/// How much work the game has in each frame, in rounds of [`compute`].
#[derive(Debug, Resource)]
struct GameWork(u64);

impl Stage {
    /// A game that begins to load the model; what the model keeps comes into `folder`.
    pub fn new(subject: &Subject, folder: &Path) -> Self {
        let mut app = App::new();
        let model = ModelSource::Path(subject.path.clone());
        let plugins = PersonaPlugins::default()
            .with_model_settings(model, subject.settings(Some(folder)))
            .with_seed(7)
            .build();
        // Voices are measured by `--voice`.
        #[cfg(feature = "voice")]
        let plugins = plugins.disable::<bevy_persona::view::VoicePlugin>();
        let assets = AssetPlugin { watch_for_changes_override: Some(false), ..default() };
        app.add_plugins((MinimalPlugins, PersonaSourcePlugin::default(), assets, plugins))
            .insert_resource(subject.budget())
            .insert_resource(GameWork(rounds()))
            .init_resource::<Talk>()
            .add_systems(First, work)
            .add_systems(Update, ask.after(meter::start).before(PersonaSystems::Interpret))
            .add_observer(finished)
            .add_observer(failed);
        meter::install(&mut app);
        app.finish();
        app.cleanup();
        for idol in IDOLS {
            let sheet = format!("personas://{idol}.persona.ron");
            let sheet = app.world().resource::<AssetServer>().load(sheet);
            let idol = app.world_mut().spawn(Persona(sheet)).id();
            app.world_mut().resource_mut::<Talk>().silent.push(idol);
        }
        Self { app }
    }

    /// Moves on until the model can reply.
    ///
    /// # Errors
    /// If it cannot be loaded.
    pub fn wait_for_the_model(&mut self) -> Result<(), InferenceError> {
        loop {
            self.app.update();
            match self.app.world().resource::<ModelStatus>() {
                ModelStatus::Ready(_) => return Ok(()),
                ModelStatus::Failed(error) => return Err(error.clone()),
                ModelStatus::Loading(_) => sleep(LOOK),
            }
        }
    }

    /// From now on all idols speak all the time.
    pub fn talk(&mut self) {
        self.app.world_mut().resource_mut::<Talk>().is_open = true;
    }

    /// What was heard so far.
    pub fn heard(&self) -> Heard {
        self.app.world().resource::<Talk>().heard
    }
}

/// The number of rounds that take as long as [`WORK`].
fn rounds() -> u64 {
    const SAMPLE: u64 = 1_000_000;
    let samples: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            compute(SAMPLE);
            milliseconds(start.elapsed())
        })
        .collect();
    let sample = percentile(&samples, 50.0).max(1e-6);
    (SAMPLE as f64 * milliseconds(WORK) / sample) as u64
}

/// Stands for the game. It takes the whole world, so it runs on the main thread.
fn work(world: &mut World) {
    compute(world.resource::<GameWork>().0);
}

/// Says something to everybody who is silent.
fn ask(mut talk: ResMut<Talk>, mut commands: Commands) {
    if !talk.is_open {
        return;
    }
    for entity in std::mem::take(&mut talk.silent) {
        let text = MESSAGES[talk.said % MESSAGES.len()].into();
        talk.said += 1;
        commands.trigger(Say { entity, text });
    }
}

fn finished(end: On<ReplyFinished>, mut talk: ResMut<Talk>) {
    talk.silent.push(end.entity);
    talk.heard.finished += 1;
    talk.heard.tokens += end.stats.reply_tokens;
}

fn failed(end: On<ReplyFailed>, mut talk: ResMut<Talk>) {
    talk.silent.push(end.entity);
    talk.heard.failed += 1;
}
