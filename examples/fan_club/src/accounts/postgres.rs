//! Accounts on a PostgreSQL server.

use std::fmt;

use bevy_persona::mind::{FanId, memory::Timestamp};
use sqlx::PgPool;

use super::{Account, AccountError, Row, Token, account, is_long_ago};
use crate::database::{self, DatabaseError, Server, sentence};

/// A list of accounts in a database. Other processes may change it meanwhile.
#[derive(Clone)]
pub struct PostgresAccounts {
    pool: PgPool,
    server: Server,
}

impl PostgresAccounts {
    pub(super) async fn open(pool: PgPool) -> Result<Self, AccountError> {
        let server = database::prepare(&pool).await?;
        Ok(Self { pool, server })
    }

    pub(super) async fn add(
        &self,
        fan: &FanId,
        token: &Token,
        now: Timestamp,
    ) -> Result<bool, AccountError> {
        let added = sqlx::query(
            "INSERT INTO fan_club.account (fan, hash, since) VALUES ($1, $2, $3)
             ON CONFLICT (fan) DO NOTHING",
        )
        .bind(fan.as_str())
        .bind(token.hash())
        .bind(now.0.cast_signed())
        .execute(&self.pool);
        Ok(added.await.map_err(self.error())?.rows_affected() > 0)
    }

    pub(super) async fn renew(&self, fan: &FanId, token: &Token) -> Result<bool, AccountError> {
        let changed = sqlx::query("UPDATE fan_club.account SET hash = $2 WHERE fan = $1")
            .bind(fan.as_str())
            .bind(token.hash())
            .execute(&self.pool);
        Ok(changed.await.map_err(self.error())?.rows_affected() > 0)
    }

    pub(super) async fn remove(&self, fan: &FanId) -> Result<bool, AccountError> {
        let removed = sqlx::query("DELETE FROM fan_club.account WHERE fan = $1")
            .bind(fan.as_str())
            .execute(&self.pool);
        Ok(removed.await.map_err(self.error())?.rows_affected() > 0)
    }

    pub(super) async fn list(&self) -> Result<Vec<Account>, AccountError> {
        let rows: Vec<Row> =
            sqlx::query_as("SELECT fan, since, last_seen FROM fan_club.account ORDER BY fan")
                .fetch_all(&self.pool)
                .await
                .map_err(self.error())?;
        Ok(rows.into_iter().filter_map(account).collect())
    }

    pub(super) async fn whose(
        &self,
        token: &Token,
        now: Timestamp,
    ) -> Result<Option<FanId>, AccountError> {
        let found: Option<(String, Option<i64>)> =
            sqlx::query_as("SELECT fan, last_seen FROM fan_club.account WHERE hash = $1")
                .bind(token.hash())
                .fetch_optional(&self.pool)
                .await
                .map_err(self.error())?;
        let Some((fan, last_seen)) = found else { return Ok(None) };
        if is_long_ago(last_seen, now) {
            let noted = sqlx::query("UPDATE fan_club.account SET last_seen = $2 WHERE fan = $1")
                .bind(&fan)
                .bind(now.0.cast_signed())
                .execute(&self.pool);
            // A fan is let in even where that cannot be noted.
            if let Err(error) = noted.await {
                tracing::warn!("{}", self.error()(error));
            }
        }
        Ok(fan.parse().ok())
    }

    fn error(&self) -> impl Fn(sqlx::Error) -> AccountError + '_ {
        |error| {
            let (server, problem) = (self.server.clone(), sentence(&error));
            let broken = error.as_database_error().is_none();
            let error = if broken {
                DatabaseError::Unreachable { server, problem }
            } else {
                DatabaseError::Refused { server, problem }
            };
            error.into()
        }
    }
}

impl fmt::Debug for PostgresAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The pool would show where it connects to, and as whom.
        f.debug_tuple("PostgresAccounts").field(&self.server).finish()
    }
}
