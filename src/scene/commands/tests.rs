use proptest::prelude::*;

use super::*;
use crate::mind::Emotion;

#[test]
fn every_name_is_a_command_and_says_how_it_is_written() {
    for name in SceneCommand::NAMES {
        let error = SceneCommand::parse(name).unwrap_err();
        assert!(error.problem.contains("missing; write `<<"), "{name}: {error}");
    }
}

#[test]
fn a_fault_points_at_the_word() {
    for (text, column, problem) in [
        ("", 1, "a command is missing"),
        ("look siwoo to fan", 12, "`at` should stand here, not `to`"),
        ("move siwoo to rail", 19, "the seconds is missing"),
        ("emotion siwoo sad 7", 19, "the strength should be a number from 0 to 1, not `7`"),
        ("wait NaN", 6, "the seconds should be a number from 0 to 600, not `NaN`"),
        ("wait 1 2", 8, "`2` is too much"),
        ("light \"dusk\"", 7, "the light stands here, without quotes"),
        ("remember fan x", 14, "what to remember stands here, in quotes"),
        ("remember fan \"x", 14, "this quote is not closed"),
        ("remember fan \"x\"y", 17, "a space is missing behind the quote"),
        ("music pause", 7, "`pause` is neither `play` nor `stop`"),
        ("talk siwoo siwoo about=\"x\"", 12, "`siwoo` cannot talk to herself"),
        ("talk siwoo jena turns=0 about=\"x\"", 23, "`turns=` is a whole number from 1 to 20"),
        ("talk siwoo jena trns=2 about=\"x\"", 17, "`trns=` is unknown here"),
        ("improvise siwoo \"x\"", 20, "`fallback=` is missing"),
        ("improvise siwoo \"x\" fallback=\"\"", 31, "`fallback=` is empty"),
        ("ask_fan siwoo \"x\" into=$a options=\"a\" fallback=\"a\"", 36, "at least two options"),
        ("ask_fan siwoo \"x\" into=$a options=\"a|a\" fallback=\"a\"", 36, "the option `a` stands"),
        ("ask_fan siwoo \"x\" into=$a options=\"a|b\" fallback=\"c\"", 51, "`c` is none of the"),
        ("ask_fan siwoo \"x\" into=a options=\"a|b\" fallback=\"a\"", 24, "`a` is no variable"),
        ("chat siwoo until=\"$a >> 2\"", 23, "in `until=`: a value, a variable"),
        ("look 시우 at fan", 6, "`시우` cannot be an id"),
        ("look siwoo at 창문", 15, "`창문` is no name"),
    ] {
        let error = SceneCommand::parse(text).unwrap_err();
        assert!(error.problem.starts_with(problem), "{text}: {error}");
        assert_eq!(error.column, column, "{text}: {error}");
    }
}

fn member() -> impl Strategy<Value = PersonaId> {
    prop::sample::select(vec!["siwoo", "jena", "taira", "marty"])
        .prop_map(|name| name.parse().unwrap())
}

fn name() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_]{0,8}"
}

/// What can stand in quotes.
fn text() -> impl Strategy<Value = String> {
    "[A-Za-z가-힣?!,=|'][^\"\\x00-\\x1f]{0,12}"
}

fn seconds() -> impl Strategy<Value = f32> {
    (0_u16..4_800).prop_map(|eighths| f32::from(eighths) / 8.0)
}

fn options() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set("[a-z][a-z ]{0,6}[a-z]", 2..5)
        .prop_map(|options| options.into_iter().collect())
}

fn simple() -> impl Strategy<Value = SceneCommand> {
    use SceneCommand as C;
    prop_oneof![
        (member(), 0_u8..=10).prop_map(|(member, tenths)| C::Emotion {
            member,
            tag: EmotionTag::new(Emotion::Sad, f32::from(tenths) / 10.0),
        }),
        (member(), name()).prop_map(|(member, gesture)| C::Gesture { member, gesture }),
        (member(), name()).prop_map(|(member, mark)| C::Look {
            member,
            at: if mark == "fan" { LookAt::Fan } else { LookAt::Mark(mark) },
        }),
        (member(), name(), seconds()).prop_map(|(member, to, seconds)| C::Move {
            member,
            to,
            seconds
        }),
        Just(C::Camera(Shot::Wide)),
        member().prop_map(|member| C::Camera(Shot::Close(member))),
        name().prop_map(C::Light),
        prop::option::of(name()).prop_map(C::Music),
        seconds().prop_map(C::Wait),
        (member(), name()).prop_map(|(member, sound)| C::Voice { member, sound }),
        text().prop_map(C::Remember),
        name().prop_map(C::Unlock),
        (member(), -100_i8..=100)
            .prop_map(|(member, by)| C::Affinity { member, by: f32::from(by) }),
    ]
}

fn lasting() -> impl Strategy<Value = SceneCommand> {
    use SceneCommand as C;
    let until = prop::sample::select(vec!["$trust >= 3", "knows(s01) and hour() < 5"]);
    prop_oneof![
        (member(), text(), 1_u32..=20, prop::option::of(text()), options(), text()).prop_map(
            |(member, brief, turns, must, avoid, fallback)| {
                C::Improvise(Improvise { member, brief, turns, must, avoid, fallback })
            }
        ),
        (member(), text(), name(), options()).prop_map(|(member, question, name, options)| {
            let (variable, fallback) = (format!("${name}"), options[0].clone());
            let labels = options.clone();
            C::AskFan(AskFan { member, question, variable, options, labels, fallback })
        }),
        (member(), 1_u32..=20, prop::option::of(text()), prop::option::of(until)).prop_map(
            |(member, turns, about, until)| {
                let until = until.map(|until| until.parse().unwrap());
                C::Chat(Chat { member, turns, about, until })
            }
        ),
        (1_u32..=20, text()).prop_map(|(turns, about)| {
            let members = ["siwoo", "jena"].map(|name| name.parse().unwrap());
            C::Talk(Talk { members, turns, about })
        }),
    ]
}

proptest! {
    #[test]
    fn a_command_reads_back_from_its_text(command in prop_oneof![simple(), lasting()]) {
        prop_assert_eq!(SceneCommand::parse(&command.to_string()), Ok(command));
    }

    #[test]
    fn no_text_panics_and_faults_lie_within(
        name in prop::sample::select(SceneCommand::NAMES.to_vec()),
        rest in "[a-z0-9=$\"|. 가]{0,30}",
    ) {
        let text = format!("{name} {rest}");
        if let Err(error) = SceneCommand::parse(&text) {
            prop_assert!(error.column >= 1 && error.column <= text.chars().count() + 1);
        }
    }
}
