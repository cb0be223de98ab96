//! Several fans at once, and several server processes on one database.

use bevy_persona::{
    mind::memory::FactId,
    store::{StoreEvent, StoreJob, TurnRecord},
};
use fan_club::database;
use tokio::runtime::Runtime;

use super::{
    cluster::Cluster,
    desk::Desk,
    samples::{fact, fan, member, numbered},
};

#[test]
fn fans_do_not_wait_for_each_other() {
    let cluster = Cluster::shared();
    let url = cluster.database("held", "");
    let mut desk = Desk::at(&url);
    let [slow, quick] = [fan("slow"), fan("quick")];
    desk.submit(numbered(&slow, 0));
    desk.until_saved(1);
    let runtime = Runtime::new().unwrap();
    let pool = runtime.block_on(database::connect(&url)).unwrap();
    // Another process is busy with this fan.
    let mut other = runtime.block_on(pool.begin()).unwrap();
    let hold = sqlx::query("UPDATE fan_club.fan SET last_fact = last_fact WHERE name = 'slow'");
    runtime.block_on(hold.execute(&mut *other)).unwrap();
    (1..4).for_each(|n| desk.submit(numbered(&slow, n)));
    (0..20).for_each(|n| desk.submit(numbered(&quick, n)));
    desk.until_saved(21);
    let of_slow =
        |event: &&StoreEvent| matches!(event, StoreEvent::Saved { fan, .. } if *fan == slow);
    assert_eq!(desk.told.iter().filter(of_slow).count(), 1);
    runtime.block_on(other.rollback()).unwrap();
    desk.until_saved(24);
    assert_eq!(desk.load(&slow).turns(), 4);
}

fn learnt(id: u64, value: &str) -> StoreJob {
    let record = TurnRecord { facts: vec![fact(id, value)], ..TurnRecord::default() };
    StoreJob::SaveTurn { fan: fan("mina"), member: member("siwoo"), record: record.into() }
}

fn values(desk: &mut Desk) -> Vec<(u64, String)> {
    let saved = desk.load(&fan("mina"));
    saved.facts.into_iter().map(|fact| (fact.id.0, fact.value)).collect()
}

#[test]
fn two_facts_of_one_number_are_both_kept_and_what_is_forgotten_stays_so() {
    let cluster = Cluster::shared();
    let url = cluster.database("shared", "");
    let [mut one, mut two, mut reader] = [(); 3].map(|()| Desk::at(&url));
    one.submit(learnt(1, "before"));
    one.until_saved(1);
    two.load(&fan("mina"));
    one.submit(learnt(2, "from one"));
    one.until_saved(2);
    for (id, value) in [(2, "from two"), (3, "more from two"), (2, "changed by two")] {
        two.submit(learnt(id, value));
    }
    two.until_saved(3);
    let all = [(1, "before"), (2, "from one"), (3, "changed by two"), (4, "more from two")];
    assert_eq!(values(&mut reader), all.map(|(id, value)| (id, value.to_owned())));

    two.submit(StoreJob::Forget(fan("mina"), FactId(2)));
    two.submit(StoreJob::Forget(fan("mina"), FactId(1)));
    two.submit(learnt(5, "later"));
    two.until_saved(4);
    one.submit(learnt(1, "before"));
    one.until_saved(3);
    let left = [(2, "from one"), (4, "more from two"), (5, "later")];
    assert_eq!(values(&mut reader), left.map(|(id, value)| (id, value.to_owned())));
}

#[test]
fn turns_of_two_processes_with_one_fan_are_all_kept() {
    let cluster = Cluster::shared();
    let url = cluster.database("two_servers", "");
    let mut desks = [Desk::at(&url), Desk::at(&url)];
    let mina = fan("mina");
    for n in 0..100 {
        desks.iter().for_each(|desk| desk.submit(numbered(&mina, n)));
    }
    desks.iter_mut().for_each(|desk| desk.until_saved(100));
    let saved = desks[0].load(&mina);
    let talks = &saved.talks[&member("siwoo")];
    assert_eq!((talks.turns, talks.history.turns.len()), (200, 400));
    assert_eq!(saved.facts.len(), 200);
}
