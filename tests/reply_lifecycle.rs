//! From `Say` to the end of its reply: what is told, in which order, and what is kept.

pub mod common;

use bevy::{app::PluginGroupBuilder, prelude::*};
use bevy_persona::{
    dialogue::SayError,
    inference::{Request, ScriptedBackend},
    mind::{Beat, ChatTurn, History},
    prelude::*,
};
use common::{
    PersonaApp,
    backends::{gated, puppet, recording, together},
    heard::{Heard, assert_whole},
};
use proptest::prelude::*;

fn beat(emotion: Emotion, intensity: f32, text: &str) -> Beat {
    Beat { emotion, intensity, text: text.into() }
}

fn fan(text: &str) -> ChatTurn {
    ChatTurn::Fan(text.into())
}

#[test]
fn asked_while_the_model_loads_she_answers_afterwards() {
    let (gate, factory) = gated(ScriptedBackend::new(["[joy] You said {fan}."]));
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "one");
    app.say(siwoo, "two");
    app.run_until("the loading is told", |world| {
        let status = world.resource::<ModelStatus>();
        matches!(status, ModelStatus::Loading(loading) if loading.fraction() == Some(0.25))
    });
    app.frames(30);
    assert!(app.heard().is_empty(), "{:?}", app.story(siwoo));
    assert_eq!(app.state(siwoo), DialogueState::Waiting);

    gate.open();
    app.run_until_ended(2);
    assert_eq!(
        app.story(siwoo),
        [
            "hears \"one\"",
            "feels joy 0.8",
            "says \"You said one.\"",
            "ends Complete",
            "hears \"two\"",
            "feels joy 0.8",
            "says \"You said two.\"",
            "ends Complete",
        ]
    );
    assert!(matches!(app.world().resource::<ModelStatus>(), ModelStatus::Ready(_)));
}

#[test]
fn a_reply_tells_its_beginning_its_feelings_its_words_and_its_end() {
    let script = ScriptedBackend::new(["[joy] You came back. [shy:0.4] I waited."]);
    let mut app = PersonaApp::scripted(script);
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.run_until_ended(1);
    assert_eq!(
        app.story(siwoo),
        [
            "hears \"Hi\"",
            "feels joy 0.8",
            "says \"You came back.\"",
            "feels shy 0.4",
            "says \" I waited.\"",
            "ends Complete",
        ]
    );
    let chunks: Vec<_> = app.heard().iter().filter_map(Heard::chunk).collect();
    assert_eq!(chunks.first().unwrap().emotion, Emotion::Joy);
    assert_eq!(chunks.last().unwrap().emotion, Emotion::Shy);
}

#[test]
fn her_state_follows_the_reply() {
    let (strings, factory) = puppet();
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn_idol("siwoo");
    assert_eq!(app.state(siwoo), DialogueState::Idle);
    app.say(siwoo, "Hi");
    app.run_until("she is asked", |_| strings.open() == 1);
    assert_eq!(app.state(siwoo), DialogueState::Waiting);
    strings.say("Hello");
    app.frames(2);
    assert_eq!(app.state(siwoo), DialogueState::Replying);
    strings.finish();
    app.frames(2);
    assert_eq!(app.state(siwoo), DialogueState::Idle);
}

#[test]
fn what_is_said_piece_by_piece_is_told_at_the_end_and_kept() {
    let script = ScriptedBackend::new([
        "[joy] You came back. [shy:0.4] I waited.",
        "No tag at all.",
        "[sad]  Two  spaces.[love]No space.",
    ]);
    let mut app = PersonaApp::scripted(script);
    let siwoo = app.spawn_idol("siwoo");
    for message in ["one", "two", "three"] {
        app.say(siwoo, message);
    }
    app.run_until_ended(3);
    assert_whole(app.heard());
    assert_eq!(
        app.replies(siwoo),
        ["You came back. I waited.", "No tag at all.", "Two  spaces.No space."]
    );
    assert_eq!(
        app.history(siwoo),
        [
            fan("one"),
            ChatTurn::Idol(
                [beat(Emotion::Joy, 0.8, "You came back."), beat(Emotion::Shy, 0.4, " I waited."),]
                    .into()
            ),
            fan("two"),
            ChatTurn::Idol([beat(Emotion::Neutral, 0.8, "No tag at all.")].into()),
            fan("three"),
            ChatTurn::Idol(
                [beat(Emotion::Sad, 0.8, "Two  spaces."), beat(Emotion::Love, 0.8, "No space."),]
                    .into()
            ),
        ]
    );
}

#[test]
fn readers_of_messages_read_the_same_chunks() {
    #[derive(Default, Resource)]
    struct Read(Vec<String>);

    let mut app = PersonaApp::scripted(ScriptedBackend::new(["[joy] One two three four."]));
    app.app.init_resource::<Read>().add_systems(
        Update,
        |mut chunks: MessageReader<ReplyChunk>, mut read: ResMut<Read>| {
            read.0.extend(chunks.read().map(|chunk| chunk.text.clone()));
        },
    );
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.run_until_ended(1);
    app.frames(1);
    let heard = app.heard().iter().filter_map(Heard::chunk).map(|chunk| chunk.text.clone());
    assert_eq!(app.world().resource::<Read>().0, heard.collect::<Vec<_>>());
}

#[test]
fn an_empty_message_fails_and_says_what_to_send() {
    let mut app = PersonaApp::scripted(ScriptedBackend::new(["[joy] Hi."]));
    let siwoo = app.spawn_idol("siwoo");
    for text in ["", "   ", "\n\t\r\n", "\u{0}\u{7}\u{1b}"] {
        app.say(siwoo, text);
    }
    app.run_until_ended(4);
    let failure = "fails: the message is empty: send at least one visible character";
    assert_eq!(app.story(siwoo), [failure; 4]);
    assert!(app.history(siwoo).is_empty());
}

#[test]
fn who_has_no_persona_cannot_be_asked() {
    let mut app = PersonaApp::scripted(ScriptedBackend::new(["[joy] Hi."]));
    let nobody = app.world_mut().spawn_empty().id();
    app.say(nobody, "Hi");
    app.run_until_ended(1);
    assert_eq!(app.story(nobody), [format!("fails: {}", SayError::NoPersona(nobody))]);
    app.world_mut().despawn(nobody);
    app.say(nobody, "Still there?");
    app.frames(5);
    assert_eq!(app.story(nobody).len(), 1, "who is gone hears nothing");
}

#[test]
fn a_persona_file_that_cannot_be_read_fails_what_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("otto.persona.ron");
    std::fs::write(&file, "Persona(\n    id: \"otto\",\n    name: 7,\n)").unwrap();
    let mut app = PersonaApp::in_folder(folder.path(), |_| {
        Ok(ScriptedBackend::new(["[joy] Evening."]).boxed())
    });
    let (otto, ghost) = (app.spawn_file("otto.persona.ron"), app.spawn_file("ghost.persona.ron"));
    app.say(otto, "Hi");
    app.say(ghost, "Hi");
    app.run_until_ended(2);
    for idol in [otto, ghost] {
        let advice = format!("fails: {}", SayError::PersonaNotLoaded(idol));
        assert!(advice.contains("see the error about its file in the log"), "{advice}");
        assert_eq!(app.story(idol), [advice]);
    }

    std::fs::write(&file, "Persona(id: \"otto\", name: \"Otto\", role: \"a guard\")").unwrap();
    let server = app.world().resource::<AssetServer>().clone();
    server.reload("personas://otto.persona.ron");
    let handle = app.world().get::<Persona>(otto).unwrap().0.clone();
    app.run_until("the file is read", |_| server.load_state(&handle).is_loaded());
    app.say(otto, "Better now?");
    app.run_until_ended(3);
    assert_eq!(app.replies(otto), ["Evening."]);
}

#[test]
fn who_leaves_takes_her_reply_with_her() {
    let (strings, factory) = puppet();
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.say(siwoo, "And?");
    app.run_until("she is asked", |_| strings.open() == 1);
    strings.say("Hello");
    app.frames(2);
    app.world_mut().despawn(siwoo);
    app.run_until("the work stops", |_| strings.open() == 0);
    app.run_until("she is forgotten", |_| strings.forgotten().len() == 1);
    assert_eq!(strings.forgotten()[0], strings.requests()[0].conversation);
    assert_eq!(strings.requests().len(), 1, "what waited is not asked any more");
    assert_eq!(app.story(siwoo), ["hears \"Hi\"", "says \"Hello\""]);
}

#[test]
fn who_loses_her_persona_ends_what_was_asked() {
    let (strings, factory) = puppet();
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.say(siwoo, "And?");
    app.run_until("she is asked", |_| strings.open() == 1);
    app.world_mut().entity_mut(siwoo).remove::<Persona>();
    app.say(siwoo, "Who are you now?");
    app.run_until("the work stops", |_| strings.open() == 0);
    app.run_until_ended(3);
    assert_whole(app.heard());
}

#[test]
fn four_idols_reply_at_once() {
    let words: Vec<String> = (0..30).map(|number| format!("word{number}")).collect();
    let reply = format!("[joy] {}", words.join(" "));
    let mut app = PersonaApp::with_backend(together(4, ScriptedBackend::new([reply])));
    let idols = ["siwoo", "jena", "taira", "marty"].map(|id| app.spawn_idol(id));
    for idol in idols {
        app.say(idol, "Hi");
    }
    app.run_until_ended(4);
    assert_whole(app.heard());
    // Where the n-th word of each idol was heard: all before anybody's n+1st.
    let places = idols.map(|idol| {
        let of_idol = |heard: &Heard| heard.chunk().is_some_and(|chunk| chunk.entity == idol);
        let heard = app.heard().iter().enumerate().filter(|(_, heard)| of_idol(heard));
        heard.map(|(place, _)| place).collect::<Vec<_>>()
    });
    for number in 1..words.len() {
        let before = places.iter().map(|of_idol| of_idol[number - 1]).max();
        let after = places.iter().map(|of_idol| of_idol[number]).min();
        assert!(before < after, "word {number}: {before:?} {after:?}");
    }
}

#[test]
fn a_second_message_waits_for_the_end_of_the_first_reply() {
    let (strings, factory) = puppet();
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "one");
    app.say(siwoo, "two");
    app.run_until("she is asked", |_| strings.open() == 1);
    strings.feel(Emotion::Joy, 0.5);
    strings.say("First.");
    app.frames(20);
    assert_eq!(strings.requests().len(), 1);
    strings.finish();
    app.run_until("she is asked again", |_| strings.requests().len() == 2);
    let first = ChatTurn::Idol([beat(Emotion::Joy, 0.5, "First.")].into());
    assert_eq!(strings.requests()[1].prompt.turns, [fan("one"), first, fan("two")]);
}

#[test]
fn a_saved_conversation_goes_on_where_it_was() {
    let reply = "[joy] You said {fan}. [shy:0.3] Truly.";
    let (before, factory) = recording(ScriptedBackend::new([reply]));
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "one \"two\"\nthree");
    app.run_until_ended(1);
    let saved = serde_json::to_string(&app.world().get::<Conversation>(siwoo).unwrap().history);
    app.say(siwoo, "four");
    app.run_until_ended(2);

    let (after, factory) = recording(ScriptedBackend::new([reply]));
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn_idol("siwoo");
    let history: History = serde_json::from_str(&saved.unwrap()).unwrap();
    app.world_mut().entity_mut(siwoo).insert(Conversation { history });
    app.say(siwoo, "four");
    app.run_until_ended(1);
    assert_eq!(after.last().prompt, before.last().prompt);
}

#[test]
fn the_same_seed_asks_the_same() {
    let asked = |seed: u64| -> Vec<Request> {
        let (requests, factory) = recording(ScriptedBackend::new(["[joy] Hi."]));
        let plugins: PluginGroupBuilder =
            PersonaPlugins::default().with_backend(factory).with_seed(seed).build();
        let mut app = PersonaApp::with_plugins(PersonaSourcePlugin::default(), false, plugins);
        let siwoo = app.spawn_idol("siwoo");
        app.say(siwoo, "one");
        app.say(siwoo, "one");
        app.run_until_ended(2);
        requests.all()
    };
    let seeds = |requests: &[Request]| requests.iter().map(|r| r.seed).collect::<Vec<_>>();
    let (first, again, other) = (asked(1), asked(1), asked(2));
    assert_eq!(seeds(&first), seeds(&again));
    assert_ne!(first[0].seed, first[1].seed, "each reply has a seed of its own");
    assert_ne!(first[0].seed, other[0].seed);
}

/// What a test may do to an app.
#[derive(Debug, Clone)]
enum Act {
    Say(usize, &'static str),
    Interrupt(usize),
    Frames(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let messages = vec!["Hi", "tell me more", "", " \n", "\u{7}", "fail now", "crash now"];
    let says = (0..3_usize, prop::sample::select(messages));
    prop_oneof![
        4 => says.prop_map(|(who, text)| Act::Say(who, text)),
        1 => (0..3_usize).prop_map(Act::Interrupt),
        3 => (1..6_usize).prop_map(Act::Frames),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_ask_ends_once_whatever_happens(acts in prop::collection::vec(act(), 1..25)) {
        let script = ScriptedBackend::new(["[joy] You said it.", "[shy:0.3] Well. [sad] Bye now."])
            .fail_when("fail")
            .panic_when("crash");
        let mut app = PersonaApp::scripted(script);
        let nobody = app.world_mut().spawn_empty().id();
        let cast = [app.spawn_idol("siwoo"), app.spawn_idol("jena"), nobody];
        let mut asks = 0;
        for act in acts {
            match act {
                Act::Say(who, text) => {
                    app.say(cast[who], text);
                    asks += 1;
                }
                Act::Interrupt(who) => app.interrupt(cast[who]),
                Act::Frames(count) => app.frames(count),
            }
        }
        app.run_until_ended(asks);
        app.frames(5);
        prop_assert_eq!(app.heard().iter().filter(|heard| heard.is_end()).count(), asks);
        assert_whole(app.heard());
    }
}
