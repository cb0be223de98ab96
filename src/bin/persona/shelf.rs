//! Finds what was written for the characters: beside the personas and in the game's assets.

use std::{
    io,
    path::{Path, PathBuf},
};

use bevy_persona::{
    library::{LibraryError, assets_folder, read_folders},
    mind::Library,
    persona::personas_folder,
    scene::{SceneErrors, SceneInfo, Scenes},
};
use thiserror::Error;

use crate::{
    cast::is_path,
    play::{PlayError, advice},
};

/// Why there are no scenes, or a file cannot be used.
#[derive(Debug, Error)]
pub enum ShelfError {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {error}; `--assets DIR` names another folder", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {error}; is there such a folder?", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Scenes or their tables are broken.
    #[error("{0}")]
    Scenes(SceneErrors),
}

/// The folder of the assets: the one named, or the usual one.
pub fn assets(named: Option<&Path>) -> PathBuf {
    named.map_or_else(assets_folder, Path::to_path_buf)
}

/// The folder of the scenes.
pub fn scenes_folder(assets: Option<&Path>) -> PathBuf {
    self::assets(assets).join("scenes")
}

/// All scenes.
///
/// # Errors
/// If the folder or a file cannot be read, or is broken.
pub fn scenes(assets: Option<&Path>) -> Result<Scenes, ShelfError> {
    let folder = scenes_folder(assets);
    let fault = |path: &Path, error| ShelfError::Read { path: path.into(), error };
    let entries = std::fs::read_dir(&folder).map_err(|error| fault(&folder, error))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort_unstable();
    let mut files = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if Scenes::takes(&name) {
            files.push((name, read(&path)?));
        }
    }
    Scenes::from_files(files).map_err(ShelfError::Scenes)
}

/// A scene by its name.
///
/// # Errors
/// If there is none of this name; the nearest is proposed.
pub fn scene<'s>(scenes: &'s Scenes, name: &str) -> Result<&'s SceneInfo, PlayError> {
    scenes.get(name).ok_or_else(|| {
        let known: Vec<&str> = scenes.iter().map(|scene| scene.id.as_str()).collect();
        PlayError::NoScene { name: name.into(), advice: advice(name, &known) }
    })
}

/// The text of a file.
///
/// # Errors
/// If it cannot be read.
pub fn read(path: &Path) -> Result<String, ShelfError> {
    std::fs::read_to_string(path).map_err(|error| ShelfError::Read { path: path.into(), error })
}

/// Writes a file.
///
/// # Errors
/// If it cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), ShelfError> {
    std::fs::write(path, text).map_err(|error| ShelfError::Write { path: path.into(), error })
}

/// The library of the personas in a folder, the usual one unless named, with the lore and the rules
/// of conduct in the game's assets.
///
/// # Errors
/// If a file of it cannot be read or is broken.
pub fn library(personas: Option<&Path>) -> Result<Library, LibraryError> {
    library_in(None, personas)
}

/// As [`library`], with lore and conduct in the folder of assets that is named.
///
/// # Errors
/// As [`library`].
pub fn library_in(assets: Option<&Path>, personas: Option<&Path>) -> Result<Library, LibraryError> {
    let assets = self::assets(assets);
    let personas = personas.map_or_else(personas_folder, Path::to_path_buf);
    let folders = [assets.join("lore"), assets.join("conduct"), personas];
    let there: Vec<PathBuf> = folders.into_iter().filter(|folder| folder.is_dir()).collect();
    read_folders(&there)
}

/// The library of a persona: what is beside her file, where she is named by its path.
///
/// # Errors
/// As [`library`].
pub fn of(name: &str, personas: Option<&Path>) -> Result<Library, LibraryError> {
    match is_path(name).then(|| Path::new(name).parent()).flatten() {
        Some(beside) if !is_same(beside, &personas_folder()) => {
            read_folders(&[beside_or_here(beside)])
        }
        _ => library(personas),
    }
}

fn beside_or_here(folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.into() }
}

fn is_same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
