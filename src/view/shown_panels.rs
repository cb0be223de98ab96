//! Which panels are drawn.

use bevy::prelude::*;

/// Which of the panels are drawn. The game, keys and the panels' own buttons write it.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// fn photo_mode(mut shown: ResMut<ShownPanels>) {
///     *shown = ShownPanels { chat: false, ..ShownPanels::default() };
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Resource)]
pub struct ShownPanels {
    /// The chat.
    pub chat: bool,
    /// What she remembers of the fan.
    pub memory: bool,
    /// How she comes to her replies.
    pub inspector: bool,
}

impl Default for ShownPanels {
    /// The chat alone.
    fn default() -> Self {
        Self { chat: true, memory: false, inspector: false }
    }
}
