//! Why there was nothing to measure.

use std::{io, path::PathBuf};

use thiserror::Error;

use super::http::HttpError;

/// Why there was nothing to measure.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The file of tokens cannot be read.
    #[error("cannot read the tokens in {}: {error}", path.display())]
    Tokens {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A line of it holds no token.
    #[error(
        "{}:{line}: this is no token: use letters, digits and signs of ASCII, one token a line",
        path.display()
    )]
    Token {
        /// The file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
    /// There are more fans than tokens.
    #[error(
        "{} holds {found} tokens, but {wanted} fans come (with those who flood): add accounts, or \
         let fewer fans come",
        path.display()
    )]
    TooFewTokens {
        /// The file.
        path: PathBuf,
        /// How many there are.
        found: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// The server could not be asked for an account.
    #[error("cannot sign up at {url}: {error}")]
    NoSignUp {
        /// Where.
        url: String,
        /// Why.
        error: HttpError,
    },
    /// The server gives no account.
    #[error(
        "{url} does not let fans sign up (status {status}{said}): give `--tokens FILE`, or let the \
         server take whoever comes"
    )]
    NotOpen {
        /// Where.
        url: String,
        /// What the server answered.
        status: u16,
        /// What it said, after a colon.
        said: String,
    },
    /// The run was ended before it began.
    #[error("ended before the first fan came")]
    Early,
    /// There is no thread for a fan.
    #[error("the system gives no further thread: {0}; let fewer fans come")]
    Thread(io::Error),
    /// Ctrl-C cannot be listened to.
    #[error("cannot listen for Ctrl-C: {0}")]
    Interrupts(String),
    /// The terminal or the pipe failed.
    #[error("cannot write the report: {0}")]
    Terminal(#[from] io::Error),
}
