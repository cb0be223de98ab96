//! A scene is saved, and goes on another time.

use bevy_persona::{
    director::{Choose, ResumeScene, SceneEnd, StageCue, StoryBook},
    prelude::*,
    scene::SavedScene,
};

use crate::show::{LONG, Show, scene};

#[test]
fn a_saved_scene_goes_on_in_another_app_and_nothing_is_done_twice() {
    let body = format!("<<light dusk>>\n<<move otto to gate 9>>\n<<look ida at otto>>\n{LONG}");
    let files = [("long.yarn", scene("long", "", &body))];
    let mut first = Show::new(&files);
    first.play("long");
    first.until_choices();
    let saved = serde_json::to_string(first.state().saved.as_ref().expect("a scene")).unwrap();
    let closeness = first.affinity(first.ida);

    let mut second = Show::new(&files);
    let saved: SavedScene = serde_json::from_str(&saved).unwrap();
    second.trigger(ResumeScene(saved));
    second.until_choices();
    let gate = StageCue::Move { entity: second.otto, to: "gate".into(), seconds: 0.0 };
    assert_eq!(second.told().cues, [StageCue::Light("dusk".into()), gate], "the stage is set anew");
    let looks = second.app.world().get::<LookAtThis>(second.ida);
    assert_eq!(looks, Some(&LookAtThis(second.otto)));
    let mut rests = Vec::new();
    for show in [&mut first, &mut second] {
        show.until_choices();
        let from = show.told().passages.iter().rposition(|text| text.starts_with("->")).unwrap();
        show.trigger(Choose(0));
        assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
        rests.push(show.told().passages[from..].to_vec());
    }
    assert_eq!(rests[0], rests[1]);
    assert!(rests[0].contains(&"Ida: Two, 1.".into()), "{:?}", rests[0]);
    let met = second.affinity(second.ida);
    assert_eq!((first.affinity(first.ida) - closeness, met - 10.0), (2.0, 2.0));
    let stories = [&first, &second].map(|show| show.app.world().resource::<StoryBook>().clone());
    assert_eq!(stories[0], stories[1]);
    assert!(stories[0].0.variables.keys().all(|name| name.starts_with('$')), "{:?}", stories[0]);
}

#[test]
fn a_line_that_was_cut_off_by_the_end_of_the_game_is_said_again() {
    let files = [("long.yarn", scene("long", "", LONG))];
    let mut first = Show::new(&files);
    first.play("long");
    first.until_said("One.");
    let saved = first.state().saved.clone().expect("a scene");
    let mut second = Show::new(&files);
    second.trigger(ResumeScene(saved));
    second.until_choices();
    assert_eq!(second.app.replies(second.ida), ["One."]);
    assert_eq!(second.affinity(second.ida), 12.0, "only what came behind the line");
}
