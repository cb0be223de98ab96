//! What is wrong with a command.

use thiserror::Error;

/// Why a text is no command.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{problem}")]
pub struct CommandError {
    /// In characters of the text, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub problem: String,
}

impl CommandError {
    /// An error at a byte of `text`.
    pub(super) fn at(text: &str, byte: usize, problem: impl Into<String>) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        Self { column: before.chars().count() + 1, problem: problem.into() }
    }
}
