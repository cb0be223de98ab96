//! Where the library of the characters comes from: folders of a game, read in the background.
//!
//! What the files mean is the business of [`mind`](crate::mind).

mod files;
mod folder;
mod plugin;

#[cfg(feature = "scene")]
pub(crate) use files::read_assets;
pub use folder::{LibraryError, assets_folder, read_folders};
pub use plugin::{LibraryChanged, LibraryPlugin, MindLibrary};
