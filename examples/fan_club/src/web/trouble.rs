//! How a request is turned down: a status, and JSON that says why and what to do.

use std::time::Duration;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::limits::TurnedAway;

/// Why a request is turned down.
#[derive(Debug)]
pub struct Trouble {
    status: StatusCode,
    /// A word for programs, such as the page.
    reason: &'static str,
    /// A sentence for people.
    message: String,
    wait: Option<Duration>,
}

impl Trouble {
    pub fn new(status: StatusCode, reason: &'static str, message: impl Into<String>) -> Self {
        Self { status, reason, message: message.into(), wait: None }
    }

    pub fn wait(self, wait: Duration) -> Self {
        Self { wait: Some(wait), ..self }
    }

    pub fn stranger() -> Self {
        let message = "show the token of your account: `Authorization: Bearer TOKEN`";
        Self::new(StatusCode::UNAUTHORIZED, "stranger", message)
    }

    pub fn too_often(wait: Duration) -> Self {
        let message = "that was tried too often from your address; wait a moment";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_often", message).wait(wait)
    }

    pub fn stopping() -> Self {
        let message = "the server is about to stop; come again in a minute";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", message).wait(Duration::from_secs(5))
    }

    pub fn no_accounts() -> Self {
        let message = "the server cannot see who you are now; come again in a minute";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "accounts", message).wait(Duration::from_secs(5))
    }
}

impl TurnedAway {
    /// A word for programs.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Flooding(_) => "flooding",
            Self::TooMany => "too_many",
            Self::Full => "full",
        }
    }
}

impl From<TurnedAway> for Trouble {
    fn from(why: TurnedAway) -> Self {
        let (status, wait) = match why {
            TurnedAway::Flooding(wait) => (StatusCode::TOO_MANY_REQUESTS, wait),
            TurnedAway::TooMany => (StatusCode::TOO_MANY_REQUESTS, Duration::from_secs(10)),
            TurnedAway::Full => (StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(30)),
        };
        Self::new(status, why.reason(), why.to_string()).wait(wait)
    }
}

impl Trouble {
    /// Why, for the page.
    pub fn body(&self) -> Value {
        let mut body = json!({ "error": self.reason, "message": self.message });
        if let Some(seconds) = self.seconds() {
            body["retry_after"] = seconds.into();
        }
        body
    }

    fn seconds(&self) -> Option<u64> {
        self.wait.map(|wait| wait.as_secs_f32().ceil().max(1.0) as u64)
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.seconds() {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Answers for every path that there is not.
pub async fn nothing_here() -> Trouble {
    Trouble::new(StatusCode::NOT_FOUND, "not_found", "there is nothing at this address")
}
