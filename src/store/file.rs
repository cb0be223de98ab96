//! The file that a world's memory lies in: opened, checked, brought up to date.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::{StoreError, inspect, schema};
use crate::mind::{FanId, memory::FactId};

/// How long a write waits for another process.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pages of the write-ahead log until it is folded into the file: 256 KiB.
const LOG_PAGES: u32 = 64;
/// Bytes that the log may keep on the disk after that.
const LOG_BYTES: u32 = 256 << 10;
/// The largest file that is read as a whole when it is opened, in bytes. A larger one would keep
/// the game waiting; its damage is found where it is read.
const CHECKED_BYTES: u64 = 64 << 20;

/// What the characters remember, in one SQLite file per world.
///
/// Every change is one transaction that is on the disk when the call returns: the log is synced
/// at each (`synchronous=FULL`), which takes well under a millisecond on a solid disk and happens
/// once a turn. A process that is killed, or a machine that loses its power, loses the change in
/// flight at most. Several processes may use one file: a change waits up to five seconds for its
/// turn, reading never waits.
///
/// Calls wait for the disk. In a game, hand the store to a [`StoreWriter`](super::StoreWriter).
///
/// # Example
/// ```
/// use bevy_persona::{mind::ChatTurn, store::{Store, TurnRecord}};
///
/// let folder = tempfile::tempdir()?;
/// let mut store = Store::open(&folder.path().join("world.memory"))?;
/// let (fan, siwoo) = ("mina".parse()?, "siwoo".parse()?);
/// let record = TurnRecord { lines: vec![ChatTurn::Fan("Hi!".into())], ..TurnRecord::default() };
/// store.save_turn(&fan, &siwoo, &record)?;
/// assert_eq!(store.load(&fan)?.talks[&siwoo].history.turns, record.lines);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    pub(super) numbers: BTreeMap<FanId, Numbers>,
}

/// Under which number the file has each fact of a fan that was loaded or written here, by the
/// number that the game uses. They differ where another process gave out the same one.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers(pub(super) BTreeMap<FactId, FactId>);

impl Store {
    /// Opens the store in a file; makes the file, and folders on the way to it, if need be.
    ///
    /// Another program's file, a damaged one and one of a newer version are refused and not
    /// touched. A file of up to 64 MiB is checked as a whole, which takes about a millisecond per
    /// megabyte.
    ///
    /// # Errors
    /// If the file cannot be used; the error says why and what to do.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let path = std::path::absolute(path).map_err(StoreError::io("find", path))?;
        inspect::refuse_foreign(&path)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
        }
        // No URI names: a path is a path.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(&path, flags).map_err(StoreError::sql(&path))?;
        let mut store = Self { connection, path, numbers: BTreeMap::new() };
        store.prepare()?;
        Ok(store)
    }

    /// A store that ends with the process.
    ///
    /// # Errors
    /// If there is no memory left.
    pub fn in_memory() -> Result<Self, StoreError> {
        let path = PathBuf::from("memory");
        let connection = Connection::open_in_memory().map_err(StoreError::sql(&path))?;
        let mut store = Self { connection, path, numbers: BTreeMap::new() };
        store.prepare()?;
        Ok(store)
    }

    /// The file; of a store in memory, a name for messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How long a change waits for another process; five seconds until it is set.
    ///
    /// # Errors
    /// Never in practice.
    pub fn set_patience(&self, patience: Duration) -> Result<(), StoreError> {
        self.connection.busy_timeout(patience).map_err(self.error())
    }

    /// A number that changes when another process, or another store on the same file, has changed
    /// it: what was loaded before may be out of date then.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn changes_elsewhere(&self) -> Result<i64, StoreError> {
        self.connection
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map_err(self.error())
    }

    fn prepare(&mut self) -> Result<(), StoreError> {
        self.set_patience(PATIENCE)?;
        self.configure().map_err(self.error())?;
        if self.connection.is_readonly("main").map_err(self.error())? {
            return Err(StoreError::ReadOnly { path: self.path.clone() });
        }
        self.refuse_newer()?;
        self.check()?;
        schema::migrate(&mut self.connection, &self.path)?;
        self.use_log()
    }

    fn configure(&self) -> rusqlite::Result<()> {
        let connection = &self.connection;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // What was forgotten is overwritten, not only unlinked.
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        set(connection, "journal_size_limit", LOG_BYTES)
    }

    fn refuse_newer(&self) -> Result<(), StoreError> {
        let version = schema::version(&self.connection).map_err(self.error())?;
        schema::refuse_newer(&self.path, version)
    }

    /// Looks for damage.
    fn check(&self) -> Result<(), StoreError> {
        if fs::metadata(&self.path).is_ok_and(|file| file.len() > CHECKED_BYTES) {
            return Ok(());
        }
        let found: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", (), |row| row.get(0))
            .map_err(self.error())?;
        if found == "ok" {
            return Ok(());
        }
        Err(StoreError::Damaged { path: self.path.clone(), problem: found.replace('\n', " ") })
    }

    /// Changes go to a log beside the file first, so that reading and writing do not wait for each
    /// other. The switch needs the file for itself, and SQLite does not wait for that.
    fn use_log(&self) -> Result<(), StoreError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match set(&self.connection, "journal_mode", "WAL") {
                Err(error)
                    if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                        && Instant::now() < deadline =>
                {
                    thread::sleep(Duration::from_millis(5));
                }
                switched => return switched.map_err(self.error()),
            }
        }
    }

    /// Makes one change: all of it, or nothing.
    pub(super) fn change<T>(
        &mut self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        let path = &self.path;
        // The right to write is taken at once: taken later it could be refused in the middle.
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::sql(path))?;
        // A newer version may have migrated the file while it was open here.
        let version = schema::version(&transaction).map_err(StoreError::sql(path))?;
        schema::refuse_newer(path, version)?;
        let made = change(&transaction).map_err(|failure| failure.at(path))?;
        transaction.commit().map_err(StoreError::sql(path))?;
        Ok(made)
    }

    pub(super) fn error(&self) -> impl Fn(rusqlite::Error) -> StoreError + '_ {
        StoreError::sql(&self.path)
    }
}

/// Sets what answers with its new value.
fn set(connection: &Connection, name: &str, value: impl rusqlite::ToSql) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, name, value, |_| Ok(()))
}

/// Why a change was not made.
pub(super) enum Failure {
    Sql(rusqlite::Error),
    Store(StoreError),
}

impl Failure {
    pub(super) fn at(self, path: &Path) -> StoreError {
        match self {
            Self::Sql(error) => StoreError::sql(path)(error),
            Self::Store(error) => error,
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
