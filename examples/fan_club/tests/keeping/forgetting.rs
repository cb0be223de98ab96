//! What is forgotten is gone.

use bevy_persona::{
    mind::memory::FactId,
    store::{Saved, SavedStory, StoreJob, TurnRecord},
};
use serde_json::json;

use super::{
    cluster::Cluster,
    desk::Desk,
    samples::{exchange, fact, fan, member, numbered},
};

/// All that the tables hold, as text.
fn all(cluster: &Cluster, database: &str) -> String {
    let tables = ["fan", "fact", "story", "talks", "episode"];
    let mut all: String = tables
        .map(|table| cluster.sql(database, &format!("SELECT t::text FROM fan_club.{table} t")))
        .join("\n");
    for (table, column) in [("line", "body"), ("scene", "name")] {
        let sql = format!("SELECT convert_from({column}, 'UTF8') FROM fan_club.{table}");
        all += &cluster.sql(database, &sql);
    }
    all
}

fn secret() -> StoreJob {
    let record = TurnRecord {
        lines: exchange("my secret is the sea", "I will keep it."),
        facts: vec![fact(1, "secret is the sea")],
        ..TurnRecord::default()
    };
    StoreJob::SaveTurn { fan: fan("mina"), member: member("siwoo"), record: record.into() }
}

#[test]
fn a_fact_goes_with_the_exchange_in_which_it_was_told() {
    let cluster = Cluster::shared();
    let url = cluster.database("fact", "");
    let mut desk = Desk::at(&url);
    let mina = fan("mina");
    desk.submit(secret());
    desk.submit(numbered(&mina, 1));
    desk.until_saved(2);
    assert!(all(&cluster, "fact").contains("the sea"));
    desk.submit(StoreJob::Forget(mina.clone(), FactId(1)));
    desk.submit(numbered(&mina, 2));
    desk.until_saved(3);
    let saved = Desk::at(&url).load(&mina);
    let left = [exchange("message 1", "reply 1"), exchange("message 2", "reply 2")].concat();
    assert_eq!(saved.talks[&member("siwoo")].history.turns, left);
    assert_eq!((saved.facts.len(), saved.last_fact, saved.turns()), (2, FactId(3), 3));
    let left = all(&cluster, "fact");
    assert!(!left.contains("the sea") && !left.contains("I will keep it"), "{left}");
    // It was told before; the world still holds it, and hands it over again.
    desk.submit(secret());
    assert_eq!(desk.load(&mina).facts.len(), 2);
}

#[test]
fn a_fan_goes_with_everything() {
    let cluster = Cluster::shared();
    let mut desk = Desk::at(&cluster.database("everything", ""));
    let mina = fan("mina");
    desk.submit(secret());
    desk.submit(StoreJob::Unlock { fan: mina.clone(), scene: "rain".into() });
    let story = SavedStory { story: json!({"$told": "sea"}), scene: Some(json!(["node"])) };
    desk.submit(StoreJob::SaveStory { fan: mina.clone(), story: story.into() });
    assert_ne!(desk.load(&mina), Saved::default());
    desk.submit(StoreJob::ForgetFan(mina.clone()));
    assert_eq!(desk.load(&mina), Saved::default());
    assert_eq!(all(&cluster, "everything").trim(), "");
}
