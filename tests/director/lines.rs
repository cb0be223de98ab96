//! Lines wait for each other; the fan may go on, and whoever has left is told of.

use bevy_persona::{
    cue::{Beat, BeatPart, Voiced},
    director::{GoOn, ReadingPace, SceneEnd, SceneState, StageCue, StoryBook},
};

use crate::{
    common::heard::{Heard, assert_whole},
    show::{Show, scene},
};

#[test]
fn a_line_waits_until_the_one_before_was_said() {
    let body = "Otto: Who is there? #line:a1 #emotion:neutral #gesture:wave\n\
                Ida: It is only me. #line:a2 #emotion:joy\n\
                Otto: Come in. #line:a3 #emotion:joy";
    let mut show = Show::new(&[("door.yarn", scene("door", "", body))]);
    show.play("door");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.said(), ["Otto: Who is there?", "Ida: It is only me.", "Otto: Come in."]);
    let mut open = 0;
    for heard in show.app.heard() {
        match heard {
            Heard::Started(_) => open += 1,
            end if end.is_end() => open -= 1,
            _ => {}
        }
        assert!((0..=1).contains(&open), "two speak at once: {heard:?}");
    }
    assert_whole(show.app.heard());
    assert_eq!(show.app.story(show.ida)[1], "feels joy 0.8");
    assert_eq!(show.app.world().resource::<StoryBook>().0.visits_of("door_end"), 1);
    assert_eq!(*show.state(), SceneState::default());
}

#[test]
fn a_line_waits_for_the_voice_of_the_one_before() {
    let body = "Otto: Who is there? #line:a1 #emotion:neutral\n\
                Ida: It is only me. #line:a2 #emotion:joy";
    let mut show = Show::new(&[("door.yarn", scene("door", "", body))]);
    let (otto, ida) = (show.otto, show.ida);
    show.app.world_mut().entity_mut(otto).insert(Voiced::default());
    show.play("door");
    show.until_said("Who is there?");
    show.app.frames(60);
    let ask = show.app.heard().iter().find_map(Heard::finished).expect("all words have come").ask;
    assert!(show.app.replies(ida).is_empty(), "she speaks into his words");
    show.trigger(Beat { entity: otto, ask, part: BeatPart::End { interrupted: false } });
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.app.replies(ida), ["It is only me."]);
}

#[test]
fn a_line_of_somebody_who_walks_waits_until_she_is_there() {
    let body = "<<move otto to gate 3.0>>\n\
                Ida: Off he goes. #line:a1 #emotion:neutral\n\
                Otto: Here I am. #line:a2 #emotion:joy";
    let mut show = Show::new(&[("walk.yarn", scene("walk", "", body))]);
    let otto = show.otto;
    show.play("walk");
    show.until_said("Off he goes.");
    show.app.frames(60);
    assert!(show.app.replies(otto).is_empty(), "he speaks while he walks");
    let walk = StageCue::Move { entity: otto, to: "gate".into(), seconds: 3.0 };
    assert_eq!(show.told().cues[0], walk);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.app.replies(otto), ["Here I am."]);
}

#[test]
fn the_fan_goes_on_past_a_pause() {
    let body = "<<wait 50>>\nOtto: At last. #line:a1 #emotion:joy";
    let mut show = Show::new(&[("wait.yarn", scene("wait", "", body))]);
    show.play("wait");
    show.app.frames(50);
    assert!(show.said().is_empty());
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.said(), ["Otto: At last."]);
}

#[test]
fn the_fan_goes_on_past_a_line_that_is_being_read() {
    let body = "Otto: A very long line, for slow readers. #line:a1 #emotion:joy\n\
                Otto: Next. #line:a2 #emotion:joy";
    let mut show = Show::new(&[("slow.yarn", scene("slow", "", body))]);
    show.app.app.insert_resource(ReadingPace(5.0));
    show.play("slow");
    show.until_said("slow readers.");
    show.app.frames(60);
    assert_eq!(show.said().len(), 1, "the fan still reads");
    show.trigger(GoOn);
    show.until_said("Next.");
}

#[test]
fn the_lines_of_somebody_who_leaves_are_told() {
    let body = "Ida: I must go. #line:a1 #emotion:sad\n<<wait 1.0>>\n\
                Ida: Good night. #line:a2 #emotion:sad\n\
                <<ask_fan ida \"Was it I?\" into=$who options=\"yes|no\" fallback=\"no\">>\n\
                <<improvise ida \"She asks for the way.\" turns=1 fallback=\"Which way?\">>\n\
                <<chat ida turns=3>>\n<<talk ida otto turns=2 about=\"bread\">>\n\
                <<affinity ida 3>>\n<<gesture ida bow>>\n<<look otto at ida>>\n\
                Otto: She is gone. #line:a3 #emotion:sad";
    let mut show =
        Show::new(&[("gone.yarn", scene("gone", "", &format!("<<declare $who = \"\">>\n{body}")))]);
    let ida = show.ida;
    show.play("gone");
    show.until_said("I must go.");
    show.app.frames(4);
    show.app.world_mut().despawn(ida);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.told().narrated, ["Ida: Good night.", "Ida: Was it I?", "Ida: Which way?"]);
    assert_eq!(show.said().last().map(String::as_str), Some("Otto: She is gone."));
}
