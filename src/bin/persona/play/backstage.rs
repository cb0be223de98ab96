//! The app in which a scene is played: characters, director and model, without a window.

use std::{
    path::PathBuf,
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use bevy::{app::PluginGroupBuilder, asset::LoadState, prelude::*, time::TimeUpdateStrategy};
use bevy_persona::{
    director::{
        DirectorPlugin, HourOfDay, ReadingPace, SceneLibrary, SceneSeed, SceneState, StoryBook,
    },
    inference::BackendFactory,
    library::MindLibrary,
    persona::{Language, PersonaSheet},
    prelude::*,
};

use super::{
    error::PlayError,
    record::{self, Record},
    script::Script,
    stock::Stock,
};
use crate::progress::Progress;

/// How far the clock of the scene goes in a frame while nothing has to be waited for.
const FRAME: Duration = Duration::from_millis(100);
/// How long to leave the processor to what is waited for.
const LOOK: Duration = Duration::from_millis(1);
/// How long files are waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// What an app is made of.
#[derive(Clone)]
pub struct Setting {
    /// The folder with `scenes` in it, from the root.
    pub assets: PathBuf,
    /// The folder of personas, from the root.
    pub personas: PathBuf,
    /// The files of personas in it.
    pub files: Vec<String>,
    /// Who they are.
    pub cast: Vec<PersonaSheet>,
    /// What was written for them.
    pub library: MindLibrary,
    /// Who finds the words; the stock for trials without it.
    pub model: Option<Arc<BackendFactory>>,
    /// Where chance begins.
    pub seed: u64,
    /// The language.
    pub language: Language,
    /// The hour of the day.
    pub hour: f32,
}

/// An app that moves on only when it is told.
pub struct Backstage {
    app: App,
    last: Instant,
}

impl Backstage {
    /// An app in which everybody is there and everything is read.
    ///
    /// # Errors
    /// If a persona, the scenes or the model cannot be loaded.
    pub fn open(setting: &Setting, script: Script) -> Result<Self, PlayError> {
        let mut app = App::new();
        let assets = AssetPlugin {
            file_path: setting.assets.to_string_lossy().into_owned(),
            watch_for_changes_override: Some(false),
            ..default()
        };
        let personas = PersonaSourcePlugin::new(&setting.personas);
        app.add_plugins((MinimalPlugins, personas, assets, plugins(setting)));
        app.add_plugins(DirectorPlugin::default())
            .insert_resource(setting.library.clone())
            .insert_resource(script)
            .insert_resource(SceneSeed(Some(setting.seed)))
            .insert_resource(ReadingPace(f32::INFINITY))
            .insert_resource(HourOfDay(Some(setting.hour)))
            .insert_resource(TimeUpdateStrategy::ManualDuration(FRAME));
        record::install(&mut app);
        app.finish();
        app.cleanup();
        for file in &setting.files {
            let sheet = app.world().resource::<AssetServer>().load(format!("personas://{file}"));
            app.world_mut().spawn((Persona(sheet), FanLanguage(setting.language)));
        }
        let mut stage = Self { app, last: Instant::now() };
        stage.wait_for_files()?;
        stage.wait_for_the_model()?;
        Ok(stage)
    }

    /// The world of the app.
    pub fn world(&self) -> &World {
        self.app.world()
    }

    /// The world of the app, to be changed.
    pub fn world_mut(&mut self) -> &mut World {
        self.app.world_mut()
    }

    /// Moves on by a frame; gives how much time went by in the scene. A model that is at work gets
    /// the time that it takes.
    pub fn update(&mut self) -> Duration {
        let is_waited_for = self.world().resource::<Record>().is_waiting_for_a_model();
        if is_waited_for {
            sleep(LOOK);
        }
        let passed = if is_waited_for { self.last.elapsed() } else { FRAME };
        self.last = Instant::now();
        self.world_mut().insert_resource(TimeUpdateStrategy::ManualDuration(passed));
        self.app.update();
        passed
    }

    /// The scene that runs.
    pub fn scene(&self) -> &SceneState {
        self.world().resource::<SceneState>()
    }

    /// What scenes left behind.
    pub fn story(&self) -> &bevy_persona::scene::Story {
        &self.world().resource::<StoryBook>().0
    }

    /// Who is there.
    pub fn cast(&mut self) -> Vec<(Entity, PersonaSheet)> {
        let mut personas = self.app.world_mut().query::<(Entity, &Persona)>();
        let world = self.app.world();
        let sheets = world.resource::<Assets<PersonaAsset>>();
        let sheet = |(entity, persona): (Entity, &Persona)| {
            Some((entity, sheets.get(&persona.0)?.sheet.clone()))
        };
        personas.iter(world).filter_map(sheet).collect()
    }

    fn wait_for_files(&mut self) -> Result<(), PlayError> {
        let begun = Instant::now();
        loop {
            self.update();
            self.check_personas()?;
            let library = self.world().resource::<SceneLibrary>();
            if let Some(fault) = library.faults().first() {
                return Err(PlayError::Folder(fault.to_string()));
            }
            let is_read = library.current().iter().next().is_some();
            let count = self.world().resource::<Assets<PersonaAsset>>().len();
            if is_read && self.cast().len() == count && count > 0 {
                return Ok(());
            }
            if begun.elapsed() > PATIENCE {
                return Err(PlayError::Folder("scenes and personas are not read in time".into()));
            }
            sleep(LOOK);
        }
    }

    fn check_personas(&mut self) -> Result<(), PlayError> {
        let mut personas = self.app.world_mut().query::<&Persona>();
        let server = self.app.world().resource::<AssetServer>();
        for persona in personas.iter(self.app.world()) {
            if let Some(LoadState::Failed(error)) = server.get_load_state(&persona.0) {
                return Err(PlayError::Folder(error.to_string()));
            }
        }
        Ok(())
    }

    fn wait_for_the_model(&mut self) -> Result<(), PlayError> {
        let mut progress = Progress::default();
        loop {
            self.update();
            match self.world().resource::<ModelStatus>() {
                ModelStatus::Ready(_) => return Ok(()),
                ModelStatus::Failed(error) => return Err(error.clone().into()),
                ModelStatus::Loading(loading) => progress.show(loading),
            }
            sleep(LOOK);
        }
    }
}

/// The plugins of characters, without voices and bodies.
fn plugins(setting: &Setting) -> PluginGroupBuilder {
    let plugins = PersonaPlugins::default().with_seed(setting.seed);
    let plugins = match setting.model.clone() {
        None => plugins.with_backend(Stock::boxed),
        Some(make) => plugins.with_backend(move |report| make(report)),
    };
    let plugins = plugins.build();
    #[cfg(feature = "vrm")]
    let plugins = plugins.disable::<AvatarPlugin>();
    #[cfg(feature = "audio")]
    let plugins = plugins.disable::<bevy_persona::view::ChimePlugin>();
    #[cfg(feature = "voice")]
    let plugins = plugins.disable::<bevy_persona::view::VoicePlugin>();
    plugins
}
