//! The fan speaks while a scene does not ask for it.

use bevy_persona::{
    director::{GoOn, SceneEnd},
    library::{MindLibrary, assets_folder, read_folders},
    mind::{ChatTurn, conduct::ConductKind},
    scene::Value,
};

use crate::{
    answers::QUESTION,
    show::{Show, Told, scene},
};

/// A scene that nobody may interrupt, or one where everybody may.
fn speech(may_interrupt: bool) -> String {
    let header = if may_interrupt { "" } else { "interrupt: no" };
    let words = "word ".repeat(60);
    let body = format!(
        "Otto: {words}end. #line:a1 #emotion:neutral\nOtto: And so on. #line:a2 #emotion:joy"
    );
    scene("speech", header, &body)
}

#[test]
fn a_fan_who_speaks_in_between_is_answered_where_the_scene_allows_it() {
    let mut show = Show::new(&[("speech.yarn", speech(true))]);
    let otto = show.otto;
    show.play("speech");
    show.until_said("word");
    show.app.say(otto, "Excuse me, when do you close?");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    let said = show.said();
    assert!(!said[0].ends_with("end."), "the line was not cut: {said:?}");
    assert_eq!(said[1..], ["Otto: Where does it ring?", "Otto: And so on."]);
}

#[test]
fn what_a_fan_says_to_a_scene_that_does_not_listen_is_answered_afterwards() {
    let mut show = Show::new(&[("speech.yarn", speech(false))]);
    let otto = show.otto;
    show.play("speech");
    show.until_said("word");
    assert!(!show.state().fan_may_interrupt);
    show.app.say(otto, "Excuse me, when do you close?");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    show.until_said("Where does it ring?");
    show.app.frames(3);
    let said = show.said();
    assert!(said[0].ends_with("end."), "the line was cut: {said:?}");
    assert_eq!(said[1..], ["Otto: And so on.", "Otto: Where does it ring?"]);
    let history = show.app.history(otto);
    let question = ChatTurn::Fan("Excuse me, when do you close?".into());
    assert!(history.contains(&question), "{history:?}");
}

#[test]
fn whoever_has_no_part_in_a_scene_answers_as_always() {
    let mut show = Show::new(&[("speech.yarn", speech(false))]);
    let ida = show.ida;
    show.play("speech");
    show.until_said("word");
    show.app.say(ida, "What is he on about?");
    show.until_said("Where does it ring?");
    assert_eq!(show.state().scene.as_deref(), Some("speech"));
}

#[test]
fn a_message_that_needs_care_comes_first() {
    let mut show = Show::new(&[
        ("speech.yarn", speech(false)),
        ("q.yarn", scene("q", "", &QUESTION.replace("#line:a", "#line:q"))),
        ("c.yarn", scene("c", "", "<<chat ida turns=3>>")),
    ]);
    let library = read_folders(&[assets_folder().join("conduct")]).unwrap();
    show.app.world_mut().insert_resource(MindLibrary::new(library));
    let (otto, ida) = (show.otto, show.ida);
    show.play("speech");
    show.until_said("word");
    show.app.say(otto, "i want to die");
    show.app.run_until("he cares", |world| world.resource::<Told>().flags.len() == 1);
    show.until_heard();
    show.app.frames(60);
    assert_eq!(show.said().len(), 2, "nothing goes on before the fan wants it");
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.told().flags, [ConductKind::SelfHarm]);
    let said = show.said();
    assert!(!said[0].ends_with("end.") && said.len() == 3, "{said:?}");
    assert_eq!(said[2], "Otto: And so on.");

    show.play("q");
    show.until_heard();
    show.app.say(ida, "i want to die");
    show.app.run_until("she cares", |world| world.resource::<Told>().flags.len() == 2);
    show.until_heard();
    show.trigger(GoOn);
    show.app.frames(2);
    let listens = show.state().listens.clone().expect("the question is still open");
    assert_eq!(listens.options.len(), 3);
    show.app.say(ida, "deep red");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.variable("$colour"), Some(Value::Text("deep red".into())));

    show.play("c");
    show.until_heard();
    show.app.say(ida, "i want to die");
    show.app.run_until("she cares", |world| world.resource::<Told>().flags.len() == 3);
    show.until_heard();
    show.trigger(GoOn);
    show.app.frames(2);
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
}
