//! Everything of a fan as JSON: what [`Store::export`](super::Store::export) gives, whatever the
//! store.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Saved, SavedStory, SavedTalks, StoreError};
use crate::{
    mind::{
        FanId, Unlocked,
        memory::{FactId, FanFact},
    },
    persona::PersonaId,
};

/// Names the format.
const FORMAT: &str = "bevy_persona fan";
const FORMAT_VERSION: u32 = 1;
/// The highest number that an import may bring; leaves room to count on.
const HIGHEST: u64 = 1 << 53;

#[derive(Serialize, Deserialize)]
struct Exported {
    format: String,
    version: u32,
    fan: FanId,
    #[serde(default)]
    unlocked: Unlocked,
    #[serde(default)]
    facts: Vec<FanFact>,
    #[serde(default)]
    last_fact: FactId,
    #[serde(default)]
    talks: BTreeMap<PersonaId, SavedTalks>,
    #[serde(default, skip_serializing_if = "SavedStory::is_empty")]
    story: SavedStory,
    /// What is missing here because it cannot be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unreadable: Vec<String>,
}

impl From<(FanId, Saved)> for Exported {
    fn from((fan, saved): (FanId, Saved)) -> Self {
        let Saved { unlocked, facts, last_fact, talks, story, unreadable } = saved;
        let (format, version) = (FORMAT.into(), FORMAT_VERSION);
        Self { format, version, fan, unlocked, facts, last_fact, talks, story, unreadable }
    }
}

impl Saved {
    /// All of it as JSON, to be read by people and by [`import`](Self::import).
    ///
    /// # Errors
    /// Never in practice.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::store::Saved;
    ///
    /// let mina = "mina".parse()?;
    /// let json = Saved::default().export(&mina)?;
    /// assert_eq!(json["fan"], "mina");
    /// assert_eq!(Saved::import(&json)?, (mina, Saved::default()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn export(self, fan: &FanId) -> Result<Value, StoreError> {
        let all = Exported::from((fan.clone(), self));
        // By way of text, so that 0.8 stays 0.8.
        serde_json::to_string(&all)
            .and_then(|text| serde_json::from_str(&text))
            .map_err(|error| StoreError::Import { problem: error.to_string() })
    }

    /// Reads what was exported: of whom, and what. Nothing in it is unreadable.
    ///
    /// # Errors
    /// If it was not exported by this crate.
    pub fn import(exported: &Value) -> Result<(FanId, Self), StoreError> {
        let refuse = |problem: String| StoreError::Import { problem };
        let all = Exported::deserialize(exported).map_err(|error| refuse(error.to_string()))?;
        if all.format != FORMAT {
            return Err(refuse(format!("its format is not `{FORMAT}`")));
        }
        if all.version != FORMAT_VERSION {
            let version = all.version;
            return Err(refuse(format!("its version is {version} instead of {FORMAT_VERSION}")));
        }
        let mut numbers = BTreeSet::new();
        for fact in &all.facts {
            if !(1..=HIGHEST).contains(&fact.id.0) || !numbers.insert(fact.id) {
                return Err(refuse(format!("a fact has the number {}, which is taken", fact.id.0)));
            }
        }
        let Exported { fan, unlocked, facts, last_fact, mut talks, story, .. } = all;
        talks.values_mut().for_each(|talks| talks.turns = talks.turns.min(HIGHEST));
        let last_fact = FactId(last_fact.0.min(HIGHEST));
        let unreadable = Vec::new();
        Ok((fan, Self { unlocked, facts, last_fact, talks, story, unreadable }))
    }
}
