//! A character who is stopped: what is heard, what is kept, and that the work stops as well.

pub mod common;

use bevy::prelude::*;
use bevy_persona::{
    inference::ScriptedBackend,
    mind::{Beat, ChatTurn},
    prelude::*,
};
use common::{PersonaApp, asked, backends::gated, heard::assert_whole};

fn joy(text: &str) -> ChatTurn {
    ChatTurn::Idol([Beat { emotion: Emotion::Joy, intensity: 0.5, text: text.into() }].into())
}

fn fan(text: &str) -> ChatTurn {
    ChatTurn::Fan(text.into())
}

#[test]
fn she_ends_at_once_and_keeps_what_was_shown() {
    let (mut app, siwoo, strings) = asked();
    strings.feel(Emotion::Joy, 0.5);
    strings.say("You came");
    app.frames(2);
    strings.say(" back to me");
    app.interrupt(siwoo);
    assert_eq!(
        app.story(siwoo),
        ["hears \"Hi\"", "feels joy 0.5", "says \"You came\"", "ends Interrupted"]
    );
    assert_eq!(app.replies(siwoo), ["You came"]);
    app.run_until("the work stops", |_| strings.open() == 0);
    app.frames(20);
    assert_eq!(app.story(siwoo).len(), 4, "late words are not heard: {:?}", app.story(siwoo));
    assert_eq!(app.history(siwoo), [fan("Hi"), joy("You came")]);
    assert_eq!(app.state(siwoo), DialogueState::Idle);
}

#[test]
fn the_work_stops_within_one_token() {
    let (mut app, siwoo, strings) = asked();
    strings.say("You came");
    app.frames(2);
    app.interrupt(siwoo);
    let done = strings.advances();
    app.run_until("the work stops", |_| strings.open() == 0);
    let more = strings.advances() - done;
    assert!(more <= 1, "{more} more steps after the interrupt");
}

#[test]
fn what_waits_behind_it_ends_too() {
    let (mut app, siwoo, strings) = asked();
    app.say(siwoo, "two");
    app.say(siwoo, "three");
    strings.say("You");
    app.frames(2);
    app.interrupt(siwoo);
    app.frames(20);
    assert_whole(app.heard());
    assert_eq!(app.replies(siwoo), ["You", "", ""]);
    assert_eq!(
        app.story(siwoo)[1..],
        ["says \"You\"", "ends Interrupted", "ends Interrupted", "ends Interrupted"]
    );
    assert_eq!(strings.requests().len(), 1, "what waited was never asked");
}

#[test]
fn the_next_message_is_answered() {
    let (mut app, siwoo, strings) = asked();
    strings.feel(Emotion::Joy, 0.5);
    strings.say("You came");
    app.frames(2);
    app.interrupt(siwoo);
    app.say(siwoo, "Go on");
    app.run_until("she is asked again", |_| strings.requests().len() == 2);
    let turns = &strings.requests()[1].prompt.turns;
    assert_eq!(*turns, [fan("Hi"), joy("You came"), fan("Go on")]);
    app.run_until("only the new reply is in the making", |_| strings.open() == 1);
    strings.say("Gladly.");
    strings.finish();
    app.run_until_ended(2);
    assert_whole(app.heard());
    assert_eq!(app.replies(siwoo), ["You came", "Gladly."]);
}

#[test]
fn before_the_first_word_her_messages_become_one() {
    let (mut app, siwoo, strings) = asked();
    app.interrupt(siwoo);
    assert_eq!(app.history(siwoo), [fan("Hi")]);
    app.say(siwoo, "Still there?");
    app.run_until("she is asked again", |_| strings.requests().len() == 2);
    assert_eq!(strings.requests()[1].prompt.turns, [fan("Hi\nStill there?")]);
}

#[test]
fn before_the_model_is_there_nothing_is_left_of_the_message() {
    let (gate, factory) = gated(ScriptedBackend::new(["[joy] Hello."]));
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.frames(5);
    app.interrupt(siwoo);
    assert_eq!(app.story(siwoo), ["ends Interrupted"]);
    gate.open();
    app.say(siwoo, "Now?");
    app.run_until_ended(2);
    assert_eq!(
        app.story(siwoo)[1..],
        ["hears \"Now?\"", "feels joy 0.8", "says \"Hello.\"", "ends Complete"]
    );
}

#[test]
fn with_nothing_asked_it_is_harmless() {
    let mut app = PersonaApp::scripted(ScriptedBackend::new(["[joy] Hello."]));
    let siwoo = app.spawn_idol("siwoo");
    let nobody = app.world_mut().spawn_empty().id();
    let gone = app.spawn_idol("jena");
    app.world_mut().despawn(gone);
    for entity in [siwoo, nobody, gone] {
        app.interrupt(entity);
        app.interrupt(entity);
    }
    app.frames(3);
    assert!(app.heard().is_empty());
    app.say(siwoo, "Hi");
    app.run_until_ended(1);
    app.interrupt(siwoo);
    app.frames(3);
    assert_eq!(app.story(siwoo).last().unwrap(), "ends Complete");
}

#[test]
fn another_idol_speaks_on() {
    let (mut app, siwoo, strings) = asked();
    let jena = app.spawn_idol("jena");
    strings.say("You");
    app.frames(2);
    app.interrupt(siwoo);
    app.run_until("the work stops", |_| strings.open() == 0);
    app.say(jena, "And you?");
    app.run_until("the other one is asked", |_| strings.open() == 1);
    strings.say("Me");
    app.interrupt(siwoo);
    strings.finish();
    app.run_until_ended(2);
    assert_eq!(app.story(jena), ["hears \"And you?\"", "says \"Me\"", "ends Complete"]);
}

#[test]
fn whoever_hears_a_word_may_stop_her_right_there() {
    let (mut app, siwoo, strings) = asked();
    app.app.add_observer(
        |chunk: On<ReplyChunk>, mut stopped: Local<bool>, mut commands: Commands| {
            if !*stopped {
                *stopped = true;
                commands.trigger(Interrupt { entity: chunk.entity });
            }
        },
    );
    // All of it waits before the app looks again.
    strings.say("one");
    strings.say(" two");
    strings.say(" three");
    strings.finish();
    app.run_until_ended(1);
    app.frames(5);
    assert_eq!(app.story(siwoo), ["hears \"Hi\"", "says \"one\"", "ends Interrupted"]);
    assert_eq!(app.replies(siwoo), ["one"]);
    assert_eq!(app.history(siwoo)[0], fan("Hi"));
    assert_eq!(app.history(siwoo).len(), 2, "only what was shown is kept");
    assert_whole(app.heard());
}

#[test]
fn whoever_hears_a_word_may_send_her_away() {
    let (mut app, siwoo, strings) = asked();
    app.app.add_observer(|chunk: On<ReplyChunk>, mut commands: Commands| {
        commands.entity(chunk.entity).despawn();
    });
    strings.say("one");
    strings.say(" two");
    strings.finish();
    app.frames(5);
    assert_eq!(app.story(siwoo), ["hears \"Hi\"", "says \"one\""]);
}
