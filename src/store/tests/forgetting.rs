//! What is forgotten is gone: from what is loaded, and from the bytes on the disk.

use std::{fs, path::Path};

use super::samples::{exchange, fact, fan, member, turn};
use crate::{
    mind::memory::FactId,
    store::{Store, StoreError, TurnRecord},
};

/// Whether a text is in a store's file or one beside it.
fn traces(path: &Path, text: &str) -> bool {
    fs::read_dir(path.parent().unwrap()).unwrap().any(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

/// A store in which two fans told many things, many of them in several versions.
fn filled(path: &Path) -> Store {
    let mut store = Store::open(path).unwrap();
    for n in 1..=150u64 {
        for (who, secret) in [("mina", "XYZZY"), ("yuna", "PLUGH")] {
            let told = format!("{secret}{n} {}", "and so on ".repeat(n as usize % 23));
            let mut record = turn(&format!("you know, {told}"), "I will keep it.");
            record.facts.push(fact(n, &told));
            record.facts.push(fact(n / 2 + 1, &format!("{secret}{n} again")));
            record.facts.dedup_by_key(|fact| fact.id);
            store
                .save_turn(&fan(who), &member(["siwoo", "jena"][n as usize % 2]), &record)
                .unwrap();
        }
    }
    store
}

#[test]
fn a_fan_who_is_forgotten_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.memory");
    let mut store = filled(&path);
    assert!(traces(&path, "XYZZY") && traces(&path, "mina"));
    assert!(store.forget_fan(&fan("mina")).unwrap());
    assert!(!store.forget_fan(&fan("mina")).unwrap());
    assert!(!traces(&path, "XYZZY") && !traces(&path, "mina"));
    assert!(traces(&path, "PLUGH"));
    assert_eq!(store.load(&fan("yuna")).unwrap().turns(), 150);
    assert_eq!(store.fans().unwrap().len(), 1);
}

#[test]
fn a_fact_that_is_forgotten_goes_with_the_exchange_in_which_it_was_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.memory");
    let mut store = filled(&path);
    let (ines, siwoo) = (fan("ines"), member("siwoo"));
    for (n, value) in [(1, "my cat is called FROTZ"), (2, "I like tea")] {
        let said = format!("Oh, you know, {value}!");
        let record = TurnRecord { facts: vec![fact(n, value)], ..turn(&said, "How nice.") };
        store.save_turn(&ines, &siwoo, &record).unwrap();
    }
    store.forget(&ines, FactId(1)).unwrap();
    assert!(!traces(&path, "FROTZ"));
    let saved = store.load(&ines).unwrap();
    let left = exchange("Oh, you know, I like tea!", "How nice.");
    assert_eq!(saved.talks[&siwoo].history.turns, left);
    assert_eq!((saved.facts, saved.last_fact), (vec![fact(2, "I like tea")], FactId(2)));
    let error = store.forget(&ines, FactId(1)).unwrap_err();
    assert!(matches!(error, StoreError::UnknownFact { .. }), "{error}");
    assert!(store.correct(&fan("nobody"), &fact(1, "x")).is_err());
    assert_eq!(store.fans().unwrap().len(), 3, "asking makes nobody known");
}

#[test]
fn a_turn_can_forget_too() {
    let mut store = Store::in_memory().unwrap();
    let (mina, siwoo) = (fan("mina"), member("siwoo"));
    let learnt = TurnRecord { facts: vec![fact(1, "a"), fact(2, "b")], ..TurnRecord::default() };
    store.save_turn(&mina, &siwoo, &learnt).unwrap();
    let record = TurnRecord { forgotten: vec![FactId(1), FactId(9)], ..turn("Hi", "Hello.") };
    store.save_turn(&mina, &siwoo, &record).unwrap();
    assert_eq!(store.facts(&mina).unwrap(), [fact(2, "b")]);
}

#[test]
fn forgetting_after_an_import_takes_only_its_own_exchange() {
    let mut store = Store::in_memory().unwrap();
    let (mina, siwoo) = (fan("mina"), member("siwoo"));
    for (n, value) in [(1, "I am six"), (2, "I am tall")] {
        let said = format!("you know, {value}");
        let record = TurnRecord { facts: vec![fact(n, value)], ..turn(&said, "Oh.") };
        store.save_turn(&mina, &siwoo, &record).unwrap();
    }
    let exported = store.export(&mina).unwrap();
    store.import(&exported).unwrap();
    store.forget(&mina, FactId(2)).unwrap();
    let left = exchange("you know, I am six", "Oh.");
    assert_eq!(store.load(&mina).unwrap().talks[&siwoo].history.turns, left);
}
