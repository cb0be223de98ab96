//! What the behaviour tests share: an app without window, GPU and sound that hears every event.

pub mod backends;
pub mod heard;
#[cfg(feature = "candle")]
pub mod reader;
pub mod samples;
#[cfg(feature = "remote")]
pub mod server;
#[cfg(feature = "candle")]
pub mod tiny_gguf;
pub mod worker;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use bevy::{app::PluginGroupBuilder, prelude::*, time::TimeUpdateStrategy};
use bevy_persona::{
    inference::{Backend, InferenceError, LoadReport},
    mind::ChatTurn,
    persona::{PersonaSheet, personas_folder},
    prelude::*,
};

use backends::{Strings, puppet};
use heard::{Heard, Record};

/// How far the clock of the app goes in a frame.
pub const FRAME: Duration = Duration::from_millis(16);

/// How long a test waits for what must happen, by the clock on the wall.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How long a test lets other threads work before it looks again.
const YIELD: Duration = Duration::from_micros(200);

/// Waits until `done`; fails after [`PATIENCE`].
pub fn wait_for(what: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        std::thread::sleep(YIELD);
    }
}

/// An app in which Siwoo has been asked "Hi", and the strings that move her.
pub fn asked() -> (PersonaApp, Entity, Strings) {
    let (strings, factory) = puppet();
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.run_until("she is asked", |_| strings.open() == 1);
    (app, siwoo, strings)
}

/// A game of one test, which moves on only when the test says so.
pub struct PersonaApp {
    /// The app itself, for what has no helper here.
    pub app: App,
}

impl PersonaApp {
    /// An app whose characters say what the script says.
    pub fn scripted(backend: ScriptedBackend) -> Self {
        Self::with_backend(move |_| Ok(backend.clone().boxed()))
    }

    /// An app with another backend.
    pub fn with_backend(
        factory: impl Fn(&mut LoadReport<'_>) -> Result<Box<dyn Backend>, InferenceError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self::in_folder(&personas_folder(), factory)
    }

    /// An app whose `personas://` is this folder.
    pub fn in_folder(
        folder: &Path,
        factory: impl Fn(&mut LoadReport<'_>) -> Result<Box<dyn Backend>, InferenceError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let plugins = PersonaPlugins::default().with_backend(factory).with_seed(7);
        Self::with_plugins(PersonaSourcePlugin::new(folder), false, plugins.build())
    }

    /// An app of these plugins; `watch` tells whether its files are watched.
    pub fn with_plugins(
        source: PersonaSourcePlugin,
        watch: bool,
        plugins: PluginGroupBuilder,
    ) -> Self {
        let assets = AssetPlugin { watch_for_changes_override: Some(watch), ..default() };
        // A voice would hold back what is tested here.
        #[cfg(feature = "voice")]
        let plugins = plugins.disable::<bevy_persona::view::VoicePlugin>();
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, source, assets, plugins))
            .insert_resource(TimeUpdateStrategy::ManualDuration(FRAME));
        heard::record(&mut app);
        app.finish();
        app.cleanup();
        Self { app }
    }

    /// The world of the app.
    pub fn world(&self) -> &World {
        self.app.world()
    }

    /// The world of the app, to be changed.
    pub fn world_mut(&mut self) -> &mut World {
        self.app.world_mut()
    }

    /// Somebody with this sheet.
    pub fn spawn(&mut self, ron: &str) -> Entity {
        let sheet =
            PersonaSheet::from_ron("test.persona.ron", ron).expect("a sheet without faults");
        let mut sheets = self.world_mut().resource_mut::<Assets<PersonaAsset>>();
        let handle = sheets.add(PersonaAsset { sheet });
        self.world_mut().spawn(Persona(handle)).id()
    }

    /// Somebody of whom no more than the name is known.
    pub fn spawn_idol(&mut self, id: &str) -> Entity {
        self.spawn(&format!("Persona(id: \"{id}\", name: \"{id}\", role: \"a singer\")"))
    }

    /// Somebody whose sheet is a file of `personas://`.
    pub fn spawn_file(&mut self, file: &str) -> Entity {
        let handle = self.world().resource::<AssetServer>().load(format!("personas://{file}"));
        self.world_mut().spawn(Persona(handle)).id()
    }

    /// A fan says this to her.
    pub fn say(&mut self, entity: Entity, text: &str) {
        self.world_mut().trigger(Say { entity, text: text.into() });
        self.world_mut().flush();
    }

    /// A fan stops her.
    pub fn interrupt(&mut self, entity: Entity) {
        self.world_mut().trigger(Interrupt { entity });
        self.world_mut().flush();
    }

    /// Moves on by this many frames.
    pub fn frames(&mut self, count: usize) {
        for _ in 0..count {
            self.app.update();
        }
    }

    /// Moves on until `done`; fails after [`PATIENCE`], and says what was heard so far.
    pub fn run_until(&mut self, what: &str, mut done: impl FnMut(&World) -> bool) {
        let start = Instant::now();
        while !done(self.world()) {
            if start.elapsed() > PATIENCE {
                panic!("{what}: not within {PATIENCE:?}; heard so far:\n{}", self.transcript());
            }
            self.app.update();
            std::thread::sleep(YIELD);
        }
    }

    /// Moves on until so many asks have ended.
    pub fn run_until_ended(&mut self, asks: usize) {
        self.run_until(&format!("{asks} asks end"), |world| heard::ends(world) >= asks);
    }

    /// Everything that was heard, in order.
    pub fn heard(&self) -> &[Heard] {
        &self.world().resource::<Record>().0
    }

    /// What was heard of her, in order, in words.
    pub fn story(&self, entity: Entity) -> Vec<String> {
        heard::story(self.heard().iter().filter(|heard| heard.entity() == entity))
    }

    /// The whole texts of her replies, as told at their ends.
    pub fn replies(&self, entity: Entity) -> Vec<String> {
        let finished = self.heard().iter().filter_map(Heard::finished);
        finished.filter(|end| end.entity == entity).map(|end| end.text.clone()).collect()
    }

    /// What is kept of her conversation.
    pub fn history(&self, entity: Entity) -> Vec<ChatTurn> {
        let conversation = self.world().get::<Conversation>(entity);
        conversation.expect("somebody with a persona").history.turns.clone()
    }

    /// What she is doing.
    pub fn state(&self, entity: Entity) -> DialogueState {
        *self.world().get::<DialogueState>(entity).expect("somebody with a persona")
    }

    fn transcript(&self) -> String {
        let mut lines = Vec::new();
        for chunk in self.heard().chunk_by(|a, b| a.entity() == b.entity()) {
            let story = heard::story(chunk.iter());
            lines.extend(story.into_iter().map(|line| format!("  {}: {line}", chunk[0].entity())));
        }
        lines.join("\n")
    }
}
