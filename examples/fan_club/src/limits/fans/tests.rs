use super::*;
use crate::limits::{Flood, Pace};

const SECOND: Duration = Duration::from_secs(1);

fn fans() -> Arc<Fans> {
    Arc::new(Fans::new(Limits {
        messages: Pace::new(2, SECOND),
        per_fan: 2,
        connections: 3,
        flood: Flood { refused: 3, within: 10 * SECOND, ban: 30 * SECOND },
        ..Limits::default()
    }))
}

fn fan(name: &str) -> FanId {
    name.parse().unwrap()
}

#[test]
fn a_fan_has_one_pace_over_all_connections() {
    let (fans, now) = (fans(), Instant::now());
    let phone = fans.enter(fan("mina"), now).unwrap();
    let desktop = fans.enter(fan("mina"), now).unwrap();
    assert_eq!(phone.message(now), Verdict::Taken);
    assert_eq!(desktop.message(now), Verdict::Taken);
    assert_eq!(phone.message(now), Verdict::Wait(SECOND));
    let other = fans.enter(fan("jun"), now).unwrap();
    assert_eq!(other.message(now), Verdict::Taken);
}

#[test]
fn coming_again_does_not_fill_the_bucket() {
    let (fans, now) = (fans(), Instant::now());
    let entry = fans.enter(fan("mina"), now).unwrap();
    let _ = (entry.message(now), entry.message(now));
    drop(entry);
    let entry = fans.enter(fan("mina"), now).unwrap();
    assert_eq!(entry.message(now), Verdict::Wait(SECOND));
}

#[test]
fn a_fan_and_the_house_have_room_for_so_many_connections() {
    let (fans, now) = (fans(), Instant::now());
    let first = fans.enter(fan("mina"), now).unwrap();
    let _second = fans.enter(fan("mina"), now).unwrap();
    assert_eq!(fans.enter(fan("mina"), now).unwrap_err(), TurnedAway::TooMany);
    let _third = fans.enter(fan("jun"), now).unwrap();
    assert_eq!(fans.enter(fan("sora"), now).unwrap_err(), TurnedAway::Full);
    drop(first);
    fans.enter(fan("sora"), now).unwrap();
}

#[test]
fn a_flood_is_kept_out_for_a_while() {
    let (fans, now) = (fans(), Instant::now());
    let entry = fans.enter(fan("mina"), now).unwrap();
    let other = fans.enter(fan("mina"), now).unwrap();
    assert!(!entry.refused(now));
    assert!(!entry.refused(now));
    assert!(entry.refused(now + SECOND));
    assert!(other.refused(now + SECOND), "the other window of the flood stays open");
    drop((entry, other));
    let turned_away = fans.enter(fan("mina"), now + SECOND).unwrap_err();
    assert_eq!(turned_away, TurnedAway::Flooding(30 * SECOND));
    fans.enter(fan("mina"), now + 31 * SECOND).unwrap();
}

#[test]
fn a_fan_who_is_refused_now_and_then_may_stay() {
    let (fans, now) = (fans(), Instant::now());
    let entry = fans.enter(fan("mina"), now).unwrap();
    for n in 0..50 {
        assert!(!entry.refused(now + n * 8 * SECOND));
    }
}
