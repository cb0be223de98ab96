//! Several stores on one file.

use std::{path::PathBuf, thread};

use tempfile::TempDir;

use super::samples::{exchange, fact, fan, member, turn};
use crate::{
    mind::memory::FactId,
    store::{Store, StoreError, TurnRecord},
};

fn two() -> (TempDir, [Store; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.memory");
    let stores = [Store::open(&path).unwrap(), Store::open(&path).unwrap()];
    (folder, stores)
}

fn learnt(id: u64, value: &str) -> TurnRecord {
    TurnRecord { facts: vec![fact(id, value)], ..TurnRecord::default() }
}

#[test]
fn each_sees_what_the_other_wrote() {
    let (_folder, [mut one, mut two]) = two();
    let (mina, siwoo) = (fan("mina"), member("siwoo"));
    let before = two.changes_elsewhere().unwrap();
    assert_eq!(one.save_turn(&mina, &siwoo, &turn("a", "b")).unwrap(), 1);
    assert_ne!(two.changes_elsewhere().unwrap(), before);
    assert_eq!(two.save_turn(&mina, &siwoo, &turn("c", "d")).unwrap(), 2);
    assert_eq!(one.save_turn(&mina, &siwoo, &turn("e", "f")).unwrap(), 3);
    let lines = [exchange("a", "b"), exchange("c", "d"), exchange("e", "f")].concat();
    assert_eq!(one.load(&mina).unwrap().talks[&siwoo].history.turns, lines);
    assert_eq!(one.load(&mina).unwrap(), two.load(&mina).unwrap());
}

#[test]
fn two_facts_of_one_number_are_both_kept() {
    let (_folder, [mut one, mut two]) = two();
    let (mina, siwoo) = (fan("mina"), member("siwoo"));
    one.save_turn(&mina, &siwoo, &learnt(1, "before")).unwrap();
    two.load(&mina).unwrap();
    one.save_turn(&mina, &siwoo, &learnt(2, "from one")).unwrap();
    two.save_turn(&mina, &siwoo, &learnt(2, "from two")).unwrap();
    two.save_turn(&mina, &siwoo, &learnt(3, "more from two")).unwrap();
    two.save_turn(&mina, &siwoo, &learnt(2, "changed by two")).unwrap();
    let values = |store: &Store| -> Vec<_> {
        store.facts(&mina).unwrap().into_iter().map(|fact| (fact.id.0, fact.value)).collect()
    };
    let all = [(1, "before"), (2, "from one"), (3, "changed by two"), (4, "more from two")];
    assert_eq!(values(&one), all.map(|(id, value)| (id, value.to_owned())));
    two.forget(&mina, FactId(2)).unwrap();
    two.correct(&mina, &fact(3, "corrected")).unwrap();
    let left = [(1, "before"), (2, "from one"), (4, "corrected")];
    assert_eq!(values(&one), left.map(|(id, value)| (id, value.to_owned())));
}

#[test]
fn what_was_forgotten_elsewhere_does_not_come_back() {
    let (_folder, [mut game, mut tool]) = two();
    let (mina, siwoo) = (fan("mina"), member("siwoo"));
    game.save_turn(&mina, &siwoo, &learnt(1, "a secret")).unwrap();
    tool.forget(&mina, FactId(1)).unwrap();
    game.save_turn(&mina, &siwoo, &learnt(1, "a secret")).unwrap();
    assert!(game.facts(&mina).unwrap().is_empty());
    game.save_turn(&mina, &siwoo, &learnt(2, "something else")).unwrap();
    assert_eq!(game.facts(&mina).unwrap()[0].id, FactId(2));
}

#[test]
fn many_threads_make_and_fill_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("world.memory");
    let write = |who: usize| {
        let mut store = Store::open(&path).unwrap();
        let own = fan(&format!("fan{who}"));
        for n in 0..25 {
            let record = turn(&format!("{who} {n}"), "Yes.");
            store.save_turn(&fan("all"), &member("siwoo"), &record).unwrap();
            store.save_turn(&own, &member("jena"), &record).unwrap();
        }
    };
    thread::scope(|scope| {
        for who in 0..4 {
            scope.spawn(move || write(who));
        }
    });
    let mut store = Store::open(&path).unwrap();
    let all = store.load(&fan("all")).unwrap();
    assert_eq!((all.turns(), all.talks[&member("siwoo")].history.turns.len()), (100, 200));
    let fans = store.fans().unwrap();
    let turns: Vec<_> = fans.iter().map(|known| (known.fan.as_str(), known.turns)).collect();
    assert_eq!(turns, [("all", 100), ("fan0", 25), ("fan1", 25), ("fan2", 25), ("fan3", 25)]);
}

#[test]
fn a_file_that_stays_busy_is_told() {
    let (_folder, [one, mut two]) = two();
    two.set_patience(std::time::Duration::from_millis(20)).unwrap();
    one.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    let saved = two.save_turn(&fan("mina"), &member("siwoo"), &turn("Hi", "Hello."));
    assert!(matches!(saved, Err(StoreError::Busy { .. })), "{saved:?}");
    assert!(two.load(&fan("mina")).unwrap().talks.is_empty(), "reading does not wait");
    one.connection.execute_batch("ROLLBACK").unwrap();
    two.save_turn(&fan("mina"), &member("siwoo"), &turn("Hi", "Hello.")).unwrap();
}
