//! The fan, as characters know them, in and out of a store.

use bevy_persona::{
    mind::{Bond, FanMemory, History, Unlocked},
    persona::PersonaId,
    store::Saved,
};

/// What all characters may know of a fan.
#[derive(Debug, Clone, Default)]
pub struct FanState {
    /// What the fan told.
    pub memory: FanMemory,
    /// The scenes the fan has finished.
    pub unlocked: Unlocked,
}

/// What is between a fan and one character.
#[derive(Debug, Clone, Default)]
pub struct Acquaintance {
    /// What was said.
    pub history: History,
    /// How they get along.
    pub bond: Bond,
}

impl FanState {
    /// What a store knows of a fan.
    pub fn saved(saved: &Saved) -> Self {
        Self { memory: saved.memory(), unlocked: saved.unlocked.clone() }
    }
}

impl Acquaintance {
    /// What a store knows of a fan and a character.
    pub fn saved(saved: &Saved, member: &PersonaId) -> Self {
        let Some(kept) = saved.talks.get(member) else { return Self::default() };
        Self { history: kept.history.clone(), bond: kept.bond.clone().unwrap_or_default() }
    }
}
