//! What makes the replies of the model that was chosen.

use std::{path::PathBuf, sync::Arc};

#[cfg(feature = "remote")]
use bevy_persona::inference::remote::{RemoteSettings, TagMode};
use bevy_persona::inference::{BackendFactory, ChainLink, GgufSettings, ModelChoice};
use clap::Args;

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

impl ServerArgs {
    /// What makes the replies of a model, which may be one on this machine.
    pub fn factory(
        &self,
        model: &ModelChoice,
        template: Option<String>,
        adapter_folder: Option<PathBuf>,
    ) -> Arc<BackendFactory> {
        let link = match model {
            ModelChoice::Here(source) => {
                let settings = GgufSettings { template, adapter_folder, ..GgufSettings::default() };
                ChainLink::model(model.name(), source.clone(), settings)
            }
            #[cfg(feature = "remote")]
            ModelChoice::Server(address) => {
                let settings = RemoteSettings {
                    key_env: self.key_env.clone(),
                    tags: self.tags,
                    ..RemoteSettings::from(address.clone())
                };
                ChainLink::remote(model.name(), settings)
            }
        };
        link.factory
    }
}
