//! What a scene left is there when the game begins again.

use bevy::prelude::*;
use bevy_persona::{
    director::{Choose, ResumeScene, SceneEnd, StoryBook, UnfinishedScene},
    prelude::*,
};
use tempfile::TempDir;

use crate::show::{LONG, Show, scene};

fn kept_in(store: &TempDir, files: &[(&str, String)]) -> Show {
    let mut show = Show::unread(files);
    let file = store.path().join("fans.sqlite");
    FanStorePlugin { file, fan: "mina".parse().expect("a name") }.build(&mut show.app.app);
    show
}

#[test]
fn what_a_scene_changed_is_there_after_a_restart() {
    let body = "Ida: Now you know. #line:a1 #emotion:joy\n<<affinity ida 5>>\n<<unlock cellar>>\n\
                <<remember fan \"was in the cellar with Ida\">>";
    let files = [("cellar.yarn", scene("cellar", "", body))];
    let store = tempfile::tempdir().unwrap();
    let mut first = kept_in(&store, &files);
    first.until_read();
    first.play("cellar");
    assert_eq!(first.run_to_the_end(), SceneEnd::Finished);
    let closeness = first.affinity(first.ida);
    drop(first);
    let mut second = kept_in(&store, &files);
    let ida = second.ida;
    second.app.run_until("all is remembered", |world| {
        let close = world.get::<Rapport>(ida).map(|rapport| rapport.0.relationship.affinity());
        let fan = world.resource::<Fan>();
        close == Some(closeness)
            && fan.unlocked.contains("cellar")
            && fan.memory.facts().iter().any(|fact| fact.value == "was in the cellar with Ida")
            && world.resource::<StoryBook>().0.visits_of("cellar_end") == 1
    });
    second.trigger(ForgetFan);
    second.app.frames(3);
    assert_eq!(*second.app.world().resource::<StoryBook>(), StoryBook::default());
}

#[test]
fn a_scene_in_whose_middle_the_game_ends_can_go_on_the_next_time() {
    let files = [("long.yarn", scene("long", "", LONG))];
    let store = tempfile::tempdir().unwrap();
    let mut first = kept_in(&store, &files);
    first.until_read();
    first.play("long");
    first.until_choices();
    drop(first);
    let mut second = kept_in(&store, &files);
    second
        .app
        .run_until("the scene is found", |world| world.resource::<UnfinishedScene>().0.is_some());
    let unfinished = second.app.world().resource::<UnfinishedScene>().0.clone();
    second.trigger(ResumeScene(unfinished.expect("a scene")));
    second.until_choices();
    assert_eq!(second.app.world().resource::<UnfinishedScene>().0, None);
    assert!(second.said().is_empty(), "what was said is not said again");
    second.trigger(Choose(0));
    assert_eq!(second.run_to_the_end(), SceneEnd::Finished);
}
