//! The scenes of the game, played by the four.

use std::time::{Duration, Instant};

use bevy::prelude::*;
use bevy_persona::{
    director::{
        Choose, DirectorPlugin, GoOn, PlayScene, ReadingPace, SceneEnd, SceneSeed, SceneState,
    },
    persona::Language,
    prelude::*,
};

use crate::{
    common::{PATIENCE, PersonaApp, heard::assert_whole, samples::SCENES},
    show::{Told, record},
};

/// A fan who does something whenever a scene wants something.
fn play_through(app: &mut PersonaApp, scene: &str, seed: &mut u64) -> SceneEnd {
    let before = app.world().resource::<Told>().ends.len();
    app.world_mut().trigger(PlayScene { scene: scene.into(), force: false });
    let mut draw = || {
        *seed =
            seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*seed >> 33).unwrap_or(0)
    };
    let start = Instant::now();
    while app.world().resource::<Told>().ends.len() == before {
        assert!(start.elapsed() < PATIENCE * 2, "{scene} hangs");
        let state = app.world().resource::<SceneState>().clone();
        if !state.choices.is_empty() {
            app.world_mut().trigger(Choose(draw() % state.choices.len()));
        } else if let Some(listens) = state.listens {
            let answers = ["I think so.", "A warm lamp at home.", "빗소리가 좋아요", "no idea lol"];
            match draw() % 5 {
                number if number < answers.len() => {
                    let said = listens.options.get(number).map_or(answers[number], |s| s.as_str());
                    app.say(listens.to, said);
                }
                _ => app.world_mut().trigger(GoOn),
            }
        }
        app.frames(1);
        std::thread::sleep(Duration::from_micros(200));
    }
    app.world().resource::<Told>().ends[before].how.clone()
}

#[test]
fn the_sample_scenes_play_to_their_ends_in_both_languages() {
    for (language, mut seed) in [(Language::English, 7), (Language::Korean, 8)] {
        let script = ScriptedBackend::new(["[joy] Hm, and what do you think of it?"]);
        let mut app = PersonaApp::scripted(script);
        DirectorPlugin::default().build(&mut app.app);
        LibraryPlugin::default().build(&mut app.app);
        app.app.insert_resource(ReadingPace(f32::INFINITY)).insert_resource(SceneSeed(Some(3)));
        record(&mut app.app);
        for member in ["siwoo", "jena", "taira", "marty"] {
            let entity = app.spawn_file(&format!("{member}.persona.ron"));
            app.world_mut().entity_mut(entity).insert(FanLanguage(language));
            let mut rapport = app.world_mut().get_mut::<Rapport>(entity).expect("a member");
            rapport.0.relationship.shift(60.0);
        }
        for scene in SCENES {
            assert_eq!(play_through(&mut app, scene, &mut seed), SceneEnd::Finished, "{scene}");
        }
        app.frames(5);
        let fan = app.world().resource::<Fan>();
        for lock in ["echo_tower", "staircase", "puzzle_box", "white_room"] {
            assert!(fan.unlocked.contains(lock), "{lock}: {:?}", fan.unlocked);
        }
        let told = app.world().resource::<Told>();
        assert!(told.narrated.is_empty(), "{:?}", told.narrated);
        assert!(told.nodes.iter().any(|node| node == "lantern_night_roof"));
        assert!(fan.memory.facts().iter().any(|fact| fact.value.contains("lantern night")));
        assert_whole(app.heard());
    }
}
