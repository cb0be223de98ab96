//! Scenes are edited while they play.

use std::sync::Arc;

use bevy_persona::scene::*;

use crate::common::{Reader, World, files, one, play_on, scenes};

const TEXT: &str = "title: tea
---
<<declare $cups = 2>>
Siwoo: One. #line:tea_1
<<set $cups to 5>>
Siwoo: Two. #line:tea_2
<<jump tea_end>>
===
title: tea_end
scene: tea
---
Siwoo: {$cups} cups. #line:tea_3
===
";

fn line(player: &mut Player) -> String {
    match player.advance(&World::default()).expect("a step") {
        Step::Line(line) => line.text,
        other => panic!("a line, not {other:?}"),
    }
}

#[test]
fn the_same_scenes_go_on_at_the_same_place() {
    let world = World::default();
    for steps in [1, 10, 40, 80] {
        let mut player = Player::start(scenes(), "echo_tower", Story::default(), 0).unwrap();
        let mut reader = Reader(4);
        for _ in 0..steps {
            let step = player.advance(&world).unwrap();
            reader.react(&mut player, &step);
        }
        let mut other = player.clone();
        other.reload(scenes()).unwrap();
        let rest = play_on(&mut player, &mut reader.clone(), &world);
        assert_eq!(play_on(&mut other, &mut reader, &world), rest);
    }
}

#[test]
fn a_line_that_is_reworded_does_not_begin_the_node_again() {
    let mut player = Player::start(one(TEXT), "tea", Story::default(), 0).unwrap();
    assert_eq!(line(&mut player), "One.");
    player.reload(one(&TEXT.replace("Two.", "And two."))).unwrap();
    assert_eq!(line(&mut player), "And two.");
}

#[test]
fn a_node_that_is_rebuilt_begins_again_and_others_do_not() {
    let edited = TEXT.replace("Siwoo: One.", "<<light dusk>>\nSiwoo: One.");
    let mut player = Player::start(one(TEXT), "tea", Story::default(), 0).unwrap();
    assert_eq!(line(&mut player), "One.");
    player.reload(one(&edited)).unwrap();
    assert!(matches!(player.advance(&World::default()), Ok(Step::Do(SceneCommand::Light(_)))));
    assert_eq!(line(&mut player), "One.");
    assert_eq!(line(&mut player), "Two.");
    assert_eq!(line(&mut player), "5 cups.");
    player.reload(one(TEXT)).unwrap();
    assert_eq!(player.advance(&World::default()).unwrap(), Step::End);
}

#[test]
fn a_node_that_is_gone_leaves_the_player_as_it_was() {
    let mut player = Player::start(one(TEXT), "tea", Story::default(), 0).unwrap();
    for _ in 0..3 {
        line(&mut player);
    }
    let (before, _) = TEXT.split_once("title: tea_end").unwrap();
    let shorter = one(&before.replace("<<jump tea_end>>\n", ""));
    let error = player.reload(shorter.clone()).unwrap_err();
    assert_eq!(error.to_string(), "tea: there is no node `tea_end` any more");
    assert_eq!(player.advance(&World::default()).unwrap(), Step::End);
    assert!(Player::resume(shorter, player.save()).is_err());
}

#[test]
fn declared_variables_fill_gaps_and_are_never_reset() {
    let mut player = Player::start(one(TEXT), "tea", Story::default(), 0).unwrap();
    line(&mut player);
    assert_eq!(player.story().variables["$cups"], Value::Number(2.0));
    line(&mut player);
    let edited = one(&TEXT.replace("$cups = 2>>", "$cups = 9>>\n<<declare $milk = true>>"));
    player.reload(edited.clone()).unwrap();
    let resumed = Player::resume(edited.clone(), player.save()).unwrap();
    let again = Player::start(edited, "tea", player.story().clone(), 0).unwrap();
    for player in [player, resumed, again] {
        assert_eq!(player.story().variables["$cups"], Value::Number(5.0));
        assert_eq!(player.story().variables["$milk"], Value::Bool(true));
    }
}

#[test]
fn what_earlier_scenes_chose_is_still_there_in_the_finale() {
    let world = World::default();
    let mut story = Story::default();
    for (name, value) in [("$hello_tea", "slosh"), ("$tower_promise", "call")] {
        story.variables.insert(name.into(), value.into());
    }
    let reread = Arc::new(Scenes::from_files(files()).unwrap());
    let mut player = Player::start(scenes(), "lantern_night", story, 0).unwrap();
    player.reload(reread).unwrap();
    let steps = play_on(&mut player, &mut Reader(1), &world);
    let said: Vec<_> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Line(line) => Some(line.id.as_str()),
            _ => None,
        })
        .collect();
    assert!(said.contains(&"lantern_010") && said.contains(&"lantern_019"), "{said:?}");
}
