//! Which model is meant, as people write it: one on this machine, or one of a server.

use std::{fmt, str::FromStr};

use thiserror::Error;

#[cfg(feature = "remote")]
use crate::inference::remote::{ParseRemoteAddressError, RemoteAddress};
use crate::model_store::{ModelSource, ParseModelSourceError};

/// What the name of a model of a server begins with, also where there are none.
#[cfg(not(feature = "remote"))]
const SERVER: &str = "remote:";

/// Which model replies: what follows `--model` on a command line.
///
/// A [`ChainLink`](super::ChainLink) is made of either, each with settings of its own kind.
///
/// # Example
/// ```
/// use bevy_persona::{inference::ModelChoice, model_store::ModelSource};
///
/// let here: ModelChoice = "default".parse()?;
/// assert_eq!(here, ModelChoice::Here(ModelSource::Default));
/// # #[cfg(feature = "remote")] {
/// let solar: ModelChoice = "remote:http://localhost:8000/v1#solar".parse()?;
/// assert!(matches!(solar, ModelChoice::Server(_)));
/// assert_eq!(solar.name(), "solar");
/// # }
/// # Ok::<(), bevy_persona::inference::ParseModelChoiceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ModelChoice {
    /// One on this machine.
    Here(ModelSource),
    /// One of a server.
    #[cfg(feature = "remote")]
    Server(RemoteAddress),
}

/// A text that names no model.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseModelChoiceError {
    /// It is none on this machine.
    #[error(transparent)]
    Here(#[from] ParseModelSourceError),
    /// It is none of a server.
    #[cfg(feature = "remote")]
    #[error(transparent)]
    Server(#[from] ParseRemoteAddressError),
    /// Servers are left out of this program.
    #[cfg(not(feature = "remote"))]
    #[error("this program cannot ask servers; add `remote` to the `--features` it is built with")]
    NoServers,
}

impl ModelChoice {
    /// What it is called among others: the model alone, without its server.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Here(source) => source.to_string(),
            #[cfg(feature = "remote")]
            Self::Server(address) => address.model().into(),
        }
    }
}

impl fmt::Display for ModelChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here(source) => write!(f, "{source}"),
            #[cfg(feature = "remote")]
            Self::Server(address) => write!(f, "{address}"),
        }
    }
}

impl FromStr for ModelChoice {
    type Err = ParseModelChoiceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        #[cfg(feature = "remote")]
        if text.starts_with(RemoteAddress::PREFIX) {
            return Ok(Self::Server(text.parse()?));
        }
        #[cfg(not(feature = "remote"))]
        if text.starts_with(SERVER) {
            return Err(ParseModelChoiceError::NoServers);
        }
        Ok(Self::Here(text.parse()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_here_unless_a_server_is_named() {
        let default: ModelChoice = "default".parse().unwrap();
        assert_eq!(default, ModelChoice::Here(ModelSource::Default));
        let error = "remote:here".parse::<ModelChoice>().unwrap_err().to_string();
        assert!(error.contains("http://") || error.contains("--features"), "{error}");
    }

    #[cfg(feature = "remote")]
    #[test]
    fn what_is_shown_reads_back() {
        for text in ["default", "a/b.gguf", "remote:http://localhost:8000/v1#solar"] {
            assert_eq!(text.parse::<ModelChoice>().unwrap().to_string(), text);
        }
    }
}
