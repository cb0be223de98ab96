//! What is wrong with a content file, and where.

use std::{fmt, sync::Arc};

use serde::Serialize;
use thiserror::Error;

use crate::asset_file::Unreadable;

/// Why a content file cannot be used.
///
/// Its text is one line that an editor can jump to: `file:line:column`, the field, what is wrong,
/// what to do.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum AssetFileError {
    /// The file cannot be read.
    #[error("{file}: cannot be read: {error}; check that it exists and may be read")]
    Io {
        /// The file.
        file: String,
        /// What the system said.
        error: Arc<std::io::Error>,
    },
    /// The file holds something that is not text.
    #[error("{file}:{place}: not UTF-8 text; save it as UTF-8 in your editor")]
    NotText {
        /// The file.
        file: String,
        /// Where the first such byte is.
        place: Place,
    },
    /// What the file says is not what it should say.
    #[error("{file}:{place}: {}{problem}", in_field(field))]
    Content {
        /// The file.
        file: String,
        /// Where.
        place: Place,
        /// The field, with the fields around it: `speech.en.manner`; empty outside of all fields.
        field: String,
        /// What is wrong and what to do.
        problem: String,
    },
}

impl From<Unreadable> for AssetFileError {
    fn from(Unreadable { file, error }: Unreadable) -> Self {
        Self::Io { file, error }
    }
}

/// The field for the text of an error; nothing outside of all fields.
pub(crate) fn in_field(field: &str) -> String {
    if field.is_empty() { String::new() } else { format!("in `{field}`: ") }
}

/// A place in a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl Place {
    /// The place of a byte of `text`.
    #[must_use]
    pub fn of_byte(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
