//! Everything of a fan, read as of one moment.

use rusqlite::{Connection, OptionalExtension};

use super::{
    KnownFan, Saved, SavedStory, SavedTalks, Store, StoreError,
    columns::decode,
    facts::read_facts,
    file::{Failure, Numbers},
    lines::read_lines,
    rows::number,
};
use crate::{
    mind::{
        FanId,
        memory::{FactId, FanFact},
    },
    persona::PersonaId,
};

impl Store {
    /// Everything that is kept of a fan; empty for one who was never here.
    ///
    /// What cannot be read is left out and listed in [`Saved::unreadable`].
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn load(&mut self, fan: &FanId) -> Result<Saved, StoreError> {
        let saved = self.read(fan)?;
        let same = saved.facts.iter().map(|fact| (fact.id, fact.id)).collect();
        self.numbers.insert(fan.clone(), Numbers(same));
        Ok(saved)
    }

    /// What is known about a fan, by number.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn facts(&self, fan: &FanId) -> Result<Vec<FanFact>, StoreError> {
        Ok(self.read(fan)?.facts)
    }

    /// Of whom something is kept, by name.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn fans(&self) -> Result<Vec<KnownFan>, StoreError> {
        let rows = || -> rusqlite::Result<Vec<(String, u64, u64)>> {
            self.connection
                .prepare_cached(
                    "SELECT name,
                         (SELECT coalesce(sum(turns), 0) FROM talks WHERE talks.fan = fan.id),
                         (SELECT count(*) FROM fact WHERE fact.fan = fan.id)
                     FROM fan ORDER BY name",
                )?
                .query_map((), |row| Ok((row.get(0)?, number(row, 1)?, number(row, 2)?)))?
                .collect()
        };
        let known = |(name, turns, facts): (String, u64, u64)| {
            Some(KnownFan { fan: name.parse().ok()?, turns, facts })
        };
        Ok(rows().map_err(self.error())?.into_iter().filter_map(known).collect())
    }

    pub(super) fn read(&self, fan: &FanId) -> Result<Saved, StoreError> {
        // One transaction, so that nothing changes between the tables.
        let transaction = self.connection.unchecked_transaction().map_err(self.error())?;
        read_fan(&transaction, fan).map_err(|failure| failure.at(&self.path))
    }
}

fn read_fan(connection: &Connection, fan: &FanId) -> Result<Saved, Failure> {
    let found: Option<(i64, u64)> = connection
        .prepare_cached("SELECT id, last_fact FROM fan WHERE name = ?1")?
        .query_row([fan.as_str()], |row| Ok((row.get(0)?, number(row, 1)?)))
        .optional()?;
    let Some((row, last_fact)) = found else { return Ok(Saved::default()) };
    let mut saved = Saved { last_fact: FactId(last_fact), ..Saved::default() };
    saved.unlocked = connection
        .prepare_cached("SELECT name FROM scene WHERE fan = ?1")?
        .query_map([row], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    read_facts(connection, row, fan, &mut saved)?;
    read_story(connection, row, fan, &mut saved)?;
    read_talks(connection, row, fan, &mut saved)?;
    Ok(saved)
}

fn read_story(
    connection: &Connection,
    row: i64,
    fan: &FanId,
    saved: &mut Saved,
) -> Result<(), Failure> {
    let found: Option<(String, Option<String>)> = connection
        .prepare_cached("SELECT body, scene FROM story WHERE fan = ?1")?
        .query_row([row], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((story, scene)) = found else { return Ok(()) };
    let (unreadable, what) = (&mut saved.unreadable, |what: &str| format!("{what} of {fan}"));
    let story = decode(&story, || what("the story"), unreadable).unwrap_or_default();
    let scene = scene.and_then(|json| decode(&json, || what("the open scene"), unreadable));
    saved.story = SavedStory { story, scene };
    Ok(())
}

/// A row of `talks`: id, member, turns, bond.
type TalksRow = (i64, String, u64, Option<String>);

fn read_talks(
    connection: &Connection,
    row: i64,
    fan: &FanId,
    saved: &mut Saved,
) -> Result<(), Failure> {
    let rows: Vec<TalksRow> = connection
        .prepare_cached("SELECT id, member, turns, bond FROM talks WHERE fan = ?1")?
        .query_map([row], |row| Ok((row.get(0)?, row.get(1)?, number(row, 2)?, row.get(3)?)))?
        .collect::<rusqlite::Result<_>>()?;
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
        let mut talks = SavedTalks { turns, ..SavedTalks::default() };
        talks.bond = bond.and_then(|json| decode(&json, || what("the bond"), unreadable));
        read_lines(connection, row, &mut talks.history, &what, unreadable)?;
        read_episodes(connection, row, &mut talks, &what, unreadable)?;
        saved.talks.insert(member, talks);
    }
    Ok(())
}

fn read_episodes(
    connection: &Connection,
    row: i64,
    talks: &mut SavedTalks,
    what: &dyn Fn(&str) -> String,
    unreadable: &mut Vec<String>,
) -> Result<(), Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT first_turn, body FROM episode WHERE talks = ?1 ORDER BY first_turn",
    )?;
    let mut rows = statement.query([row])?;
    while let Some(row) = rows.next()? {
        let (turn, body): (i64, String) = (row.get(0)?, row.get(1)?);
        let what = || what(&format!("the episode from turn {turn} on"));
        talks.episodes.extend(decode(&body, what, unreadable));
    }
    Ok(())
}
