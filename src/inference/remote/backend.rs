//! A server as a backend.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    RemoteError, RemoteSettings,
    backoff::Backoff,
    gate::Gate,
    generation::{RemoteGeneration, Shared},
    server::Server,
};
use crate::inference::{Backend, BackendInfo, Generation, InferenceError, Request};

/// Replies from a server that speaks chat completions as OpenAI defined them: Upstage's Solar, vLLM,
/// SGLang, llama.cpp, Ollama.
///
/// Each reply has a connection and a thread of its own, which ends as soon as the reply is dropped.
/// Adapters and [`Direction::guidance`](crate::mind::Direction::guidance) are for models on this
/// machine; all else of a request is kept to.
///
/// # Example
/// ```
/// use bevy_persona::inference::remote::{RemoteAddress, RemoteBackend, RemoteSettings};
///
/// let address: RemoteAddress = "remote:http://localhost:8000/v1#solar".parse()?;
/// let backend = RemoteBackend::open(RemoteSettings::from(address))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RemoteBackend {
    shared: Rc<Shared>,
}

impl RemoteBackend {
    /// A server; it is asked only when a reply is.
    ///
    /// # Errors
    /// If the settings cannot be, or the environment variable of the key is not set.
    pub fn open(settings: RemoteSettings) -> Result<Self, RemoteError> {
        let server = Arc::new(Server::new(&settings)?);
        let gate = Gate::new(&server.url(), settings.retry, settings.limits, Instant::now());
        let shared = Shared {
            settings,
            server,
            gate: Rc::new(RefCell::new(gate)),
            backoff: RefCell::new(Backoff::default()),
            is_busy: Cell::new(false),
        };
        Ok(Self { shared: Rc::new(shared) })
    }
}

impl Backend for RemoteBackend {
    fn info(&self) -> BackendInfo {
        let RemoteSettings { model, context_length, parameters, languages, .. } =
            &self.shared.settings;
        BackendInfo {
            model: model.clone(),
            context_length: *context_length,
            parameters: *parameters,
            languages: languages.clone(),
            adapters: Vec::new(),
        }
    }

    fn start(&mut self, request: Request) -> Result<Box<dyn Generation>, InferenceError> {
        Ok(Box::new(RemoteGeneration::new(Rc::clone(&self.shared), &request)))
    }

    /// Words come from other threads: here is only looked whether they have.
    fn work(&mut self) -> Duration {
        if self.shared.is_busy.replace(false) { Duration::ZERO } else { LOOK_EVERY }
    }
}

/// How often is looked for words. A fan does not see so little, and a core does not notice it.
const LOOK_EVERY: Duration = Duration::from_millis(3);
