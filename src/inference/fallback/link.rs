//! One backend of a chain.

use std::{cell::Cell, rc::Rc, sync::Arc};

use super::BackendSwitch;
use crate::inference::{Backend, BackendFactory, InferenceError, LoadReport, ScriptedBackend};

/// A backend of a [`FallbackChain`](super::FallbackChain), before it is loaded.
#[derive(Clone)]
pub struct ChainLink {
    /// What it is called where a switch is told.
    pub name: Arc<str>,
    /// Makes it, on the worker's thread.
    pub factory: Arc<BackendFactory>,
}

impl ChainLink {
    /// A link that `factory` makes.
    pub fn new(
        name: impl Into<Arc<str>>,
        factory: impl Fn(&mut LoadReport<'_>) -> Result<Box<dyn Backend>, InferenceError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self { name: name.into(), factory: Arc::new(factory) }
    }

    /// Lines that somebody wrote, with their tags, which take turns: the last link, which never fails.
    pub fn lines(
        name: impl Into<Arc<str>>,
        lines: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let script = ScriptedBackend::new(lines);
        Self::new(name, move |_| Ok(script.clone().boxed()))
    }

    /// A server.
    #[cfg(feature = "remote")]
    pub fn remote(
        name: impl Into<Arc<str>>,
        settings: crate::inference::remote::RemoteSettings,
    ) -> Self {
        Self::new(name, move |_| {
            let opened = crate::inference::remote::RemoteBackend::open(settings.clone());
            Ok(Box::new(opened.map_err(InferenceError::Remote)?))
        })
    }

    /// A model on this machine.
    #[cfg(feature = "candle")]
    pub fn model(
        name: impl Into<Arc<str>>,
        source: crate::model_store::ModelSource,
        settings: crate::inference::GgufSettings,
    ) -> Self {
        Self::new(name, move |report| {
            let fetched = crate::inference::GgufBackend::fetch(&source, settings.clone(), report);
            Ok(Box::new(fetched?))
        })
    }
}

/// A backend of a chain.
pub(super) struct Link {
    pub(super) name: Arc<str>,
    pub(super) backend: Box<dyn Backend>,
    /// Replies that it is making.
    open: Rc<Cell<usize>>,
}

/// A reply of a link; the link is told when it is dropped.
pub(super) struct OpenReply(Rc<Cell<usize>>);

impl Link {
    pub(super) fn load(
        link: &ChainLink,
        report: &mut LoadReport<'_>,
    ) -> Result<Self, InferenceError> {
        let backend = (link.factory)(report)?;
        Ok(Self { name: Arc::clone(&link.name), backend, open: Rc::default() })
    }

    pub(super) fn open(&self) -> OpenReply {
        self.open.set(self.open.get() + 1);
        OpenReply(Rc::clone(&self.open))
    }

    pub(super) fn is_at_work(&self) -> bool {
        self.open.get() > 0
    }

    pub(super) fn switch_from(
        &self,
        from: Arc<str>,
        error: Option<InferenceError>,
    ) -> BackendSwitch {
        BackendSwitch { from, to: Arc::clone(&self.name), info: self.backend.info(), error }
    }
}

impl Drop for OpenReply {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}
