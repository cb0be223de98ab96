use proptest::prelude::*;

use super::*;
use crate::mind::{Emotion, FanFeeling};

const EVENTS: [RelationEvent; 11] = [
    RelationEvent::Talked,
    RelationEvent::Comforted,
    RelationEvent::SharedSecret,
    RelationEvent::Complimented,
    RelationEvent::Celebrated,
    RelationEvent::PromiseKept,
    RelationEvent::PromiseBroken,
    RelationEvent::Returned { days_away: 0 },
    RelationEvent::Returned { days_away: u32::MAX },
    RelationEvent::Insulted,
    RelationEvent::Pressured,
];

fn event() -> impl Strategy<Value = RelationEvent> {
    proptest::sample::select(EVENTS.to_vec())
}

fn numbers(relationship: &Relationship) -> [f32; 3] {
    [relationship.affinity, relationship.trust, relationship.familiarity]
}

#[test]
fn a_day_of_kindness_is_not_enough_to_be_friends() {
    let mut fan = Relationship::default();
    for _ in 0..500 {
        for event in EVENTS.into_iter().filter(|event| event.change().affinity > 0.0) {
            fan.after(event, 3);
        }
    }
    assert!(fan.affinity() <= 16.0 && fan.level() == Audience::Public);
    assert!(fan.left_today(3) < 1e-3 && fan.left_today(4) > 5.9);
    fan.after(RelationEvent::Celebrated, 2);
    assert!(fan.affinity() <= 16.0, "a clock set back begins no new day");
}

#[test]
fn levels_begin_where_audiences_do() {
    for (affinity, level) in [
        (0.0, Audience::Public),
        (39.9, Audience::Public),
        (40.0, Audience::Friend),
        (69.9, Audience::Friend),
        (70.0, Audience::Close),
        (1e9, Audience::Close),
    ] {
        assert_eq!(Relationship::of_affinity(affinity).level(), level);
    }
}

#[test]
fn the_same_kindness_counts_less_each_time() {
    let mut fan = Relationship::default();
    let mut gains = Vec::new();
    for _ in 0..3 {
        let before = fan.affinity();
        fan.after(RelationEvent::Complimented, 0);
        gains.push(fan.affinity() - before);
    }
    assert!(gains[0] > gains[1] && gains[1] > gains[2] && gains[2] > 0.0);
}

#[test]
fn an_exchange_tells_what_it_was() {
    let feels = |emotion| FanFeeling { strongest: Some(emotion), ..FanFeeling::default() };
    let of = |fan: &FanFeeling, conduct| RelationEvent::of_exchange(fan, conduct, &[]);
    assert_eq!(of(&feels(Emotion::Joy), None)[1..], [RelationEvent::Celebrated]);
    assert_eq!(of(&feels(Emotion::Love), None)[1..], [RelationEvent::Complimented]);
    assert_eq!(of(&FanFeeling::default(), Some("self_harm"))[1..], [RelationEvent::Comforted]);
    assert_eq!(of(&feels(Emotion::Love), Some("sexual")), [RelationEvent::Pressured]);
    let topics = [("victory".to_owned(), 0.5)];
    let events = RelationEvent::of_exchange(&FanFeeling::default(), None, &topics);
    assert_eq!(events, [RelationEvent::Talked, RelationEvent::Celebrated]);
}

proptest! {
    #[test]
    fn numbers_keep_their_bounds_and_go_the_right_way(
        affinity in -10.0f32..120.0,
        happened in proptest::collection::vec((event(), 0i64..3), 0..60),
    ) {
        let mut fan = Relationship::of_affinity(affinity);
        for (event, day) in happened {
            let before = numbers(&fan);
            fan.after(event, day);
            let change = event.change();
            let changes = [change.affinity, change.trust, change.familiarity];
            for ((before, now), change) in before.into_iter().zip(numbers(&fan)).zip(changes) {
                prop_assert!((0.0..=100.0).contains(&now));
                prop_assert!((now - before) * change >= 0.0);
            }
        }
    }

    #[test]
    fn nothing_rises_by_more_than_a_day_allows(
        happened in proptest::collection::vec(event(), 0..60),
    ) {
        let mut fan = Relationship::of_affinity(50.0);
        let begun = numbers(&fan);
        for event in happened {
            fan.after(event, 7);
        }
        for (begun, now) in begun.into_iter().zip(numbers(&fan)) {
            prop_assert!(now - begun <= MOST_A_DAY + 1e-3);
        }
    }

    #[test]
    fn a_relationship_reads_back_from_its_save(
        happened in proptest::collection::vec((event(), 0i64..3), 0..9),
    ) {
        let mut fan = Relationship::default();
        for (event, day) in happened {
            fan.after(event, day);
        }
        let saved = serde_json::to_string(&fan).expect("JSON");
        let loaded: Relationship = serde_json::from_str(&saved).expect("a relationship");
        for (before, now) in numbers(&fan).into_iter().zip(numbers(&loaded)) {
            prop_assert!((before - now).abs() < 1e-4);
        }
    }
}
