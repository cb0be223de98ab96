//! What fans may do with what is known of them: correct, forget, take out, put back.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::Value;
use tracing::warn;

use super::{
    Saved, SavedTalks, Store, StoreError,
    columns::int,
    facts::{add_fact, forget_fact, update_fact},
    file::Failure,
    lines::add_lines,
    write::{fan_row, put_bond, put_episodes, put_scene, put_story, talks_row},
};
use crate::mind::{
    ChatTurn, FanId,
    memory::{FactId, FanFact},
};

impl Store {
    /// Puts a corrected fact in the place of the one with its number.
    ///
    /// # Errors
    /// If there is no such fact, or it cannot be written.
    pub fn correct(&mut self, fan: &FanId, fact: &FanFact) -> Result<(), StoreError> {
        let id = self.kept_as(fan, fact.id);
        let known = self.change(|transaction| match find_fan(transaction, fan)? {
            Some(row) => update_fact(transaction, row, &FanFact { id, ..fact.clone() }),
            None => Ok(false),
        })?;
        known.then_some(()).ok_or_else(|| unknown(fan, fact.id))
    }

    /// Forgets a fact, and takes the exchanges in which it was told out of the conversations. Its
    /// bytes are overwritten.
    ///
    /// # Errors
    /// If there is no such fact, or it cannot be written.
    pub fn forget(&mut self, fan: &FanId, fact: FactId) -> Result<(), StoreError> {
        let id = self.kept_as(fan, fact);
        let known = self.change(|transaction| match find_fan(transaction, fan)? {
            Some(row) => forget_fact(transaction, row, id),
            None => Ok(false),
        })?;
        if !known {
            return Err(unknown(fan, fact));
        }
        self.clear_traces();
        Ok(())
    }

    /// Forgets everything of a fan; gives whether there was anything. Its bytes are overwritten.
    ///
    /// A game that goes on with this fan begins anew: what it still holds in memory would be
    /// learned again with the next turn.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn forget_fan(&mut self, fan: &FanId) -> Result<bool, StoreError> {
        let known = self.change(|transaction| drop_fan(transaction, fan))?;
        self.numbers.remove(fan);
        self.clear_traces();
        Ok(known)
    }

    /// Everything of a fan as JSON, to be read by people and by [`import`](Self::import).
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn export(&self, fan: &FanId) -> Result<Value, StoreError> {
        self.read(fan)?.export(fan)
    }

    /// Puts back what was exported, in the place of what is kept of that fan; gives who it is.
    ///
    /// # Errors
    /// If it was not exported here or cannot be written; then nothing was changed.
    pub fn import(&mut self, exported: &Value) -> Result<FanId, StoreError> {
        let (fan, saved) = Saved::import(exported)?;
        self.change(|transaction| {
            drop_fan(transaction, &fan)?;
            put_all(transaction, &fan, &saved)
        })?;
        self.numbers.remove(&fan);
        Ok(fan)
    }

    fn kept_as(&self, fan: &FanId, fact: FactId) -> FactId {
        self.numbers.get(fan).map_or(fact, |numbers| numbers.kept_as(fact))
    }

    /// Leaves nothing in the file and its log of what was forgotten. The forgetting itself is done
    /// by then; where another process is in the way, its next changes clear the log.
    pub(super) fn clear_traces(&self) {
        for clear in ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] {
            if let Err(error) = self.connection.execute_batch(clear) {
                let path = self.path.display();
                warn!("traces of what was forgotten may be left in {path}: {error}");
            }
        }
    }
}

fn unknown(fan: &FanId, fact: FactId) -> StoreError {
    StoreError::UnknownFact { fan: fan.clone(), fact }
}

/// The row of a fan, if there is one.
fn find_fan(connection: &Connection, fan: &FanId) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM fan WHERE name = ?1")?
        .query_row([fan.as_str()], |row| row.get(0))
        .optional()
}

fn drop_fan(transaction: &Transaction<'_>, fan: &FanId) -> Result<bool, Failure> {
    let gone = transaction.execute("DELETE FROM fan WHERE name = ?1", [fan.as_str()])?;
    Ok(gone > 0)
}

/// Writes everything of a fan of whom nothing is kept.
fn put_all(transaction: &Transaction<'_>, fan: &FanId, all: &Saved) -> Result<(), Failure> {
    let row = fan_row(transaction, fan)?;
    for scene in &all.unlocked {
        put_scene(transaction, row, scene)?;
    }
    for fact in &all.facts {
        add_fact(transaction, row, fact)?;
    }
    transaction.execute(
        "UPDATE fan SET last_fact = max(last_fact, ?2) WHERE id = ?1",
        params![row, int(all.last_fact.0)],
    )?;
    if !all.story.is_empty() {
        put_story(transaction, row, &all.story)?;
    }
    for (member, talks) in &all.talks {
        let talks_row = talks_row(transaction, row, member)?;
        put_talks(transaction, talks_row, talks)?;
        put_episodes(transaction, row, &talks.episodes)?;
    }
    Ok(())
}

fn put_talks(transaction: &Transaction<'_>, row: i64, talks: &SavedTalks) -> Result<(), Failure> {
    transaction
        .execute("UPDATE talks SET turns = ?2 WHERE id = ?1", params![row, int(talks.turns)])?;
    if let Some(bond) = &talks.bond {
        put_bond(transaction, row, bond)?;
    }
    let lines = &talks.history.turns;
    let turns: Vec<&[ChatTurn]> =
        lines.chunk_by(|_, next| !matches!(next, ChatTurn::Fan(_))).collect();
    for (turn, left) in turns.iter().zip((0..turns.len() as u64).rev()) {
        add_lines(transaction, row, talks.turns.saturating_sub(left), turn)?;
    }
    Ok(())
}
