//! Files are edited while a scene runs.

use bevy_persona::director::{Choose, SceneEnd, SceneLibrary};

use crate::show::{LONG, Show, scene};

#[test]
fn a_broken_edit_is_told_and_a_good_one_is_followed() {
    let mut show = Show::new(&[("long.yarn", scene("long", "", LONG))]);
    show.play("long");
    show.until_choices();
    show.edit("long.yarn", "title: long\n---\n<<jmp nowhere\n===\n");
    show.app.run_until("the fault is told", |world| {
        !world.resource::<SceneLibrary>().faults().is_empty()
    });
    assert!(show.app.world().resource::<SceneLibrary>().current().get("long").is_some());
    assert_eq!(show.state().choices.len(), 2, "the scene goes on");
    show.edit("long.yarn", &scene("long", "", &LONG.replace("Three", "Four")));
    show.app.run_until("the edit is read", |world| {
        world.resource::<SceneLibrary>().faults().is_empty()
    });
    show.until_choices();
    show.trigger(Choose(0));
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.said().last().map(String::as_str), Some("Ida: Four."));
}
