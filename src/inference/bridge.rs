//! The door between the ECS and the worker thread.

use std::sync::Arc;

use bevy::prelude::*;

use super::{
    Backend, BackendInfo, BackendSwitch, ChainLink, ConversationId, FallbackChain, InferenceBudget,
    InferenceError, Loading, Request, SubmitError, Ticket, Worker, WorkerEvent,
    worker::{BackendFactory, LoadReport},
};
use crate::{PersonaSystems, systems};

/// How the model is doing.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::inference::ModelStatus;
///
/// fn loading_screen(status: Res<ModelStatus>) {
///     if let ModelStatus::Loading(loading) = &*status {
///         info!("{}: {:?}", loading.stage, loading.fraction());
///     }
/// }
/// ```
#[derive(Debug, Clone, Resource)]
pub enum ModelStatus {
    /// It is being fetched or loaded; asks wait.
    Loading(Loading),
    /// It replies.
    Ready(BackendInfo),
    /// It could not be loaded, or its worker died. The next [`Say`](crate::dialogue::Say) tries
    /// again.
    Failed(InferenceError),
}

impl Default for ModelStatus {
    fn default() -> Self {
        Self::Loading(Loading {
            stage: "starting".into(),
            done: 0,
            total: None,
            bytes_per_second: None,
        })
    }
}

/// Fact: another source serves the replies from now on, because one before it in a [`FallbackChain`]
/// fails, or works again. [`ModelStatus`] has become that of the new one.
///
/// # Scheduling
/// Triggered in [`PersonaSystems::Receive`].
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::inference::BackendSwitched;
///
/// fn tell(switched: On<BackendSwitched>) {
///     match &switched.0.error {
///         Some(error) => warn!("{error}; `{}` speaks", switched.0.to),
///         None => info!("`{}` speaks again", switched.0.to),
///     }
/// }
/// ```
#[derive(Debug, Clone, Event)]
pub struct BackendSwitched(pub BackendSwitch);

/// The worker of the model that all characters share.
#[derive(Resource)]
pub struct InferenceHandle {
    factory: Arc<BackendFactory>,
    worker: Option<Worker>,
    focus: Option<ConversationId>,
    budget: InferenceBudget,
    /// What the worker has not been told yet.
    untold: Untold,
}

#[derive(Debug, Clone, Copy, Default)]
struct Untold {
    focus: bool,
    budget: bool,
}

impl InferenceHandle {
    fn new(factory: Arc<BackendFactory>) -> Self {
        let (focus, budget) = (None, InferenceBudget::default());
        Self { factory, worker: None, focus, budget, untold: Untold::default() }
    }

    /// Serves a conversation before others, because the fan looks at her. Never waits.
    pub fn focus(&mut self, conversation: Option<ConversationId>) {
        self.untold.focus |= self.focus != conversation;
        self.focus = conversation;
    }

    /// Tells the worker what it does not know yet; what it cannot hear now is told in the next frame.
    fn tell(&mut self) {
        let Some(worker) = &self.worker else { return };
        self.untold.focus = self.untold.focus && !worker.focus(self.focus);
        self.untold.budget = self.untold.budget && !worker.set_budget(self.budget);
    }

    /// Hands a request to the worker; starts the worker if there is none. Never waits.
    ///
    /// # Errors
    /// If too many requests wait, or no thread can be had; the request is given back.
    pub fn ask(&mut self, request: impl Into<Box<Request>>) -> Result<Ticket, SubmitError> {
        let request = request.into();
        if self.worker.is_none() {
            self.start();
        }
        self.tell();
        let Some(worker) = &self.worker else {
            return Err(SubmitError::Busy(request));
        };
        match worker.ask(request) {
            // Its last words may still wait in the channel; the ask stays queued until they came.
            Err(SubmitError::Stopped(request)) => Err(SubmitError::Busy(request)),
            other => other,
        }
    }

    /// Lets the model forget a conversation.
    pub fn forget(&self, conversation: ConversationId) {
        if let Some(worker) = &self.worker {
            worker.forget(conversation);
        }
    }

    fn start(&mut self) {
        match Worker::spawn("model", Arc::clone(&self.factory)) {
            Ok(worker) => {
                self.worker = Some(worker);
                self.untold = Untold { focus: true, budget: true };
            }
            Err(error) => error!("no thread for the model: {error}; trying again"),
        }
    }
}

/// Events of the worker that wait to be interpreted.
#[derive(Debug, Default, Resource)]
pub(crate) struct Inbox(pub(crate) Vec<WorkerEvent>);

/// Owns the model's worker thread.
///
/// Installs [`InferenceHandle`], [`InferenceBudget`], [`ModelStatus`], a system in
/// [`PersonaSystems::Receive`] and one behind [`PersonaSystems::Submit`]. The model begins to load
/// when the app starts.
///
/// # Example
/// ```
/// use bevy_persona::inference::{InferencePlugin, ScriptedBackend};
///
/// let plugin = InferencePlugin::new(|_| Ok(ScriptedBackend::new(["[joy] Hi!"]).boxed()));
/// ```
#[derive(Clone)]
pub struct InferencePlugin {
    factory: Arc<BackendFactory>,
}

impl InferencePlugin {
    /// Uses the backend that `factory` makes, on the worker's thread.
    pub fn new(
        factory: impl Fn(&mut LoadReport<'_>) -> Result<Box<dyn Backend>, InferenceError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self { factory: Arc::new(factory) }
    }

    /// Uses the first backend of a chain that can reply: a server, then a model, then written lines.
    #[must_use]
    pub fn chain(links: impl Into<Vec<ChainLink>>) -> Self {
        let links = links.into();
        Self::new(move |report| Ok(Box::new(FallbackChain::load(&links, report)?)))
    }

    /// Uses a server that speaks chat completions.
    #[cfg(feature = "remote")]
    #[must_use]
    pub fn remote(settings: super::remote::RemoteSettings) -> Self {
        Self { factory: ChainLink::remote("remote", settings).factory }
    }

    /// Uses the model named by `source`: `default`, a path, or `hub:owner/repo/file.gguf`.
    #[cfg(feature = "candle")]
    #[must_use]
    pub fn model(source: crate::model_store::ModelSource) -> Self {
        Self::model_with(source, super::GgufSettings::default())
    }

    /// Uses the model named by `source`, with these settings.
    #[cfg(feature = "candle")]
    #[must_use]
    pub fn model_with(
        source: crate::model_store::ModelSource,
        settings: super::GgufSettings,
    ) -> Self {
        Self::new(move |report| {
            Ok(Box::new(super::GgufBackend::fetch(&source, settings.clone(), report)?))
        })
    }
}

impl Default for InferencePlugin {
    #[cfg(feature = "candle")]
    fn default() -> Self {
        Self::model(crate::model_store::ModelSource::default())
    }

    #[cfg(not(feature = "candle"))]
    fn default() -> Self {
        Self::new(|_| Err(InferenceError::load(NoBackend)))
    }
}

/// There is neither an embedded model nor a backend of the game's own.
#[cfg(not(feature = "candle"))]
#[derive(Debug, thiserror::Error)]
#[error(
    "no backend: switch on the feature `candle` of bevy_persona, or use \
     `PersonaPlugins::default().with_backend(..)`"
)]
struct NoBackend;

impl Plugin for InferencePlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        app.insert_resource(InferenceHandle::new(Arc::clone(&self.factory)))
            .init_resource::<InferenceBudget>()
            .init_resource::<ModelStatus>()
            .init_resource::<Inbox>()
            .add_systems(Startup, start)
            .add_systems(PreUpdate, receive.in_set(PersonaSystems::Receive))
            .add_systems(
                PostUpdate,
                tell.after(PersonaSystems::Submit).before(PersonaSystems::Last),
            );
    }
}

fn start(mut handle: ResMut<InferenceHandle>, budget: Res<InferenceBudget>) {
    handle.budget = *budget;
    handle.start();
}

fn tell(mut handle: ResMut<InferenceHandle>, budget: Res<InferenceBudget>) {
    if handle.budget != *budget {
        handle.budget = *budget;
        handle.untold.budget = true;
    }
    handle.tell();
}

/// Events read per frame; more wait for the next one.
const EVENTS_PER_FRAME: usize = 256;

fn receive(
    mut handle: ResMut<InferenceHandle>,
    mut inbox: ResMut<Inbox>,
    mut status: ResMut<ModelStatus>,
    mut commands: Commands,
) {
    let Some(worker) = &handle.worker else { return };
    let mut stopped = false;
    for event in worker.poll(EVENTS_PER_FRAME) {
        match &event {
            WorkerEvent::Loading(loading) => *status = ModelStatus::Loading(loading.clone()),
            WorkerEvent::Ready(info) => *status = ModelStatus::Ready(info.clone()),
            WorkerEvent::Switched(switch) => {
                *status = ModelStatus::Ready(switch.info.clone());
                commands.trigger(BackendSwitched(switch.clone()));
            }
            WorkerEvent::Stopped(error) => {
                error!("{error}");
                *status = ModelStatus::Failed(error.clone());
                stopped = true;
            }
            _ => {}
        }
        inbox.0.push(event);
    }
    if stopped {
        handle.worker = None;
    }
}
