//! Reads and writes the files of cards, and says what is wrong with them.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use bevy_persona::{
    card::{Card, CardError, MAX_FILE},
    persona::ParsePersonaIdError,
};
use thiserror::Error;

/// Why there is no card, or no character.
#[derive(Debug, Error)]
pub enum CardFileError {
    /// A file cannot be read.
    #[error("{}: cannot be read: {error}; check that it exists and may be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file cannot be written.
    #[error("{}: cannot be written: {error}; check that the folder may be written to", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// There is such a file already.
    #[error("{} is there already: give another place with `--out`{other}, or write over it with `--force`",
            path.display())]
    There {
        /// The file.
        path: PathBuf,
        /// What else may be given.
        other: &'static str,
    },
    /// The name gives no id.
    #[error("{0}; name the files with `--id ID`")]
    Id(ParsePersonaIdError),
    /// A picture was asked for, and there is none to put the card into.
    #[error("{}: give the picture to put the card into with `--picture FILE.png`", .0.display())]
    NoPicture(PathBuf),
    /// A picture was given, and no picture was asked for.
    #[error("{}: a picture can only become a picture: end the name with .png, or leave `--picture` out",
            .0.display())]
    NotAPicture(PathBuf),
    /// The card is broken.
    #[error(transparent)]
    Card(#[from] CardError),
}

/// Reads a card.
pub fn read_card(path: &Path) -> Result<Card, CardFileError> {
    Ok(Card::from_bytes(&path.display().to_string(), &read(path)?)?)
}

/// Reads a file, unless it is larger than any card.
pub fn read(path: &Path) -> Result<Vec<u8>, CardFileError> {
    let fault = |error| CardFileError::Read { path: path.into(), error };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(fault)?;
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(fault)?;
    Ok(bytes)
}

/// Writes a file; over another one only by force.
pub fn write(
    path: &Path,
    bytes: &[u8],
    force: bool,
    other: &'static str,
) -> Result<(), CardFileError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).create_new(!force);
    let written = options.open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => CardFileError::There { path: path.into(), other },
        _ => CardFileError::Write { path: path.into(), error },
    })
}
