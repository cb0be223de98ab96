//! Persona files that are edited while the game runs.

pub mod common;

use std::path::PathBuf;

use bevy::{
    asset::{AssetLoadFailedEvent, LoadState},
    prelude::*,
};
use bevy_persona::{
    inference::{Request, ScriptedBackend},
    mind::Palette,
    persona::PersonaReloaded,
    prelude::*,
};
use common::{
    PersonaApp,
    backends::{Requests, puppet, recording},
    heard::ends,
};
use tempfile::TempDir;

const FILE: &str = "otto.persona.ron";

const GUARD: &str = r#"Persona(
    id: "otto",
    name: "Otto",
    role: "a guard",
    likes: ["soup"],
)"#;

const RETIRED: &str = r#"Persona(
    id: "otto",
    name: "Otto",
    role: "a retired guard",
    likes: ["soup", "sleep"],
)"#;

/// What was told about edits.
#[derive(Default, Resource)]
struct Edits {
    told: Vec<PersonaReloaded>,
    modified: usize,
    broken: usize,
}

fn listen(
    mut reloaded: MessageReader<PersonaReloaded>,
    mut events: MessageReader<AssetEvent<PersonaAsset>>,
    mut failures: MessageReader<AssetLoadFailedEvent<PersonaAsset>>,
    mut edits: ResMut<Edits>,
) {
    edits.told.extend(reloaded.read().cloned());
    let modified = events.read().filter(|event| matches!(event, AssetEvent::Modified { .. }));
    edits.modified += modified.count();
    edits.broken += failures.read().count();
}

/// An app in which Otto has been read from a file that the test may edit.
struct Stage {
    app: PersonaApp,
    otto: Entity,
    requests: Requests,
    folder: TempDir,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        std::fs::write(folder.path().join(FILE), GUARD).expect("a file for the test");
        let (requests, factory) = recording(ScriptedBackend::new(["[joy] Evening."]));
        let mut app = PersonaApp::in_folder(folder.path(), factory);
        app.app.init_resource::<Edits>().add_systems(Update, listen);
        let otto = app.spawn_file(FILE);
        Self { app, otto, requests, folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }

    fn handle(&self) -> Handle<PersonaAsset> {
        self.app.world().get::<Persona>(self.otto).expect("Otto").0.clone()
    }

    fn server(&self) -> AssetServer {
        self.app.world().resource::<AssetServer>().clone()
    }

    fn edits(&self) -> &Edits {
        self.app.world().resource::<Edits>()
    }

    /// Writes the file anew, and lets the app read it.
    fn edit(&self, text: &str) {
        std::fs::write(self.path(), text).expect("a file for the test");
        self.server().reload(format!("personas://{FILE}"));
    }

    /// Writes what cannot be read, and waits until that was noticed.
    fn break_file(&mut self, text: &str) {
        let broken = self.edits().broken;
        self.edit(text);
        let noticed = |world: &World| world.resource::<Edits>().broken > broken;
        self.app.run_until("the broken file is read", noticed);
        self.app.frames(3);
    }

    fn wait_for_edit(&mut self, number: usize) -> &PersonaReloaded {
        let told = |world: &World| world.resource::<Edits>().told.len();
        self.app.run_until("the edit is told", |world| told(world) >= number);
        &self.edits().told[number - 1]
    }

    /// Talks to Otto, and gives what the model was asked.
    fn ask(&mut self) -> Request {
        let asks = ends(self.app.world()) + 1;
        self.app.say(self.otto, "Hi");
        self.app.run_until_ended(asks);
        assert_eq!(self.requests.all().len(), asks);
        self.requests.last()
    }
}

#[test]
fn an_edit_is_used_from_the_next_reply_on_and_its_fields_are_told() {
    let mut stage = Stage::new();
    assert!(stage.ask().prompt.head.system.contains("You are Otto, a guard."));
    stage.edit(RETIRED);
    let id = stage.handle().id();
    assert_eq!(*stage.wait_for_edit(1), PersonaReloaded { id, changed: vec!["role", "likes"] });
    let request = stage.ask();
    assert!(
        request.prompt.head.system.contains("a retired guard"),
        "{}",
        request.prompt.head.system
    );
    assert!(request.prompt.head.system.contains("sleep"), "{}", request.prompt.head.system);
    assert_eq!(request.prompt.turns.len(), 3, "the conversation goes on");
}

#[test]
fn an_edit_of_what_nobody_reads_is_not_told() {
    let mut stage = Stage::new();
    stage.ask();
    stage.edit(&format!("// A remark.\n{GUARD}"));
    stage.app.run_until("the file is read", |world| world.resource::<Edits>().modified == 1);
    stage.app.frames(3);
    assert!(stage.edits().told.is_empty(), "{:?}", stage.edits().told);
}

#[test]
fn a_broken_edit_leaves_the_last_good_version_and_a_good_one_is_taken_again() {
    let mut stage = Stage::new();
    let first = stage.ask();
    let broken = GUARD.replace("likes: [\"soup\"]", "likes: [\"soup\"");
    stage.break_file(&broken);
    stage.break_file("Persona(id: \"otto\", name: \"\", role: \"a ghost\")");
    assert_eq!(stage.ask().prompt.head.system, first.prompt.head.system);
    assert!(stage.edits().told.is_empty(), "{:?}", stage.edits().told);

    stage.edit(RETIRED);
    assert_eq!(stage.wait_for_edit(1).changed, ["role", "likes"]);
    assert!(stage.ask().prompt.head.system.contains("a retired guard"));
    stage.edit(GUARD);
    assert_eq!(stage.wait_for_edit(2).changed, ["role", "likes"]);
    assert_eq!(stage.ask().prompt.head.system, first.prompt.head.system);
}

#[test]
fn a_broken_edit_names_its_place_to_the_writer() {
    let mut stage = Stage::new();
    stage.ask();
    stage.break_file("Persona(\n    id: \"otto\",\n    nmae: \"Otto\",\n    role: \"a guard\",\n)");
    let LoadState::Failed(error) = stage.server().load_state(&stage.handle()) else {
        panic!("a broken file was loaded");
    };
    let error = error.to_string();
    let said = "otto.persona.ron:3:5: there is no field `nmae`: did you mean `name`?";
    assert!(error.contains(said), "{error}");
}

#[test]
fn an_edit_of_the_emotions_limits_the_next_reply() {
    let mut stage = Stage::new();
    assert_eq!(stage.ask().palette, Palette::default());
    stage.edit(&GUARD.replace("likes: [\"soup\"],", "emotions: [\"sad\", \"smug\"],"));
    assert_eq!(stage.wait_for_edit(1).changed, ["likes", "emotions"]);
    let smug = Emotion::Custom("smug".into());
    assert_eq!(stage.ask().palette.emotions(), [Emotion::Sad, smug]);
}

#[test]
fn a_reply_in_the_making_is_not_disturbed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE);
    std::fs::write(&file, GUARD).unwrap();
    let (strings, factory) = puppet();
    let mut app = PersonaApp::in_folder(folder.path(), factory);
    app.app.init_resource::<Edits>().add_systems(Update, listen);
    let otto = app.spawn_file(FILE);
    app.say(otto, "Hi");
    app.run_until("Otto is asked", |_| strings.open() == 1);
    strings.say("Good");
    std::fs::write(&file, RETIRED).unwrap();
    app.world().resource::<AssetServer>().reload(format!("personas://{FILE}"));
    app.run_until("the edit is told", |world| !world.resource::<Edits>().told.is_empty());
    strings.say(" evening.");
    strings.finish();
    app.run_until_ended(1);
    assert_eq!(app.story(otto), ["hears \"Hi\"", "says \"Good evening.\"", "ends Complete"]);
    assert_eq!(strings.requests().len(), 1);
}

#[cfg(feature = "hot_reload")]
#[test]
fn an_edit_is_noticed_without_being_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE);
    std::fs::write(&file, GUARD).unwrap();
    let script = ScriptedBackend::new(["[joy] Evening."]);
    let plugins = PersonaPlugins::default().with_backend(move |_| Ok(script.clone().boxed()));
    let source = PersonaSourcePlugin::new(folder.path());
    let mut app = PersonaApp::with_plugins(source, true, plugins.build());
    app.app.init_resource::<Edits>().add_systems(Update, listen);
    let otto = app.spawn_file(FILE);
    app.say(otto, "Hi");
    app.run_until_ended(1);
    std::fs::write(&file, RETIRED).unwrap();
    app.run_until("the edit is told", |world| !world.resource::<Edits>().told.is_empty());
    assert_eq!(app.world().resource::<Edits>().told[0].changed, ["role", "likes"]);
}
