//! What is wrong, where, and what to do.

use std::{fmt, ops::Range};

use serde::{Serialize, Serializer};

use super::Code;
use crate::persona::Place;

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing breaks; it could be tidier.
    Hint,
    /// It works, but hardly as it was meant.
    Warning,
    /// It does not work, or tells what must not be told.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Something that is wrong in a content file.
///
/// Its text is one line that an editor can jump to. As JSON it has `file`, `line`, `column`, `code`,
/// `severity`, `message` and `help`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file.
    pub file: String,
    /// Where it begins; `line` and `column` in JSON.
    #[serde(flatten)]
    pub place: Place,
    /// Which kind of mistake it is.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The bytes of the file that it is about.
    #[serde(skip)]
    pub at: Range<usize>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, place, code, severity, message, help, .. } = self;
        write!(f, "{file}:{place}: {severity}[{code}]: {message}; {help}")
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}
