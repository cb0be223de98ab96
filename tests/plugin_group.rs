//! The plugin group as a whole: every part can be left out, and its systems have an order.

pub mod common;

use std::collections::HashMap;

use bevy::{
    app::PluginGroupBuilder,
    ecs::schedule::{ScheduleLabel, SystemKey},
    prelude::*,
};
#[cfg(feature = "vrm")]
use bevy_persona::view::AvatarPlugin;
#[cfg(feature = "audio")]
use bevy_persona::view::ChimePlugin;
use bevy_persona::{
    cue::CuePlugin,
    dialogue::DialoguePlugin,
    inference::{InferencePlugin, ScriptedBackend},
    persona::PersonaAssetsPlugin,
    prelude::*,
};
use common::{PersonaApp, heard::assert_whole};

fn group() -> PluginGroupBuilder {
    let script = ScriptedBackend::new(["[joy] You came back. [shy] I waited."]);
    PersonaPlugins::default().with_backend(move |_| Ok(script.clone().boxed())).build()
}

fn app(plugins: PluginGroupBuilder) -> PersonaApp {
    PersonaApp::with_plugins(PersonaSourcePlugin::default(), false, plugins)
}

/// Runs an app without one of the plugins; gives it with somebody who was asked something.
fn without<P: Plugin>() -> (PersonaApp, Entity) {
    let mut app = app(group().disable::<P>());
    let idol = app.world_mut().spawn(Persona(Handle::default())).id();
    app.say(idol, "Hi");
    app.interrupt(idol);
    app.frames(20);
    (app, idol)
}

#[test]
fn a_hundred_frames_pass_without_window_gpu_and_sound() {
    let mut app = app(group());
    let siwoo = app.spawn_idol("siwoo");
    for frame in 0..100 {
        if frame % 20 == 0 {
            app.say(siwoo, "Hi");
        }
        app.frames(1);
    }
    app.run_until_ended(5);
    assert_whole(app.heard());
    assert_eq!(app.replies(siwoo), ["You came back. I waited."; 5]);
}

#[test]
fn the_dialogue_can_be_left_out() {
    let (app, idol) = without::<DialoguePlugin>();
    assert!(app.world().get::<Conversation>(idol).is_none());
    assert!(app.heard().is_empty());
}

#[test]
fn the_cues_can_be_left_out() {
    without::<CuePlugin>();
    let mut app = app(group().disable::<CuePlugin>());
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.run_until_ended(1);
    assert_eq!(app.replies(siwoo), ["You came back. I waited."]);
    let blend = app.world().get::<EmotionBlend>(siwoo).unwrap();
    assert!(blend.weights().is_empty(), "nobody moves the blend");
}

#[test]
fn the_model_can_be_left_out() {
    without::<InferencePlugin>();
}

#[test]
fn the_persona_files_can_be_left_out() {
    without::<PersonaAssetsPlugin>();
}

#[cfg(feature = "vrm")]
#[test]
fn the_faces_can_be_left_out() {
    without::<AvatarPlugin>();
}

#[cfg(feature = "audio")]
#[test]
fn the_chime_can_be_left_out() {
    without::<ChimePlugin>();
}

#[test]
fn nothing_of_it_is_needed_by_the_rest_of_a_game() {
    let plugins = group()
        .disable::<PersonaAssetsPlugin>()
        .disable::<InferencePlugin>()
        .disable::<DialoguePlugin>()
        .disable::<CuePlugin>();
    app(plugins).frames(20);
}

/// The sets that ran, in order.
#[derive(Default, Resource)]
struct Ran(Vec<PersonaSystems>);

fn note(set: PersonaSystems) -> impl Fn(ResMut<Ran>) {
    move |mut ran| ran.0.push(set)
}

#[test]
fn the_sets_run_in_their_order() {
    use PersonaSystems::{Advance, Express, First, Interpret, Last, Receive, Submit};

    let mut app = app(group());
    app.app
        .init_resource::<Ran>()
        .add_systems(PostUpdate, (note(Last).in_set(Last), note(Submit).in_set(Submit)))
        .add_systems(Update, (note(Express).in_set(Express), note(Advance).in_set(Advance)))
        .add_systems(Update, note(Interpret).in_set(Interpret))
        .add_systems(PreUpdate, (note(Receive).in_set(Receive), note(First).in_set(First)));
    app.frames(2);
    let order = [First, Receive, Interpret, Advance, Express, Submit, Last];
    assert_eq!(app.world().resource::<Ran>().0, [order, order].concat());
}

/// The systems of ours in a schedule, each with its set.
fn ours(schedule: &Schedule) -> HashMap<SystemKey, PersonaSystems> {
    use PersonaSystems::{Advance, Express, First, Interpret, Last, Receive, Submit};

    let mut systems = HashMap::new();
    for set in [First, Receive, Interpret, Advance, Express, Submit, Last] {
        let of_set = schedule.graph().systems_in_set(set.intern());
        systems.extend(of_set.into_iter().flatten().map(|key| (*key, set)));
    }
    systems
}

/// Pairs of systems that touch the same data and have no order, by their sets.
fn ambiguities(app: &App, label: impl ScheduleLabel) -> Vec<String> {
    let schedule = app.get_schedule(label).expect("every app has it");
    let ours = ours(schedule);
    assert!(!ours.is_empty(), "this schedule has systems of ours");
    let name = |key: &SystemKey| match ours.get(key) {
        Some(set) => format!("{set:?}"),
        None => "another plugin".into(),
    };
    let conflicts = schedule.graph().conflicting_systems().iter();
    conflicts
        .map(|(a, b, on)| format!("{} and {}, on {} components", name(a), name(b), on.len()))
        .collect()
}

/// The same pairs make Bevy refuse the schedule when its `ambiguity_detection` is an error.
#[test]
fn no_two_systems_depend_on_an_order_that_they_do_not_have() {
    let mut app = app(group());
    app.frames(1);
    for (name, found) in [
        ("PreUpdate", ambiguities(&app.app, PreUpdate)),
        ("Update", ambiguities(&app.app, Update)),
        ("PostUpdate", ambiguities(&app.app, PostUpdate)),
    ] {
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}
