//! What a character knows, keeps, feels and remembers, as a game sees it.

#![cfg(feature = "store")]

pub mod common;

use std::path::Path;

use bevy::prelude::*;
use bevy_persona::{
    dialogue::DialoguePlugin,
    inference::InferencePlugin,
    mind::{ModelSize, PromptForm, Relationship, conduct::ConductKind},
    prelude::*,
};
use common::{PersonaApp, backends::gated};

/// A fan of the sample cast.
struct Visit {
    app: PersonaApp,
    ends: usize,
}

/// What conduct found so far.
#[derive(Default, Resource)]
struct Flags(Vec<ConductKind>);

impl Visit {
    /// A visit in which the model says what the script says.
    fn scripted(script: &str) -> Self {
        let backend = ScriptedBackend::new([script]);
        let app = PersonaApp::scripted(backend);
        Self::in_app(app)
    }

    fn in_app(mut app: PersonaApp) -> Self {
        LibraryPlugin::default().build(&mut app.app);
        app.app.init_resource::<Flags>().add_observer(
            |flagged: On<ConductFlagged>, mut flags: ResMut<Flags>| flags.0.push(flagged.kind),
        );
        Self { app, ends: 0 }
    }

    /// A visit that is remembered in a file.
    fn kept_in(file: &Path) -> Self {
        let mut visit = Self::scripted("[neutral] Hm.");
        let fan = "mina".parse().expect("a name");
        FanStorePlugin { file: file.into(), fan }.build(&mut visit.app.app);
        visit.app.frames(3);
        visit
    }

    fn meet(&mut self, member: &str) -> Entity {
        self.app.spawn_file(&format!("{member}.persona.ron"))
    }

    /// Says something; gives the whole reply.
    fn say(&mut self, to: Entity, text: &str) -> String {
        self.app.say(to, text);
        self.ends += 1;
        self.app.run_until_ended(self.ends);
        self.app.replies(to).last().cloned().expect("a reply that ends well")
    }
}

#[test]
fn what_was_written_is_said_while_the_model_still_loads() {
    let (gate, factory) = gated(ScriptedBackend::new(["[joy] At last."]));
    let mut visit = Visit::in_app(PersonaApp::with_backend(factory));
    let siwoo = visit.meet("siwoo");
    let reply = visit.say(siwoo, "when is your birthday?");
    assert!(reply.contains("October"), "{reply}");
    gate.open();
}

#[test]
fn danger_is_met_with_written_words_and_told_to_the_game() {
    let mut visit = Visit::scripted("[joy] Haha!");
    let jena = visit.meet("jena");
    let reply = visit.say(jena, "i want to die");
    assert!(reply.contains("glad you"), "{reply}");
    assert_eq!(visit.app.world().resource::<Flags>().0, [ConductKind::SelfHarm]);
    let feels = visit.app.story(jena);
    assert!(feels[1].starts_with("feels sad") || feels[1].starts_with("feels love"), "{feels:?}");
}

#[test]
fn a_fan_is_answered_in_korean_though_the_model_speaks_english_only() {
    let mut visit = Visit::scripted("[joy] English only.");
    let taira = visit.meet("taira");
    for fan in ["안녕!", "이디피아가 뭐야?", "오늘 점심에 김밥 세 줄이나 먹었어"]
    {
        let reply = visit.say(taira, fan);
        assert!(reply.chars().any(|c| ('가'..='힣').contains(&c)), "{fan}: {reply}");
    }
    let language = visit.app.world().get::<FanLanguage>(taira).expect("a language").0;
    assert_eq!(language.code(), "ko");
}

#[test]
fn a_friend_hears_more_than_a_stranger() {
    let mut visit = Visit::scripted("[neutral] Hm.");
    let siwoo = visit.meet("siwoo");
    let ask = "what language is your diary written in?";
    let stranger = visit.say(siwoo, ask);
    let mut rapport = visit.app.world_mut().get_mut::<Rapport>(siwoo).expect("a rapport");
    rapport.0.relationship = Relationship::of_affinity(45.0);
    let friend = visit.say(siwoo, ask);
    assert!(friend.contains("script"), "{friend}");
    assert!(!stranger.contains("script"), "{stranger}");
}

#[test]
fn a_model_that_tells_a_secret_is_cut_off_in_character() {
    let script = "[joy] Listen. The fifth voice belongs to Ria, who stayed behind. Bye!";
    let inference = InferencePlugin::new(move |_| Ok(ScriptedBackend::new([script]).boxed()));
    let form = Some(PromptForm::from(ModelSize::Large));
    let plugins = PersonaPlugins::default()
        .build()
        .set(inference)
        .set(DialoguePlugin { seed: Some(7), form });
    let source = PersonaSourcePlugin::default();
    let mut visit = Visit::in_app(PersonaApp::with_plugins(source, false, plugins));
    let siwoo = visit.meet("siwoo");
    let reply = visit.say(siwoo, "the bus was full of umbrellas today");
    assert!(reply.starts_with("Listen."), "{reply}");
    assert!(!reply.contains("Ria") && !reply.contains("stayed"), "{reply}");
    assert!(visit.app.story(siwoo).last().is_some_and(|end| end == "ends Guarded"));
}

#[test]
fn the_fan_is_remembered_after_a_restart_and_secrets_stay_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fans.sqlite");
    let mut first = Visit::kept_in(&file);
    let marty = first.meet("marty");
    first.say(marty, "hi, my name is Wilhelmina");
    first.say(marty, "just between us, i'm afraid of thunder");
    let affinity = first.app.world().get::<Rapport>(marty).expect("a rapport").0.clone();
    drop(first);

    let mut second = Visit::kept_in(&file);
    let (marty, jena) = (second.meet("marty"), second.meet("jena"));
    second
        .app
        .run_until("the fan is known", |world| !world.resource::<Fan>().memory.facts().is_empty());
    let reply = second.say(marty, "do you remember my name?");
    assert!(reply.contains("Wilhelmina"), "{reply}");
    let bond = &second.app.world().get::<Rapport>(marty).expect("a rapport").0;
    assert!(bond.turns == affinity.turns + 1, "{} turns", bond.turns);
    let secret = second.say(jena, "what am i afraid of?");
    assert!(!secret.to_lowercase().contains("thunder"), "{secret}");
    let secret = second.say(marty, "what am i afraid of?");
    assert!(secret.to_lowercase().contains("thunder"), "{secret}");
}

#[test]
fn a_turn_brings_them_closer_but_not_without_bounds() {
    let mut visit = Visit::scripted("[neutral] Hm.");
    let siwoo = visit.meet("siwoo");
    for _ in 0..30 {
        visit.say(siwoo, "i love your voice so much, it made my day");
    }
    let affinity = visit.app.world().get::<Rapport>(siwoo).expect("a rapport");
    let affinity = affinity.0.relationship.affinity();
    assert!(affinity > 10.0 && affinity <= 17.0, "{affinity}");
}

#[test]
fn a_broken_library_leaves_characters_that_talk() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("otto.lines.toml"), "[greetings]\nen = 3").unwrap();
    let factory = |_: &mut bevy_persona::inference::LoadReport<'_>| {
        Ok(ScriptedBackend::new(["[joy] Hello."]).boxed())
    };
    let mut app = PersonaApp::in_folder(folder.path(), factory);
    LibraryPlugin { folders: vec!["personas://".into()] }.build(&mut app.app);
    let otto = app.spawn_idol("otto");
    app.say(otto, "Hi");
    app.run_until_ended(1);
    assert_eq!(app.replies(otto), ["Hello."]);
}
