//! What a scene changes, and what only a stage can do.

use bevy_persona::{
    director::{SceneEnd, StageCue},
    prelude::*,
};

use crate::show::{Show, scene};

#[test]
fn what_a_scene_changes_arrives_where_it_belongs() {
    let body = "<<affinity ida 5>>\n<<unlock cellar>>\n\
                Ida: Now you know. #line:a1 #emotion:joy\n\
                <<remember fan \"was in the cellar with Ida\">>\n\
                <<if affinity(\"ida\") >= 15 and knows(\"cellar\")>>\n\
                Ida: We are friends. #line:a2 #emotion:love\n<<endif>>";
    let mut show = Show::new(&[("cellar.yarn", scene("cellar", "", body))]);
    let before = show.affinity(show.ida);
    show.play("cellar");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.affinity(show.ida), before + 5.0);
    let fan = show.app.world().resource::<Fan>();
    assert!(fan.unlocked.contains("cellar"));
    let known: Vec<&str> = fan.memory.facts().iter().map(|fact| fact.value.as_str()).collect();
    assert_eq!(known, ["was in the cellar with Ida"]);
    assert_eq!(show.app.replies(show.ida), ["Now you know.", "We are friends."]);
}

#[test]
fn a_stage_is_told_what_only_it_can_do() {
    let body = "<<light dusk>>\n<<camera close ida>>\n<<camera wide>>\n<<music play rain>>\n\
                <<music stop>>\n<<look ida at window>>\n<<look otto at ida>>\n\
                Ida: Rain. #line:a1 #emotion:neutral";
    let mut show = Show::new(&[("rain.yarn", scene("rain", "", body))]);
    let (otto, ida) = (show.otto, show.ida);
    show.play("rain");
    show.until_said("Rain.");
    use bevy_persona::director::StageShot::{Close, Wide};
    assert_eq!(
        show.told().cues,
        [
            StageCue::Light("dusk".into()),
            StageCue::Camera(Close(ida)),
            StageCue::Camera(Wide),
            StageCue::Music(Some("rain".into())),
            StageCue::Music(None),
            StageCue::Look { entity: ida, at: "window".into() },
        ]
    );
    assert_eq!(show.app.world().get::<LookAtThis>(otto), Some(&LookAtThis(ida)));
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.app.world().get::<LookAtThis>(otto), None);
}
