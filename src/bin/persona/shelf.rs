//! Finds what was written for the characters: beside the personas and in the game's assets.

use std::path::{Path, PathBuf};

use bevy_persona::{
    library::{LibraryError, assets_folder, read_folders},
    mind::Library,
    persona::personas_folder,
};

use crate::cast::is_path;

/// The library of the personas in a folder, the usual one unless named, with the lore and the rules
/// of conduct in the game's assets.
///
/// # Errors
/// If a file of it cannot be read or is broken.
pub fn library(personas: Option<&Path>) -> Result<Library, LibraryError> {
    let assets = assets_folder();
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
