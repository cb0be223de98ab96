//! What happens on the stage: short exchanges of the members, from a file.

use std::path::Path;

use bevy::prelude::Resource;
use bevy_persona::{
    mind::content::read_toml,
    persona::{AssetFileError, PersonaId},
};
use serde::Deserialize;
use thiserror::Error;

/// What may happen on the stage.
///
/// # File
/// ```toml
/// [[moment]]
/// lines = [
///     { who = "jena", says = "[playful] Who took my water bottle? Marty. Marty." },
///     { who = "marty", says = "[surprised] It was rolling. I saved it." },
/// ]
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Resource)]
#[serde(deny_unknown_fields)]
pub struct Moments {
    /// The exchanges.
    #[serde(default, rename = "moment")]
    pub all: Vec<Exchange>,
}

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// Its lines, in order.
    pub lines: Vec<Spoken>,
}

/// A line of an exchange.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spoken {
    /// Whose.
    pub who: PersonaId,
    /// The words, with tags of feelings.
    pub says: String,
}

/// Why there are no moments.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MomentsError {
    /// The file cannot be read.
    #[error("{path}: cannot be read: {error}; `--moments FILE` names another one")]
    Io {
        /// Which.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The file is broken.
    #[error(transparent)]
    File(#[from] AssetFileError),
}

impl Moments {
    /// The moments that come with the server.
    ///
    /// # Errors
    /// Never, as the tests see to.
    pub fn shipped() -> Result<Self, MomentsError> {
        Self::parse("moments.toml", include_str!("../../moments.toml"))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read or is broken.
    pub fn read(file: &Path) -> Result<Self, MomentsError> {
        let path = file.display().to_string();
        match std::fs::read_to_string(file) {
            Ok(text) => Self::parse(&path, &text),
            Err(error) => Err(MomentsError::Io { path, error }),
        }
    }

    fn parse(name: &str, text: &str) -> Result<Self, MomentsError> {
        Ok(read_toml(name, 1, text)?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bevy_persona::persona::PersonaSheet;

    use super::*;
    use crate::world::Cast;

    #[test]
    fn shipped_moments_are_of_the_cast_and_use_feelings_that_they_have() {
        let moments = Moments::shipped().unwrap();
        assert!(moments.all.len() >= 20);
        let cast = Cast::read(Path::new("../../personas")).unwrap();
        let sheet = |who: &PersonaId| -> &PersonaSheet {
            cast.sheets().iter().find(|sheet| sheet.id == *who).unwrap()
        };
        for spoken in moments.all.iter().flat_map(|exchange| &exchange.lines) {
            let tag = spoken.says.strip_prefix('[').and_then(|rest| rest.split_once(']'));
            let (tag, words) = tag.unwrap_or_else(|| panic!("no feeling: {}", spoken.says));
            let emotion = tag.split(':').next().unwrap_or_default().parse().unwrap();
            assert!(sheet(&spoken.who).emotions.contains(&emotion), "{}", spoken.says);
            assert!(words.trim().len() > 3, "{}", spoken.says);
        }
        let speakers: BTreeSet<_> =
            moments.all.iter().flat_map(|it| &it.lines).map(|line| line.who.as_str()).collect();
        assert_eq!(speakers.len(), 4, "{speakers:?}");
    }

    #[test]
    fn a_fault_names_file_and_line() {
        let error = Moments::parse("m.toml", "[[moment]]\nlines = 3\n").unwrap_err().to_string();
        assert!(error.starts_with("m.toml:2"), "{error}");
    }
}
