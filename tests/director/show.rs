//! What these tests share: a show of scenes that the test wrote, and what was told of it.

use std::fmt::Write as _;

use bevy::prelude::*;
use bevy_persona::{
    director::{
        DirectorPlugin, Narration, PlayScene, ReadingPace, SceneEnd, SceneEnded, SceneLibrary,
        ScenePassage, SceneSeed, SceneState, StageCue, StoryBook,
    },
    inference::{Backend, InferenceError, LoadReport},
    mind::conduct::ConductKind,
    prelude::*,
    scene::Value,
};
use tempfile::TempDir;

use crate::common::{
    PersonaApp,
    heard::{Heard, Record},
};

/// What was told of scenes.
#[derive(Default, Resource)]
pub struct Told {
    pub ends: Vec<SceneEnded>,
    pub cues: Vec<StageCue>,
    pub narrated: Vec<String>,
    pub passages: Vec<String>,
    pub nodes: Vec<String>,
    pub flags: Vec<ConductKind>,
}

pub fn record(app: &mut App) {
    app.init_resource::<Told>()
        .add_observer(|end: On<SceneEnded>, mut told: ResMut<Told>| {
            told.ends.push(end.event().clone());
        })
        .add_observer(|cue: On<StageCue>, mut told: ResMut<Told>| {
            told.cues.push(cue.event().clone());
        })
        .add_observer(|told_of: On<Narration>, mut told: ResMut<Told>| {
            told.narrated.push(told_of.0.clone());
        })
        .add_observer(|flagged: On<ConductFlagged>, mut told: ResMut<Told>| {
            told.flags.push(flagged.kind);
        })
        .add_systems(Last, |mut passages: MessageReader<ScenePassage>, mut told: ResMut<Told>| {
            for ScenePassage { node, text, .. } in passages.read() {
                told.passages.push(text.clone());
                told.nodes.push(node.clone());
            }
        });
}

/// A show of one test: Otto and Ida, and scenes that the test wrote.
pub struct Show {
    pub app: PersonaApp,
    folder: TempDir,
    pub otto: Entity,
    pub ida: Entity,
}

/// The lines of a node; the last node of a scene has the name of the scene and `_end`.
pub fn scene(id: &str, headers: &str, body: &str) -> String {
    let headers = if headers.is_empty() { String::new() } else { format!("{headers}\n") };
    format!(
        "title: {id}\nscene: {id}\n{headers}---\n{body}\n<<jump {id}_end>>\n===\n\
         title: {id}_end\nscene: {id}\n---\n<<light off>>\n===\n"
    )
}

impl Show {
    pub fn new(files: &[(&str, String)]) -> Self {
        Self::scripted(files, ScriptedBackend::new(["[joy] Where does it ring?"]))
    }

    pub fn scripted(files: &[(&str, String)], script: ScriptedBackend) -> Self {
        Self::with_backend(files, move |_| Ok(script.clone().boxed()))
    }

    /// A show whose app has not made a step yet.
    #[cfg(feature = "store")]
    pub fn unread(files: &[(&str, String)]) -> Self {
        let script = ScriptedBackend::new(["[joy] Where does it ring?"]);
        Self::unread_with(files, move |_| Ok(script.clone().boxed()))
    }

    pub fn with_backend(
        files: &[(&str, String)],
        factory: impl Fn(&mut LoadReport<'_>) -> Result<Box<dyn Backend>, InferenceError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let mut show = Self::unread_with(files, factory);
        show.until_read();
        show
    }

    fn unread_with(
        files: &[(&str, String)],
        factory: impl Fn(&mut LoadReport<'_>) -> Result<Box<dyn Backend>, InferenceError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for (file, text) in files {
            std::fs::write(folder.path().join(file), text).expect("a file for the test");
        }
        let mut app = PersonaApp::in_folder(folder.path(), factory);
        DirectorPlugin { folder: "personas://".into() }.build(&mut app.app);
        app.app.insert_resource(ReadingPace(f32::INFINITY)).insert_resource(SceneSeed(Some(3)));
        record(&mut app.app);
        let otto = app.spawn(r#"Persona(id: "otto", name: "Otto", role: "a guard")"#);
        let ida = app.spawn(r#"Persona(id: "ida", name: "Ida", role: "a baker")"#);
        Self { app, folder, otto, ida }
    }

    pub fn until_read(&mut self) {
        self.app
            .run_until("scenes are read", |world| !world.resource::<SceneLibrary>().is_expected());
    }

    #[cfg(feature = "hot_reload")]
    pub fn edit(&self, file: &str, text: &str) {
        std::fs::write(self.folder.path().join(file), text).expect("a file for the test");
    }

    pub fn told(&self) -> &Told {
        self.app.world().resource::<Told>()
    }

    pub fn state(&self) -> &SceneState {
        self.app.world().resource::<SceneState>()
    }

    pub fn trigger<'a, E: Event<Trigger<'a>: Default>>(&mut self, event: E) {
        self.app.world_mut().trigger(event);
        self.app.world_mut().flush();
    }

    pub fn play(&mut self, scene: &str) {
        self.trigger(PlayScene { scene: scene.into(), force: false });
    }

    pub fn ends(&self) -> usize {
        self.told().ends.len()
    }

    /// Moves on until a scene has ended; gives how.
    pub fn run_to_the_end(&mut self) -> SceneEnd {
        let before = self.ends();
        self.app.run_until("the scene ends", |world| world.resource::<Told>().ends.len() > before);
        self.app.frames(2);
        self.told().ends[before].how.clone()
    }

    pub fn until_choices(&mut self) {
        let shown = |world: &World| !world.resource::<SceneState>().choices.is_empty();
        self.app.run_until("there are choices", shown);
    }

    pub fn until_heard(&mut self) {
        let listens = |world: &World| world.resource::<SceneState>().listens.is_some();
        self.app.run_until("the scene listens", listens);
    }

    /// Moves on until she has begun to say something like this.
    pub fn until_said(&mut self, text: &str) {
        self.app.run_until(&format!("`{text}` is said"), |world| {
            let record = world.resource::<Record>();
            let said: String =
                record.0.iter().filter_map(Heard::chunk).fold(String::new(), |mut all, chunk| {
                    let _ = write!(all, "{}", chunk.text);
                    all
                });
            said.contains(text)
        });
    }

    pub fn variable(&self, name: &str) -> Option<Value> {
        self.app.world().resource::<StoryBook>().0.variables.get(name).cloned()
    }

    pub fn affinity(&self, who: Entity) -> f32 {
        let rapport = self.app.world().get::<Rapport>(who).expect("somebody with a persona");
        rapport.0.relationship.affinity()
    }

    /// All that was said, by whom it was said.
    pub fn said(&self) -> Vec<String> {
        let ends = self.app.heard().iter().filter_map(Heard::finished);
        let name = |entity| if entity == self.otto { "Otto" } else { "Ida" };
        let lines = ends.filter(|end| !end.text.is_empty());
        lines.map(|end| format!("{}: {}", name(end.entity), end.text.trim())).collect()
    }
}

/// A scene with something to lose in its middle.
pub const LONG: &str = "<<declare $n = 0>>\n<<affinity ida 2>>\n\
    Ida: One. #line:a1 #emotion:neutral\n\
    <<affinity ida 2>>\n<<set $n to $n + 1>>\n\
    -> On. #line:a2\n    Ida: Two, {$n}. #line:a3 #emotion:joy\n\
    -> Back. #line:a4\n    Ida: Never. #line:a5 #emotion:sad\n\
    <<affinity ida 2>>\n\
    Ida: Three. #line:a6 #emotion:love";
