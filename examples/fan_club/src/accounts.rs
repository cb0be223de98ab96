//! Who may come in: names of fans, and a token for each, of which only the hash is kept.
//!
//! What is remembered of a fan is the matter of [`keeper`](crate::keeper): an account that is
//! removed leaves it as it is.

mod error;
mod file;
mod postgres;
mod sqlite;
mod token;

use std::path::Path;

use bevy_persona::mind::{FanId, memory::Timestamp};
use sqlx::PgPool;

pub use error::{AccountError, ParseTokenError};
pub use postgres::PostgresAccounts;
pub use sqlite::SqliteAccounts;
pub use token::Token;

/// Seconds between two notes of when a fan was seen last.
const SEEN_EVERY: u64 = 60;

/// The list of those who may come in.
///
/// # Example
/// ```
/// use fan_club::accounts::{AccountError, Accounts};
///
/// # let runtime = tokio::runtime::Runtime::new()?;
/// # runtime.block_on(async {
/// let folder = tempfile::tempdir()?;
/// let accounts = Accounts::open_sqlite(&folder.path().join("accounts.sqlite")).await?;
/// let mina = "mina".parse()?;
/// let token = accounts.add(&mina).await?;
/// assert_eq!(accounts.whose(&token).await?, Some(mina.clone()));
/// assert!(matches!(accounts.add(&mina).await, Err(AccountError::Taken(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub enum Accounts {
    /// In a file of its own.
    Sqlite(SqliteAccounts),
    /// In the database that also keeps what is known of fans.
    Postgres(PostgresAccounts),
}

/// A fan who may come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub fan: FanId,
    /// Since when.
    pub since: Timestamp,
    /// When the fan came last, to the minute; nothing if never.
    pub last_seen: Option<Timestamp>,
}

impl Accounts {
    /// Opens the list in a file; makes it if need be. Only its owner may read a new one.
    ///
    /// # Errors
    /// If the file cannot be used, or is another program's.
    pub async fn open_sqlite(file: &Path) -> Result<Self, AccountError> {
        SqliteAccounts::open(file).await.map(Self::Sqlite)
    }

    /// Opens the list in a database; makes its tables if need be.
    ///
    /// # Errors
    /// If the database cannot be used.
    pub async fn postgres(pool: PgPool) -> Result<Self, AccountError> {
        PostgresAccounts::open(pool).await.map(Self::Postgres)
    }

    /// Gives a fan an account; gives the token, which is shown only now.
    ///
    /// # Errors
    /// If the name is taken, or the list cannot be written.
    pub async fn add(&self, fan: &FanId) -> Result<Token, AccountError> {
        let (token, now) = (Token::new()?, Timestamp::now());
        let added = match self {
            Self::Sqlite(accounts) => accounts.add(fan, &token, now).await?,
            Self::Postgres(accounts) => accounts.add(fan, &token, now).await?,
        };
        added.then_some(token).ok_or_else(|| AccountError::Taken(fan.clone()))
    }

    /// Gives a fan a new token; the one before is void.
    ///
    /// # Errors
    /// If there is no such account, or the list cannot be written.
    pub async fn renew(&self, fan: &FanId) -> Result<Token, AccountError> {
        let token = Token::new()?;
        let known = match self {
            Self::Sqlite(accounts) => accounts.renew(fan, &token).await?,
            Self::Postgres(accounts) => accounts.renew(fan, &token).await?,
        };
        known.then_some(token).ok_or_else(|| AccountError::Unknown(fan.clone()))
    }

    /// Takes a fan off the list; gives whether there was such an account.
    ///
    /// # Errors
    /// If the list cannot be written.
    pub async fn remove(&self, fan: &FanId) -> Result<bool, AccountError> {
        match self {
            Self::Sqlite(accounts) => accounts.remove(fan).await,
            Self::Postgres(accounts) => accounts.remove(fan).await,
        }
    }

    /// All who may come in, by name.
    ///
    /// # Errors
    /// If the list cannot be read.
    pub async fn list(&self) -> Result<Vec<Account>, AccountError> {
        match self {
            Self::Sqlite(accounts) => accounts.list().await,
            Self::Postgres(accounts) => accounts.list().await,
        }
    }

    /// Whose token this is, who is noted as seen; nobody's if it is unknown or void.
    ///
    /// # Errors
    /// If the list cannot be read.
    pub async fn whose(&self, token: &Token) -> Result<Option<FanId>, AccountError> {
        match self {
            Self::Sqlite(accounts) => accounts.whose(token, Timestamp::now()).await,
            Self::Postgres(accounts) => accounts.whose(token, Timestamp::now()).await,
        }
    }
}

/// An account as both lists have it: name, since when, seen when.
type Row = (String, i64, Option<i64>);

/// An account; nothing if its name was put there by another program.
fn account((fan, since, last_seen): Row) -> Option<Account> {
    let time = |time: i64| Timestamp(time.unsigned_abs());
    Some(Account { fan: fan.parse().ok()?, since: time(since), last_seen: last_seen.map(time) })
}

/// Whether a fan who was seen then is noted again.
fn is_long_ago(last_seen: Option<i64>, now: Timestamp) -> bool {
    last_seen.is_none_or(|seen| seen.unsigned_abs() + SEEN_EVERY <= now.0)
}
