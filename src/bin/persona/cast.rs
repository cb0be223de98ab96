//! Finds a character by name, or by the path of her file.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use bevy_persona::persona::{AssetFileError, PersonaSheet, personas_folder};
use thiserror::Error;

/// How the name of a persona file ends.
const ENDING: &str = ".persona.ron";

/// Why there is nobody to talk to.
#[derive(Debug, Error)]
pub enum CastError {
    /// The folder of personas cannot be read.
    #[error(
        "cannot read the folder of personas {folder}: {error}; name another with `--personas DIR`, \
         or give the path of a `.persona.ron` file",
        folder = .folder.display()
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Nobody has this name.
    #[error("nobody in {folder} is named `{name}`: {advice}", folder = .folder.display())]
    Nobody {
        /// The name asked for.
        name: String,
        /// Where it was looked for.
        folder: PathBuf,
        /// The nearest name, and all there are.
        advice: String,
    },
    /// The file is broken.
    #[error(transparent)]
    File(#[from] AssetFileError),
}

/// The sheet of a character: `name` is the path of a file, or a name within `folder`.
///
/// # Errors
/// If there is no such file or name, or the file is broken.
pub fn find(name: &str, folder: Option<&Path>) -> Result<PersonaSheet, CastError> {
    if is_path(name) {
        return read(Path::new(name));
    }
    let folder = folder.map_or_else(personas_folder, Path::to_path_buf);
    let file = folder.join(format!("{name}{ENDING}"));
    if file.is_file() {
        return read(&file);
    }
    match names(&folder) {
        Ok(known) => {
            Err(CastError::Nobody { name: name.into(), folder, advice: advice(name, &known) })
        }
        Err(error) => Err(CastError::Folder { folder, error }),
    }
}

/// Whether somebody is named by the path of her file.
pub fn is_path(name: &str) -> bool {
    name.ends_with(".ron") || name.contains(['/', '\\'])
}

fn read(path: &Path) -> Result<PersonaSheet, CastError> {
    let file = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => Ok(PersonaSheet::from_bytes(&file, &bytes)?),
        Err(error) => Err(AssetFileError::Io { file, error: Arc::new(error) }.into()),
    }
}

/// The first character of a folder, by name.
///
/// # Errors
/// If there is none, or her file is broken.
pub fn first(folder: Option<&Path>) -> Result<PersonaSheet, CastError> {
    let names = names(&folder.map_or_else(personas_folder, Path::to_path_buf));
    let name = names.unwrap_or_default().into_iter().next().unwrap_or_default();
    find(&name, folder)
}

/// The names of the persona files in a folder, in order.
/// The names in a folder of personas, in order.
///
/// # Errors
/// If it cannot be read.
pub fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let file = entry?.file_name();
        if let Some(name) = file.to_str().and_then(|file| file.strip_suffix(ENDING)) {
            names.push(name.to_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn advice(name: &str, known: &[String]) -> String {
    if known.is_empty() {
        return format!(
            "there is no `NAME{ENDING}` in it; name another folder with `--personas DIR`"
        );
    }
    let name = name.to_lowercase();
    let likeness = |known: &str| strsim::jaro_winkler(&name, known);
    let nearest = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let all = known.join(", ");
    match nearest.filter(|nearest| likeness(nearest) > 0.7) {
        Some(nearest) => format!("did you mean `{nearest}`? There are {all}"),
        None => format!("there are {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTTO: &str = "Persona(id: \"otto\", name: \"Otto\", role: \"a guard\")";

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in ["otto", "berta"] {
            std::fs::write(folder.path().join(format!("{name}{ENDING}")), OTTO).unwrap();
        }
        std::fs::write(folder.path().join("notes.txt"), "").unwrap();
        folder
    }

    #[test]
    fn a_name_and_a_path_find_the_same_file() {
        let folder = folder();
        let path = folder.path().join("otto.persona.ron");
        let by_name = find("otto", Some(folder.path())).unwrap();
        let by_path = find(path.to_str().unwrap(), None).unwrap();
        assert_eq!(by_name.name, "Otto");
        assert_eq!(by_name, by_path);
    }

    #[test]
    fn an_unknown_name_leads_to_the_nearest() {
        let folder = folder();
        for name in ["oto", "OTTO_", "ottto"] {
            let error = find(name, Some(folder.path())).unwrap_err().to_string();
            let advice = "did you mean `otto`? There are berta, otto";
            assert!(error.ends_with(advice), "{error}");
        }
        let error = find("zzz", Some(folder.path())).unwrap_err().to_string();
        assert!(error.ends_with("named `zzz`: there are berta, otto"), "{error}");
    }

    #[test]
    fn an_empty_or_missing_folder_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("nowhere");
        for place in [folder.path(), &missing] {
            let error = find("otto", Some(place)).unwrap_err().to_string();
            assert!(error.contains("`--personas DIR`"), "{error}");
        }
    }
}
