//! Memory as JSON, to hand out and to take back.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    FanMemory,
    facts::{Episode, FactId, FanFact, MAX_QUOTE, MAX_SUMMARY, MAX_VALUE, clipped},
};

/// The version of the form.
const VERSION: u32 = 1;

/// The longest text that is read, in bytes.
const MAX_TEXT: usize = 8 << 20;

/// Why a text is no memory.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MemoryJsonError {
    /// It is no JSON of this form.
    #[error("this is no exported memory: {0}; use a file that `persona memory export` wrote")]
    Form(#[from] serde_json::Error),
    /// A newer version wrote it.
    #[error("this memory has version {found}, and {VERSION} is the newest known; update the game")]
    Version {
        /// Its version.
        found: u32,
    },
    /// It is too long to be one.
    #[error("this memory has {found} bytes, and {MAX_TEXT} is the most that is read")]
    TooLong {
        /// Its length in bytes.
        found: usize,
    },
}

#[derive(Serialize)]
struct Export<'a> {
    version: u32,
    last_fact: FactId,
    facts: &'a [FanFact],
    episodes: &'a [Episode],
}

#[derive(Deserialize)]
struct Import {
    version: u32,
    #[serde(default)]
    last_fact: FactId,
    #[serde(default)]
    facts: Vec<FanFact>,
    #[serde(default)]
    episodes: Vec<Episode>,
}

impl FanMemory {
    /// Everything that is known, as JSON that a person can read.
    ///
    /// # Errors
    /// Never for a memory that was learned or read; only if there is no room left.
    pub fn to_json(&self) -> Result<String, MemoryJsonError> {
        let export = Export {
            version: VERSION,
            last_fact: self.last_fact,
            facts: &self.facts,
            episodes: &self.episodes,
        };
        Ok(serde_json::to_string_pretty(&export)?)
    }

    /// Reads what [`to_json`](Self::to_json) wrote. Texts that are too long are cut, numbers that
    /// were given twice are given anew.
    ///
    /// # Errors
    /// If it is no JSON of this form, too long, or from a newer version.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::mind::memory::FanMemory;
    ///
    /// let memory = FanMemory::default();
    /// assert_eq!(FanMemory::from_json(&memory.to_json()?)?, memory);
    /// assert!(FanMemory::from_json("{}").is_err());
    /// # Ok::<(), bevy_persona::mind::memory::MemoryJsonError>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, MemoryJsonError> {
        if text.len() > MAX_TEXT {
            return Err(MemoryJsonError::TooLong { found: text.len() });
        }
        let import: Import = serde_json::from_str(text)?;
        if import.version != VERSION {
            return Err(MemoryJsonError::Version { found: import.version });
        }
        Ok(Self::restored(import.facts, import.episodes, import.last_fact))
    }

    /// Puts a memory together again from what was kept. `last_fact` is the highest number that was
    /// ever given, so that no number is used twice.
    #[must_use]
    pub fn restored(facts: Vec<FanFact>, episodes: Vec<Episode>, last_fact: FactId) -> Self {
        // The highest numbers are no numbers that were counted up to.
        let counted = |id: FactId| if id.0 < u64::MAX / 2 { id } else { FactId::default() };
        let highest = facts.iter().map(|fact| counted(fact.id)).max().unwrap_or_default();
        let mut memory = Self {
            facts: Vec::with_capacity(facts.len()),
            episodes: Vec::new(),
            last_fact: highest.max(counted(last_fact)),
        };
        let mut seen = BTreeSet::new();
        for mut fact in facts {
            if counted(fact.id) == FactId::default() || !seen.insert(fact.id) {
                fact.id = memory.next_id();
            }
            fact.value = clipped(&fact.value, MAX_VALUE);
            fact.source.quote = clipped(&fact.source.quote, MAX_QUOTE);
            let confidence = if fact.confidence.is_finite() { fact.confidence } else { 0.0 };
            fact.confidence = confidence.clamp(0.0, 1.0);
            memory.facts.push(fact);
        }
        for mut episode in episodes {
            episode.summary = clipped(&episode.summary, MAX_SUMMARY);
            memory.episodes.push(episode);
        }
        memory
    }
}
