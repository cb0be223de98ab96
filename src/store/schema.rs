//! The tables of a store, and how older ones become newer.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tracing::info;

use super::StoreError;

/// Marks a file as ours: "PRSN". Never changes.
pub(super) const APPLICATION_ID: i32 = 0x5052_534e;

/// What makes schema n of schema n-1, from nothing on.
///
/// A step that was published is never changed again; a new one is added at the end. It must leave
/// nothing behind, as a whole or not at all: all steps of one opening are one transaction.
const STEPS: &[&str] = &[FIRST, STORIES];

/// Values that have a type of their own in Rust are JSON, so that a new field needs no new schema.
/// The numbers of lines and facts are given out by the store itself, never from memory, because
/// another process may write as well.
const FIRST: &str = "
CREATE TABLE fan (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    -- The highest number that was ever given to a fact.
    last_fact INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE scene (
    fan INTEGER NOT NULL REFERENCES fan ON DELETE CASCADE,
    name TEXT NOT NULL,
    PRIMARY KEY (fan, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE fact (
    fan INTEGER NOT NULL REFERENCES fan ON DELETE CASCADE,
    id INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (fan, id)
) STRICT, WITHOUT ROWID;
-- A fan and a member who talk.
CREATE TABLE talks (
    id INTEGER PRIMARY KEY,
    fan INTEGER NOT NULL REFERENCES fan ON DELETE CASCADE,
    member TEXT NOT NULL,
    turns INTEGER NOT NULL DEFAULT 0,
    bond TEXT,
    -- The highest number that was ever given to a line, and the bytes of the lines that are kept.
    last_line INTEGER NOT NULL DEFAULT 0,
    line_bytes INTEGER NOT NULL DEFAULT 0,
    UNIQUE (fan, member)
) STRICT;
CREATE TABLE line (
    talks INTEGER NOT NULL REFERENCES talks ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    -- 0: the fan, as plain text. 1: the member, as JSON: [[emotion, intensity, text], ...].
    speaker INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (talks, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE episode (
    talks INTEGER NOT NULL REFERENCES talks ON DELETE CASCADE,
    first_turn INTEGER NOT NULL,
    last_turn INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (talks, first_turn)
) STRICT, WITHOUT ROWID;
";

/// What written scenes left: variables and visits, and the scene in the middle of which the game ended.
const STORIES: &str = "
CREATE TABLE story (
    fan INTEGER PRIMARY KEY REFERENCES fan ON DELETE CASCADE,
    body TEXT NOT NULL,
    scene TEXT
) STRICT;
";

/// The newest schema.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// Refuses a store of a newer schema.
pub(super) fn refuse_newer(path: &Path, version: i64) -> Result<(), StoreError> {
    refuse_beyond(path, version, VERSION)
}

fn refuse_beyond(path: &Path, version: i64, known: i64) -> Result<(), StoreError> {
    if (0..=known).contains(&version) {
        return Ok(());
    }
    Err(StoreError::Newer { path: path.into(), version, known })
}

/// The schema of an open store.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings a store to the newest schema; a new file gets its tables.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    migrate_by(STEPS, connection, path)
}

fn migrate_by(steps: &[&str], connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let known = steps.len() as i64;
    if version(connection).map_err(StoreError::sql(path))? == known {
        return Ok(());
    }
    let started = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = started.map_err(StoreError::sql(path))?;
    // Asked again: another process may have been faster.
    let version = version(&transaction).map_err(StoreError::sql(path))?;
    refuse_beyond(path, version, known)?;
    let missing = steps.iter().skip(usize::try_from(version).unwrap_or(usize::MAX));
    advance(&transaction, missing, known)
        .and_then(|()| transaction.commit())
        .map_err(StoreError::sql(path))?;
    if version != 0 && version != known {
        info!("brought {} from schema {version} to schema {known}", path.display());
    }
    Ok(())
}

fn advance<'a>(
    transaction: &Transaction<'_>,
    mut steps: impl Iterator<Item = &'a &'a str>,
    known: i64,
) -> rusqlite::Result<()> {
    steps.try_for_each(|step| transaction.execute_batch(step))?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEXT: &str = "ALTER TABLE fan ADD COLUMN since INTEGER NOT NULL DEFAULT 7;";

    fn old_store(path: &Path) -> Connection {
        let mut connection = Connection::open(path).unwrap();
        migrate_by(&[FIRST], &mut connection, path).unwrap();
        connection.execute("INSERT INTO fan (name) VALUES ('mina')", ()).unwrap();
        connection
    }

    #[test]
    fn an_old_store_is_brought_forward_with_all_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        drop(old_store(&path));
        let mut connection = Connection::open(&path).unwrap();
        migrate_by(&[FIRST, NEXT], &mut connection, &path).unwrap();
        migrate_by(&[FIRST, NEXT], &mut connection, &path).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (name, since): (String, i64) =
            connection.query_row("SELECT name, since FROM fan", (), read).unwrap();
        assert_eq!((name.as_str(), since), ("mina", 7));

        let error = migrate_by(&[FIRST], &mut connection, &path).unwrap_err();
        assert!(matches!(error, StoreError::Newer { version: 2, known: 1, .. }), "{error}");
    }

    #[test]
    fn a_step_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let mut connection = old_store(&path);
        let broken = ["CREATE TABLE half (id INTEGER);", "CREATE TABLE fan (id INTEGER);"];
        let steps = [FIRST, broken[0], broken[1]];
        assert!(migrate_by(&steps, &mut connection, &path).is_err());
        assert_eq!(version(&connection).unwrap(), 1);
        let half = "SELECT count(*) FROM sqlite_schema WHERE name = 'half'";
        assert_eq!(connection.query_row(half, (), |row| row.get::<_, i64>(0)).unwrap(), 0);
    }
}
