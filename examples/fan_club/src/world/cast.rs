//! Who the idols are.

use std::{collections::BTreeMap, path::Path};

use bevy::prelude::*;
use bevy_persona::persona::{AssetFileError, Language, PersonaAsset, PersonaId, PersonaSheet};
use thiserror::Error;

/// The sheets of the idols, in the order in which they are shown.
#[derive(Debug, Clone)]
pub struct Cast(Vec<PersonaSheet>);

/// Why there is no cast.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CastError {
    /// The folder or a file cannot be read.
    #[error("{path}: cannot be read: {error}; `--personas DIR` names another folder")]
    Io {
        /// Which.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file is broken.
    #[error(transparent)]
    File(#[from] AssetFileError),
    /// There is nobody.
    #[error("{path}: holds no `*.persona.ron`; `--personas DIR` names another folder")]
    Nobody {
        /// The folder.
        path: String,
    },
}

/// The order of the group; others come behind, by name.
const ORDER: [&str; 4] = ["siwoo", "jena", "taira", "marty"];

impl Cast {
    /// Everybody whose file lies in a folder.
    ///
    /// # Errors
    /// If the folder or a file cannot be read, or there is nobody.
    pub fn read(folder: &Path) -> Result<Self, CastError> {
        let path = || folder.display().to_string();
        let io = |error| CastError::Io { path: path(), error };
        let mut sheets = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(io)? {
            let file = entry.map_err(io)?.path();
            let name = file.display().to_string();
            if name.ends_with(".persona.ron") {
                let text = std::fs::read_to_string(&file)
                    .map_err(|error| CastError::Io { path: name.clone(), error })?;
                sheets.push(PersonaSheet::from_ron(&name, &text)?);
            }
        }
        if sheets.is_empty() {
            return Err(CastError::Nobody { path: path() });
        }
        sheets.sort_by_key(|sheet| {
            let id = sheet.id.as_str();
            (ORDER.iter().position(|known| *known == id).unwrap_or(ORDER.len()), sheet.id.clone())
        });
        Ok(Self(sheets))
    }

    /// Their sheets.
    #[must_use]
    pub fn sheets(&self) -> &[PersonaSheet] {
        &self.0
    }

    /// Makes them known to an app.
    pub fn enter(self, app: &mut App) {
        let mut sheets = app.world_mut().resource_mut::<Assets<PersonaAsset>>();
        let enter = |sheet: PersonaSheet| Idol {
            id: sheet.id.clone(),
            name: sheet.name.clone(),
            names: sheet.names.clone(),
            colour: sheet.colour.as_ref().map_or_else(|| "#888888".into(), ToString::to_string),
            sheet: sheets.add(PersonaAsset { sheet }),
        };
        let idols = self.0.into_iter().map(enter).collect();
        app.insert_resource(Idols(idols));
    }
}

/// One idol, as all fans know her.
#[derive(Debug, Clone)]
pub struct Idol {
    pub id: PersonaId,
    pub name: String,
    pub names: BTreeMap<Language, String>,
    pub colour: String,
    pub sheet: Handle<PersonaAsset>,
}

/// Everybody, in the order in which they are shown.
#[derive(Debug, Resource)]
pub struct Idols(pub Vec<Idol>);
