//! Moments that are improvised, and the written words where they cannot be.

use bevy_persona::{
    director::{GoOn, SceneEnd},
    library::{MindLibrary, assets_folder, read_folders},
    mind::ChatTurn,
    prelude::*,
};

use crate::{
    common::backends::gated,
    show::{Show, scene},
};

const MOMENT: &str = "<<improvise otto \"He asks where the bell rings.\" turns=1 must=\"a question\" \
    avoid=\"swordfish\" fallback=\"Where is the bell?\">>\n\
    Otto: Good. #line:a1 #emotion:joy";

#[test]
fn a_moment_is_improvised_and_the_fan_is_heard() {
    let mut show = Show::new(&[("bell.yarn", scene("bell", "", MOMENT))]);
    let otto = show.otto;
    show.play("bell");
    show.until_heard();
    show.app.say(otto, "In the tower.");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.said(), ["Otto: Where does it ring?", "Otto: Good."]);
    let history = show.app.history(otto);
    assert!(history.contains(&ChatTurn::Fan("In the tower.".into())), "{history:?}");
}

#[test]
fn a_heavy_answer_is_answered_before_the_scene_goes_on() {
    let mut show = Show::new(&[("bell.yarn", scene("bell", "", MOMENT))]);
    let library = read_folders(&[assets_folder().join("conduct")]).unwrap();
    show.app.world_mut().insert_resource(MindLibrary::new(library));
    let otto = show.otto;
    show.play("bell");
    show.until_heard();
    show.app.say(otto, "i failed my exam and i have been crying all night");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    let said = show.said();
    assert!(said.len() == 3 && said[2] == "Otto: Good.", "{said:?}");
}

#[test]
fn what_a_scene_forbids_is_not_said() {
    let script = ScriptedBackend::new(["[joy] Is it swordfish?"]);
    let mut show = Show::scripted(&[("bell.yarn", scene("bell", "", MOMENT))], script);
    show.play("bell");
    show.until_heard();
    assert_eq!(show.said(), ["Otto: Where is the bell?"]);
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
}

#[test]
fn a_model_that_fails_is_replaced_by_the_written_words() {
    let script = ScriptedBackend::new(["[joy] Where does it ring?"]).fail_when("");
    let mut show = Show::scripted(&[("bell.yarn", scene("bell", "", MOMENT))], script);
    show.play("bell");
    show.until_heard();
    assert_eq!(show.said().last().map(String::as_str), Some("Otto: Where is the bell?"));
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
}

#[test]
fn nobody_waits_for_a_model_that_is_being_loaded() {
    let (_gate, factory) = gated(ScriptedBackend::new(["[joy] Where does it ring?"]));
    let mut show = Show::with_backend(&[("bell.yarn", scene("bell", "", MOMENT))], factory);
    show.play("bell");
    show.until_heard();
    assert_eq!(show.said(), ["Otto: Where is the bell?"]);
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
}
