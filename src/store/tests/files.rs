//! What a file may be, and what is refused.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use tempfile::TempDir;

use super::samples::{fact, fan, member, turn};
use crate::store::{Store, StoreError, TurnRecord, schema};

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.memory");
    (folder, path)
}

/// A closed store with a hundred turns.
fn filled(path: &Path) {
    let mut store = Store::open(path).unwrap();
    for n in 1..=100 {
        let text = format!("{n} {}", "words ".repeat(30));
        let record = TurnRecord { facts: vec![fact(n, &text[..100])], ..turn(&text, &text) };
        store.save_turn(&fan("mina"), &member("siwoo"), &record).unwrap();
    }
}

/// The error of opening a file, which must not have changed by it, and nothing beside it.
fn refused(path: &Path) -> StoreError {
    let before = fs::read(path).unwrap();
    let error = Store::open(path).unwrap_err();
    assert_eq!(fs::read(path).unwrap(), before, "{error}");
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "{error}");
    assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    error
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let (_folder, path) = folder();
    for text in ["x", "my diary\n", &"garbage ".repeat(1000), "SQLite format 3\0"] {
        fs::write(&path, text).unwrap();
        let error = refused(&path);
        assert!(matches!(&error, StoreError::NotAStore { .. }), "{error}");
        assert!(error.to_string().contains("it is no SQLite database; it was not touched"));
    }
}

#[test]
fn another_programs_database_is_refused() {
    let (_folder, path) = folder();
    for (id, log) in [(0, "DELETE"), (77, "DELETE"), (0, "WAL")] {
        let _ = fs::remove_file(&path);
        let other = Connection::open(&path).unwrap();
        let sql = format!(
            "PRAGMA journal_mode={log}; PRAGMA application_id={id}; PRAGMA user_version=1;
             CREATE TABLE fan (id INTEGER); INSERT INTO fan VALUES (1);"
        );
        other.execute_batch(&sql).unwrap();
        drop(other);
        let error = refused(&path);
        assert!(error.to_string().contains("another program's SQLite database"), "{error}");
    }
}

#[test]
fn a_newer_store_is_refused() {
    let (_folder, path) = folder();
    filled(&path);
    let newer = Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 42).unwrap();
    drop(newer);
    let error = refused(&path);
    let StoreError::Newer { version: 42, known: schema::VERSION, .. } = error else {
        panic!("{error}");
    };
    let known = schema::VERSION;
    let advice = format!("this version knows schemas up to {known}; it was not touched: update");
    assert!(error.to_string().contains(&format!("its schema is 42, {advice}")), "{error}");
}

#[test]
fn a_newer_version_in_the_log_only_is_refused() {
    let (_folder, path) = folder();
    filled(&path);
    let newer = Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 42).unwrap();
    assert!(matches!(Store::open(&path), Err(StoreError::Newer { version: 42, .. })));
}

#[test]
fn a_store_that_becomes_newer_while_it_is_open_is_left_alone() {
    let (_folder, path) = folder();
    let mut store = Store::open(&path).unwrap();
    let newer = Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 42).unwrap();
    let saved = store.save_turn(&fan("mina"), &member("siwoo"), &turn("Hi", "Hello."));
    assert!(matches!(saved, Err(StoreError::Newer { version: 42, .. })));
}

#[test]
fn a_truncated_store_is_refused() {
    let (_folder, path) = folder();
    filled(&path);
    let whole = fs::read(&path).unwrap();
    for kept in [50, 100, 3000, 4096, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        fs::write(&path, &whole[..kept]).unwrap();
        let error = refused(&path);
        let damaged = matches!(&error, StoreError::Damaged { .. } | StoreError::NotAStore { .. });
        assert!(damaged, "{kept}: {error}");
    }
}

#[test]
fn a_store_with_a_broken_page_is_refused() {
    let (_folder, path) = folder();
    filled(&path);
    let whole = fs::read(&path).unwrap();
    for page in 1..whole.len() / 4096 {
        let mut broken = whole.clone();
        broken[page * 4096..(page + 1) * 4096].fill(0xa5);
        fs::write(&path, &broken).unwrap();
        match Store::open(&path) {
            // A page that is not in use may hold anything.
            Ok(mut store) => assert_eq!(store.load(&fan("mina")).unwrap().facts.len(), 100),
            Err(error) => {
                assert!(matches!(&error, StoreError::Damaged { .. }), "{error}");
                assert_eq!(fs::read(&path).unwrap(), broken);
            }
        }
    }
}

#[test]
fn an_empty_file_becomes_a_store_and_folders_are_made() {
    let (folder, path) = folder();
    fs::write(&path, "").unwrap();
    Store::open(&path).unwrap();
    assert!(Store::open(&path).unwrap().fans().unwrap().is_empty());
    let deep = folder.path().join("a/b/:memory:");
    drop(Store::open(&deep).unwrap());
    assert!(deep.is_file(), "a name that SQLite knows is a file all the same");
}

#[test]
fn a_folder_and_what_cannot_be_made_are_refused() {
    let (folder, path) = folder();
    let error = Store::open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("it is a folder"), "{error}");
    fs::write(&path, "x").unwrap();
    let error = Store::open(&path.join("below/a/file")).unwrap_err();
    assert!(matches!(error, StoreError::Io { .. } | StoreError::Open { .. }), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let error = Store::open(Path::new("/proc/world.memory")).unwrap_err();
    assert!(matches!(error, StoreError::Open { .. }), "{error}");
    assert!(error.to_string().contains("its folder exists and may be written"), "{error}");
}

#[test]
fn a_store_that_may_only_be_read_is_told() {
    let (_folder, path) = folder();
    let mut store = Store::open(&path).unwrap();
    store.connection.pragma_update(None, "query_only", true).unwrap();
    let saved = store.save_turn(&fan("mina"), &member("siwoo"), &turn("Hi", "Hello."));
    assert!(matches!(saved, Err(StoreError::ReadOnly { .. })), "{saved:?}");
}

#[test]
fn a_full_disk_loses_the_turn_in_flight_only() {
    let (_folder, path) = folder();
    filled(&path);
    let mut store = Store::open(&path).unwrap();
    let (mina, siwoo) = (fan("mina"), member("siwoo"));
    let before = store.load(&mina).unwrap();
    let pages: i64 =
        store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    let limit = |store: &Store, pages: i64| {
        let set =
            store.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()));
        set.unwrap();
    };
    limit(&store, pages);
    let record = TurnRecord { facts: vec![fact(101, "new")], ..turn(&"word ".repeat(4000), "Oh.") };
    let error = store.save_turn(&mina, &siwoo, &record).unwrap_err();
    assert!(matches!(&error, StoreError::Full { .. }), "{error}");
    assert_eq!(store.load(&mina).unwrap(), before);
    limit(&store, 1 << 20);
    assert_eq!(store.save_turn(&mina, &siwoo, &record).unwrap(), 101);
    assert_eq!(store.load(&mina).unwrap().facts.len(), 101);
}
