//! How voices are heard.

use std::time::Duration;

use bevy::prelude::*;

/// How voices are heard, in the whole game.
#[derive(Debug, Clone, Copy, PartialEq, Resource)]
pub struct VoiceSettings {
    /// How loud all voices are. 0..1.
    pub volume: f32,
    /// How long a clause that is next may take to come from the voice model. After that she babbles, in
    /// her own pitch, until the reply is over.
    pub deadline: Duration,
    /// What happens if several characters have something to say.
    pub turns: TurnTaking,
    /// How many metres of a scene are one metre to the ear; a small number carries voices further.
    pub spatial_scale: f32,
}

impl Default for VoiceSettings {
    fn default() -> Self {
        Self {
            volume: 1.0,
            deadline: Duration::from_millis(1500),
            turns: TurnTaking::Queue,
            spatial_scale: 0.35,
        }
    }
}

/// What happens if several characters have something to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TurnTaking {
    /// One after another, in the order in which they were ready; nobody waits longer than twelve seconds.
    #[default]
    Queue,
    /// All at once.
    Overlap,
}

/// How loud one character's voice is. 0..1; 1 if she has none.
#[derive(Debug, Clone, Copy, PartialEq, Component)]
pub struct VoiceVolume(pub f32);

/// Where voices come from at the moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Resource)]
pub enum VoiceStatus {
    /// The voice model is loaded, or fetched; meanwhile characters babble.
    #[default]
    Loading,
    /// The voice model speaks.
    Ready,
    /// There is no voice model, for this reason; characters babble.
    Babble(String),
}
