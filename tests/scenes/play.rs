//! All scenes are played to their ends.

use std::collections::BTreeSet;

use bevy_persona::{persona::Language, scene::*};

use crate::common::{Reader, SCENES, World, play_on, scenes};

#[test]
fn all_seven_scenes_are_there_with_their_titles_and_members() {
    let scenes = scenes();
    let ids: BTreeSet<_> = scenes.iter().map(|scene| scene.id.as_str()).collect();
    assert_eq!(ids, SCENES.into());
    for scene in scenes.iter() {
        assert_eq!(scene.end, format!("{}_end", scene.id));
        assert!(!scene.members.is_empty());
        for language in [Language::English, Language::Korean] {
            assert!(scene.title.contains_key(&language), "{} in {language:?}", scene.id);
        }
    }
    let tower = scenes.get("echo_tower").unwrap();
    assert_eq!(tower.title_in(Language::Korean), "에코 타워");
    assert_eq!(tower.needs.to_string(), "affinity(\"siwoo\") >= 40");
    assert_eq!(tower.unlocks, ["s01"]);
}

#[test]
fn every_scene_ends_and_every_node_of_it_is_reached() {
    let scenes = scenes();
    let mut visited = BTreeSet::new();
    for seed in 0..20 {
        let mut story = Story::default();
        let mut reader = Reader(seed);
        let mut world = World::default();
        if seed == 0 {
            world.secrets.clear();
        }
        for scene in SCENES {
            let mut player = Player::start(scenes.clone(), scene, story, seed).unwrap();
            let steps = play_on(&mut player, &mut reader, &world);
            assert!(steps.len() > 3, "{scene} is short");
            story = player.story().clone();
        }
        visited.extend(story.visits.into_keys());
    }
    let all: BTreeSet<_> = scenes.nodes().map(|node| node.name.clone()).collect();
    assert_eq!(visited, all);
}
