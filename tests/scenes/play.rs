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

#[test]
fn nothing_in_the_scenes_is_doubtful_and_the_stage_has_what_they_name() {
    let scenes = scenes();
    assert_eq!(scenes.doubts(), []);
    let stage = scenes.marks();
    for step in scenes.nodes().flat_map(|node| &node.steps) {
        let (known, name) = match &step.what {
            Written::Command(SceneCommand::Light(light)) => (&stage.lights, light),
            Written::Command(SceneCommand::Music(Some(music))) => (&stage.music, music),
            Written::Command(SceneCommand::Move { to, .. }) => (&stage.marks, to),
            Written::Command(SceneCommand::Look { at: LookAt::Mark(mark), .. }) => {
                (&stage.marks, mark)
            }
            _ => continue,
        };
        assert!(known.contains(name), "`{name}` is not in stage.toml");
    }
}

#[test]
fn what_is_doubtful_is_told() {
    let text = "title: a
needs: visited(b_end)
---
<<if visited(\"b\") or $x>>
    {visited(\"a\")}
<<endif>>
===
";
    let scenes = Scenes::from_files([("a.yarn", text)]).unwrap();
    let doubts: Vec<_> = scenes.doubts().iter().map(ToString::to_string).collect();
    let expected = [
        "a.yarn:4:6: there is no node `b` that could be visited",
        "a.yarn:4:22: `$x` is declared nowhere: write `<<declare $x = …>>`",
        "a.yarn: in `needs:`: there is no node `b_end` that could be visited",
    ];
    assert_eq!(doubts, expected);
}
