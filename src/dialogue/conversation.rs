//! What a character keeps of a conversation.

use bevy::prelude::*;

use crate::{mind::History, persona::Language};

/// What was said between the fan and this character so far.
///
/// Comes with every [`Persona`](crate::persona::Persona). A game may read it, save it and put a
/// saved one back; it changes when a reply ends.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// fn forget_everything(mut conversations: Query<&mut Conversation>) {
///     for mut conversation in &mut conversations {
///         conversation.history.turns.clear();
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Default, Component)]
pub struct Conversation {
    /// The turns, oldest first.
    pub history: History,
}

/// What a character is doing in the dialogue.
///
/// Comes with every [`Persona`](crate::persona::Persona); written by us, read by views.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Component)]
pub enum DialogueState {
    /// Nothing was asked.
    #[default]
    Idle,
    /// Something was asked; the model has not begun with it.
    Waiting,
    /// The model reads and she replies: from `ReplyStarted` to the end.
    Replying,
}

/// The language in which the fan talks with this character; English unless spawned otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Component)]
pub struct FanLanguage(pub Language);

/// Whom the fan looks at, or nobody: her replies are served before those of others.
///
/// Written by the game, which knows the camera; the chat panel writes it too.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// fn look_at_the_nearest(
///     camera: Single<&Transform, With<Camera>>,
///     idols: Query<(Entity, &Transform), With<Persona>>,
///     mut focus: ResMut<FanFocus>,
/// ) {
///     let distance = |place: &Transform| place.translation.distance(camera.translation);
///     let nearest = idols.iter().min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
///     focus.set_if_neq(FanFocus(nearest.map(|(entity, _)| entity)));
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Resource)]
pub struct FanFocus(pub Option<Entity>);
