//! A game whose characters speak through a server.

use bevy::prelude::*;
use bevy_persona::{
    inference::{BackendSwitched, ChainLink, remote::RemoteSettings},
    prelude::*,
};

use crate::common::{
    PersonaApp,
    heard::assert_whole,
    server::{Act, Server, closed_port, refusal, reply, settings, stream_head, words},
};

/// An app of these plugins, with the sample personas.
fn app(plugins: PersonaPlugins) -> PersonaApp {
    let source = PersonaSourcePlugin::new(bevy_persona::persona::personas_folder());
    PersonaApp::with_plugins(source, false, plugins.with_seed(7).build())
}

fn remote(settings: RemoteSettings) -> PersonaApp {
    app(PersonaPlugins::default().with_remote(settings))
}

#[test]
fn a_talk_goes_through_the_server_with_its_history() {
    let server = Server::start([reply(&["[joy] You ", "came."]), reply(&["[shy] I missed you."])]);
    let mut app = remote(server.settings());
    let siwoo = app.spawn_file("siwoo.persona.ron");
    app.say(siwoo, "Hi");
    app.say(siwoo, "And?");
    app.run_until_ended(2);
    assert_whole(app.heard());
    assert_eq!(
        app.story(siwoo),
        [
            "hears \"Hi\"",
            "feels joy 0.8",
            "says \"You came.\"",
            "ends Complete",
            "hears \"And?\"",
            "feels shy 0.8",
            "says \"I missed you.\"",
            "ends Complete",
        ]
    );
    let asked = server.asked();
    let messages = asked[1].body["messages"].as_array().unwrap();
    let told = messages[0]["content"].as_str().unwrap();
    assert!(told.contains("Siwoo") && told.contains("[joy]"), "{told}");
    let last: Vec<_> =
        messages.iter().rev().take(3).map(|m| m["content"].as_str().unwrap()).collect();
    assert_eq!(last, ["And?", "[joy] You came.", "Hi"]);
}

#[test]
fn frames_go_on_while_the_server_hangs() {
    let server =
        Server::start([vec![Act::Hang], vec![stream_head(), words("[joy] You"), Act::Hang]]);
    let mut app = remote(server.settings());
    let (siwoo, jena) = (app.spawn_idol("siwoo"), app.spawn_idol("jena"));
    app.say(siwoo, "Hi");
    app.run_until("siwoo's server is asked", |_| server.asked().len() == 1);
    app.say(jena, "Hi");
    app.run_until("jena's server is asked", |_| server.asked().len() == 2);
    // Nothing can end while both hang: a frame that waited for the server would never come back.
    app.frames(500);
    assert!(app.heard().iter().all(|heard| !heard.is_end()));
    app.interrupt(siwoo);
    app.interrupt(jena);
    app.run_until_ended(2);
    assert_whole(app.heard());
    server.wait_for_end();
}

#[test]
fn the_app_ends_while_the_server_hangs() {
    let server = Server::start([vec![Act::Hang]]);
    let mut app = remote(server.settings());
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.run_until("the server is asked", |_| !server.asked().is_empty());
    drop(app);
    server.wait_for_end();
}

#[test]
fn a_reply_that_fails_is_told_and_the_message_can_be_sent_again() {
    let server = Server::start([refusal("401 Unauthorized", "no key"), reply(&["[joy] Hi."])]);
    let mut app = remote(server.settings());
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.run_until_ended(1);
    let story = app.story(siwoo);
    assert!(story.last().unwrap().contains("refuses the key (401)"), "{story:?}");
    assert!(app.history(siwoo).is_empty());
    app.say(siwoo, "Hi");
    app.run_until_ended(2);
    assert_eq!(app.replies(siwoo), ["Hi."]);
}

#[test]
fn a_key_that_is_not_set_is_told_as_the_models_failure() {
    let key_env = Some("BEVY_PERSONA_NO_SUCH_KEY".into());
    let mut app = remote(RemoteSettings { key_env, ..settings(closed_port()) });
    app.run_until("it is told", |world| {
        matches!(world.resource::<ModelStatus>(), ModelStatus::Failed(error)
            if error.to_string().contains("`BEVY_PERSONA_NO_SUCH_KEY`"))
    });
}

#[derive(Resource, Default)]
struct Switches(Vec<String>);

#[test]
fn written_lines_speak_while_the_server_does_not_and_the_game_is_told() {
    let oops = refusal("400 Bad Request", "oops");
    let server = Server::start([oops, reply(&["[joy] Back."])]);
    let links = [
        ChainLink::remote("server", server.settings()),
        ChainLink::remote("spare", settings(closed_port())),
        ChainLink::lines("lines", ["[sad] My head is empty."]),
    ];
    let mut app = app(PersonaPlugins::default().with_chain(links));
    app.app.init_resource::<Switches>();
    app.app.add_observer(|switched: On<BackendSwitched>, mut switches: ResMut<Switches>| {
        let switch = &switched.event().0;
        switches.0.push(format!("{} → {}: {}", switch.from, switch.to, switch.error.is_some()));
    });
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.run_until_ended(1);
    assert_eq!(app.replies(siwoo), ["My head is empty."]);
    let ModelStatus::Ready(info) = app.world().resource::<ModelStatus>() else {
        panic!("not ready")
    };
    assert_eq!(info.model, "scripted");
    app.say(siwoo, "Still?");
    app.run_until_ended(2);
    assert_whole(app.heard());
    assert_eq!(app.replies(siwoo)[1], "Back.");
    assert_eq!(
        app.world().resource::<Switches>().0,
        ["server → lines: true", "lines → server: false"]
    );
}
