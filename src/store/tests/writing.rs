//! The store on its own thread.

use std::{
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tempfile::TempDir;

use super::samples::{fact, fan, member, turn};
use crate::store::{NotQueued, Store, StoreError, StoreEvent, StoreJob, StoreWriter};

fn writer() -> (TempDir, PathBuf, StoreWriter) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.memory");
    let writer = StoreWriter::spawn(Store::open(&path).unwrap()).unwrap();
    (folder, path, writer)
}

fn save(n: usize) -> StoreJob {
    let record = turn(&format!("{n}"), "Yes.").into();
    StoreJob::SaveTurn { fan: fan("mina"), member: member("siwoo"), record }
}

fn turns(path: &Path) -> u64 {
    Store::open(path).unwrap().load(&fan("mina")).unwrap().turns()
}

/// Takes the right to write, as another process would.
fn block(path: &Path) -> Connection {
    let other = Connection::open(path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

/// The next event but the news that a turn was kept.
fn wait(writer: &StoreWriter) -> Option<StoreEvent> {
    std::iter::from_fn(|| writer.wait()).find(|told| !matches!(told, StoreEvent::Saved { .. }))
}

#[test]
fn a_turn_that_is_on_the_disk_is_told_of() {
    let (_folder, path, writer) = writer();
    (0..3).for_each(|n| writer.submit(save(n)).unwrap());
    for _ in 0..3 {
        let told = writer.wait();
        let Some(StoreEvent::Saved { fan: who, .. }) = told else { panic!("{told:?}") };
        assert_eq!(who, fan("mina"));
    }
    assert_eq!(turns(&path), 3, "another reader finds them, while the writer is open");
}

#[test]
fn dropping_the_writer_writes_what_waits() {
    let (_folder, path, writer) = writer();
    (0..300).for_each(|n| writer.submit(save(n)).unwrap());
    drop(writer);
    assert_eq!(turns(&path), 300);
}

#[test]
fn a_question_is_answered_after_what_was_before_it() {
    let (_folder, _path, writer) = writer();
    (0..3).for_each(|n| writer.submit(save(n)).unwrap());
    writer.submit(StoreJob::Unlock { fan: fan("mina"), scene: "rooftop".into() }).unwrap();
    writer.submit(StoreJob::Load(fan("mina"))).unwrap();
    let Some(StoreEvent::Loaded(who, saved)) = wait(&writer) else { panic!("no answer") };
    assert_eq!((who, saved.turns(), saved.unlocked.len()), (fan("mina"), 3, 1));
    writer.submit(StoreJob::Export(fan("mina"))).unwrap();
    let Some(StoreEvent::Exported(_, json)) = wait(&writer) else { panic!("no answer") };
    writer.submit(StoreJob::ForgetFan(fan("mina"))).unwrap();
    writer.submit(StoreJob::Import(json.into())).unwrap();
    writer.submit(StoreJob::Load(fan("mina"))).unwrap();
    let Some(StoreEvent::Loaded(_, again)) = wait(&writer) else { panic!("no answer") };
    assert_eq!(again, saved);
    assert!(writer.close().is_empty());
}

#[test]
fn a_busy_file_is_told_once_and_nothing_is_lost() {
    let (_folder, path, writer) = writer();
    let other = block(&path);
    let started = Instant::now();
    (0..5).for_each(|n| writer.submit(save(n)).unwrap());
    assert!(started.elapsed() < Duration::from_millis(100), "the game does not wait");
    let told = writer.wait();
    assert!(matches!(told, Some(StoreEvent::Failing(StoreError::Busy { .. }))), "{told:?}");
    thread::sleep(Duration::from_millis(400));
    assert_eq!(writer.events().count(), 0, "told once");
    other.execute_batch("ROLLBACK").unwrap();
    assert!(matches!(wait(&writer), Some(StoreEvent::Recovered)));
    assert!(writer.close().is_empty());
    assert_eq!(turns(&path), 5);
}

#[test]
fn what_can_never_be_done_is_refused_and_the_rest_goes_on() {
    let (_folder, path, writer) = writer();
    writer.submit(StoreJob::Correct(fan("mina"), fact(7, "x").into())).unwrap();
    writer.submit(StoreJob::Forget(fan("mina"), fact(7, "x").id)).unwrap();
    writer.submit(save(0)).unwrap();
    for _ in 0..2 {
        let told = writer.wait();
        let refused = matches!(told, Some(StoreEvent::Refused(_, StoreError::UnknownFact { .. })));
        assert!(refused, "{told:?}");
    }
    drop(writer);
    assert_eq!(turns(&path), 1);
}

#[test]
fn a_file_that_stays_in_the_way_ends_the_waiting_and_gives_the_jobs_back() {
    let (_folder, path, writer) = writer();
    let other = block(&path);
    let queued = (0..).find_map(|n| writer.submit(save(n)).err().map(|error| (n, error)));
    let (queued, NotQueued::Full(_)) = queued.unwrap() else { panic!("it should be full") };
    assert!((1024..=1025).contains(&queued), "{queued}");
    let started = Instant::now();
    let lost = writer.close();
    assert_eq!(lost.len(), queued);
    assert!(lost.contains(&save(0)), "the one in the works as well");
    assert!(started.elapsed() < StoreWriter::PARTING + Duration::from_secs(2));
    drop(other);
    assert_eq!(turns(&path), 0);
}
