//! Which model replies: a file on this machine, or one of a server.

use std::{path::PathBuf, str::FromStr, sync::Arc};

#[cfg(feature = "remote")]
use bevy_persona::inference::remote::{
    ParseRemoteAddressError, RemoteAddress, RemoteBackend, RemoteSettings, TagMode,
};
use bevy_persona::{
    inference::{Backend, BackendFactory, GgufBackend, GgufSettings, InferenceError, LoadReport},
    model_store::{ModelSource, ParseModelSourceError},
};
use clap::Args;
use thiserror::Error;

/// Which model replies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelChoice {
    /// One on this machine.
    Here(ModelSource),
    /// One of a server.
    #[cfg(feature = "remote")]
    Server(RemoteAddress),
}

/// How a server is used.
#[derive(Debug, Clone, Default, Args)]
pub struct ServerArgs {
    /// The environment variable that holds the server's key
    #[cfg(feature = "remote")]
    #[arg(long, value_name = "NAME")]
    pub key_env: Option<String>,

    /// How a server is made to tag feelings: `text`, `regex`, `guided_regex`, `sglang_regex`,
    /// `grammar` or `json`
    #[cfg(feature = "remote")]
    #[arg(long, value_name = "MODE", default_value_t)]
    pub tags: TagMode,
}

/// Why a text names no model.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum ModelChoiceError {
    /// It is none on this machine.
    #[error(transparent)]
    Here(#[from] ParseModelSourceError),
    /// It is none of a server.
    #[cfg(feature = "remote")]
    #[error(transparent)]
    Server(#[from] ParseRemoteAddressError),
    /// Servers are left out of this program.
    #[cfg(not(feature = "remote"))]
    #[error("this `persona` cannot ask servers; install it with `--features cli,remote`")]
    NoServers,
}

impl FromStr for ModelChoice {
    type Err = ModelChoiceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        #[cfg(feature = "remote")]
        if text.starts_with(RemoteAddress::PREFIX) {
            return Ok(Self::Server(text.parse()?));
        }
        #[cfg(not(feature = "remote"))]
        if text.starts_with("remote:") {
            return Err(ModelChoiceError::NoServers);
        }
        Ok(Self::Here(text.parse()?))
    }
}

impl ModelChoice {
    /// What makes its replies.
    pub fn factory(
        &self,
        server: &ServerArgs,
        template: Option<String>,
        adapter_folder: Option<PathBuf>,
    ) -> Arc<BackendFactory> {
        match self {
            Self::Here(source) => local(source.clone(), template, adapter_folder),
            #[cfg(feature = "remote")]
            Self::Server(address) => remote(RemoteSettings {
                key_env: server.key_env.clone(),
                tags: server.tags,
                ..RemoteSettings::from(address.clone())
            }),
        }
    }
}

fn local(
    source: ModelSource,
    template: Option<String>,
    adapter_folder: Option<PathBuf>,
) -> Arc<BackendFactory> {
    let load = move |report: &mut LoadReport<'_>| -> Result<Box<dyn Backend>, InferenceError> {
        let (template, adapter_folder) = (template.clone(), adapter_folder.clone());
        let settings = GgufSettings { template, adapter_folder, ..GgufSettings::default() };
        Ok(Box::new(GgufBackend::fetch(&source, settings, report)?))
    };
    Arc::new(load)
}

#[cfg(feature = "remote")]
fn remote(settings: RemoteSettings) -> Arc<BackendFactory> {
    let open = move |_: &mut LoadReport<'_>| -> Result<Box<dyn Backend>, InferenceError> {
        let opened = RemoteBackend::open(settings.clone());
        Ok(Box::new(opened.map_err(InferenceError::Remote)?))
    };
    Arc::new(open)
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
    fn a_model_of_a_server_is_named_by_its_address() {
        let solar = "remote:http://localhost:8000/v1#solar".parse().unwrap();
        let ModelChoice::Server(address) = solar else { panic!("{solar:?}") };
        assert_eq!(address.model(), "solar");
    }
}
