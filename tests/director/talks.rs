//! Members who talk with each other, and with the fan.

use bevy_persona::{
    director::{GoOn, SceneEnd},
    prelude::*,
};

use crate::show::{Show, scene};

#[test]
fn two_members_talk_in_turns() {
    let body = "<<talk otto ida turns=4 about=\"who bakes the bread\">>\n\
                Ida: Enough. #line:a1 #emotion:playful";
    let script = ScriptedBackend::new([
        "[joy] Who bakes the bread, Ida, you or me?",
        "[playful] The bread bakes itself, and Otto eats it.",
        "[neutral] Bread needs two hands and a warm oven.",
        "[joy] My oven is warm, so I bake the bread on Monday.",
        "[shy] On Monday I only carry flour for the bread.",
        "[playful] Then the bread is made by flour and gossip.",
    ]);
    let mut show = Show::scripted(&[("bread.yarn", scene("bread", "", body))], script);
    show.play("bread");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    let said = show.said();
    let speakers: Vec<&str> = said.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(speakers, ["Otto", "Ida", "Otto", "Ida", "Ida"], "{said:?}");
}

#[test]
fn a_chat_has_its_turns_and_ends_when_the_fan_goes_on() {
    let body = "<<chat ida turns=2 about=\"bread\">>\nIda: Well then. #line:a1 #emotion:joy";
    for turns in 0..=2 {
        let mut show = Show::new(&[("chat.yarn", scene("chat", "", body))]);
        let ida = show.ida;
        show.play("chat");
        for _ in 0..turns {
            show.until_heard();
            show.app.say(ida, "Do you like your work?");
            show.app.frames(2);
        }
        if turns < 2 {
            show.until_heard();
            show.trigger(GoOn);
        }
        assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
        assert_eq!(show.app.replies(ida).iter().filter(|said| !said.is_empty()).count(), turns + 1);
        assert!(show.app.world().resource::<SceneNotes>().0.is_empty());
    }
}

#[test]
fn a_chat_ends_once_its_condition_holds() {
    let body = "<<chat ida turns=9 until=\"affinity(ida) >= 50\">>\n\
                Ida: Well then. #line:a1 #emotion:joy";
    let mut show = Show::new(&[("chat.yarn", scene("chat", "", body))]);
    let ida = show.ida;
    show.play("chat");
    show.until_heard();
    let mut rapport = show.app.world_mut().get_mut::<Rapport>(ida).expect("Ida");
    rapport.0.relationship.shift(45.0);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
}
