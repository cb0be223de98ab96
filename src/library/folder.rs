//! Reads a library from folders of the file system, for programs without Bevy.

use std::{
    io,
    path::{Path, PathBuf},
};

use bevy::asset::io::file::FileAssetReader;
use thiserror::Error;

use crate::{mind::Library, persona::AssetFileError};

/// Why there is no library.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LibraryError {
    /// A folder or file cannot be read.
    #[error("{path}: cannot be read: {error}; check that it exists and may be read", path = .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file is broken.
    #[error(transparent)]
    File(#[from] AssetFileError),
}

/// The folder `assets` where Bevy looks for it.
#[must_use]
pub fn assets_folder() -> PathBuf {
    let usual = FileAssetReader::get_base_path().join("assets");
    if usual.is_dir() { usual } else { PathBuf::from("assets") }
}

/// Reads the library in some folders; folders in them are not looked into.
///
/// # Errors
/// If a folder or a file cannot be read, or a file is broken.
///
/// # Example
/// ```
/// use bevy_persona::{library::{assets_folder, read_folders}, persona::personas_folder};
///
/// let assets = assets_folder();
/// let library = read_folders(&[assets.join("lore"), assets.join("conduct"), personas_folder()])?;
/// assert!(library.lore.get("g03").is_some());
/// # Ok::<(), bevy_persona::library::LibraryError>(())
/// ```
pub fn read_folders(folders: &[PathBuf]) -> Result<Library, LibraryError> {
    let mut files = Vec::new();
    for folder in folders {
        let mut paths = paths_in(folder).map_err(|error| fault(folder, error))?;
        paths.sort_unstable();
        for path in paths {
            let name = path.display().to_string();
            if Library::takes(&name) {
                let text = std::fs::read_to_string(&path).map_err(|error| fault(&path, error))?;
                files.push((name, text));
            }
        }
    }
    Ok(Library::from_files(files)?)
}

fn paths_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

fn fault(path: &Path, error: io::Error) -> LibraryError {
    LibraryError::Io { path: path.into(), error }
}
