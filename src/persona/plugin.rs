//! Gives entities a persona.

use bevy::prelude::*;

use super::{PersonaAsset, PersonaLoader, PersonaReloaded, reload};
use crate::{PersonaSystems, faults, systems};

/// Makes an entity somebody: the character of a persona file.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// fn enter(mut commands: Commands, assets: Res<AssetServer>) {
///     commands.spawn(Persona(assets.load("personas://siwoo.persona.ron")));
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Component)]
pub struct Persona(pub Handle<PersonaAsset>);

/// Loads persona files, and takes edits of them while the game runs.
///
/// Installs the asset [`PersonaAsset`] with its loader and the message [`PersonaReloaded`], which
/// is written in [`PersonaSystems::Receive`]. With the feature `hot_reload` files are watched. What is
/// wrong with one stands in [`ContentFaults`](crate::ContentFaults).
#[derive(Debug, Clone, Copy, Default)]
pub struct PersonaAssetsPlugin;

impl Plugin for PersonaAssetsPlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        faults::watch::<PersonaAsset>(app);
        app.init_asset::<PersonaAsset>()
            .init_asset_loader::<PersonaLoader>()
            .init_resource::<reload::LastGood>()
            .add_message::<PersonaReloaded>()
            .add_systems(
                PreUpdate,
                (reload::tell_changes, reload::tell_failures)
                    .chain()
                    .in_set(PersonaSystems::Receive),
            );
    }
}
