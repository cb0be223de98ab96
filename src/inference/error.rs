//! What can go wrong between a request and the end of its reply.

use std::sync::Arc;

use thiserror::Error;

/// Why a model could not be loaded, or a reply not be finished.
///
/// Cheap to clone, because one cause may end many requests.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum InferenceError {
    /// The model could not be loaded.
    #[error("the model could not be loaded: {0}")]
    Load(Arc<dyn std::error::Error + Send + Sync>),
    /// The request cannot be served as it is.
    #[error("{0}")]
    Request(Arc<dyn std::error::Error + Send + Sync>),
    /// The backend failed while it was replying.
    #[error("the model failed in the middle of a reply: {0}; ask again")]
    Backend(Arc<dyn std::error::Error + Send + Sync>),
    /// A server gave no reply, or not to its end.
    #[cfg(feature = "remote")]
    #[error("{0}")]
    Remote(super::remote::RemoteError),
    /// The backend panicked; the worker has ended.
    #[error("the inference worker stopped: {0}; the next message starts it again")]
    WorkerStopped(String),
}

impl InferenceError {
    /// An error of [`InferenceError::Load`].
    pub fn load(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Load(Arc::new(error))
    }

    /// An error of [`InferenceError::Request`].
    pub fn request(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Request(Arc::new(error))
    }

    /// An error of [`InferenceError::Backend`].
    pub fn backend(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Backend(Arc::new(error))
    }
}
