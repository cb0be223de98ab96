//! What a turn changes, written as a whole.

use bevy_persona::{
    mind::{FanId, memory::Episode},
    persona::PersonaId,
    store::{
        SavedStory, TurnRecord,
        columns::{encode, int},
    },
};
use sqlx::{PgConnection, PgPool};

use super::{
    facts::{self, Numbers},
    lines,
    problem::Failure,
};
use crate::database::VERSION;

/// A fan who is held until the end of the transaction: another process waits meanwhile.
pub(super) struct Held {
    pub(super) fan: i64,
    pub(super) last_fact: i64,
}

/// Holds a fan, who gets a row if new; gives nothing if this change was made before.
pub(super) async fn hold(
    transaction: &mut PgConnection,
    fan: &FanId,
    stamp: i64,
) -> Result<Option<Held>, Failure> {
    let held: Option<(i64, i64, i64)> = sqlx::query_as(
        "INSERT INTO fan_club.fan AS f (name, last_job) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET last_job = $2 WHERE f.last_job IS DISTINCT FROM $2
         RETURNING id, last_fact, (SELECT version FROM fan_club.schema)",
    )
    .bind(fan.as_str())
    .bind(stamp)
    .fetch_optional(transaction)
    .await?;
    held.map(known_schema).transpose()
}

/// A newer version may have made the tables new while this one runs.
pub(super) fn known_schema((fan, last_fact, version): (i64, i64, i64)) -> Result<Held, Failure> {
    if version > VERSION {
        return Err(Failure::Newer(version));
    }
    Ok(Held { fan, last_fact })
}

/// Keeps what one turn added and changed, as a whole or not at all.
pub(super) async fn save(
    pool: &PgPool,
    fan: &FanId,
    member: &PersonaId,
    record: &TurnRecord,
    stamp: i64,
    numbers: &mut Numbers,
) -> Result<(), Failure> {
    let TurnRecord { lines, facts, forgotten, episodes, bond } = record;
    let mut transaction = pool.begin().await?;
    let Some(Held { fan, last_fact }) = hold(&mut transaction, fan, stamp).await? else {
        numbers.settle();
        return Ok(());
    };
    let mut after = numbers.clone();
    let bond = bond.as_ref().map(encode).transpose()?;
    lines::add_turn(&mut transaction, fan, member.as_str(), lines, bond).await?;
    facts::put(&mut transaction, fan, facts, last_fact, &mut after).await?;
    for fact in forgotten {
        facts::forget(&mut transaction, fan, after.kept_as(*fact)).await?;
    }
    put_episodes(&mut transaction, fan, episodes).await?;
    // The numbers of a change that is made, but whose end is not heard, hold as well.
    numbers.try_out(after);
    transaction.commit().await?;
    numbers.settle();
    Ok(())
}

/// Marks a scene as finished.
pub(super) async fn unlock(
    pool: &PgPool,
    fan: &FanId,
    scene: &str,
    stamp: i64,
) -> Result<(), Failure> {
    let mut transaction = pool.begin().await?;
    if let Some(Held { fan, .. }) = hold(&mut transaction, fan, stamp).await? {
        put_scenes(&mut transaction, fan, [scene]).await?;
    }
    Ok(transaction.commit().await?)
}

/// Keeps what written scenes left behind, in the place of what was kept before.
pub(super) async fn save_story(
    pool: &PgPool,
    fan: &FanId,
    story: &SavedStory,
    stamp: i64,
) -> Result<(), Failure> {
    let mut transaction = pool.begin().await?;
    if let Some(Held { fan, .. }) = hold(&mut transaction, fan, stamp).await? {
        put_story(&mut transaction, fan, story).await?;
    }
    Ok(transaction.commit().await?)
}

pub(super) async fn put_scenes(
    transaction: &mut PgConnection,
    fan: i64,
    scenes: impl IntoIterator<Item = &str>,
) -> Result<(), Failure> {
    let scenes: Vec<_> = scenes.into_iter().map(str::as_bytes).collect();
    sqlx::query(
        "INSERT INTO fan_club.scene (fan, name) SELECT $1, unnest($2::bytea[])
         ON CONFLICT DO NOTHING",
    )
    .bind(fan)
    .bind(scenes)
    .execute(transaction)
    .await?;
    Ok(())
}

pub(super) async fn put_story(
    transaction: &mut PgConnection,
    fan: i64,
    SavedStory { story, scene }: &SavedStory,
) -> Result<(), Failure> {
    let scene = scene.as_ref().map(encode).transpose()?;
    sqlx::query(
        "INSERT INTO fan_club.story (fan, body, scene) VALUES ($1, $2, $3)
         ON CONFLICT (fan) DO UPDATE SET body = excluded.body, scene = excluded.scene",
    )
    .bind(fan)
    .bind(encode(story)?)
    .bind(scene)
    .execute(transaction)
    .await?;
    Ok(())
}

/// The row of a fan and a member; a new pair gets a row.
pub(super) async fn talks_row(
    transaction: &mut PgConnection,
    fan: i64,
    member: &PersonaId,
) -> Result<i64, Failure> {
    // A change that changes nothing, so that the row is given in both cases.
    Ok(sqlx::query_scalar(
        "INSERT INTO fan_club.talks AS t (fan, member) VALUES ($1, $2)
         ON CONFLICT (fan, member) DO UPDATE SET turns = t.turns RETURNING id",
    )
    .bind(fan)
    .bind(member.as_str())
    .fetch_one(transaction)
    .await?)
}

/// Writes episodes; one takes the place of those that lie within it.
pub(super) async fn put_episodes(
    transaction: &mut PgConnection,
    fan: i64,
    episodes: &[Episode],
) -> Result<(), Failure> {
    for episode in episodes {
        let talks = talks_row(transaction, fan, &episode.member).await?;
        let (first, last) = (int(episode.first_turn), int(episode.last_turn));
        sqlx::query(
            "DELETE FROM fan_club.episode
             WHERE talks = $1 AND first_turn >= $2 AND last_turn <= $3",
        )
        .bind(talks)
        .bind(first)
        .bind(last)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO fan_club.episode (talks, first_turn, last_turn, body)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (talks, first_turn)
             DO UPDATE SET last_turn = excluded.last_turn, body = excluded.body",
        )
        .bind(talks)
        .bind(first)
        .bind(last)
        .bind(encode(episode)?)
        .execute(&mut *transaction)
        .await?;
    }
    Ok(())
}
