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

    /// Whether somebody may begin who has waited for so many seconds.
    pub(super) fn is_for(&self, entity: Entity, turns: TurnTaking, waited: f32) -> bool {
        let is_taken = self.holder.is_some_and(|holder| holder != entity);
        !is_taken || turns == TurnTaking::Overlap || waited > Self::PATIENCE
    }
}
