//! Who the fan is, and what is between the fan and each character.

use bevy::prelude::*;

use crate::mind::{Bond, FanId, FanMemory, Unlocked};

/// The fan who plays, and what all characters may know of them.
///
/// A game may read and change it: list and delete what is remembered, unlock a scene.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// fn the_tower_scene_is_over(mut fan: ResMut<Fan>) {
///     fan.unlocked.insert("echo_tower".into());
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Default, Resource)]
pub struct Fan {
    /// Who it is, in a store.
    pub id: FanId,
    /// What the characters know of the fan.
    pub memory: FanMemory,
    /// The scenes that the fan has finished.
    pub unlocked: Unlocked,
}

/// What is between a character and the fan: closeness, trust, mood.
///
/// Comes with every [`Persona`](crate::persona::Persona); changes when a reply ends. A game may read
/// it and change it.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// fn hearts(idols: Query<&Rapport>) {
///     for Rapport(bond) in &idols {
///         info!("{} of 100", bond.relationship.affinity());
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Default, Component)]
pub struct Rapport(pub Bond);

/// What happens around the characters, a sentence each; the model reads it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Resource)]
pub struct SceneNotes(pub Vec<String>);
