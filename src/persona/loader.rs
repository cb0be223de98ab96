//! Makes assets of persona files.

use bevy::{
    asset::{AssetLoader, LoadContext, io::Reader},
    prelude::*,
};

use super::{AssetFileError, PersonaSheet};
use crate::asset_file;

/// A persona file, loaded.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// fn names(idols: Query<&Persona>, sheets: Res<Assets<PersonaAsset>>) {
///     for persona in &idols {
///         if let Some(asset) = sheets.get(&persona.0) {
///             info!("{} is here", asset.sheet.name);
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Asset, TypePath)]
pub struct PersonaAsset {
    /// What the file says.
    pub sheet: PersonaSheet,
}

/// Loads `*.persona.ron`.
#[derive(Debug, Clone, Copy, Default, TypePath)]
pub struct PersonaLoader;

impl AssetLoader for PersonaLoader {
    type Asset = PersonaAsset;
    type Settings = ();
    type Error = AssetFileError;

    async fn load(
        &self,
        reader: &mut dyn Reader,
        _settings: &(),
        context: &mut LoadContext<'_>,
    ) -> Result<PersonaAsset, AssetFileError> {
        let (file, bytes) = asset_file::read(reader, context).await?;
        Ok(PersonaAsset { sheet: PersonaSheet::from_bytes(&file, &bytes)? })
    }

    fn extensions(&self) -> &[&str] {
        &["persona.ron"]
    }
}
