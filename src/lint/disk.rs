//! Content from the file system, and the world around it.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::Content;

/// A file or folder that cannot be read.
#[derive(Debug, Error)]
#[error("{path}: cannot be read: {error}; check that it exists and may be read", path = .path.display())]
pub struct UnreadablePath {
    /// Which.
    pub path: PathBuf,
    /// What the system said.
    pub error: io::Error,
}

/// So many folders above a file its world is looked for.
const HIGHEST: usize = 6;

impl Content {
    /// Reads files, and folders with all folders in them. For a file, and a folder without personas,
    /// the world around it is read, too: the next folder above it that has personas.
    ///
    /// # Errors
    /// If a path, or something in a folder, cannot be read.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::lint::{Content, lint};
    ///
    /// let content = Content::read(&["personas/taira.lines.toml"])?;
    /// assert_eq!(content.asked(), 1);
    /// assert!(content.has("personas/taira.persona.ron"));
    /// # Ok::<(), bevy_persona::lint::UnreadablePath>(())
    /// ```
    pub fn read<P: AsRef<Path>>(paths: &[P]) -> Result<Self, UnreadablePath> {
        let mut content = Self::default();
        let mut known = BTreeSet::new();
        let mut worlds = Vec::new();
        for path in paths.iter().map(AsRef::as_ref) {
            let mut files = Vec::new();
            collect(path, &mut files)?;
            let is_world = path.is_dir() && files.iter().any(|file| name(file).ends_with(PERSONA));
            if !is_world {
                worlds.extend(around(path));
            }
            for file in &files {
                content.add(name(file), read(file)?);
                known.extend(file.canonicalize());
            }
        }
        for world in worlds {
            let mut files = Vec::new();
            collect(&world, &mut files)?;
            files.retain(|file| file.canonicalize().is_ok_and(|path| known.insert(path)));
            for file in files {
                content.add_around(name(&file), read(&file)?);
            }
        }
        Ok(content)
    }
}

/// How the name of a persona file ends.
const PERSONA: &str = ".persona.ron";

/// All content files of a path, in order; a file that is named is taken if it is content.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), UnreadablePath> {
    let fault = |error| UnreadablePath { path: path.into(), error };
    if !std::fs::metadata(path).map_err(fault)?.is_dir() {
        files.push(path.into());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).map_err(fault)?;
    let mut below: Vec<PathBuf> =
        entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>().map_err(fault)?;
    below.sort_unstable();
    for path in below {
        let is_hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !is_hidden && !path.is_symlink() {
            collect(&path, files)?;
        } else if path.is_file() && is_content(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// Markdown is only content where it holds facts, and most of it does not.
fn is_content(path: &Path) -> bool {
    let name = name(path);
    let is_lore = path.parent().is_some_and(|folder| folder.ends_with("lore"));
    let is_fact = |text: String| text.contains("```toml") && (is_lore || text.contains("known_by"));
    let has_facts = || std::fs::read_to_string(path).is_ok_and(is_fact);
    Content::takes(&name) && (!name.ends_with(".md") || has_facts())
}

/// The folders in which the world of a path stands.
fn around(path: &Path) -> Vec<PathBuf> {
    let absolute = std::path::absolute(path).unwrap_or_default();
    let above = |path: &Path| path.ancestors().skip(1).take(HIGHEST).map(here).collect::<Vec<_>>();
    let above = above(path).into_iter().chain(above(&absolute));
    let Some(root) = above.into_iter().find(|folder| is_world(folder)) else { return Vec::new() };
    // The folder of a project holds more than content.
    let own = ["personas", "assets"].map(|folder| root.join(folder));
    if own[0].is_dir() {
        own.into_iter().filter(|folder| folder.is_dir()).collect()
    } else {
        vec![root]
    }
}

/// The folder of a relative path without folders is the working folder.
fn here(folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.into() }
}

/// Whether a folder has personas: of its own, or in `personas`.
fn is_world(folder: &Path) -> bool {
    if folder.file_name().is_some_and(|name| name == "personas") {
        // Its world is what it lies in.
        return false;
    }
    let has_personas = |folder: &Path| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().ends_with(PERSONA))
    };
    has_personas(folder) || has_personas(&folder.join("personas"))
}

fn read(path: &Path) -> Result<Vec<u8>, UnreadablePath> {
    std::fs::read(path).map_err(|error| UnreadablePath { path: path.into(), error })
}

fn name(path: &Path) -> String {
    let name = path.display().to_string();
    name.strip_prefix("./").map_or(name.clone(), ToOwned::to_owned)
}
