//! What a fan shows to come in.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRng, rngs::SysRng};
use sha2::{Digest, Sha256};

use super::{AccountError, ParseTokenError};

/// Bytes of a token.
const BYTES: usize = 32;

/// 256 random bits, as 43 characters that fit into a header and an address.
///
/// # Example
/// ```
/// use fan_club::accounts::Token;
///
/// let token = Token::new()?;
/// assert_eq!(token.reveal().parse(), Ok(token.clone()));
/// assert!(!format!("{token:?}").contains(token.reveal()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token that nobody can guess.
    ///
    /// # Errors
    /// If the system gives no random numbers.
    pub fn new() -> Result<Self, AccountError> {
        let mut bytes = [0; BYTES];
        let drawn = SysRng.try_fill_bytes(&mut bytes);
        drawn.map_err(|error| AccountError::Random(error.to_string()))?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The token as text, to be shown to the fan and nobody else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }
}

impl FromStr for Token {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Only the one way to write those bits is read.
        match URL_SAFE_NO_PAD.decode(text) {
            Ok(bytes) if bytes.len() == BYTES => Ok(Self(text.into())),
            _ => Err(ParseTokenError),
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_has_256_bits_and_no_two_are_alike() {
        let [one, other] = [Token::new().unwrap(), Token::new().unwrap()];
        assert_ne!(one, other);
        assert_ne!(one.hash(), other.hash());
        assert_eq!(URL_SAFE_NO_PAD.decode(one.reveal()).unwrap().len(), 32);
        assert_eq!(one.reveal().len(), 43);
    }

    #[test]
    fn the_hash_is_the_sha_256_of_the_text() {
        let token: Token = "A".repeat(43).parse().unwrap();
        let hash: String = token.hash().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, "0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a");
    }

    proptest! {
        #[test]
        fn what_is_read_has_the_shape_of_a_token(text in "\\PC{0,60}|[A-Za-z0-9_=+/-]{42,44}") {
            let token = text.parse::<Token>();
            let shaped = text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
            prop_assert!(shaped || token.is_err());
            if let Ok(token) = token {
                prop_assert_eq!(token.reveal(), text);
            }
        }
    }
}
