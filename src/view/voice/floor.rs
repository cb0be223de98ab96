//! Whose turn it is to speak.

use bevy::prelude::*;

use super::TurnTaking;

/// Who speaks, and whether anybody hears it.
#[derive(Debug, Default, Resource)]
pub(super) struct Floor {
    pub(super) holder: Option<Entity>,
    /// Nobody plays sounds on this machine.
    pub(super) is_silent: bool,
}

impl Floor {
    /// Seconds after which nobody waits any longer.
    const PATIENCE: f32 = 12.0;

    /// Whether somebody may begin who has waited for so many seconds; `next` has waited for the longest.
    pub(super) fn is_for(
        &self,
        entity: Entity,
        next: Option<Entity>,
        turns: TurnTaking,
        waited: f32,
    ) -> bool {
        let is_next = next.is_none_or(|next| next == entity);
        match self.holder {
            _ if turns == TurnTaking::Overlap => true,
            Some(holder) => holder == entity || is_next && waited > Self::PATIENCE,
            None => is_next,
        }
    }
}
