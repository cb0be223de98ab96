//! The key of a server, which is never shown.

use std::{env, fmt};

use super::RemoteError;

/// A key from the environment. It is in no file, no log and no error.
#[derive(Clone)]
pub(super) struct ApiKey(String);

impl ApiKey {
    /// Reads the key from a variable.
    pub(super) fn from_env(variable: &str) -> Result<Self, RemoteError> {
        let missing = || RemoteError::KeyMissing { variable: variable.into() };
        // Such a name cannot be asked for.
        if variable.is_empty() || variable.contains(['=', '\0']) {
            return Err(missing());
        }
        Self::new(variable, &env::var(variable).map_err(|_| missing())?)
    }

    fn new(variable: &str, value: &str) -> Result<Self, RemoteError> {
        let key = value.trim();
        if key.is_empty() {
            return Err(RemoteError::KeyMissing { variable: variable.into() });
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(RemoteError::KeyUnfit { variable: variable.into() });
        }
        Ok(Self(key.into()))
    }

    /// What is sent for it.
    pub(super) fn authorization(&self) -> String {
        format!("Bearer {}", self.0)
    }

    /// A text without the key, should a server repeat it.
    pub(super) fn hidden_in(&self, text: &str) -> String {
        text.replace(&self.0, "…")
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_shown() {
        let key = ApiKey::new("SOLAR_KEY", " up_s3cret\n").unwrap();
        assert_eq!(key.authorization(), "Bearer up_s3cret");
        assert!(!format!("{key:?}").contains("s3cret"));
        assert_eq!(key.hidden_in("wrong key up_s3cret!"), "wrong key …!");
    }

    #[test]
    fn a_key_that_cannot_be_sent_is_named_by_its_variable_only() {
        let error = ApiKey::new("SOLAR_KEY", "s3cret\r\nX-Evil: 1").unwrap_err().to_string();
        assert!(error.contains("SOLAR_KEY") && !error.contains("s3cret"), "{error}");
        for variable in ["BEVY_PERSONA_NO_SUCH_KEY", "", "a=b"] {
            let error = ApiKey::from_env(variable).unwrap_err();
            assert!(matches!(error, RemoteError::KeyMissing { .. }), "{error}");
        }
    }
}
