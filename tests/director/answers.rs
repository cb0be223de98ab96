//! The fan chooses, and is asked.

use bevy_persona::{
    director::{Choose, GoOn, SceneEnd},
    mind::ChatTurn,
    scene::Value,
};

use crate::show::{Show, scene};

const CHOICE: &str = "<<declare $key = \"none\">>\n\
    Otto: Which key? #line:a1 #emotion:neutral\n\
    -> The small one. #line:a2\n\
    \u{20}   <<set $key to \"small\">>\n\
    -> The golden one. <<if false>> #line:a3\n\
    \u{20}   <<set $key to \"golden\">>\n\
    -> (Point at the rusty one.) #line:a4\n\
    \u{20}   <<set $key to \"rusty\">>\n\
    Otto: Very well. #line:a5 #emotion:joy";

#[test]
fn the_fan_chooses_what_can_be_chosen() {
    let mut show = Show::new(&[("keys.yarn", scene("keys", "", CHOICE))]);
    show.play("keys");
    show.until_choices();
    let texts: Vec<_> = show.state().choices.iter().map(|choice| choice.text.as_str()).collect();
    assert_eq!(texts, ["The small one.", "The golden one.", "(Point at the rusty one.)"]);
    show.trigger(GoOn);
    show.trigger(Choose(1));
    show.trigger(Choose(9));
    show.app.frames(20);
    assert_eq!(show.state().choices.len(), 3, "nobody chooses for the fan");
    show.trigger(Choose(2));
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.variable("$key"), Some(Value::Text("rusty".into())));
    let history = show.app.history(show.otto);
    assert!(history.contains(&ChatTurn::Fan("(Point at the rusty one.)".into())), "{history:?}");
}

#[test]
fn an_option_can_be_said() {
    let mut show = Show::new(&[("keys.yarn", scene("keys", "", CHOICE))]);
    show.play("keys");
    show.until_choices();
    let otto = show.otto;
    show.app.say(otto, "the small one");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.variable("$key"), Some(Value::Text("small".into())));
}

/// A scene in which the fan is asked something.
pub const QUESTION: &str = "<<declare $colour = \"grey\">>\n\
    <<ask_fan ida \"Which colour?\" into=$colour options=\"deep red|sea blue|grey\" fallback=\"grey\">>\n\
    Ida: I see. #line:a1 #emotion:joy";

#[test]
fn what_the_fan_answers_becomes_one_of_the_options() {
    for (answer, option) in
        [("Sea blue", "sea blue"), ("i think it is red", "deep red"), ("hm, cheese?", "grey")]
    {
        let mut show = Show::new(&[("colour.yarn", scene("colour", "", QUESTION))]);
        let ida = show.ida;
        show.play("colour");
        show.until_heard();
        let listens = show.state().listens.clone().expect("the scene listens");
        assert_eq!((listens.to, listens.options.len()), (ida, 3));
        show.app.say(ida, answer);
        assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
        assert_eq!(show.variable("$colour"), Some(Value::Text(option.into())), "{answer}");
        assert_eq!(show.app.replies(ida)[0], "Which colour?");
    }
}

#[test]
fn a_fan_who_says_nothing_may_go_on() {
    let mut show = Show::new(&[("colour.yarn", scene("colour", "", QUESTION))]);
    show.play("colour");
    show.until_heard();
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.variable("$colour"), Some(Value::Text("grey".into())));
}
