//! What a store gives and takes: everything of a fan, and what one turn changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    mind::{
        Bond, ChatTurn, FanId, FanMemory, History, Unlocked,
        memory::{Episode, FactId, FanFact},
    },
    persona::PersonaId,
};

/// Everything that is kept of a fan. Empty for one who was never here.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Saved {
    /// The scenes this fan has finished.
    pub unlocked: Unlocked,
    /// What is known about the fan, by number.
    pub facts: Vec<FanFact>,
    /// The highest number that a fact of this fan ever had, forgotten ones included.
    pub last_fact: FactId,
    /// What the fan and each member had to do with each other.
    pub talks: BTreeMap<PersonaId, SavedTalks>,
    /// What written scenes left behind.
    pub story: SavedStory,
    /// What lies in the store and cannot be read: edited by hand, or written by a newer version.
    /// It stays where it is; everything else was loaded.
    pub unreadable: Vec<String>,
}

impl Saved {
    /// How many turns the fan had, with all members together.
    #[must_use]
    pub fn turns(&self) -> u64 {
        self.talks.values().map(|talks| talks.turns).sum()
    }

    /// What the characters know of the fan.
    #[must_use]
    pub fn memory(&self) -> FanMemory {
        FanMemory::restored(self.facts.clone(), self.episodes(), self.last_fact)
    }

    /// The episodes of all members, in the order in which they ended.
    #[must_use]
    pub fn episodes(&self) -> Vec<Episode> {
        let mut all: Vec<_> =
            self.talks.values().flat_map(|talks| talks.episodes.iter().cloned()).collect();
        all.sort_by_key(|episode| (episode.day, episode.last_turn));
        all
    }
}

/// What is kept of a fan and a member.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SavedTalks {
    /// How many turns were saved, by all processes together.
    pub turns: u64,
    /// What is between them; nothing until it was saved once.
    #[serde(default)]
    pub bond: Option<Bond>,
    /// What they said, the latest part.
    #[serde(default)]
    pub history: History,
    /// What they talked about before, oldest first.
    #[serde(default)]
    pub episodes: Vec<Episode>,
}

/// What written scenes left behind, in the words of whoever plays them: JSON that a store only keeps.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SavedStory {
    /// Variables and visits; nothing before the first scene.
    #[serde(default)]
    pub story: Value,
    /// The scene in the middle of which the game ended.
    #[serde(default)]
    pub scene: Option<Value>,
}

impl SavedStory {
    /// Whether nothing was left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What one turn adds and changes. It is written as a whole or not at all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TurnRecord {
    /// What was said, in order: the fan's message and what was shown of the reply.
    pub lines: Vec<ChatTurn>,
    /// Facts that were learned or changed, or all of them: only what differs is written. A fact
    /// that was forgotten in the store since it was loaded stays forgotten.
    pub facts: Vec<FanFact>,
    /// Facts that are to be forgotten.
    pub forgotten: Vec<FactId>,
    /// Episodes that are new or longer now; one takes the place of those that lie within it.
    pub episodes: Vec<Episode>,
    /// What is between them now, if that changed.
    pub bond: Option<Bond>,
}

impl TurnRecord {
    /// What a turn that was settled leaves to be kept.
    #[must_use]
    pub fn settled(
        lines: [ChatTurn; 2],
        memory: &FanMemory,
        forgotten: Vec<FactId>,
        bond: Option<Bond>,
    ) -> Self {
        let (lines, facts) = (lines.into(), memory.facts().to_vec());
        Self { lines, facts, forgotten, bond, ..Self::default() }
    }
}

/// A fan of whom something is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFan {
    /// Who.
    pub fan: FanId,
    /// How many turns the fan had, with all members together.
    pub turns: u64,
    /// How many facts are known.
    pub facts: u64,
}
