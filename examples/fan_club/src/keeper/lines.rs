//! What was said: the latest part of each conversation, a row for each line.

use std::borrow::Cow;

use bevy_persona::{
    mind::ChatTurn,
    store::{
        StoreError,
        columns::{KEPT_BYTES, KEPT_LINES, encode_line, int},
    },
};
use sqlx::PgConnection;

use super::problem::Failure;

/// Lines as columns: who spoke, and the bytes.
fn encode_lines(lines: &[ChatTurn]) -> Result<(Vec<i16>, Vec<Vec<u8>>), StoreError> {
    let bytes =
        |(speaker, body): (u8, Cow<'_, str>)| (i16::from(speaker), body.into_owned().into());
    lines.iter().map(|line| encode_line(line).map(bytes)).collect()
}

/// Counts a turn, adds its lines at the end of a conversation and sets the bond if there is one.
/// The oldest lines go where there are too many.
pub(super) async fn add_turn(
    transaction: &mut PgConnection,
    fan: i64,
    member: &str,
    lines: &[ChatTurn],
    bond: Option<String>,
) -> Result<(), Failure> {
    let (speakers, bodies) = encode_lines(lines)?;
    let added = speakers.len() as i64;
    let bytes = bodies.iter().map(|body| body.len() as i64).sum::<i64>();
    // The last part still sees the table as it was before.
    let (talks, last, bytes, first): (i64, i64, i64, Option<i64>) = sqlx::query_as(
        "WITH talks AS (
             INSERT INTO fan_club.talks AS t (fan, member, turns, last_line, line_bytes, bond)
             VALUES ($1, $2, 1, $3, $4, $5)
             ON CONFLICT (fan, member) DO UPDATE SET
                 turns = t.turns + 1,
                 last_line = t.last_line + $3,
                 line_bytes = t.line_bytes + $4,
                 bond = coalesce($5, t.bond)
             RETURNING id, turns, last_line, line_bytes
         ), added AS (
             INSERT INTO fan_club.line (talks, seq, turn, speaker, body)
             SELECT talks.id, talks.last_line - $3 + given.n, talks.turns, given.speaker, given.body
             FROM talks, unnest($6::smallint[], $7::bytea[]) WITH ORDINALITY
                 AS given (speaker, body, n)
         )
         SELECT id, last_line, line_bytes,
             (SELECT min(seq) FROM fan_club.line WHERE line.talks = talks.id)
         FROM talks",
    )
    .bind(fan)
    .bind(member)
    .bind(added)
    .bind(bytes)
    .bind(bond)
    .bind(speakers)
    .bind(bodies)
    .fetch_one(&mut *transaction)
    .await?;
    let first = first.unwrap_or(last - added + 1).min(last);
    if last - first < KEPT_LINES && bytes <= KEPT_BYTES {
        return Ok(());
    }
    trim(transaction, talks).await
}

/// Writes a whole conversation, whose last turn has this number.
pub(super) async fn add_all(
    transaction: &mut PgConnection,
    talks: i64,
    turns: u64,
    lines: &[ChatTurn],
) -> Result<(), Failure> {
    let (speakers, bodies) = encode_lines(lines)?;
    let bytes = bodies.iter().map(|body| body.len() as i64).sum::<i64>();
    let numbers = turn_numbers(lines, turns);
    sqlx::query(
        "INSERT INTO fan_club.line (talks, seq, turn, speaker, body)
         SELECT $1, given.n, given.turn, given.speaker, given.body
         FROM unnest($2::bigint[], $3::smallint[], $4::bytea[]) WITH ORDINALITY
             AS given (turn, speaker, body, n)",
    )
    .bind(talks)
    .bind(numbers)
    .bind(&speakers)
    .bind(bodies)
    .execute(&mut *transaction)
    .await?;
    sqlx::query("UPDATE fan_club.talks SET last_line = $2, line_bytes = $3 WHERE id = $1")
        .bind(talks)
        .bind(speakers.len() as i64)
        .bind(bytes)
        .execute(&mut *transaction)
        .await?;
    if speakers.len() as i64 <= KEPT_LINES && bytes <= KEPT_BYTES {
        return Ok(());
    }
    trim(transaction, talks).await
}

/// In which turn each line was said, from the last one back: a turn begins with what the fan says.
fn turn_numbers(lines: &[ChatTurn], turns: u64) -> Vec<i64> {
    let begins = |line: &&ChatTurn| matches!(line, ChatTurn::Fan(_));
    let mut left = lines.iter().skip(1).filter(begins).count() as u64;
    let mut numbers = Vec::with_capacity(lines.len());
    for (n, line) in lines.iter().enumerate() {
        if n > 0 && begins(&line) {
            left -= 1;
        }
        numbers.push(int(turns.saturating_sub(left)));
    }
    numbers
}

/// Lets the oldest lines go until an eighth of the room is free again, and begins with a message
/// of the fan. The last line always stays.
async fn trim(transaction: &mut PgConnection, talks: i64) -> Result<(), Failure> {
    // From the newest line back: how far the room goes. Then on to the fan's next message.
    sqlx::query(
        "DELETE FROM fan_club.line WHERE talks = $1 AND seq < (
             SELECT coalesce(
                 min(seq) FILTER (WHERE fits AND speaker = 0),
                 min(seq) FILTER (WHERE fits),
                 max(seq))
             FROM (SELECT seq, speaker,
                 sum(octet_length(body)) OVER newer <= $3 AND count(*) OVER newer <= $2 AS fits
                 FROM fan_club.line WHERE talks = $1
                 WINDOW newer AS (ORDER BY seq DESC)) AS kept)",
    )
    .bind(talks)
    .bind(KEPT_LINES / 8 * 7)
    .bind(KEPT_BYTES / 8 * 7)
    .execute(&mut *transaction)
    .await?;
    sqlx::query(
        "UPDATE fan_club.talks SET line_bytes =
             (SELECT coalesce(sum(octet_length(body)), 0) FROM fan_club.line WHERE talks = $1)
         WHERE id = $1",
    )
    .bind(talks)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Deletes the turns of a fan in which the fan said this.
pub(super) async fn drop_exchanges(
    transaction: &mut PgConnection,
    fan: i64,
    quote: &str,
) -> Result<(), Failure> {
    sqlx::query(
        "DELETE FROM fan_club.line WHERE (talks, turn) IN (
             SELECT line.talks, line.turn
             FROM fan_club.talks JOIN fan_club.line ON line.talks = talks.id
             WHERE talks.fan = $1 AND line.speaker = 0 AND position($2 in line.body) > 0)",
    )
    .bind(fan)
    .bind(quote.as_bytes())
    .execute(&mut *transaction)
    .await?;
    sqlx::query(
        "UPDATE fan_club.talks SET line_bytes =
             (SELECT coalesce(sum(octet_length(body)), 0) FROM fan_club.line
              WHERE line.talks = talks.id)
         WHERE fan = $1",
    )
    .bind(fan)
    .execute(transaction)
    .await?;
    Ok(())
}
