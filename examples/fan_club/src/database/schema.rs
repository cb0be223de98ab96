//! The tables, and how older ones become newer.

use sqlx::{Connection, PgConnection};
use tracing::info;

use super::{DatabaseError, Server};

/// What makes schema n of schema n-1, from nothing on.
///
/// A step that was published is never changed again; a new one is added at the end.
const STEPS: &[&str] = &[FIRST];

/// The newest schema.
pub const VERSION: i64 = STEPS.len() as i64;

/// Only one process at a time makes tables: `fan_club` as a number.
const LOCK: i64 = 0x6661_6e5f_636c_7562;

/// The same columns as the SQLite file has them, so that both keep the same. What fans say and the
/// names of scenes are bytes, since text of PostgreSQL holds no NUL; values with a type of their
/// own in Rust are JSON, as text, since `jsonb` holds none either.
const FIRST: &str = r#"
CREATE TABLE fan_club.fan (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    -- The highest number that was ever given to a fact.
    last_fact BIGINT NOT NULL DEFAULT 0,
    -- The last change, so that one whose end was not heard is not made twice.
    last_job BIGINT
);
CREATE TABLE fan_club.scene (
    fan BIGINT NOT NULL REFERENCES fan_club.fan ON DELETE CASCADE,
    name BYTEA NOT NULL,
    PRIMARY KEY (fan, name)
);
CREATE TABLE fan_club.fact (
    fan BIGINT NOT NULL REFERENCES fan_club.fan ON DELETE CASCADE,
    id BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (fan, id)
);
CREATE TABLE fan_club.story (
    fan BIGINT PRIMARY KEY REFERENCES fan_club.fan ON DELETE CASCADE,
    body TEXT NOT NULL,
    scene TEXT
);
-- A fan and a member who talk.
CREATE TABLE fan_club.talks (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fan BIGINT NOT NULL REFERENCES fan_club.fan ON DELETE CASCADE,
    member TEXT COLLATE "C" NOT NULL,
    turns BIGINT NOT NULL DEFAULT 0,
    bond TEXT,
    -- The highest number that was ever given to a line, and the bytes of the lines that are kept.
    last_line BIGINT NOT NULL DEFAULT 0,
    line_bytes BIGINT NOT NULL DEFAULT 0,
    UNIQUE (fan, member)
);
CREATE TABLE fan_club.line (
    talks BIGINT NOT NULL REFERENCES fan_club.talks ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    turn BIGINT NOT NULL,
    -- 0: the fan, as UTF-8. 1: the member, as JSON: [[emotion, intensity, text], ...].
    speaker SMALLINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (talks, seq)
);
CREATE TABLE fan_club.episode (
    talks BIGINT NOT NULL REFERENCES fan_club.talks ON DELETE CASCADE,
    first_turn BIGINT NOT NULL,
    last_turn BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (talks, first_turn)
);
CREATE TABLE fan_club.account (
    fan TEXT COLLATE "C" PRIMARY KEY,
    -- SHA-256 of the token.
    hash BYTEA NOT NULL UNIQUE,
    -- Seconds since 1970.
    since BIGINT NOT NULL,
    last_seen BIGINT
);
"#;

/// Brings a database to the newest schema; a new one gets its tables.
pub(super) async fn bring_up_to_date(
    connection: &mut PgConnection,
    server: &Server,
) -> Result<(), DatabaseError> {
    let refused = server.refused();
    let encoding: String = sqlx::query_scalar("SHOW server_encoding")
        .fetch_one(&mut *connection)
        .await
        .map_err(&refused)?;
    if encoding != "UTF8" {
        return Err(DatabaseError::Encoding { server: server.clone(), encoding });
    }
    // Asked first, so that a user without the right to make tables can use those that are there.
    if version(connection).await.map_err(&refused)? == Some(VERSION) {
        return Ok(());
    }
    let mut transaction = connection.begin().await.map_err(&refused)?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(LOCK)
        .execute(&mut *transaction)
        .await
        .map_err(&refused)?;
    // Asked again: another process may have been faster.
    let version = version(&mut transaction).await.map_err(&refused)?;
    let missing = missing(version.unwrap_or_default())
        .ok_or_else(|| newer(server, version.unwrap_or_default()))?;
    advance(&mut transaction, missing).await.map_err(&refused)?;
    transaction.commit().await.map_err(&refused)?;
    if let Some(version) = version.filter(|version| *version != VERSION) {
        info!("brought {server} from schema {version} to schema {VERSION}");
    }
    Ok(())
}

/// The steps that a schema lacks; nothing if it is a newer one.
fn missing(version: i64) -> Option<&'static [&'static str]> {
    STEPS.get(usize::try_from(version).ok()?..)
}

fn newer(server: &Server, version: i64) -> DatabaseError {
    DatabaseError::Newer { server: server.clone(), version, known: VERSION }
}

/// The schema that the database has, if it has one.
async fn version(connection: &mut PgConnection) -> sqlx::Result<Option<i64>> {
    // Not `to_regclass`, which answers from a cache that may be as old as the transaction.
    let made: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_tables
         WHERE schemaname = 'fan_club' AND tablename = 'schema')",
    )
    .fetch_one(&mut *connection)
    .await?;
    if !made {
        return Ok(None);
    }
    sqlx::query_scalar("SELECT version FROM fan_club.schema").fetch_optional(connection).await
}

async fn advance(connection: &mut PgConnection, steps: &[&'static str]) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "CREATE SCHEMA IF NOT EXISTS fan_club;
         CREATE TABLE IF NOT EXISTS fan_club.schema (
             version BIGINT NOT NULL,
             one BOOLEAN PRIMARY KEY DEFAULT true CHECK (one)
         );",
    )
    .execute(&mut *connection)
    .await?;
    for step in steps {
        sqlx::raw_sql(*step).execute(&mut *connection).await?;
    }
    sqlx::query(
        "INSERT INTO fan_club.schema (version) VALUES ($1)
         ON CONFLICT (one) DO UPDATE SET version = excluded.version",
    )
    .bind(VERSION)
    .execute(connection)
    .await?;
    Ok(())
}
