//! What is saved loads back, and takes little room.

use std::{fs, path::Path};

use proptest::prelude::*;
use serde_json::json;

use super::samples::{any_turns, exchange, fact, fan, member, turn};
use crate::{
    mind::{
        ChatTurn, History,
        memory::{FactId, FanFact},
    },
    store::{
        Saved, SavedStory, SavedTalks, Store, TurnRecord,
        columns::{KEPT_BYTES, KEPT_LINES},
    },
};

/// What should be kept after these turns of Siwoo.
fn expected(records: &[TurnRecord]) -> Saved {
    let mut talks = SavedTalks { turns: records.len() as u64, ..SavedTalks::default() };
    let mut facts: Vec<FanFact> = Vec::new();
    for record in records {
        for line in &record.lines {
            match line {
                ChatTurn::Fan(text) => talks.history.push_fan(&**text),
                ChatTurn::Idol(_) => talks.history.turns.push(line.clone()),
            }
        }
        facts.extend(record.facts.iter().cloned());
        talks.episodes.extend(record.episodes.iter().cloned());
        talks.bond = record.bond.clone().or(talks.bond);
    }
    let last_fact = FactId(facts.len() as u64);
    let talks = [(member("siwoo"), talks)].into();
    Saved { facts, last_fact, talks, ..Saved::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_is_saved_loads_back_equal(
        records in any_turns(),
        scenes in prop::collection::btree_set(".{0,20}", 0..3),
    ) {
        let mut store = Store::in_memory().unwrap();
        let (mina, siwoo) = (fan("mina"), member("siwoo"));
        for (record, number) in records.iter().zip(1..) {
            prop_assert_eq!(store.save_turn(&mina, &siwoo, record).unwrap(), number);
        }
        for scene in &scenes {
            prop_assert!(store.unlock(&mina, scene).unwrap());
            prop_assert!(!store.unlock(&mina, scene).unwrap());
        }
        let story = SavedStory { story: json!({"variables": {"$a": 1.5}}), scene: None };
        store.save_story(&mina, &SavedStory { scene: Some(json!([1, "x"])), ..story.clone() }).unwrap();
        store.save_story(&mina, &story).unwrap();
        let expected = Saved { unlocked: scenes, story, ..expected(&records) };
        prop_assert_eq!(&store.load(&mina).unwrap(), &expected);

        let exported = store.export(&mina).unwrap();
        let text = exported.to_string();
        store.forget_fan(&mina).unwrap();
        prop_assert_eq!(store.load(&mina).unwrap(), Saved::default());
        let read = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(store.import(&read).unwrap(), mina.clone());
        prop_assert_eq!(store.load(&mina).unwrap(), expected);
    }

    #[test]
    fn no_json_makes_the_import_panic(text in ".{0,60}", cut in any::<prop::sample::Index>()) {
        let mut store = Store::in_memory().unwrap();
        let mina = fan("mina");
        store.save_turn(&mina, &member("siwoo"), &turn("Hi", "Hello.")).unwrap();
        let before = store.export(&mina).unwrap();
        let whole = before.to_string();
        let at = (0..=cut.index(whole.len())).rev().find(|at| whole.is_char_boundary(*at));
        let broken = format!("{}{text}{}", &whole[..at.unwrap()], &whole[at.unwrap()..]);
        if let Ok(json) = serde_json::from_str(&broken) {
            let _ = store.import(&json);
        } else {
            prop_assert_eq!(store.export(&mina).unwrap(), before);
        }
    }
}

#[test]
fn an_import_of_something_else_is_refused() {
    let mut store = Store::in_memory().unwrap();
    let mina = fan("mina");
    store.save_turn(&mina, &member("siwoo"), &turn("Hi", "Hello.")).unwrap();
    let whole = store.export(&mina).unwrap();
    let mut twice = whole.clone();
    twice["facts"] = serde_json::to_value([fact(1, "a"), fact(1, "b")]).unwrap();
    let mut newer = whole.clone();
    newer["version"] = 2.into();
    for (json, problem) in [
        (serde_json::json!([1]), "invalid type"),
        (serde_json::json!({"fan": "mina"}), "format"),
        (newer, "version is 2 instead of 1"),
        (twice, "the number 1, which is taken"),
    ] {
        let error = store.import(&json).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
        assert_eq!(store.export(&mina).unwrap(), whole, "nothing was changed");
    }
}

#[test]
fn an_import_leaves_room_to_count_on() {
    let mut store = Store::in_memory().unwrap();
    let (mina, siwoo) = (fan("mina"), member("siwoo"));
    store.save_turn(&mina, &siwoo, &turn("Hi", "Hello.")).unwrap();
    let mut json = store.export(&mina).unwrap();
    json["last_fact"] = u64::MAX.into();
    json["talks"]["siwoo"]["turns"] = u64::MAX.into();
    store.import(&json).unwrap();
    let record = TurnRecord { facts: vec![fact(1, "a")], ..turn("Hi", "Hello.") };
    for _ in 0..2 {
        store.save_turn(&mina, &siwoo, &record).unwrap();
    }
    assert_eq!(store.facts(&mina).unwrap().len(), 1);
}

#[test]
fn quotes_and_commands_in_words_are_only_words() {
    let mut store = Store::in_memory().unwrap();
    let (mina, siwoo) = (fan("mina"), member("siwoo"));
    let evil = "'); DROP TABLE fan; --\u{0}\"%s?1";
    let record = TurnRecord { facts: vec![fact(1, evil)], ..turn(evil, evil) };
    store.save_turn(&mina, &siwoo, &record).unwrap();
    store.unlock(&mina, evil).unwrap();
    let saved = store.load(&mina).unwrap();
    assert_eq!(saved.facts, record.facts);
    assert_eq!(saved.talks[&siwoo].history.turns, record.lines);
    assert!(saved.unlocked.contains(evil));
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_loaded() {
    let mut store = Store::in_memory().unwrap();
    let (mina, siwoo) = (fan("mina"), member("siwoo"));
    let record = TurnRecord { facts: vec![fact(1, "a"), fact(2, "b")], ..turn("Hi", "Hello.") };
    store.save_turn(&mina, &siwoo, &record).unwrap();
    store
        .connection
        .execute_batch(
            "UPDATE fact SET body = '{' WHERE id = 1; UPDATE talks SET bond = '[';
             UPDATE line SET body = 'x' WHERE speaker = 1;",
        )
        .unwrap();
    let saved = store.load(&mina).unwrap();
    assert_eq!(saved.facts, record.facts[1..]);
    assert_eq!(saved.talks[&siwoo].history.turns, record.lines[..1]);
    let told = saved.unreadable.join("\n");
    for what in ["fact 1 of mina", "the bond between mina and siwoo", "line 2 between"] {
        assert!(told.contains(what), "{told}");
    }
    store.forget(&mina, FactId(1)).unwrap();
}

/// The bytes of a store and of what lies beside it.
fn bytes(path: &Path) -> u64 {
    let files = fs::read_dir(path.parent().unwrap()).unwrap();
    files.map(|file| file.unwrap().metadata().unwrap().len()).sum()
}

/// A turn as people have them: 60 characters of the fan, 140 of her, a fact every third turn.
fn realistic(n: u64, korean: bool) -> TurnRecord {
    let (ask, answer) = if korean {
        (
            "오늘 연습하다가 넘어졌는데 너무 창피했어. 너도 무대에서 넘어진 적 있어?",
            "괜찮아요? 저도 첫 무대에서 넘어졌어요. 그날 밤에는 빗소리를 들으면서 일기를 썼어요. \
             천천히 얘기해 줘요.",
        )
    } else {
        (
            "I fell over in practice today and it was so embarrassing, ever been there?",
            "Are you hurt? I fell on our first stage too. That night I listened to the rain and \
             wrote it all down. Take your time. I'm here, and I'd love to hear the rest of it.",
        )
    };
    let mut record = turn(&format!("{n}. {ask}"), &format!("{n}. {answer}"));
    if n.is_multiple_of(3) {
        record.facts.push(fact(n / 3, &ask.chars().take(30).collect::<String>()));
    }
    record
}

#[test]
fn a_thousand_turns_take_less_than_a_megabyte() {
    for (korean, members) in [(false, 1), (true, 1), (false, 4)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("world.memory");
        let mut store = Store::open(&path).unwrap();
        let all: Vec<_> = ["siwoo", "jena", "taira", "marty"].map(member).into();
        let mut most = 0;
        for n in 1..=1000u64 {
            let member = &all[n as usize % members];
            store.save_turn(&fan("mina"), member, &realistic(n, korean)).unwrap();
            most = most.max(bytes(&path));
        }
        drop(store);
        let after = bytes(&path);
        println!("korean {korean}, {members} members: {after} bytes, with the log {most} at most");
        assert!(most < 1_000_000, "{most}");
    }
}

#[test]
fn the_longest_messages_take_less_than_a_megabyte_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.memory");
    let mut store = Store::open(&path).unwrap();
    let (mina, siwoo) = (fan("mina"), member("siwoo"));
    let long = "너".repeat(4000);
    for n in 0..100 {
        let record = turn(&format!("{n}{long}"), &format!("{n} I heard every word of it."));
        store.save_turn(&mina, &siwoo, &record).unwrap();
    }
    let History { turns } = store.load(&mina).unwrap().talks.remove(&siwoo).unwrap().history;
    let last = exchange(&format!("99{long}"), "99 I heard every word of it.");
    assert!(turns.ends_with(&last) && matches!(turns[0], ChatTurn::Fan(_)));
    assert!((10..=32).contains(&turns.len()), "{}", turns.len());
    drop(store);
    assert!(bytes(&path) < 1_000_000);
}

#[test]
fn the_oldest_lines_go_and_the_last_ones_stay() {
    let mut store = Store::in_memory().unwrap();
    let (mina, siwoo) = (fan("mina"), member("siwoo"));
    for n in 0..1500 {
        store.save_turn(&mina, &siwoo, &turn(&format!("{n}"), "Yes.")).unwrap();
        let (lines, counted): (i64, i64) = store
            .connection
            .query_row(
                "SELECT count(*), sum(octet_length(body)) - (SELECT line_bytes FROM talks)
                 FROM line",
                (),
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        assert!(lines <= KEPT_LINES && counted == 0, "{lines} lines, off by {counted}");
    }
    let saved = store.load(&mina).unwrap();
    let talks = &saved.talks[&siwoo];
    assert_eq!(talks.turns, 1500);
    assert!(talks.history.turns.len() as i64 >= KEPT_LINES / 8 * 7 - 2);
    assert!(talks.history.turns.ends_with(&exchange("1499", "Yes.")));
    // A message that is larger than all the room goes at once, the reply to it stays.
    let huge = turn(&"x".repeat(KEPT_BYTES as usize + 1), "Yes.");
    store.save_turn(&mina, &siwoo, &huge).unwrap();
    assert_eq!(store.load(&mina).unwrap().talks[&siwoo].history.turns, huge.lines[1..]);
}

#[test]
fn an_episode_takes_the_place_of_those_within_it() {
    let mut store = Store::in_memory().unwrap();
    let (mina, siwoo) = (fan("mina"), member("siwoo"));
    let episode = |first_turn, last_turn| crate::mind::memory::Episode {
        member: siwoo.clone(),
        summary: "rain".into(),
        first_turn,
        last_turn,
        day: crate::mind::memory::Day(20_000),
        feelings: Vec::new(),
    };
    for episodes in [
        vec![episode(1, 4)],
        vec![episode(5, 8)],
        vec![episode(1, 8)],
        vec![episode(9, 9)],
        vec![episode(9, 12)],
    ] {
        let record = TurnRecord { episodes, ..TurnRecord::default() };
        store.save_turn(&mina, &siwoo, &record).unwrap();
    }
    let saved = store.load(&mina).unwrap();
    assert_eq!(saved.episodes(), [episode(1, 8), episode(9, 12)]);
}
