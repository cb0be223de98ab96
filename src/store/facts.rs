//! What is known about a fan, a row for each fact.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{
    Saved,
    columns::{decode, encode, int},
    file::{Failure, Numbers},
    lines::drop_exchanges,
    rows::number,
};
use crate::mind::{
    FanId,
    memory::{FactId, FanFact},
};

impl Numbers {
    /// Under which number the file has a fact.
    pub(super) fn kept_as(&self, fact: FactId) -> FactId {
        self.0.get(&fact).copied().unwrap_or(fact)
    }
}

/// Writes a fact, under a number of its own.
///
/// A number that this store never saw is new. If the file gave it out before, another process was
/// faster, and the fact gets the next free one. If the file lacks one that this store saw, the fact
/// was forgotten meanwhile and is not brought back.
pub(super) fn put_fact(
    transaction: &Transaction<'_>,
    fan: i64,
    fact: &FanFact,
    numbers: &mut Numbers,
) -> Result<(), Failure> {
    let mut fact = fact.clone();
    let given = fact.id;
    if let Some(&kept) = numbers.0.get(&given) {
        fact.id = kept;
        update_fact(transaction, fan, &fact)?;
        return Ok(());
    }
    let last: i64 = transaction
        .prepare_cached("SELECT last_fact FROM fan WHERE id = ?1")?
        .query_row([fan], |row| row.get(0))?;
    if int(given.0) <= last {
        fact.id = FactId(last.unsigned_abs() + 1);
    }
    if given != FactId::default() {
        numbers.0.insert(given, fact.id);
    }
    add_fact(transaction, fan, &fact)
}

/// Writes a fact that the file has; gives whether it has it.
pub(super) fn update_fact(
    transaction: &Transaction<'_>,
    fan: i64,
    fact: &FanFact,
) -> Result<bool, Failure> {
    let (id, body) = (int(fact.id.0), encode(fact)?);
    let kept: Option<String> = transaction
        .prepare_cached("SELECT body FROM fact WHERE fan = ?1 AND id = ?2")?
        .query_row(params![fan, id], |row| row.get(0))
        .optional()?;
    if kept.as_ref().is_some_and(|kept| *kept != body) {
        transaction
            .prepare_cached("UPDATE fact SET body = ?3 WHERE fan = ?1 AND id = ?2")?
            .execute(params![fan, id, body])?;
    }
    Ok(kept.is_some())
}

/// Writes a fact that the file does not have.
pub(super) fn add_fact(
    transaction: &Transaction<'_>,
    fan: i64,
    fact: &FanFact,
) -> Result<(), Failure> {
    let id = int(fact.id.0);
    transaction
        .prepare_cached("INSERT INTO fact (fan, id, body) VALUES (?1, ?2, ?3)")?
        .execute(params![fan, id, encode(fact)?])?;
    transaction
        .prepare_cached("UPDATE fan SET last_fact = max(last_fact, ?2) WHERE id = ?1")?
        .execute(params![fan, id])?;
    Ok(())
}

/// The shortest quote by which an exchange is recognised, in bytes.
const TELLING: usize = 4;

/// Deletes a fact, and the exchanges in which it was told; gives whether there was one.
pub(super) fn forget_fact(
    transaction: &Transaction<'_>,
    fan: i64,
    fact: FactId,
) -> Result<bool, Failure> {
    let body: Option<String> = transaction
        .query_row(
            "SELECT body FROM fact WHERE fan = ?1 AND id = ?2",
            params![fan, int(fact.0)],
            |row| row.get(0),
        )
        .optional()?;
    let Some(body) = body else { return Ok(false) };
    // One that cannot be read says not where it was told, and goes all the same.
    let quote = serde_json::from_str(&body).map(|fact: FanFact| fact.source.quote);
    if let Some(quote) = quote.ok().filter(|quote| quote.len() >= TELLING) {
        drop_exchanges(transaction, fan, &quote)?;
    }
    transaction
        .prepare_cached("DELETE FROM fact WHERE fan = ?1 AND id = ?2")?
        .execute(params![fan, int(fact.0)])?;
    Ok(true)
}

/// All facts about a fan that can be read.
pub(super) fn read_facts(
    connection: &Connection,
    row: i64,
    fan: &FanId,
    saved: &mut Saved,
) -> Result<(), Failure> {
    let mut statement =
        connection.prepare_cached("SELECT id, body FROM fact WHERE fan = ?1 ORDER BY id")?;
    let mut rows = statement.query([row])?;
    while let Some(row) = rows.next()? {
        let (id, body): (u64, String) = (number(row, 0)?, row.get(1)?);
        let what = || format!("fact {id} of {fan}");
        if let Some(fact) = decode::<FanFact>(&body, what, &mut saved.unreadable) {
            saved.facts.push(FanFact { id: FactId(id), ..fact });
        }
    }
    Ok(())
}
