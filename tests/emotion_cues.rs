//! From the feelings of a reply to the blend that a face shows, and from the face to the feelings.

pub mod common;

use bevy::prelude::*;
use bevy_persona::{inference::ScriptedBackend, mind::Palette, prelude::*};
use common::{FRAME, PersonaApp, asked, backends::recording, heard::Heard};

/// How far a weight may move in a frame: with the usual fade, 1 - e^(-3 · 16 ms / 1500 ms) = 0.031.
const SMOOTH: f32 = 0.035;

fn blend(app: &PersonaApp, idol: Entity) -> EmotionBlend {
    app.world().get::<EmotionBlend>(idol).expect("somebody with a persona").clone()
}

fn frames(seconds: f32) -> usize {
    (seconds / FRAME.as_secs_f32()).ceil() as usize
}

/// Moves on frame by frame, and checks that no weight jumps and none leaves 0..1.
fn watch(app: &mut PersonaApp, idol: Entity, seconds: f32) {
    for _ in 0..frames(seconds) {
        let before = blend(app, idol);
        app.frames(1);
        let now = blend(app, idol);
        for emotion in Emotion::BUILT_IN {
            let (from, to) = (before.weight(&emotion), now.weight(&emotion));
            assert!((from - to).abs() <= SMOOTH, "{emotion} jumps from {from} to {to}");
            assert!((0.0..=1.0).contains(&to), "{emotion} is {to}");
        }
        let sum: f32 = now.weights().iter().map(|(_, weight)| weight).sum();
        assert!(sum <= 1.01, "the feelings add up to {sum}");
    }
}

#[test]
fn one_feeling_passes_into_the_next_without_a_jump() {
    let (mut app, siwoo, strings) = asked();
    assert!(blend(&app, siwoo).weights().is_empty());
    strings.feel(Emotion::Sad, 1.0);
    watch(&mut app, siwoo, 1.6);
    assert!(blend(&app, siwoo).weight(&Emotion::Sad) > 0.94);
    strings.feel(Emotion::Joy, 0.9);
    watch(&mut app, siwoo, 0.5);
    let half_way = blend(&app, siwoo);
    assert!(half_way.weight(&Emotion::Joy) > 0.3 && half_way.weight(&Emotion::Sad) > 0.3);
    watch(&mut app, siwoo, 2.5);
    let after = blend(&app, siwoo);
    assert!(after.weight(&Emotion::Joy) > 0.88 && after.weight(&Emotion::Sad) < 0.02);
}

#[test]
fn a_fast_change_of_mind_is_smooth_as_well() {
    let (mut app, siwoo, strings) = asked();
    for emotion in Emotion::BUILT_IN {
        strings.feel(emotion, 1.0);
        watch(&mut app, siwoo, 0.1);
    }
}

#[test]
fn after_the_reply_a_feeling_lingers_and_then_rests() {
    let (mut app, siwoo, strings) = asked();
    strings.feel(Emotion::Joy, 0.8);
    strings.say("Hello.");
    watch(&mut app, siwoo, 1.0);
    strings.finish();
    app.run_until_ended(1);
    watch(&mut app, siwoo, 3.9);
    assert!(blend(&app, siwoo).weight(&Emotion::Joy) > 0.78, "it lingers for 4 seconds");
    watch(&mut app, siwoo, 5.0);
    let rested = blend(&app, siwoo);
    assert_eq!(rested.target(), None);
    assert!(rested.weights().is_empty(), "nothing is left: {:?}", rested.weights());
}

#[test]
fn an_interrupted_feeling_rests_as_well() {
    let (mut app, siwoo, strings) = asked();
    strings.feel(Emotion::Angry, 1.0);
    strings.say("How dare");
    watch(&mut app, siwoo, 1.0);
    app.interrupt(siwoo);
    watch(&mut app, siwoo, 9.0);
    assert!(blend(&app, siwoo).weights().is_empty());
}

#[test]
fn who_is_given_a_fade_of_her_own_follows_it() {
    let (mut app, siwoo, strings) = asked();
    app.world_mut().entity_mut(siwoo).insert(EmotionFade { seconds: 3.0, linger: 0.5 });
    strings.feel(Emotion::Joy, 1.0);
    strings.say("Hello.");
    app.frames(frames(1.0));
    let weight = blend(&app, siwoo).weight(&Emotion::Joy);
    assert!((0.6..0.66).contains(&weight), "1 - 1/e of the way after a third: {weight}");
    strings.finish();
    app.run_until_ended(1);
    app.frames(frames(0.6));
    assert_eq!(blend(&app, siwoo).target(), None, "it lingers for half a second");
}

#[test]
fn while_she_speaks_a_feeling_stays_however_long_it_takes() {
    let (mut app, siwoo, strings) = asked();
    strings.feel(Emotion::Love, 0.8);
    strings.say("Well");
    app.frames(frames(10.0));
    assert!(blend(&app, siwoo).weight(&Emotion::Love) > 0.79);
}

#[test]
fn a_refused_message_does_not_still_the_face_of_who_speaks() {
    let (mut app, siwoo, strings) = asked();
    strings.feel(Emotion::Love, 0.8);
    strings.say("Well");
    app.frames(frames(1.0));
    app.say(siwoo, "");
    app.frames(frames(10.0));
    assert_eq!(strings.open(), 1, "she is still speaking");
    assert!(blend(&app, siwoo).weight(&Emotion::Love) > 0.79);
}

#[test]
fn each_idol_has_a_face_of_her_own() {
    let (mut app, siwoo, strings) = asked();
    let jena = app.spawn_idol("jena");
    strings.feel(Emotion::Joy, 1.0);
    app.frames(frames(1.6));
    assert!(blend(&app, siwoo).weight(&Emotion::Joy) > 0.9);
    assert!(blend(&app, jena).weights().is_empty());
}

const LIMITED: &str = r#"Persona(
    id: "siwoo",
    name: "Siwoo",
    role: "a singer",
    emotions: ["neutral", "joy", "sad", "angry", "smug"],
)"#;

#[test]
fn only_what_the_face_can_show_may_be_felt() {
    let script = ScriptedBackend::new(["[angry] Hm. [joy:0.5] Fine. [love] Bye."]);
    let (requests, factory) = recording(script);
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn(LIMITED);
    let rig = EmotionRig(vec![Emotion::Love, Emotion::Sad, Emotion::Joy]);
    app.world_mut().entity_mut(siwoo).insert(rig);
    app.say(siwoo, "Hi");
    app.run_until_ended(1);
    assert_eq!(requests.last().palette.emotions(), [Emotion::Joy, Emotion::Sad]);
    let felt: Vec<_> = app.heard().iter().filter_map(Heard::emotion).collect();
    assert_eq!(felt.len(), 1);
    assert_eq!((&felt[0].tag.emotion, felt[0].tag.intensity), (&Emotion::Joy, 0.5));
    assert_eq!(app.replies(siwoo), ["Hm. Fine. Bye."]);
}

#[test]
fn a_face_that_shows_none_of_her_feelings_limits_nothing() {
    let (requests, factory) = recording(ScriptedBackend::new(["[joy] Hi."]));
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn(LIMITED);
    let words = ["neutral", "joy", "sad", "angry", "smug"];
    let all = Palette::new(words.map(|word| word.parse().unwrap())).unwrap();
    app.world_mut().entity_mut(siwoo).insert(EmotionRig(vec![Emotion::Shy]));
    app.say(siwoo, "Hi");
    app.run_until_ended(1);
    assert_eq!(requests.last().palette, all);
    app.world_mut().entity_mut(siwoo).remove::<EmotionRig>();
    app.say(siwoo, "Hi");
    app.run_until_ended(2);
    assert_eq!(requests.last().palette, all);
}

#[test]
fn another_face_counts_from_the_next_reply_on() {
    let (requests, factory) = recording(ScriptedBackend::new(["[joy] Hi."]));
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn(LIMITED);
    for (asks, emotion) in [(1, Emotion::Joy), (2, Emotion::Sad)] {
        app.world_mut().entity_mut(siwoo).insert(EmotionRig(vec![emotion.clone()]));
        app.say(siwoo, "Hi");
        app.run_until_ended(asks);
        assert_eq!(requests.last().palette.emotions(), [emotion]);
    }
}
