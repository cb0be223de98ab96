//! Scenes are saved at every step and go on from there.

use bevy_persona::scene::*;

use crate::common::{Reader, SCENES, World, one, play_on, scenes};

/// A step, who read it, and the scene as saved before the reader reacts.
struct Moment {
    step: Step,
    reader: Reader,
    saved: String,
}

fn moments(player: &mut Player, reader: &mut Reader, world: &World) -> Vec<Moment> {
    let mut moments = Vec::new();
    loop {
        let step = player.advance(world).expect("a step");
        let saved = serde_json::to_string(&player.save()).expect("text");
        moments.push(Moment { step: step.clone(), reader: reader.clone(), saved });
        if step == Step::End {
            return moments;
        }
        reader.react(player, &step);
    }
}

/// What a save begins with again: what the fan sees or answers.
fn lasts(step: &Step) -> bool {
    match step {
        Step::Line(_) | Step::Choices(_) | Step::End => true,
        Step::Do(command) => matches!(
            command,
            SceneCommand::Improvise(_)
                | SceneCommand::AskFan(_)
                | SceneCommand::Chat(_)
                | SceneCommand::Talk(_)
        ),
    }
}

#[test]
fn a_scene_saved_at_any_step_goes_on_as_if_nothing_had_happened() {
    let scenes = scenes();
    let world = World::default();
    for seed in 0..3 {
        let mut story = Story::default();
        for scene in SCENES {
            let mut player = Player::start(scenes.clone(), scene, story, seed).unwrap();
            let moments = moments(&mut player, &mut Reader(seed), &world);
            for (at, moment) in moments.iter().enumerate() {
                let saved = serde_json::from_str(&moment.saved).unwrap();
                let mut resumed = Player::resume(scenes.clone(), saved).unwrap();
                let rest = play_on(&mut resumed, &mut moment.reader.clone(), &world);
                let from = if lasts(&moment.step) { at } else { at + 1 };
                let expected: Vec<_> = moments[from..].iter().map(|m| m.step.clone()).collect();
                assert_eq!(rest, expected, "{scene}, seed {seed}, step {at}");
                assert_eq!(resumed.story(), player.story(), "{scene}, seed {seed}, step {at}");
            }
            story = player.story().clone();
        }
    }
}

#[test]
fn what_was_answered_is_not_asked_again() {
    let text = "title: ask
---
<<declare $tea = \"no\">>
<<ask_fan siwoo \"Tea?\" into=$tea options=\"yes|no\" fallback=\"no\">>
Siwoo: You said {$tea}.
-> One.
    Siwoo: First.
-> Two.
    Siwoo: Second.
===
";
    let scenes = one(text);
    let world = World::default();
    let mut player = Player::start(scenes.clone(), "ask", Story::default(), 0).unwrap();
    assert!(player.answer("yes").is_err(), "nothing was asked yet");
    player.advance(&world).unwrap();
    assert!(player.answer("perhaps").is_err());
    player.answer("yes").unwrap();
    let mut player = Player::resume(scenes.clone(), player.save()).unwrap();
    let Step::Line(line) = player.advance(&world).unwrap() else { panic!("a line") };
    assert_eq!(line.text, "You said yes.");
    assert!(player.choose(0).is_err(), "nothing is to be chosen yet");
    player.advance(&world).unwrap();
    assert!(player.choose(2).is_err());
    player.choose(1).unwrap();
    let mut player = Player::resume(scenes, player.save()).unwrap();
    let Step::Line(line) = player.advance(&world).unwrap() else { panic!("a line") };
    assert_eq!(line.text, "Second.");
}

#[test]
fn a_question_without_answer_gets_its_fallback() {
    let text = "title: ask
---
<<ask_fan siwoo \"Tea?\" into=$tea options=\"yes|no\" fallback=\"no\">>
<<declare $tea = \"yes\">>
Siwoo: You said {$tea}.
===
";
    let mut player = Player::start(one(text), "ask", Story::default(), 0).unwrap();
    player.advance(&World::default()).unwrap();
    player.advance(&World::default()).unwrap();
    assert_eq!(player.story().variables["$tea"], Value::from("no"));
}

#[test]
fn a_stage_that_is_built_anew_is_told_how_it_stood() {
    let text = "title: t
---
<<light dusk>>
<<light night>>
<<music play rain>>
<<music stop>>
<<move siwoo to rail 2.0>>
<<look jena at siwoo>>
<<camera close siwoo>>
<<gesture siwoo wave>>
Siwoo: Here.
===
";
    let scenes = one(text);
    let world = World::default();
    let mut player = Player::start(scenes.clone(), "t", Story::default(), 0).unwrap();
    while !matches!(player.advance(&world).unwrap(), Step::Line(_)) {}
    let saved = serde_json::to_string(&player.save()).unwrap();
    let resumed = Player::resume(scenes, serde_json::from_str(&saved).unwrap()).unwrap();
    assert_eq!(resumed.setting(), player.setting());
    let jena = SceneCommand::Look {
        member: "jena".parse().unwrap(),
        at: LookAt::Member("siwoo".parse().unwrap()),
    };
    assert!(resumed.setting().contains(&jena));
    let setting: Vec<_> = resumed.setting().iter().map(ToString::to_string).collect();
    let expected = [
        "camera close siwoo",
        "light night",
        "look jena at siwoo",
        "move siwoo to rail 0",
        "music stop",
    ];
    assert_eq!(setting, expected);
}

#[test]
fn chance_is_the_same_after_a_restart_and_differs_by_seed() {
    let text =
        "title: dice\n---\n{dice(100)}\n{dice(100)}\n{random_range(1, 3)}\n{random()}\n===\n";
    let scenes = one(text);
    let world = World::default();
    let rolled = |seed| {
        let mut player = Player::start(scenes.clone(), "dice", Story::default(), seed).unwrap();
        let first = player.advance(&world).unwrap();
        let mut resumed = Player::resume(scenes.clone(), player.save()).unwrap();
        assert_eq!(resumed.advance(&world).unwrap(), first);
        let rest = play_on(&mut player, &mut Reader(0), &world);
        assert_eq!(play_on(&mut resumed, &mut Reader(0), &world), rest);
        (first, rest)
    };
    assert_eq!(rolled(1), rolled(1));
    assert_ne!(rolled(1), rolled(2));
}

#[test]
fn a_damaged_save_is_an_error_and_no_panic() {
    let scenes = one("title: tea\n---\n-> {fan(\"name\")}\n    Siwoo: Here.\n===\n");
    let world = World::default();
    let mut player = Player::start(scenes.clone(), "tea", Story::default(), 0).unwrap();
    player.advance(&world).unwrap();
    let good = serde_json::to_value(player.save()).unwrap();
    for at in 0..20 {
        let mut saved = good.clone();
        saved["spot"]["at"] = at.into();
        saved["spot"]["options"] = serde_json::json!([]);
        let mut player =
            Player::resume(scenes.clone(), serde_json::from_value(saved).unwrap()).unwrap();
        for _ in 0..10 {
            let Ok(step) = player.advance(&world) else { break };
            let waits = matches!(step, Step::Choices(_));
            assert!(!waits || player.choose(7).is_err());
        }
    }
    let mut saved = good;
    saved["scene"] = "gone".into();
    let error = Player::resume(scenes, serde_json::from_value(saved).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "gone: there is no scene `gone` any more");
}
