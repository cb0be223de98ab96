//! Many fans in one app: each talks with characters of its own, and nothing of one reaches another.

#![cfg(feature = "store")]

pub mod common;

use bevy::prelude::*;
use bevy_persona::{
    dialogue::{FanProfile, FanSpoke, ForgetProfile, SceneListens, TalksWith},
    mind::ChatTurn,
    prelude::*,
    store::Store,
};

use common::{PersonaApp, backends::puppet};

/// Siwoo, who repeats what is said to her, and two fans who each talk with a Siwoo of their own.
struct Club {
    app: PersonaApp,
    mina: Entity,
    minas: Entity,
    yuna: Entity,
    yunas: Entity,
    said: usize,
}

impl Club {
    fn open() -> Self {
        let mut app = PersonaApp::scripted(ScriptedBackend::new(["[joy] Hm."]));
        LibraryPlugin::default().build(&mut app.app);
        let [mina, yuna] = ["mina", "yuna"].map(|name| {
            let id = name.parse().expect("a name");
            app.world_mut().spawn(FanProfile(Fan { id, ..Fan::default() })).id()
        });
        let [minas, yunas] = [mina, yuna].map(|fan| {
            let siwoo = app.spawn_file("siwoo.persona.ron");
            app.world_mut().entity_mut(siwoo).insert(TalksWith(fan));
            siwoo
        });
        Self { app, mina, minas, yuna, yunas, said: 0 }
    }

    fn say(&mut self, to: Entity, text: &str) -> String {
        self.app.say(to, text);
        self.said += 1;
        self.app.run_until_ended(self.said);
        self.app.frames(2);
        self.app.replies(to).pop().expect("a reply")
    }

    fn memory(&self, fan: Entity) -> Vec<String> {
        let profile = self.app.world().get::<FanProfile>(fan).expect("a fan");
        profile.0.memory.facts().iter().map(|fact| fact.source.quote.to_string()).collect()
    }

    fn forget(&mut self, entity: Entity, what: Forgotten) {
        self.app.world_mut().trigger(ForgetProfile { entity, what });
        self.app.world_mut().flush();
        self.app.frames(2);
    }
}

#[test]
fn each_fan_is_remembered_apart() {
    let mut club = Club::open();
    club.say(club.minas, "My cat is called Mirabo.");
    club.say(club.yunas, "My dog is called Tolsen.");
    assert!(club.memory(club.mina).iter().any(|quote| quote.contains("Mirabo")));
    assert!(!club.memory(club.mina).iter().any(|quote| quote.contains("Tolsen")));
    assert!(club.memory(club.yuna).iter().any(|quote| quote.contains("Tolsen")));
    assert!(club.app.world().resource::<Fan>().memory.facts().is_empty(), "the fan of the game");
    let asked = club.say(club.yunas, "What is my cat called?");
    assert!(!asked.contains("Mirabo"), "{asked}");
    let asked = club.say(club.minas, "What is my cat called?");
    assert!(asked.contains("Mirabo"), "{asked}");
    let texts = |turns: Vec<ChatTurn>| turns.iter().map(ChatTurn::words).collect::<String>();
    assert!(!texts(club.app.history(club.yunas)).contains("Mirabo"));
    assert!(!texts(club.app.history(club.minas)).contains("Tolsen"));
}

#[test]
fn closeness_grows_with_one_fan_only() {
    let mut club = Club::open();
    for _ in 0..3 {
        club.say(club.minas, "I love your voice, thank you for singing!");
    }
    let affinity = |idol| {
        let rapport = club.app.world().get::<Rapport>(idol).expect("an idol");
        rapport.0.relationship.affinity()
    };
    assert!(affinity(club.minas) > affinity(club.yunas));
}

#[test]
fn one_fan_forgets_and_the_others_keep() {
    let mut club = Club::open();
    club.say(club.minas, "My cat is called Mirabo.");
    club.say(club.yunas, "My dog is called Tolsen.");
    let profile = club.app.world().get::<FanProfile>(club.mina).unwrap();
    let fact = profile.0.memory.facts()[0].id;
    club.forget(club.mina, Forgotten::Fact(fact));
    assert!(club.memory(club.mina).is_empty());
    assert!(club.app.history(club.minas).is_empty(), "the words in which it was told are gone");
    club.say(club.minas, "My fish is called Kelpo.");
    club.forget(club.mina, Forgotten::Fan);
    assert!(club.memory(club.mina).is_empty() && club.app.history(club.minas).is_empty());
    assert_eq!(club.app.world().get::<FanProfile>(club.mina).unwrap().0.id.as_str(), "mina");
    assert_eq!(club.memory(club.yuna).len(), 1);
    assert_eq!(club.app.history(club.yunas).len(), 2);
}

#[test]
fn the_fan_of_the_game_forgets_alone() {
    let mut club = Club::open();
    club.say(club.minas, "My cat is called Mirabo.");
    club.app.world_mut().trigger(ForgetFan);
    club.app.frames(2);
    assert_eq!(club.memory(club.mina).len(), 1);
    assert_eq!(club.app.history(club.minas).len(), 2);
}

#[test]
fn who_leaves_takes_her_characters_along() {
    let mut club = Club::open();
    club.app.world_mut().despawn(club.mina);
    club.app.frames(2);
    assert!(club.app.world().get_entity(club.minas).is_err());
    assert!(!club.say(club.yunas, "Still here?").is_empty());
}

#[derive(Default, Resource)]
struct Spoken(usize);

#[test]
fn a_scene_on_the_stage_does_not_listen_to_private_talks() {
    let mut club = Club::open();
    club.app.app.init_resource::<Spoken>();
    club.app.app.add_observer(|_: On<FanSpoke>, mut spoken: ResMut<Spoken>| spoken.0 += 1);
    let stage = club.app.spawn_file("siwoo.persona.ron");
    club.app.world_mut().resource_mut::<SceneListens>().0 = true;
    assert!(!club.say(club.minas, "Hello?").is_empty());
    assert_eq!(club.app.world().resource::<Spoken>().0, 0);
    assert_eq!(club.say(stage, "Hello?"), "", "the scene heard it");
    assert_eq!(club.app.world().resource::<Spoken>().0, 1);
}

#[test]
fn the_store_of_the_game_keeps_only_its_own_fan() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fans.sqlite");
    let mut club = Club::open();
    let fan = "the-player".parse().unwrap();
    FanStorePlugin { file: file.clone(), fan }.build(&mut club.app.app);
    club.app.frames(3);
    club.say(club.minas, "My cat is called Mirabo.");
    let stage = club.app.spawn_file("siwoo.persona.ron");
    club.say(stage, "Hello there!");
    club.app.frames(3);
    drop(club);
    let saved = Store::open(&file).unwrap().load(&"the-player".parse().unwrap()).unwrap();
    assert_eq!((saved.turns(), saved.facts.len()), (1, 0));
}

#[test]
fn so_many_replies_are_made_at_once_and_the_others_wait() {
    let (strings, factory) = puppet();
    let mut app = PersonaApp::with_backend(factory);
    app.world_mut().resource_mut::<InferenceBudget>().max_replies = 1;
    app.frames(3);
    let [first, second, third] = [(); 3].map(|()| app.spawn_idol("siwoo"));
    app.say(first, "Hi");
    app.run_until("the first is asked", |_| strings.open() == 1);
    app.say(second, "Hi");
    app.say(third, "Hi");
    app.frames(20);
    assert_eq!(strings.requests().len(), 1, "the others wait");
    // Who is interrupted while she waits is never begun.
    app.interrupt(second);
    strings.hand_over();
    app.run_until("the third is asked", |_| strings.requests().len() == 2);
    let asked: Vec<_> = strings.requests().iter().map(|request| request.conversation).collect();
    assert_eq!(asked[1].0, third.to_bits());
    app.run_until("she begins", |_| strings.open() == 1);
    strings.finish();
    app.run_until_ended(3);
}
