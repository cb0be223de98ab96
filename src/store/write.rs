//! What a turn changes, written as a whole.

use rusqlite::{Transaction, params};

use super::{
    SavedStory, Store, StoreError, TurnRecord,
    columns::{encode, int},
    facts::{forget_fact, put_fact},
    file::Failure,
    lines::add_lines,
};
use crate::{
    mind::{Bond, FanId, memory::Episode},
    persona::PersonaId,
};

impl Store {
    /// Keeps what one turn added and changed, as a whole or not at all; gives the number of the
    /// turn, from 1, of this fan with this member.
    ///
    /// Of a conversation the latest 1024 lines are kept, and at most 192 KiB; what was before is
    /// the matter of episodes.
    ///
    /// # Errors
    /// If it cannot be written; then nothing of it was, and the call can be repeated.
    pub fn save_turn(
        &mut self,
        fan: &FanId,
        member: &PersonaId,
        record: &TurnRecord,
    ) -> Result<u64, StoreError> {
        // Taken over when the change is made: what failed is repeated as it was.
        let mut numbers = self.numbers.get(fan).cloned().unwrap_or_default();
        let turn = self.change(|transaction| {
            let fan = fan_row(transaction, fan)?;
            let talks = talks_row(transaction, fan, member)?;
            let turn = begin_turn(transaction, talks)?;
            add_lines(transaction, talks, turn, &record.lines)?;
            for fact in &record.facts {
                put_fact(transaction, fan, fact, &mut numbers)?;
            }
            for fact in &record.forgotten {
                forget_fact(transaction, fan, numbers.kept_as(*fact))?;
            }
            put_episodes(transaction, fan, &record.episodes)?;
            if let Some(bond) = &record.bond {
                put_bond(transaction, talks, bond)?;
            }
            Ok(turn)
        })?;
        self.numbers.insert(fan.clone(), numbers);
        if !record.forgotten.is_empty() {
            self.clear_traces();
        }
        Ok(turn)
    }

    /// Marks a scene as finished; gives whether it was not before.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn unlock(&mut self, fan: &FanId, scene: &str) -> Result<bool, StoreError> {
        self.change(|transaction| {
            let fan = fan_row(transaction, fan)?;
            put_scene(transaction, fan, scene)
        })
    }
}

impl Store {
    /// Keeps what written scenes left behind, in the place of what was kept before.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save_story(&mut self, fan: &FanId, story: &SavedStory) -> Result<(), StoreError> {
        self.change(|transaction| {
            let fan = fan_row(transaction, fan)?;
            put_story(transaction, fan, story)
        })
    }
}

pub(super) fn put_story(
    transaction: &Transaction<'_>,
    fan: i64,
    SavedStory { story, scene }: &SavedStory,
) -> Result<(), Failure> {
    let scene = scene.as_ref().map(encode).transpose()?;
    transaction
        .prepare_cached("INSERT OR REPLACE INTO story (fan, body, scene) VALUES (?1, ?2, ?3)")?
        .execute(params![fan, encode(story)?, scene])?;
    Ok(())
}

/// The row of a fan; a new one gets a row.
pub(super) fn fan_row(transaction: &Transaction<'_>, fan: &FanId) -> Result<i64, Failure> {
    transaction
        .prepare_cached("INSERT INTO fan (name) VALUES (?1) ON CONFLICT DO NOTHING")?
        .execute([fan.as_str()])?;
    Ok(transaction
        .prepare_cached("SELECT id FROM fan WHERE name = ?1")?
        .query_row([fan.as_str()], |row| row.get(0))?)
}

/// The row of a fan and a member; a new pair gets a row.
pub(super) fn talks_row(
    transaction: &Transaction<'_>,
    fan: i64,
    member: &PersonaId,
) -> Result<i64, Failure> {
    let key = params![fan, member.as_str()];
    transaction
        .prepare_cached("INSERT INTO talks (fan, member) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(key)?;
    Ok(transaction
        .prepare_cached("SELECT id FROM talks WHERE fan = ?1 AND member = ?2")?
        .query_row(key, |row| row.get(0))?)
}

pub(super) fn put_scene(
    transaction: &Transaction<'_>,
    fan: i64,
    scene: &str,
) -> Result<bool, Failure> {
    let added = transaction
        .prepare_cached("INSERT INTO scene (fan, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![fan, scene])?;
    Ok(added > 0)
}

fn begin_turn(transaction: &Transaction<'_>, talks: i64) -> Result<u64, Failure> {
    Ok(transaction
        .prepare_cached("UPDATE talks SET turns = turns + 1 WHERE id = ?1 RETURNING turns")?
        .query_row([talks], |row| row.get::<_, i64>(0))?
        .unsigned_abs())
}

/// Writes episodes; one takes the place of those that lie within it.
pub(super) fn put_episodes(
    transaction: &Transaction<'_>,
    fan: i64,
    episodes: &[Episode],
) -> Result<(), Failure> {
    for episode in episodes {
        let talks = talks_row(transaction, fan, &episode.member)?;
        let (first, last) = (int(episode.first_turn), int(episode.last_turn));
        transaction
            .prepare_cached(
                "DELETE FROM episode WHERE talks = ?1 AND first_turn >= ?2 AND last_turn <= ?3",
            )?
            .execute(params![talks, first, last])?;
        transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO episode (talks, first_turn, last_turn, body)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![talks, first, last, encode(episode)?])?;
    }
    Ok(())
}

pub(super) fn put_bond(
    transaction: &Transaction<'_>,
    talks: i64,
    bond: &Bond,
) -> Result<(), Failure> {
    transaction
        .prepare_cached("UPDATE talks SET bond = ?2 WHERE id = ?1")?
        .execute(params![talks, encode(bond)?])?;
    Ok(())
}
