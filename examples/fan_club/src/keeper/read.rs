//! Everything of a fan, read as of one moment.

use bevy_persona::{
    mind::{
        FanId,
        memory::{FactId, FanFact},
    },
    persona::PersonaId,
    store::{
        Saved, SavedStory, SavedTalks,
        columns::{decode, decode_line},
    },
};
use sqlx::{PgConnection, PgPool};

use super::problem::Failure;

/// Everything that is kept of a fan; empty for one who was never here.
///
/// What cannot be read is left out and listed in [`Saved::unreadable`].
pub(super) async fn fan(pool: &PgPool, fan: &FanId) -> Result<Saved, Failure> {
    let mut transaction =
        pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let saved = read_fan(&mut transaction, fan).await?;
    transaction.commit().await?;
    Ok(saved)
}

async fn read_fan(connection: &mut PgConnection, fan: &FanId) -> Result<Saved, Failure> {
    let found: Option<(i64, i64)> =
        sqlx::query_as("SELECT id, last_fact FROM fan_club.fan WHERE name = $1")
            .bind(fan.as_str())
            .fetch_optional(&mut *connection)
            .await?;
    let Some((row, last_fact)) = found else { return Ok(Saved::default()) };
    let last_fact = FactId(last_fact.unsigned_abs());
    let mut saved = Saved { last_fact, ..Saved::default() };
    read_scenes(connection, row, fan, &mut saved).await?;
    read_facts(connection, row, fan, &mut saved).await?;
    read_story(connection, row, fan, &mut saved).await?;
    read_talks(connection, row, fan, &mut saved).await?;
    Ok(saved)
}

async fn read_scenes(
    connection: &mut PgConnection,
    row: i64,
    fan: &FanId,
    saved: &mut Saved,
) -> Result<(), Failure> {
    let names: Vec<Vec<u8>> = sqlx::query_scalar("SELECT name FROM fan_club.scene WHERE fan = $1")
        .bind(row)
        .fetch_all(connection)
        .await?;
    for name in names {
        let read = String::from_utf8(name);
        let what = |error| saved.unreadable.push(format!("a scene of {fan}: {error}"));
        saved.unlocked.extend(read.map_err(what).ok());
    }
    Ok(())
}

async fn read_facts(
    connection: &mut PgConnection,
    row: i64,
    fan: &FanId,
    saved: &mut Saved,
) -> Result<(), Failure> {
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT id, body FROM fan_club.fact WHERE fan = $1 ORDER BY id")
            .bind(row)
            .fetch_all(connection)
            .await?;
    for (id, body) in rows {
        let what = || format!("fact {id} of {fan}");
        if let Some(fact) = decode::<FanFact>(&body, what, &mut saved.unreadable) {
            saved.facts.push(FanFact { id: FactId(id.unsigned_abs()), ..fact });
        }
    }
    Ok(())
}

async fn read_story(
    connection: &mut PgConnection,
    row: i64,
    fan: &FanId,
    saved: &mut Saved,
) -> Result<(), Failure> {
    let found: Option<(String, Option<String>)> =
        sqlx::query_as("SELECT body, scene FROM fan_club.story WHERE fan = $1")
            .bind(row)
            .fetch_optional(connection)
            .await?;
    let Some((story, scene)) = found else { return Ok(()) };
    let (unreadable, what) = (&mut saved.unreadable, |what: &str| format!("{what} of {fan}"));
    let story = decode(&story, || what("the story"), unreadable).unwrap_or_default();
    let scene = scene.and_then(|json| decode(&json, || what("the open scene"), unreadable));
    saved.story = SavedStory { story, scene };
    Ok(())
}

/// A row of `talks`: id, member, turns, bond.
type TalksRow = (i64, String, i64, Option<String>);

async fn read_talks(
    connection: &mut PgConnection,
    row: i64,
    fan: &FanId,
    saved: &mut Saved,
) -> Result<(), Failure> {
    let rows: Vec<TalksRow> =
        sqlx::query_as("SELECT id, member, turns, bond FROM fan_club.talks WHERE fan = $1")
            .bind(row)
            .fetch_all(&mut *connection)
            .await?;
    let unreadable = &mut saved.unreadable;
    for (row, member, turns, bond) in rows {
        let member: PersonaId = match member.parse() {
            Ok(member) => member,
            Err(error) => {
                unreadable.push(format!("a member whom {fan} talked to: {error}"));
                continue;
            }
        };
        let what = |what: &str| format!("{what} between {fan} and {member}");
        let mut talks = SavedTalks { turns: turns.unsigned_abs(), ..SavedTalks::default() };
        talks.bond = bond.and_then(|json| decode(&json, || what("the bond"), unreadable));
        read_lines(connection, row, &mut talks, &what, unreadable).await?;
        read_episodes(connection, row, &mut talks, &what, unreadable).await?;
        saved.talks.insert(member, talks);
    }
    Ok(())
}

async fn read_lines(
    connection: &mut PgConnection,
    row: i64,
    talks: &mut SavedTalks,
    what: &(dyn Fn(&str) -> String + Sync),
    unreadable: &mut Vec<String>,
) -> Result<(), Failure> {
    let rows: Vec<(i64, i16, Vec<u8>)> = sqlx::query_as(
        "SELECT seq, speaker, body FROM fan_club.line WHERE talks = $1 ORDER BY seq",
    )
    .bind(row)
    .fetch_all(connection)
    .await?;
    for (seq, speaker, body) in rows {
        let what = || what(&format!("line {seq}"));
        decode_line(&mut talks.history, speaker.into(), body, what, unreadable);
    }
    Ok(())
}

async fn read_episodes(
    connection: &mut PgConnection,
    row: i64,
    talks: &mut SavedTalks,
    what: &(dyn Fn(&str) -> String + Sync),
    unreadable: &mut Vec<String>,
) -> Result<(), Failure> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT first_turn, body FROM fan_club.episode WHERE talks = $1 ORDER BY first_turn",
    )
    .bind(row)
    .fetch_all(connection)
    .await?;
    for (turn, body) in rows {
        let what = || what(&format!("the episode from turn {turn} on"));
        talks.episodes.extend(decode(&body, what, unreadable));
    }
    Ok(())
}
