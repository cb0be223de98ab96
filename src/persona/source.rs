//! The folder that `personas://` stands for.

use std::path::{Path, PathBuf};

use bevy::{
    asset::io::{AssetSourceBuilder, file::FileAssetReader},
    prelude::*,
};

/// The usual name of the folder.
const FOLDER: &str = "personas";

/// Makes `personas://siwoo.persona.ron` a path of the [`AssetServer`].
///
/// Must be added before `DefaultPlugins` (before `AssetPlugin`), as every asset source.
///
/// # Example
/// ```no_run
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// App::new()
///     .add_plugins((PersonaSourcePlugin::new("content/cast"), DefaultPlugins))
///     .add_plugins(PersonaPlugins::default());
/// ```
#[derive(Debug, Clone)]
pub struct PersonaSourcePlugin {
    folder: PathBuf,
}

impl PersonaSourcePlugin {
    /// Another folder; relative to where Bevy looks for `assets`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl Default for PersonaSourcePlugin {
    /// The folder that [`personas_folder`] finds.
    fn default() -> Self {
        Self::new(personas_folder())
    }
}

impl Plugin for PersonaSourcePlugin {
    fn build(&self, app: &mut App) {
        let source = AssetSourceBuilder::platform_default(&self.folder.to_string_lossy(), None);
        app.register_asset_source(FOLDER, source);
        app.insert_resource(PersonaFolder(FileAssetReader::get_base_path().join(&self.folder)));
    }
}

/// The folder of the file system that `personas://` stands for in this app.
///
/// Installed by [`PersonaSourcePlugin`]; for tools that write persona files.
#[derive(Debug, Clone, PartialEq, Eq, Resource)]
pub struct PersonaFolder(pub PathBuf);

/// The folder `personas`: beside `assets` where Bevy looks for it, else in the working folder.
///
/// # Example
/// ```
/// let siwoo = bevy_persona::persona::personas_folder().join("siwoo.persona.ron");
/// assert!(siwoo.is_file());
/// ```
#[must_use]
pub fn personas_folder() -> PathBuf {
    let beside_assets = FileAssetReader::get_base_path().join(FOLDER);
    let here = Path::new(FOLDER);
    match std::env::current_dir() {
        Ok(working) if !beside_assets.is_dir() && here.is_dir() => working.join(here),
        _ => beside_assets,
    }
}
