//! What tools are told of a thought, and what forgetting leaves behind.

pub mod common;

use bevy_persona::{
    dialogue::ThoughtTrace,
    mind::{
        ChatTurn, Source,
        memory::{FactId, FanFact},
    },
    prelude::*,
};
use common::PersonaApp;

fn told() -> (PersonaApp, bevy::prelude::Entity) {
    let mut app = PersonaApp::scripted(ScriptedBackend::new(["[joy] Hello there."]));
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "my cat is named Gus");
    app.run_until_ended(1);
    (app, siwoo)
}

#[test]
fn a_thought_says_what_the_model_reads_and_how_much_of_it() {
    let (app, siwoo) = told();
    let trace = app.world().get::<ThoughtTrace>(siwoo).expect("a trace");
    assert_eq!((trace.fan.as_str(), &trace.source), ("my cat is named Gus", &Source::Model));
    let total: usize = trace.sections.iter().map(|(_, tokens)| tokens).sum();
    assert!(total > 10, "{:?}", trace.sections);
    assert!(trace.candidates >= 1 && trace.seconds >= 0.0);
}

#[test]
fn a_forgotten_fact_takes_the_exchange_with_it_and_others_stay() {
    let (mut app, siwoo) = told();
    app.say(siwoo, "my brother is called Tom");
    app.run_until_ended(2);
    let known = |app: &PersonaApp| -> Vec<FanFact> {
        app.world().resource::<Fan>().memory.facts().to_vec()
    };
    let before = known(&app);
    let gus =
        before.iter().find(|fact| fact.source.quote.contains("Gus")).expect("the cat").clone();
    app.world_mut().trigger(ForgetFact(FactId(9999)));
    assert_eq!(known(&app), before, "there is no such fact");
    app.world_mut().trigger(ForgetFact(gus.id));
    let left: Vec<_> = before.into_iter().filter(|fact| fact.id != gus.id).collect();
    assert_eq!(known(&app), left);
    let said: Vec<String> = app.history(siwoo).iter().map(ChatTurn::words).collect();
    assert!(said.iter().all(|turn| !turn.contains("Gus")), "{said:?}");
    assert!(said.iter().any(|turn| turn.contains("Tom")), "{said:?}");
}

#[test]
fn a_forgotten_fan_is_a_stranger_even_in_the_middle_of_a_reply() {
    let (mut app, siwoo) = told();
    app.say(siwoo, "and I live in Busan");
    app.world_mut().trigger(ForgetFan);
    app.world_mut().flush();
    app.frames(5);
    let world = app.world();
    assert!(world.resource::<Fan>().memory.facts().is_empty());
    assert!(app.history(siwoo).is_empty());
    assert_eq!(world.get::<Rapport>(siwoo), Some(&Rapport::default()));
    assert_eq!(app.state(siwoo), DialogueState::Idle);
}

#[cfg(feature = "store")]
#[test]
fn a_store_forgets_the_fan_too() {
    use bevy::prelude::Plugin;
    use bevy_persona::store::Store;

    let folder = tempfile::tempdir().expect("a folder for the test");
    let file = folder.path().join("fans.sqlite");
    let fan = FanId::default();
    let mut app = PersonaApp::scripted(ScriptedBackend::new(["[joy] Hello there."]));
    FanStorePlugin { file: file.clone(), fan: fan.clone() }.build(&mut app.app);
    app.frames(3);
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "my cat is named Gus");
    app.run_until_ended(1);
    app.say(siwoo, "and I live in Busan");
    app.world_mut().trigger(ForgetFan);
    app.world_mut().flush();
    app.frames(3);
    // Waits until all is written.
    drop(app);
    let mut store = Store::open(&file).expect("a store");
    let kept = store.load(&fan).expect("a readable store");
    assert_eq!((kept.turns(), kept.facts.len()), (0, 0));
}
