//! The plugin group that games add.

use bevy::{app::PluginGroupBuilder, prelude::*};

use crate::{
    cue::CuePlugin,
    dialogue::DialoguePlugin,
    inference::{Backend, ChainLink, InferenceError, InferencePlugin, LoadReport},
    persona::PersonaAssetsPlugin,
};

/// Everything that makes characters talk.
///
/// | Plugin | What it does |
/// |---|---|
/// | [`PersonaAssetsPlugin`] | loads `*.persona.ron`, reloads them when they change |
/// | [`InferencePlugin`] | owns the thread of the model |
/// | [`DialoguePlugin`] | hears `Say` and `Interrupt`, sends the reply events |
/// | [`CuePlugin`] | blends the feelings of each character |
/// | `AvatarPlugin` | feature `vrm`: shows them on face and body of avatars |
/// | `ChimePlugin` | feature `audio`: a chime when a reply begins, where nobody has a voice |
/// | `VoicePlugin` | feature `voice`: they speak aloud |
///
/// Not in the group: `ChatPanelPlugin` (feature `egui`), because a game has its own look;
/// [`LibraryPlugin`](crate::library::LibraryPlugin), because it has its own world; `FanStorePlugin`
/// (feature `store`), because it has its own saves.
///
/// # Example
/// Another backend, and a view less:
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::{prelude::*, cue::CuePlugin};
///
/// let plugins = PersonaPlugins::default()
///     .with_backend(|_| Ok(ScriptedBackend::new(["[joy] Hi!"]).boxed()))
///     .with_seed(7)
///     .build()
///     .disable::<CuePlugin>();
/// ```
#[derive(Clone, Default)]
pub struct PersonaPlugins {
    inference: InferencePlugin,
    dialogue: DialoguePlugin,
}

impl PersonaPlugins {
    /// Uses the backend that `factory` makes, on the worker's thread.
    #[must_use]
    pub fn with_backend(
        mut self,
        factory: impl Fn(&mut LoadReport<'_>) -> Result<Box<dyn Backend>, InferenceError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.inference = InferencePlugin::new(factory);
        self
    }

    /// Uses a server that speaks chat completions: Upstage's Solar, vLLM, llama.cpp, Ollama.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::{inference::remote::RemoteSettings, prelude::*};
    ///
    /// let plugins = PersonaPlugins::default().with_remote(RemoteSettings::solar());
    /// ```
    #[cfg(feature = "remote")]
    #[must_use]
    pub fn with_remote(mut self, settings: crate::inference::remote::RemoteSettings) -> Self {
        self.inference = InferencePlugin::remote(settings);
        self
    }

    /// Uses the first backend that can reply: a server, then a model on this machine, then written
    /// lines. [`BackendSwitched`](crate::inference::BackendSwitched) tells who does.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::{inference::ChainLink, prelude::*};
    ///
    /// let lines = ["[sad] My head is empty. Ask me again in a minute?"];
    /// let plugins = PersonaPlugins::default().with_chain([ChainLink::lines("lines", lines)]);
    /// ```
    #[must_use]
    pub fn with_chain(mut self, links: impl Into<Vec<ChainLink>>) -> Self {
        self.inference = InferencePlugin::chain(links);
        self
    }

    /// Uses another model than the default one.
    #[cfg(feature = "candle")]
    #[must_use]
    pub fn with_model(mut self, source: crate::model_store::ModelSource) -> Self {
        self.inference = InferencePlugin::model(source);
        self
    }

    /// Uses another model than the default one, or the default one with other settings: a longer
    /// context, a named chat template.
    #[cfg(feature = "candle")]
    #[must_use]
    pub fn with_model_settings(
        mut self,
        source: crate::model_store::ModelSource,
        settings: crate::inference::GgufSettings,
    ) -> Self {
        self.inference = InferencePlugin::model_with(source, settings);
        self
    }

    /// Makes the same conversation go the same way.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.dialogue.seed = Some(seed);
        self
    }
}

impl PluginGroup for PersonaPlugins {
    fn build(self) -> PluginGroupBuilder {
        let group = PluginGroupBuilder::start::<Self>()
            .add(PersonaAssetsPlugin)
            .add(self.inference)
            .add(self.dialogue)
            .add(CuePlugin);
        #[cfg(feature = "vrm")]
        let group = group.add(crate::view::AvatarPlugin);
        #[cfg(feature = "audio")]
        let group = group.add(crate::view::ChimePlugin);
        #[cfg(feature = "voice")]
        let group = group.add(crate::view::VoicePlugin::default());
        group
    }
}
