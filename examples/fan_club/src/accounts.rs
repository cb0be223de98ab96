//! Stands in for the accounts that another branch brings: the same interface, in memory.

use std::{
    collections::HashMap,
    fmt,
    path::Path,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bevy_persona::mind::FanId;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// What a fan shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// If the system gives no randomness.
    pub fn new() -> Result<Self, AccountError> {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits).map_err(|_| AccountError::Random)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bits)))
    }

    /// As it is shown.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

impl FromStr for Token {
    type Err = AccountError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match URL_SAFE_NO_PAD.decode(text) {
            Ok(bits) if bits.len() == 32 => Ok(Self(text.into())),
            _ => Err(AccountError::Token),
        }
    }
}

/// What can fail.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AccountError {
    /// Another fan has the name.
    #[error("there is a fan `{0}` already")]
    Taken(FanId),
    /// Not a token.
    #[error("this is not a token")]
    Token,
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    Random,
}

/// Who may come in.
#[derive(Debug, Clone, Default)]
pub struct Accounts(Arc<Mutex<HashMap<[u8; 32], FanId>>>);

impl Accounts {
    /// Nobody yet.
    ///
    /// # Errors
    /// Never.
    #[expect(clippy::unused_async, reason = "the real one reads a file")]
    pub async fn open_sqlite(_file: &Path) -> Result<Self, AccountError> {
        Ok(Self::default())
    }

    /// Adds a fan.
    ///
    /// # Errors
    /// If there is one of this name.
    #[expect(clippy::unused_async, reason = "the real one reads a file")]
    pub async fn add(&self, fan: &FanId) -> Result<Token, AccountError> {
        let token = Token::new()?;
        let mut fans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if fans.values().any(|other| other == fan) {
            return Err(AccountError::Taken(fan.clone()));
        }
        fans.insert(hash(&token), fan.clone());
        Ok(token)
    }

    /// Whose token it is.
    ///
    /// # Errors
    /// Never.
    #[expect(clippy::unused_async, reason = "the real one reads a file")]
    pub async fn whose(&self, token: &Token) -> Result<Option<FanId>, AccountError> {
        let fans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(fans.get(&hash(token)).cloned())
    }
}

fn hash(token: &Token) -> [u8; 32] {
    Sha256::digest(token.reveal()).into()
}
