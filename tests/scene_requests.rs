//! What a director asks of characters: written lines, improvised moments, a fan who is listened to.

pub mod common;

use bevy::prelude::*;
use bevy_persona::{
    dialogue::{AskIds, FanSpoke, Improvise, Perform, SceneListens},
    mind::{Act, ChatTurn, Demands},
    prelude::*,
};

use common::{PersonaApp, heard};

fn says(reply: &str) -> PersonaApp {
    PersonaApp::scripted(ScriptedBackend::new([reply]))
}

fn perform(app: &mut PersonaApp, entity: Entity, fan: &str, line: &str) {
    let ask = app.world_mut().resource_mut::<AskIds>().draw();
    let (fan, line) = (fan.into(), line.into());
    app.world_mut().trigger(Perform { entity, ask, fan, line });
}

fn improvise(app: &mut PersonaApp, entity: Entity, fan: &str, act: Act) {
    let ask = app.world_mut().resource_mut::<AskIds>().draw();
    app.world_mut().trigger(Improvise { entity, ask, fan: fan.into(), act });
}

/// She asks where the fan heard the song.
fn where_was_it() -> Act {
    Act {
        brief: "She asks where the fan heard the song.".into(),
        partner: None,
        demands: Demands { must: Some("a question".into()), avoid: vec!["Ria".into()] },
        fallback: "[love] Where were you when it found you?".into(),
    }
}

#[test]
fn a_written_line_is_said_as_a_reply_is() {
    let mut app = says("[joy] Never asked.");
    let siwoo = app.spawn_idol("siwoo");
    perform(&mut app, siwoo, "", "[sad:0.7] You came. [joy] I waited.");
    app.run_until_ended(1);
    let story = app.story(siwoo);
    assert_eq!(story[1..3], ["feels sad 0.7", "says \"You came.\""].map(String::from), "{story:?}");
    assert_eq!(app.replies(siwoo), ["You came. I waited."]);
}

#[test]
fn she_remembers_what_she_said_in_a_scene_and_what_the_fan_did() {
    let mut app = says("[joy] Hi.");
    let siwoo = app.spawn_idol("siwoo");
    perform(&mut app, siwoo, "I open the door.", "[joy] Come in.");
    perform(&mut app, siwoo, "", "[neutral] Sit down.");
    app.run_until_ended(2);
    let history = app.history(siwoo);
    assert_eq!(history.len(), 2, "{history:?}");
    assert_eq!(history[0], ChatTurn::Fan("I open the door.".into()));
    assert_eq!(history[1].to_prompt(), "[joy] Come in. [neutral] Sit down.");
}

#[test]
fn a_moment_is_played_in_her_own_words() {
    let mut app = says("[love] Where did the song find you? On a bus?");
    let siwoo = app.spawn_idol("siwoo");
    improvise(&mut app, siwoo, "A song brought me here.", where_was_it());
    app.run_until_ended(1);
    assert_eq!(app.replies(siwoo), ["Where did the song find you? On a bus?"]);
}

#[test]
fn words_that_break_a_demand_are_not_said() {
    for broken in ["[joy] A song is a fine thing.", "[joy] Where was it? Did Ria sing the song?"] {
        let mut app = says(broken);
        let siwoo = app.spawn_idol("siwoo");
        improvise(&mut app, siwoo, "A song brought me here.", where_was_it());
        app.run_until_ended(1);
        assert_eq!(app.replies(siwoo), ["Where were you when it found you?"], "{broken}");
        let end = app.heard().last().and_then(heard::Heard::finished).unwrap();
        assert_eq!(end.reason, ReplyEnd::Written);
    }
}

#[test]
fn what_members_say_to_each_other_is_no_message_of_the_fan() {
    let mut app = says("[playful] The lanterns? Taira carries the lanterns, of course!");
    let jena = app.spawn_idol("jena");
    let act = Act {
        brief: "who carries the lanterns".into(),
        partner: Some("Taira".into()),
        fallback: "[playful] Not me!".into(),
        ..Act::default()
    };
    improvise(&mut app, jena, "My name is Taira and I hate lanterns.", act);
    app.run_until_ended(1);
    app.frames(2);
    assert!(app.world().resource::<Fan>().memory.facts().is_empty());
    let turns = app.history(jena);
    assert!(!turns.iter().any(|turn| matches!(turn, ChatTurn::Fan(_))), "{turns:?}");
}

#[derive(Default, Resource)]
struct Spoken(Vec<String>);

#[test]
fn while_a_scene_listens_the_fan_speaks_to_the_scene() {
    let mut app = says("[joy] Never asked.");
    app.app.init_resource::<Spoken>().add_observer(
        |spoke: On<FanSpoke>, mut spoken: ResMut<Spoken>| spoken.0.push(spoke.text.clone()),
    );
    let siwoo = app.spawn_idol("siwoo");
    app.world_mut().insert_resource(SceneListens(true));
    app.say(siwoo, "  In a kitchen. ");
    app.run_until_ended(1);
    assert_eq!(app.world().resource::<Spoken>().0, ["In a kitchen."]);
    let end = app.heard().last().and_then(heard::Heard::finished).unwrap();
    assert_eq!((end.reason, end.text.as_str()), (ReplyEnd::Heard, ""));
    app.world_mut().insert_resource(SceneListens(false));
    app.say(siwoo, "And you?");
    app.run_until_ended(2);
    assert_eq!(app.replies(siwoo)[1], "Never asked.");
}

#[test]
fn a_line_for_nobody_is_refused() {
    let mut app = says("[joy] Hi.");
    let nobody = app.world_mut().spawn_empty().id();
    perform(&mut app, nobody, "", "[joy] Hello.");
    app.run_until_ended(1);
    assert!(app.heard().last().unwrap().error().is_some());
}
