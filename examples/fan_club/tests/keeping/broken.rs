//! A server that is killed, goes away, comes back, or does not say whether it heard.

use bevy_persona::{
    mind::{ChatTurn, FanId, memory::FactId},
    store::{NotQueued, Saved, StoreError, StoreEvent, StoreJob},
};

use super::{
    cluster::{Cluster, PASSWORD},
    desk::{Desk, saved, trouble},
    proxy::Proxy,
    samples::{exchange, fan, member, numbered},
};

const FANS: [&str; 3] = ["mina", "theo", "haneul"];

/// That all of these turns are there as a whole, once, in order; gives how many there are.
fn whole_turns(saved: &Saved) -> u64 {
    let Some(talks) = saved.talks.get(&member("siwoo")) else {
        assert_eq!(*saved, Saved::default());
        return 0;
    };
    let turns = talks.turns;
    let lines: Vec<ChatTurn> =
        (0..turns).flat_map(|n| exchange(&format!("message {n}"), &format!("reply {n}"))).collect();
    assert_eq!(talks.history.turns, lines);
    let facts: Vec<_> = saved.facts.iter().map(|fact| (fact.id, fact.value.clone())).collect();
    let told: Vec<_> = (0..turns).map(|n| (FactId(n + 1), format!("fact {n}"))).collect();
    assert_eq!(facts, told);
    assert_eq!(talks.bond.as_ref().map(|bond| bond.turns), Some(turns));
    turns
}

#[test]
fn a_server_that_is_killed_has_what_was_told_as_saved_and_nothing_half() {
    let cluster = Cluster::start();
    let url = cluster.database("killed", "");
    let mut desk = Desk::at(&url);
    for n in 0..400 {
        FANS.iter().for_each(|name| desk.submit(numbered(&fan(name), n)));
    }
    desk.until_saved(60);
    cluster.kill();
    desk.until("the trouble", |told| trouble(told).starts_with('f'));
    let told = std::mem::take(&mut desk.told);
    let lost = desk.close();
    assert!(!lost.is_empty(), "all was written before the server was killed");
    cluster.run();

    let mut desk = Desk::at(&url);
    for name in FANS.map(fan) {
        let kept = whole_turns(&desk.load(&name));
        let told = told.iter().filter(|event| is_saved_of(event, &name)).count() as u64;
        assert!(kept >= told, "{name}: {told} were told as saved, {kept} are there");
        let given_back: Vec<_> = lost.iter().filter(|job| is_of(job, &name)).cloned().collect();
        let done = 400 - given_back.len() as u64;
        let rest: Vec<_> = (done..400).map(|n| numbered(&name, n)).collect();
        assert!(given_back == rest, "{name}: in order");
        // One whose end was not heard may be there and be given back.
        assert!(told <= done && (done..=done + 1).contains(&kept), "{name}: {done}, {kept}");
    }
}

fn is_saved_of(event: &StoreEvent, name: &FanId) -> bool {
    matches!(event, StoreEvent::Saved { fan, .. } if fan == name)
}

fn is_of(job: &StoreJob, name: &FanId) -> bool {
    matches!(job, StoreJob::SaveTurn { fan, .. } if fan == name)
}

#[test]
fn a_server_that_is_killed_and_comes_back_gets_every_turn_once() {
    let cluster = Cluster::start();
    let url = cluster.database("back", "");
    let mut desk = Desk::at(&url);
    for n in 0..150 {
        FANS.iter().for_each(|name| desk.submit(numbered(&fan(name), n)));
    }
    desk.until_saved(30);
    cluster.kill();
    desk.until("the trouble", |told| trouble(told).starts_with('f'));
    cluster.run();
    desk.until_saved(450);
    assert!(trouble(&desk.told).ends_with('r'), "{}", trouble(&desk.told));
    for name in FANS.map(fan) {
        assert_eq!(whole_turns(&desk.load(&name)), 150);
    }
    assert_eq!(desk.close(), []);
}

#[test]
fn a_server_that_goes_away_is_told_once_and_so_is_its_return() {
    let cluster = Cluster::start();
    let mut desk = Desk::at(&cluster.database("away", ""));
    FANS.iter().for_each(|name| desk.submit(numbered(&fan(name), 0)));
    desk.until_saved(3);
    cluster.stop();
    for n in 1..20 {
        FANS.iter().for_each(|name| desk.submit(numbered(&fan(name), n)));
    }
    desk.until("the trouble", |told| !trouble(told).is_empty());
    let Some(StoreEvent::Failing(error)) = desk.told.last() else { panic!("{:?}", desk.told) };
    assert!(matches!(error, StoreError::Server { .. }), "{error}");
    assert!(!error.to_string().contains(PASSWORD), "{error}");
    cluster.run();
    desk.until_saved(60);
    assert_eq!(trouble(&desk.told), "fr");
    for name in FANS.map(fan) {
        assert_eq!(whole_turns(&desk.load(&name)), 20);
    }
}

#[test]
fn what_waits_for_a_server_is_bounded_and_is_given_back() {
    let cluster = Cluster::start();
    let url = cluster.database("waiting", "");
    let desk = Desk::at(&url);
    cluster.stop();
    let mina = fan("mina");
    let taken = (0..).take_while(|n| desk.try_submit(numbered(&mina, *n)).is_ok()).count() as u64;
    assert_eq!(taken, 4096);
    match desk.try_submit(numbered(&mina, taken)) {
        Err(NotQueued::Full(job)) => assert_eq!(*job, numbered(&mina, taken)),
        other => panic!("{other:?}"),
    }
    let all: Vec<_> = (0..taken).map(|n| numbered(&mina, n)).collect();
    assert!(desk.close() == all, "all of them, in order");
}

#[test]
fn a_turn_whose_end_was_not_heard_is_not_kept_twice() {
    let cluster = Cluster::start();
    let url = cluster.database("unheard", "");
    let proxy = Proxy::start(&cluster.socket());
    let mut desk = Desk::at(&proxy.through(&url, &cluster.socket()));
    let mina = fan("mina");
    desk.submit(numbered(&mina, 0));
    desk.until_saved(1);
    for n in 1..6 {
        proxy.swallow_next_commit();
        desk.submit(numbered(&mina, n));
        desk.until_saved(n as usize + 1);
        assert_eq!(proxy.swallowed(), n);
    }
    assert_eq!(trouble(&desk.told), "fr".repeat(5));
    assert_eq!(saved(&desk.told), 6);
    assert_eq!(whole_turns(&desk.load(&mina)), 6);
    // A fact that is forgotten, but nobody heard so, is no fact that was never known.
    proxy.swallow_next_commit();
    desk.submit(StoreJob::Forget(mina.clone(), FactId(3)));
    assert_eq!(desk.load(&mina).facts.len(), 5);
    let refused = |event: &StoreEvent| matches!(event, StoreEvent::Refused(..));
    assert!(!desk.told.iter().any(refused), "{:?}", desk.told);
}
