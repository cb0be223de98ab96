use proptest::prelude::*;

use super::*;
use crate::persona::Language;

struct World;

impl SceneWorld for World {
    fn language(&self) -> Language {
        Language::English
    }

    fn affinity(&self, member: &str) -> f32 {
        if member == "siwoo" { 40.0 } else { 10.0 }
    }

    fn knows(&self, secret: &str) -> bool {
        secret == "s01"
    }

    fn fan(&self, key: &str) -> String {
        if key == "name" { "Mina".into() } else { String::new() }
    }

    fn hour(&self) -> f32 {
        18.5
    }
}

fn story() -> Story {
    let mut story = Story::default();
    story.variables.insert("$trust".into(), 3.0.into());
    story.variables.insert("$tea".into(), "share".into());
    story.variables.insert("$asked".into(), true.into());
    story.visits.insert("first_hello_end".into(), 2);
    story
}

#[test]
fn conditions_hold_or_not() {
    for (text, holds) in [
        ("none", true),
        ("  ", true),
        ("affinity(siwoo) >= 40", true),
        ("affinity(\"siwoo\") > 40", false),
        ("affinity(jena) < 40", true),
        ("knows(s01) and knows(s02)", false),
        ("knows(s01) or knows(s02)", true),
        ("not knows(s02) && !knows(s03)", true),
        ("knows(s01) or knows(s02) and knows(s03)", true),
        ("(knows(s01) or knows(s02)) and knows(s03)", false),
        ("visited(first_hello_end)", true),
        ("visited_count(first_hello_end) == 2", true),
        ("fan(name) != \"\"", true),
        ("fan(name) is Mina", true),
        ("hour() >= 18 and hour() <= 19", true),
        ("$trust > 2", true),
        ("$tea == share", true),
        ("$asked", true),
        ("$asked == true", true),
        ("$unknown", false),
        ("$unknown == 1", false),
        ("$unknown != 1", true),
        ("$unknown == $other", false),
        ("$tea > 2", false),
        ("-1 < -0.5", true),
    ] {
        let condition: Condition = text.parse().unwrap();
        assert_eq!(condition.holds(&story(), &World), holds, "{text}");
    }
}

#[test]
fn what_is_no_condition_says_where() {
    for (text, column) in [
        ("affinity(siwoo)", 1),
        ("affinity(siwoo) >=", 19),
        ("affinity(siwoo >= 40", 16),
        ("affinty(siwoo) >= 40", 1),
        ("knows()", 1),
        ("hour(3) > 1", 1),
        ("knows(s01) knows(s02)", 12),
        ("knows(s01) and", 15),
        ("\"open", 1),
        ("knows(s01) == 3", 1),
        ("fan(name) > 3", 1),
        ("fan(name) > $x", 1),
        ("$ > 3", 2),
        ("1.2.3 > $x", 1),
        ("(knows(s01)", 12),
        ("안녕", 1),
    ] {
        let error = text.parse::<Condition>().unwrap_err();
        assert_eq!(error.column, column, "{text}: {error}");
    }
    for deep in ["(".repeat(50_000), "not ".repeat(50_000)] {
        let error = deep.parse::<Condition>().unwrap_err();
        assert!(error.problem.contains("too deep"), "{error}");
    }
}

#[test]
fn what_is_missing_can_be_told() {
    let text = "affinity(jena) >= 40 and knows(s01) and (knows(s02) or $trust > 5) and hour() > 1";
    let condition: Condition = text.parse().unwrap();
    let jena = Need::Affinity { member: "jena".into(), at_least: Some(40.0) };
    let missing = [jena.clone(), Need::Secret("s02".into()), Need::Variable("$trust".into())];
    assert_eq!(condition.missing(&story(), &World), missing);
    let [first, second, third] = missing;
    let parts = [first, Need::Secret("s01".into()), second, third, Need::Hour];
    assert_eq!(condition.parts(), parts);
    assert!("knows(s01)".parse::<Condition>().unwrap().missing(&story(), &World).is_empty());
}

fn number() -> impl Strategy<Value = Term> {
    let number = (-1_000_i16..1_000).prop_map(|number| Value::Number(f32::from(number) / 8.0));
    prop_oneof![
        number.prop_map(Term::Value),
        "[a-z_]{1,8}".prop_map(Term::Affinity),
        "[a-z_]{1,8}".prop_map(Term::VisitedCount),
        Just(Term::Hour),
    ]
}

fn text() -> impl Strategy<Value = Term> {
    prop_oneof![
        "[^\"]{0,8}".prop_map(|text| Term::Value(Value::Text(text))),
        "[a-z_]{1,8}".prop_map(Term::Fan),
    ]
}

fn yes() -> impl Strategy<Value = Term> {
    prop_oneof![
        any::<bool>().prop_map(|yes| Term::Value(Value::Bool(yes))),
        "[a-z_]{1,8}".prop_map(Term::Knows),
        "[a-z_]{1,8}".prop_map(Term::Visited),
        "\\$[a-z_]{1,8}".prop_map(Term::Variable),
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop::sample::select(vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::AtMost,
        Comparison::More,
        Comparison::AtLeast,
    ])
}

fn expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        yes().prop_map(Expr::Is),
        (number(), comparison(), number()).prop_map(|(l, c, r)| Expr::Compare(l, c, r)),
        (text(), text()).prop_map(|(l, r)| Expr::Compare(l, Comparison::Equal, r)),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Any),
            inner.prop_map(|part| Expr::Not(Box::new(part))),
        ]
    })
}

proptest! {
    #[test]
    fn a_condition_reads_back_from_its_text(expr in expr()) {
        let condition = Condition(Some(expr));
        prop_assert_eq!(condition.to_string().parse(), Ok(condition));
    }

    #[test]
    fn no_text_panics(text in "[a-z0-9$()!<>=&|\"., \\-가]{0,24}") {
        if let Ok(condition) = text.parse::<Condition>() {
            let _ = condition.holds(&story(), &World);
            prop_assert_eq!(condition.to_string().parse(), Ok(condition));
        }
    }
}
