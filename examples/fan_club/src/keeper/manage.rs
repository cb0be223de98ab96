//! What fans may do with what is known of them: correct, forget, put back.

use bevy_persona::{
    mind::{
        FanId,
        memory::{FactId, FanFact},
    },
    persona::PersonaId,
    store::{
        Saved, SavedTalks, StoreError,
        columns::{encode, int},
    },
};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use super::{
    facts::{self, Numbers},
    lines,
    problem::Failure,
    turn::{Held, hold, known_schema, put_episodes, put_scenes, put_story, talks_row},
};

/// Puts a corrected fact in the place of the one with its number.
pub(super) async fn correct(
    pool: &PgPool,
    fan: &FanId,
    fact: &FanFact,
    stamp: i64,
    numbers: &Numbers,
) -> Result<(), Failure> {
    let kept = FanFact { id: numbers.kept_as(fact.id), ..fact.clone() };
    let mut transaction = pool.begin().await?;
    let known = match find(&mut transaction, fan, stamp).await? {
        Found::Fan(row) => facts::update(&mut transaction, row, &kept).await?,
        Found::Done => return Ok(()),
        Found::Nobody => false,
    };
    if !known {
        return Err(unknown(fan, fact.id));
    }
    Ok(transaction.commit().await?)
}

/// Forgets a fact, and takes the exchanges in which it was told out of the conversations.
pub(super) async fn forget(
    pool: &PgPool,
    fan: &FanId,
    fact: FactId,
    stamp: i64,
    numbers: &Numbers,
) -> Result<(), Failure> {
    let mut transaction = pool.begin().await?;
    let known = match find(&mut transaction, fan, stamp).await? {
        Found::Fan(row) => facts::forget(&mut transaction, row, numbers.kept_as(fact)).await?,
        Found::Done => return Ok(()),
        Found::Nobody => false,
    };
    if !known {
        return Err(unknown(fan, fact));
    }
    Ok(transaction.commit().await?)
}

/// Forgets everything of a fan.
pub(super) async fn forget_fan(pool: &PgPool, fan: &FanId) -> Result<(), Failure> {
    let mut transaction = pool.begin().await?;
    drop_fan(&mut transaction, fan).await?;
    Ok(transaction.commit().await?)
}

/// Puts back what was exported, in the place of what is kept of that fan.
pub(super) async fn import(pool: &PgPool, exported: &Value, stamp: i64) -> Result<(), Failure> {
    let (fan, all) = Saved::import(exported)?;
    let mut transaction = pool.begin().await?;
    drop_fan(&mut transaction, &fan).await?;
    if let Some(Held { fan, .. }) = hold(&mut transaction, &fan, stamp).await? {
        put_all(&mut transaction, fan, &all).await?;
    }
    Ok(transaction.commit().await?)
}

fn unknown(fan: &FanId, fact: FactId) -> Failure {
    StoreError::UnknownFact { fan: fan.clone(), fact }.into()
}

enum Found {
    /// The row of the fan, who is held.
    Fan(i64),
    /// This change was made before.
    Done,
    Nobody,
}

/// Holds a fan who is known.
async fn find(transaction: &mut PgConnection, fan: &FanId, stamp: i64) -> Result<Found, Failure> {
    let held: Option<(i64, i64, i64)> = sqlx::query_as(
        "UPDATE fan_club.fan SET last_job = $2
         WHERE name = $1 AND last_job IS DISTINCT FROM $2
         RETURNING id, last_fact, (SELECT version FROM fan_club.schema)",
    )
    .bind(fan.as_str())
    .bind(stamp)
    .fetch_optional(&mut *transaction)
    .await?;
    if let Some(held) = held {
        return Ok(Found::Fan(known_schema(held)?.fan));
    }
    let known = sqlx::query_scalar("SELECT EXISTS (SELECT FROM fan_club.fan WHERE name = $1)")
        .bind(fan.as_str())
        .fetch_one(transaction)
        .await?;
    Ok(if known { Found::Done } else { Found::Nobody })
}

async fn drop_fan(transaction: &mut PgConnection, fan: &FanId) -> Result<(), Failure> {
    let version: i64 = sqlx::query_scalar("SELECT version FROM fan_club.schema")
        .fetch_one(&mut *transaction)
        .await?;
    known_schema((0, 0, version))?;
    sqlx::query("DELETE FROM fan_club.fan WHERE name = $1")
        .bind(fan.as_str())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Writes everything of a fan of whom nothing is kept.
async fn put_all(transaction: &mut PgConnection, fan: i64, all: &Saved) -> Result<(), Failure> {
    put_scenes(transaction, fan, all.unlocked.iter().map(String::as_str)).await?;
    facts::put_all(transaction, fan, &all.facts, all.last_fact).await?;
    if !all.story.is_empty() {
        put_story(transaction, fan, &all.story).await?;
    }
    for (member, talks) in &all.talks {
        put_talks(transaction, fan, member, talks).await?;
        put_episodes(transaction, fan, &talks.episodes).await?;
    }
    Ok(())
}

async fn put_talks(
    transaction: &mut PgConnection,
    fan: i64,
    member: &PersonaId,
    talks: &SavedTalks,
) -> Result<(), Failure> {
    let row = talks_row(transaction, fan, member).await?;
    sqlx::query("UPDATE fan_club.talks SET turns = $2, bond = $3 WHERE id = $1")
        .bind(row)
        .bind(int(talks.turns))
        .bind(talks.bond.as_ref().map(encode).transpose()?)
        .execute(&mut *transaction)
        .await?;
    lines::add_all(transaction, row, talks.turns, &talks.history.turns).await
}
