//! What was said: the latest part of each conversation, a row for each line.

use rusqlite::{Connection, Transaction, params};

use super::{
    columns::{KEPT_BYTES, KEPT_LINES, decode_line, encode_line, int},
    file::Failure,
};
use crate::mind::{ChatTurn, History};

/// Adds lines at the end of a conversation, and lets the oldest go where there are too many.
pub(super) fn add_lines(
    transaction: &Transaction<'_>,
    talks: i64,
    turn: u64,
    lines: &[ChatTurn],
) -> Result<(), Failure> {
    for line in lines {
        let (speaker, body) = encode_line(line)?;
        let seq: i64 = transaction
            .prepare_cached(
                "UPDATE talks SET last_line = last_line + 1, line_bytes = line_bytes + ?2
                 WHERE id = ?1 RETURNING last_line",
            )?
            .query_row(params![talks, int(body.len() as u64)], |row| row.get(0))?;
        transaction
            .prepare_cached(
                "INSERT INTO line (talks, seq, turn, speaker, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![talks, seq, int(turn), speaker, body])?;
    }
    trim(transaction, talks)
}

/// Lets the oldest lines go until an eighth of the room is free again, and begins with a message
/// of the fan. The last line always stays.
fn trim(transaction: &Transaction<'_>, talks: i64) -> Result<(), Failure> {
    let (kept, bytes): (i64, i64) = transaction
        .prepare_cached(
            "SELECT last_line - (SELECT coalesce(min(seq), last_line) FROM line WHERE talks = ?1),
                    line_bytes
             FROM talks WHERE id = ?1",
        )?
        .query_row([talks], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if kept < KEPT_LINES && bytes <= KEPT_BYTES {
        return Ok(());
    }
    // From the newest line back: how far the room goes. Then on to the fan's next message.
    transaction
        .prepare_cached(
            "DELETE FROM line WHERE talks = ?1 AND seq < (
                 SELECT coalesce(
                     min(seq) FILTER (WHERE fits AND speaker = 0),
                     min(seq) FILTER (WHERE fits),
                     max(seq))
                 FROM (SELECT seq, speaker,
                     sum(octet_length(body)) OVER newer <= ?3 AND count(*) OVER newer <= ?2 AS fits
                     FROM line WHERE talks = ?1 WINDOW newer AS (ORDER BY seq DESC)))",
        )?
        .execute(params![talks, KEPT_LINES / 8 * 7, KEPT_BYTES / 8 * 7])?;
    count_bytes(transaction, talks)
}

/// Counts the bytes of a conversation anew.
fn count_bytes(transaction: &Transaction<'_>, talks: i64) -> Result<(), Failure> {
    transaction
        .prepare_cached(
            "UPDATE talks SET line_bytes =
                 (SELECT coalesce(sum(octet_length(body)), 0) FROM line WHERE talks = ?1)
             WHERE id = ?1",
        )?
        .execute([talks])?;
    Ok(())
}

/// Adds all lines that are kept of a conversation to a history.
pub(super) fn read_lines(
    connection: &Connection,
    row: i64,
    history: &mut History,
    what: &dyn Fn(&str) -> String,
    unreadable: &mut Vec<String>,
) -> Result<(), Failure> {
    let mut statement = connection
        .prepare_cached("SELECT seq, speaker, body FROM line WHERE talks = ?1 ORDER BY seq")?;
    let mut rows = statement.query([row])?;
    while let Some(row) = rows.next()? {
        let (seq, speaker, body): (i64, u8, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let what = || what(&format!("line {seq}"));
        decode_line(history, speaker.into(), body, what, unreadable);
    }
    Ok(())
}

/// Deletes the turns of a fan in which the fan said this.
pub(super) fn drop_exchanges(
    transaction: &Transaction<'_>,
    fan: i64,
    quote: &str,
) -> Result<(), Failure> {
    transaction.execute(
        "DELETE FROM line WHERE (talks, turn) IN (
             SELECT talks.id, line.turn FROM talks JOIN line ON line.talks = talks.id
             WHERE talks.fan = ?1 AND line.speaker = 0 AND instr(line.body, ?2) > 0)",
        params![fan, quote],
    )?;
    let mut talks = transaction.prepare("SELECT id FROM talks WHERE fan = ?1")?;
    for talks in talks.query_map([fan], |row| row.get(0))? {
        count_bytes(transaction, talks?)?;
    }
    Ok(())
}
