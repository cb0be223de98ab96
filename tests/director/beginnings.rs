//! How scenes begin, and how they end before their end.

use bevy_persona::{
    director::{PlayScene, SceneEnd, SceneOffers, StopScene},
    scene::Value,
};

use crate::{
    common::heard::{Heard, Record},
    show::{LONG, Show, scene},
};

#[test]
fn a_scene_can_be_stopped() {
    let mut show = Show::new(&[("long.yarn", scene("long", "", LONG))]);
    show.play("long");
    show.until_choices();
    show.trigger(StopScene);
    assert_eq!(show.run_to_the_end(), SceneEnd::Stopped);
    assert_eq!(show.state().scene, None);
    assert_eq!(show.variable("$n"), Some(Value::Number(1.0)));
    let ida = show.ida;
    show.app.say(ida, "Hello?");
    show.app.run_until("she answers", |world| {
        let replies = world.resource::<Record>();
        replies.0.iter().filter_map(Heard::finished).any(|end| end.text.contains("ring"))
    });
}

#[test]
fn another_scene_takes_the_place_of_the_one_that_runs() {
    let hello = scene("hello", "", "Otto: Hello. #line:h1 #emotion:joy");
    let mut show = Show::new(&[("long.yarn", scene("long", "", LONG)), ("hello.yarn", hello)]);
    show.play("long");
    show.until_choices();
    show.play("hello");
    assert_eq!(show.run_to_the_end(), SceneEnd::Stopped);
    if show.ends() < 2 {
        assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    }
    assert_eq!(show.said().last().map(String::as_str), Some("Otto: Hello."));
}

#[test]
fn a_scene_whose_condition_does_not_hold_is_not_played_unless_it_must_be() {
    let needs = "needs: affinity(ida) >= 40";
    let body = "Ida: Hello, friend. #line:a1 #emotion:joy";
    let mut show = Show::new(&[("friend.yarn", scene("friend", needs, body))]);
    show.app.run_until("it is offered", |world| !world.resource::<SceneOffers>().0.is_empty());
    let offer = show.app.world().resource::<SceneOffers>().0[0].clone();
    assert!(!offer.is_open && offer.missing.len() == 1, "{offer:?}");
    show.play("friend");
    let SceneEnd::Failed(why) = show.run_to_the_end() else { panic!("it was played") };
    assert!(why.contains("affinity(\"ida\") >= 40"), "{why}");
    show.trigger(PlayScene { scene: "friend".into(), force: true });
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
}

#[test]
fn a_scene_that_does_not_exist_names_those_that_do() {
    let mut show = Show::new(&[("long.yarn", scene("long", "", LONG))]);
    show.play("lnog");
    let SceneEnd::Failed(why) = show.run_to_the_end() else { panic!("it was played") };
    assert!(why.contains("long"), "{why}");
}

#[test]
fn a_scene_that_goes_round_and_round_is_ended() {
    let round = "title: round\nscene: round\n---\n<<gesture ida nod>>\n<<jump round>>\n===\n";
    let mut show = Show::new(&[("round.yarn", round.into())]);
    show.play("round");
    let SceneEnd::Failed(why) = show.run_to_the_end() else { panic!("it ended") };
    assert!(why.contains("`round`"), "{why}");
}

#[test]
fn a_scene_may_begin_by_itself() {
    let headers = "begins: alone\nrepeat: no";
    let alone = scene("rain", headers, "Ida: Listen, rain. #line:a1 #emotion:neutral");
    let mut show = Show::new(&[("rain.yarn", alone)]);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.said(), ["Ida: Listen, rain."]);
    show.app.frames(1500);
    assert_eq!(show.ends(), 1, "it says that it does not repeat");
    show.play("rain");
    assert!(matches!(show.run_to_the_end(), SceneEnd::Failed(_)));
}

#[test]
fn a_scene_without_all_its_members_does_not_begin_by_itself() {
    let alone = scene("rain", "begins: alone", "Mia: Listen, rain. #line:a1 #emotion:neutral");
    let mut show = Show::new(&[("rain.yarn", alone)]);
    show.app.frames(1500);
    assert_eq!(show.ends(), 0);
}
