//! A server as the threads that talk to it know it.

use std::time::{Duration, SystemTime};

use serde_json::Value;
use ureq::{
    Agent, Timeout,
    http::{Response, StatusCode, header},
};

use super::{
    RemoteAddress, RemoteError, RemoteSettings, TimeoutStage, answer, backoff::retry_after,
    key::ApiKey,
};

/// A server, its key, and what is sent along with each request.
pub(super) struct Server {
    address: RemoteAddress,
    key: Option<ApiKey>,
    key_env: Option<String>,
    headers: Vec<(String, String)>,
    connect: Duration,
    pub(super) stream_bytes: usize,
}

/// The most that is read of what a server says of an error, in bytes.
const LONGEST_ERROR: u64 = 64 * 1024;
/// The most that is told of it, in characters.
const LONGEST_SAID: usize = 300;

impl Server {
    pub(super) fn new(settings: &RemoteSettings) -> Result<Self, RemoteError> {
        let address = settings.check()?;
        let key = settings.key_env.as_deref().map(ApiKey::from_env).transpose()?;
        if key.is_some() && address.is_open_to_others() {
            let url = address.base_url();
            tracing::warn!("the key for {url} can be read on its way there: use https");
        }
        Ok(Self {
            address,
            key,
            key_env: settings.key_env.clone(),
            headers: settings.headers.clone().into_iter().collect(),
            connect: settings.timeouts.connect,
            stream_bytes: settings.limits.stream_bytes,
        })
    }

    pub(super) fn url(&self) -> String {
        self.address.base_url().into()
    }

    /// What makes one request: of its own, so that it can be stopped alone.
    pub(super) fn agent(&self) -> Agent {
        let config = Agent::config_builder();
        // A proxy of the system is for other machines.
        let config = if self.address.is_here() { config.proxy(None) } else { config };
        config
            .http_status_as_error(false)
            // A request that goes elsewhere would take the key along.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_resolve(Some(self.connect))
            .timeout_connect(Some(self.connect))
            // Compression would hold words back.
            .accept_encoding("identity")
            .user_agent(concat!("bevy_persona/", env!("CARGO_PKG_VERSION")))
            .max_idle_connections(0)
            .build()
            .into()
    }

    /// Asks; gives the answer as soon as its headers are there.
    pub(super) fn ask(
        &self,
        agent: &Agent,
        body: &str,
    ) -> Result<Response<ureq::Body>, RemoteError> {
        let mut request = agent
            .post(self.address.completions())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "text/event-stream, application/json");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, key.authorization());
        }
        let response = request.send(body).map_err(|error| self.no_answer(error))?;
        match response.status() {
            status if status.is_success() => Ok(response),
            status => Err(self.refusal(status, response)),
        }
    }

    fn no_answer(&self, error: ureq::Error) -> RemoteError {
        let (url, problem) = (self.url(), self.said(&error.to_string()));
        match error {
            ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
                RemoteError::Timeout { url, stage: TimeoutStage::Connect, after: self.connect }
            }
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => {
                RemoteError::Unsafe { url, problem }
            }
            ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => {
                RemoteError::Malformed { url, problem }
            }
            _ => RemoteError::Unreachable { url, problem },
        }
    }

    fn refusal(&self, code: StatusCode, mut response: Response<ureq::Body>) -> RemoteError {
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let wait = header(header::RETRY_AFTER);
        let retry_after = wait.and_then(|wait| retry_after(wait, SystemTime::now()));
        let moved = header(header::LOCATION).map(|to| format!("it has moved to {to}"));
        let (url, status) = (self.url(), code.as_u16());
        let text = response
            .body_mut()
            .with_config()
            .limit(LONGEST_ERROR)
            .lossy_utf8(true)
            .read_to_string();
        let text = text.unwrap_or_default();
        let value = serde_json::from_str::<Value>(&text).ok();
        let told = moved.or_else(|| value.as_ref().and_then(answer::message));
        let told = told.unwrap_or(text);
        let reason = code.canonical_reason().unwrap_or("it does not say why");
        let said = self.said(if told.trim().is_empty() { reason } else { &told });
        match status {
            401 | 403 => {
                RemoteError::Forbidden { url, status, key_env: self.key_env.clone(), said }
            }
            404 => RemoteError::NotFound { url, model: self.address.model().into(), said },
            429 => RemoteError::Busy { url, retry_after, said },
            500.. => RemoteError::Server { url, status, retry_after, said },
            _ => RemoteError::Refused { url, status, said },
        }
    }

    /// What a server says, short, on one line, and without the key.
    pub(super) fn said(&self, text: &str) -> String {
        let text = self.key.as_ref().map_or_else(|| text.into(), |key| key.hidden_in(text));
        let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let line = words.join(" ");
        match line.char_indices().nth(LONGEST_SAID) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        }
    }
}
