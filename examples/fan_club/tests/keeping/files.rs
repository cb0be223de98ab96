//! Files of others are refused, and not touched.

use std::{fs, path::Path};

use bevy_persona::store::StoreError;
use fan_club::{
    accounts::{AccountError, Accounts},
    keeper::{Keeper, KeeperError},
};
use rusqlite::Connection;
use tokio::runtime::Runtime;

use super::accounts::refused;

/// The names and bytes of all files in a folder.
fn all(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .expect("a file")
        .map(|file| file.expect("a file").path())
        .map(|path| (path.display().to_string(), fs::read(path).expect("a file")))
        .collect();
    all.sort();
    all
}

fn fill(path: &Path, how: &str) {
    let connection = Connection::open(path).expect("a file");
    connection.execute_batch(how).expect("a file");
}

#[test]
fn another_programs_file_is_neither_memory_nor_a_list_of_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fill(&path("other.sqlite"), "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    fill(&path("marked.sqlite"), "PRAGMA application_id = 7; CREATE TABLE t (a)");
    fs::write(path("letter.txt"), "Dear Mina, ".repeat(50)).unwrap();
    fs::write(path("short.txt"), "x").unwrap();
    let before = all(folder.path());
    for name in ["other.sqlite", "marked.sqlite", "letter.txt", "short.txt"] {
        let error = Keeper::sqlite(&path(name)).unwrap_err();
        let file = matches!(error, KeeperError::File(StoreError::NotAStore { .. }));
        assert!(file, "{name}: {error}");
        let error = refused(&path(name));
        assert!(matches!(error, AccountError::NotAccounts { .. }), "{name}: {error}");
    }
    assert!(matches!(refused(folder.path()), AccountError::NotAccounts { .. }));
    assert_eq!(all(folder.path()), before);
}

#[test]
fn memory_and_accounts_are_not_taken_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let [fans, accounts] = ["fans.sqlite", "accounts.sqlite"].map(|name| folder.path().join(name));
    drop(Keeper::sqlite(&fans).unwrap());
    let runtime = Runtime::new().unwrap();
    drop(runtime.block_on(Accounts::open_sqlite(&accounts)).unwrap());
    assert!(matches!(refused(&fans), AccountError::NotAccounts { .. }));
    let error = Keeper::sqlite(&accounts).unwrap_err();
    assert!(matches!(error, KeeperError::File(StoreError::NotAStore { .. })), "{error}");
}

#[test]
fn a_newer_list_of_accounts_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("accounts.sqlite");
    let runtime = Runtime::new().unwrap();
    drop(runtime.block_on(Accounts::open_sqlite(&path)).unwrap());
    fill(&path, "PRAGMA user_version = 9; PRAGMA wal_checkpoint(TRUNCATE)");
    let before = all(folder.path());
    let error = refused(&path);
    assert!(matches!(error, AccountError::Newer { version: 9, .. }), "{error}");
    assert_eq!(all(folder.path()), before);
}

#[test]
fn a_file_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let error = refused(&folder.path().join("file/accounts.sqlite"));
    assert!(matches!(error, AccountError::File { .. }), "{error}");
}
