//! Accounts in an SQLite file.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use bevy_persona::mind::{FanId, memory::Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Account, AccountError, Row, Token, account, file, is_long_ago};

/// A list of accounts in an SQLite file. Other processes may change it meanwhile.
///
/// Looking up a token reads pages that SQLite holds in memory; a flood of strangers does not reach
/// the disk.
#[derive(Debug, Clone)]
pub struct SqliteAccounts {
    path: Arc<PathBuf>,
    /// Two, so that nobody who comes in waits for a change that is written.
    reading: Arc<Mutex<Connection>>,
    writing: Arc<Mutex<Connection>>,
}

impl SqliteAccounts {
    pub(super) async fn open(path: &Path) -> Result<Self, AccountError> {
        let path = std::path::absolute(path).map_err(|error| file::problem(path, &error))?;
        let open = move || {
            let [writing, reading] = [file::open(&path)?, file::open(&path)?];
            let [writing, reading] = [writing, reading].map(|one| Arc::new(Mutex::new(one)));
            Ok(Self { path: path.into(), reading, writing })
        };
        tokio::task::spawn_blocking(open).await.unwrap_or(Err(AccountError::Closing))
    }

    pub(super) async fn add(
        &self,
        fan: &FanId,
        token: &Token,
        now: Timestamp,
    ) -> Result<bool, AccountError> {
        let (fan, hash, now) = (fan.to_string(), token.hash(), seconds(now));
        let added = self.change(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO account (fan, hash, since) VALUES (?1, ?2, ?3)
                     ON CONFLICT (fan) DO NOTHING",
                )?
                .execute(params![fan, hash, now])
        });
        Ok(added.await? > 0)
    }

    pub(super) async fn renew(&self, fan: &FanId, token: &Token) -> Result<bool, AccountError> {
        let (fan, hash) = (fan.to_string(), token.hash());
        let changed = self.change(move |connection| {
            connection
                .prepare_cached("UPDATE account SET hash = ?2 WHERE fan = ?1")?
                .execute(params![fan, hash])
        });
        Ok(changed.await? > 0)
    }

    pub(super) async fn remove(&self, fan: &FanId) -> Result<bool, AccountError> {
        let fan = fan.to_string();
        let removed = self.change(move |connection| {
            connection.prepare_cached("DELETE FROM account WHERE fan = ?1")?.execute([fan])
        });
        Ok(removed.await? > 0)
    }

    pub(super) async fn list(&self) -> Result<Vec<Account>, AccountError> {
        let rows = self.read(|connection| {
            connection
                .prepare_cached("SELECT fan, since, last_seen FROM account ORDER BY fan")?
                .query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect::<rusqlite::Result<Vec<Row>>>()
        });
        Ok(rows.await?.into_iter().filter_map(account).collect())
    }

    pub(super) async fn whose(
        &self,
        token: &Token,
        now: Timestamp,
    ) -> Result<Option<FanId>, AccountError> {
        let hash = token.hash();
        let found = self.read(move |connection| {
            connection
                .prepare_cached("SELECT fan, last_seen FROM account WHERE hash = ?1")?
                .query_row([hash], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        });
        let Some((fan, last_seen)): Option<(String, Option<i64>)> = found.await? else {
            return Ok(None);
        };
        if is_long_ago(last_seen, now) {
            let (fan, now) = (fan.clone(), seconds(now));
            let noted = self.change(move |connection| {
                connection
                    .prepare_cached("UPDATE account SET last_seen = ?2 WHERE fan = ?1")?
                    .execute(params![fan, now])
            });
            // A fan is let in even where that cannot be noted.
            if let Err(error) = noted.await {
                tracing::warn!("{error}");
            }
        }
        Ok(fan.parse().ok())
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, AccountError> {
        self.with(self.reading.clone(), read).await
    }

    async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, AccountError> {
        self.with(self.writing.clone(), change).await
    }

    /// Works with the file on a thread that may wait.
    async fn with<T: Send + 'static>(
        &self,
        connection: Arc<Mutex<Connection>>,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, AccountError> {
        let path = self.path.clone();
        let work = move || {
            // SQLite leaves nothing half done.
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            work(&connection).map_err(|error| file::problem(&path, &error))
        };
        tokio::task::spawn_blocking(work).await.unwrap_or(Err(AccountError::Closing))
    }
}

fn seconds(time: Timestamp) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX)
}
