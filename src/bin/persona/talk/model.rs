//! The model behind a conversation: its worker, and what is known of it.

use std::sync::Arc;

use bevy_persona::inference::{
    BackendFactory, BackendInfo, InferenceError, Loading, Request, SubmitError, Ticket, Worker,
    WorkerEvent,
};

/// A model that is loaded when it is first needed, and again when its worker has died.
pub struct Model {
    factory: Arc<BackendFactory>,
    worker: Option<Worker>,
    info: Option<BackendInfo>,
}

impl Model {
    pub fn new(factory: Arc<BackendFactory>) -> Self {
        Self { factory, worker: None, info: None }
    }

    pub fn worker(&self) -> Option<&Worker> {
        self.worker.as_ref()
    }

    /// What it is, once it is loaded.
    pub fn info(&self) -> Option<&BackendInfo> {
        self.info.as_ref()
    }

    /// Begins to load it, unless that has begun.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn wake(&mut self) -> Result<&Worker, InferenceError> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => {
                Worker::spawn("model", Arc::clone(&self.factory)).map_err(InferenceError::load)?
            }
        };
        Ok(self.worker.insert(worker))
    }

    /// Waits until it is loaded.
    ///
    /// # Errors
    /// If it cannot be loaded.
    pub fn load(&mut self, mut told: impl FnMut(&Loading)) -> Result<(), InferenceError> {
        self.wake()?;
        while self.info.is_none() {
            match self.hear() {
                WorkerEvent::Loading(loading) => told(&loading),
                WorkerEvent::Stopped(error) => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The next event; the end of a worker is remembered.
    pub fn hear(&mut self) -> WorkerEvent {
        let event = self.worker.as_ref().and_then(Worker::wait);
        let event = event.unwrap_or_else(|| WorkerEvent::Stopped(ended()));
        match &event {
            WorkerEvent::Ready(info) => self.info = Some(info.clone()),
            WorkerEvent::Switched(switch) => self.info = Some(switch.info.clone()),
            WorkerEvent::Stopped(_) => (self.worker, self.info) = (None, None),
            _ => {}
        }
        event
    }

    /// Hands a request over; gives no ticket where the worker has ended: its last words say why.
    ///
    /// # Errors
    /// If too many requests wait, or the system gives no thread.
    pub fn ask(&mut self, request: Request) -> Result<Option<Ticket>, InferenceError> {
        match self.wake()?.ask(request) {
            Ok(ticket) => Ok(Some(ticket)),
            Err(SubmitError::Stopped(_)) => Ok(None),
            Err(busy @ SubmitError::Busy(_)) => Err(InferenceError::request(busy)),
        }
    }
}

fn ended() -> InferenceError {
    InferenceError::WorkerStopped("it ended without saying why".into())
}
