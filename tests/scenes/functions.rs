//! What scripts can ask and compute.

use bevy_persona::scene::*;

use crate::common::{Reader, World, one, play_on};

fn said_in(player: &mut Player, world: &World) -> Vec<String> {
    let steps = play_on(player, &mut Reader(0), world);
    let text = |step| match step {
        Step::Line(line) => Some(line.text),
        _ => None,
    };
    steps.into_iter().filter_map(text).collect()
}

fn says(body: &str) -> Vec<String> {
    let scenes = one(&format!("title: t\n---\n{body}\n===\n"));
    let mut player = Player::start(scenes, "t", Story::default(), 0).expect("a scene `t`");
    said_in(&mut player, &World { affinity: 41.5, hour: 18.5, ..World::default() })
}

#[test]
fn a_script_asks_the_world() {
    let lines =
        says("{affinity(\"siwoo\")} {knows(\"s01\")} {knows(\"s09\")} {fan(\"name\")} {hour()}");
    assert_eq!(lines, ["41.5 true false Mina 18.5"]);
    assert_eq!(says("[{fan(\"cat\")}]"), ["[]"]);
}

#[test]
fn a_script_computes() {
    for (expression, value) in [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 % 4 - -1", "4"),
        ("10 / 4", "2.5"),
        ("\"a\" + \"b\"", "ab"),
        ("1 < 2 and not (2 < 1)", "true"),
        ("true xor true", "false"),
        ("\"a\" == \"b\" or 1 != 2", "true"),
        ("3 >= 3 && 2 <= 1", "false"),
        ("round(2.5)", "3"),
        ("round_places(2.345, 1)", "2.3"),
        ("floor(-0.5)", "-1"),
        ("ceil(0.2)", "1"),
        ("inc(1.5)", "2"),
        ("dec(1.5)", "1"),
        ("int(-1.5)", "-1"),
        ("decimal(1.5)", "0.5"),
        ("string(3) + \"!\"", "3!"),
        ("number(\"4\") + 1", "5"),
        ("bool(\"true\")", "true"),
        ("dice(1)", "1"),
        ("random_range(2, 2)", "2"),
    ] {
        assert_eq!(says(&format!("{{{expression}}}")), [value], "{expression}");
    }
}

#[test]
fn branches_and_variables() {
    let lines = says(
        "<<declare $n = 1>>
<<set $n += 4>>
<<set $n *= 2>>
<<if $n == 10>>
    Ten.
    <<if false>>
        No.
    <<else>>
        Inner.
    <<endif>>
<<elseif true>>
    Wrong.
<<endif>>
{$n}",
    );
    assert_eq!(lines, ["Ten.", "Inner.", "10"]);
}

#[test]
fn visits_are_counted_when_a_node_is_left() {
    let text = "title: t
---
<<if visited_count(\"t\") < 3>>
    {visited_count(\"t\")}, {visited(\"t\")}, {visited(\"t_end\")}
    <<jump t>>
<<endif>>
<<jump t_end>>
===
title: t_end
scene: t
---
Over.
===
";
    let scenes = one(text);
    let mut player = Player::start(scenes.clone(), "t", Story::default(), 0).unwrap();
    let lines = ["0, false, false", "1, true, false", "2, true, false", "Over."];
    assert_eq!(said_in(&mut player, &World::default()), lines);
    let story = player.story().clone();
    assert_eq!((story.visits_of("t"), story.visits_of("t_end")), (4, 1));
    assert!(story.variables.is_empty(), "{:?}", story.variables);
}

#[test]
fn options_have_conditions_and_values() {
    let text = "title: t
---
-> Take {1 + 1} cups. <<if false>>
    No.
-> (Wait for {fan(\"name\")}.) <<if true>>
    Yes.
===
";
    let world = World::default();
    let mut player = Player::start(one(text), "t", Story::default(), 0).unwrap();
    let Step::Choices(choices) = player.advance(&world).unwrap() else { panic!("choices") };
    let seen: Vec<_> = choices.iter().map(|c| (c.text.as_str(), c.available, c.is_deed)).collect();
    assert_eq!(seen, [("Take 2 cups.", false, false), ("(Wait for Mina.)", true, true)]);
    assert_eq!(player.advance(&world).unwrap(), Step::Choices(choices));
    assert!(player.choose(0).is_err());
    player.choose(1).unwrap();
    assert_eq!(said_in(&mut player, &world), ["Yes."]);
}

#[test]
fn commands_may_hold_values() {
    let text = "title: t\n---\n<<affinity siwoo {1 + 2}>>\n<<wait {\"long\"}>>\n===\n";
    let world = World::default();
    let mut player = Player::start(one(text), "t", Story::default(), 0).unwrap();
    let Step::Do(SceneCommand::Affinity { by, .. }) = player.advance(&world).unwrap() else {
        panic!("affinity")
    };
    assert_eq!(by, 3.0);
    let error = player.advance(&world).unwrap_err().to_string();
    let begins = "t.yarn:4:3: in `wait long`: the seconds should be a number from 0 to 600";
    assert!(error.starts_with(begins), "{error}");
}

#[test]
fn what_cannot_be_computed_is_an_error_with_its_place() {
    for (body, problem) in [
        (
            "<<set $n to visited_count(\"t\") + 1>>\n{$n / 0}",
            "t.yarn:4:5: this gives no finite number: is something divided by 0?",
        ),
        ("{number(\"x\")}", "t.yarn:3:2: `x` is no number"),
        ("<<jump {\"no\" + \"where\"}>>", "t.yarn:3:1: there is no node `nowhere` to jump to"),
        (
            "-> x <<if 1>>",
            "t.yarn:3:4: a condition should be true or false here: compare something",
        ),
        (
            "-> x <<if 1 > 2>>",
            "t.yarn:3:18: no option is available here: let one stand without a condition",
        ),
    ] {
        let scenes = one(&format!("title: t\n---\n{body}\n===\n"));
        let mut player = Player::start(scenes, "t", Story::default(), 0).unwrap();
        let error = player.advance(&World::default()).unwrap_err();
        assert_eq!(error.to_string(), problem);
        assert_eq!(player.advance(&World::default()), Err(error));
    }
}

#[test]
fn a_circle_that_shows_nothing_is_an_error_and_no_hang() {
    let text = "title: t\n---\n<<jump u>>\n===\ntitle: u\nscene: t\n---\n<<jump t>>\n===\n";
    let mut player = Player::start(one(text), "t", Story::default(), 0).unwrap();
    let error = player.advance(&World::default()).unwrap_err().to_string();
    assert!(error.contains("runs in a circle and shows nothing"), "{error}");
}

#[test]
fn offers_are_what_may_begin_the_most_salient_first() {
    let text = "title: a\nneeds: affinity(siwoo) >= 60\n---\nx\n===
title: b\nscene: b\nrepeat: no\n---\nx\n===
title: c\nscene: c\nsalience: 3\nbegins: alone\n---\nx\n===
title: d\nscene: d\nneeds: $cups > 1 and hour() >= 18\n---\nx\n===
";
    let scenes = Scenes::from_files([("a.yarn", text)]).unwrap();
    let ids = |story: &Story, world: &World| -> Vec<String> {
        scenes.offers(story, world).iter().map(|scene| scene.id.clone()).collect()
    };
    let mut story = Story::default();
    let mut world = World::default();
    assert_eq!(ids(&story, &world), ["c", "b"]);
    world.affinity = 60.0;
    story.variables.insert("$cups".into(), 2.0.into());
    assert_eq!(ids(&story, &world), ["c", "a", "b", "d"]);
    story.visits.insert("b".into(), 1);
    world.hour = 9.0;
    assert_eq!(ids(&story, &world), ["c", "a"]);
    assert_eq!(scenes.get("c").unwrap().begins, Begins::Alone);
}
