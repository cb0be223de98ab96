//! What can go wrong with a server, and what to do next.

use std::{sync::Arc, time::Duration};

use thiserror::Error;

/// Why a server gave no reply, or only a part of one.
///
/// What it said is shortened, and the key is never in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RemoteError {
    /// The settings cannot be.
    #[error("the settings of the server: `{field}`: {problem}")]
    Settings {
        /// The field.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The environment variable of the key is not set.
    #[error("the server needs a key: set the environment variable `{variable}` to it")]
    KeyMissing {
        /// The variable.
        variable: String,
    },
    /// The key holds what no key holds.
    #[error(
        "the key in the environment variable `{variable}` holds white space or letters that cannot \
         be sent; copy it again"
    )]
    KeyUnfit {
        /// The variable.
        variable: String,
    },
    /// There is no connection.
    #[error("{url} cannot be reached: {problem}; is the server running, and is the URL right?")]
    Unreachable {
        /// The server.
        url: String,
        /// What the system said.
        problem: String,
    },
    /// The connection is not safe.
    #[error(
        "no safe connection to {url}: {problem}; check the server's certificate, and the clock of \
         this machine"
    )]
    Unsafe {
        /// The server.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// 401 or 403: the key is wrong or missing.
    #[error("{url} refuses the key ({status}): {said}; {}", key_advice(.key_env.as_deref()))]
    Forbidden {
        /// The server.
        url: String,
        /// The HTTP status.
        status: u16,
        /// The variable of the key, where one is named.
        key_env: Option<String>,
        /// What the server said.
        said: String,
    },
    /// 404: the model or the URL is wrong.
    #[error(
        "{url} knows no model `{model}`, or no chat completions: {said}; check the model's name, and \
         that the URL ends before `/chat/completions`"
    )]
    NotFound {
        /// The server.
        url: String,
        /// The model.
        model: String,
        /// What the server said.
        said: String,
    },
    /// 429: too much was asked.
    #[error("{url} is asked too often: {said}; {}", busy_advice(*.retry_after))]
    Busy {
        /// The server.
        url: String,
        /// How long it wants to be left alone, where it says so.
        retry_after: Option<Duration>,
        /// What it said.
        said: String,
    },
    /// Another status that says the request is at fault.
    #[error(
        "{url} does not accept the request ({status}): {said}; try `tags = \"text\"`, \
         `usage = false` and `extensions = false`, which every server knows"
    )]
    Refused {
        /// The server.
        url: String,
        /// The HTTP status.
        status: u16,
        /// What it said.
        said: String,
    },
    /// The server itself failed.
    #[error("{url} failed ({status}): {said}; ask again, and look into its log if that goes on")]
    Server {
        /// The server.
        url: String,
        /// The HTTP status.
        status: u16,
        /// How long it wants to be left alone, where it says so.
        retry_after: Option<Duration>,
        /// What it said.
        said: String,
    },
    /// It took too long.
    #[error("{url} took longer than {} s {stage}; ask again, or raise `timeouts.{}`",
        .after.as_secs_f32(), .stage.field())]
    Timeout {
        /// The server.
        url: String,
        /// For what.
        stage: TimeoutStage,
        /// The limit.
        after: Duration,
    },
    /// The answer makes no sense.
    #[error("the answer of {url} cannot be read: {problem}; does it speak chat completions?")]
    Malformed {
        /// The server.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// The server told of an error where a reply should be.
    #[error("{url} failed while it replied: {said}; ask again")]
    Told {
        /// The server.
        url: String,
        /// What it said.
        said: String,
    },
    /// The connection ended in the middle.
    #[error("the connection to {url} ended in the middle of a reply: {problem}; ask again")]
    CutOff {
        /// The server.
        url: String,
        /// What happened.
        problem: String,
    },
    /// A reply without a word.
    #[error(
        "{url} answered without a word; ask again, or raise `max_tokens` if the model thinks first"
    )]
    Empty {
        /// The server.
        url: String,
    },
    /// It failed too often lately, and is not asked for a while.
    #[error("the server is left alone for {} s after failures, of which the last was: {last}",
        .wait.as_secs_f32().ceil())]
    Resting {
        /// For how long.
        wait: Duration,
        /// The last failure.
        last: Arc<RemoteError>,
    },
    /// The system gives no thread.
    #[error("no thread for the connection to {url}: {problem}; lower `limits.open`")]
    NoThread {
        /// The server.
        url: String,
        /// What the system said.
        problem: String,
    },
}

/// What took too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeoutStage {
    /// To connect.
    Connect,
    /// From asking to the first piece.
    FirstToken,
    /// From one piece to the next.
    BetweenTokens,
    /// From the message to the first piece, with all waiting.
    Patience,
}

impl TimeoutStage {
    fn field(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::FirstToken => "first_token",
            Self::BetweenTokens => "between_tokens",
            Self::Patience => "patience",
        }
    }
}

impl std::fmt::Display for TimeoutStage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "to connect",
            Self::FirstToken => "to begin its reply",
            Self::BetweenTokens => "from one word to the next",
            Self::Patience => "to begin its reply, with all tries",
        })
    }
}

fn key_advice(variable: Option<&str>) -> String {
    match variable {
        Some(name) => format!("check the environment variable `{name}`"),
        None => "name the environment variable that holds a key in `key_env`".into(),
    }
}

fn busy_advice(wait: Option<Duration>) -> String {
    match wait {
        Some(wait) => format!("ask again in {} s", wait.as_secs_f32().ceil()),
        None => "ask again later, or set `limits.requests_per_minute`".into(),
    }
}

impl RemoteError {
    /// Whether it may help to ask once more.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Busy { .. }
            | Self::Server { .. }
            | Self::CutOff { .. }
            | Self::Told { .. }
            | Self::Timeout { stage: TimeoutStage::Connect, .. } => true,
            Self::Refused { status, .. } => matches!(status, 408 | 425),
            _ => false,
        }
    }

    /// Whether it shows that the server does not work: not where a request or a key is at fault, nor
    /// where it only has too much to do.
    pub(super) fn is_outage(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::Unsafe { .. }
                | Self::Server { .. }
                | Self::CutOff { .. }
                | Self::Told { .. }
                | Self::Malformed { .. }
                | Self::Timeout {
                    stage: TimeoutStage::Connect
                        | TimeoutStage::FirstToken
                        | TimeoutStage::BetweenTokens,
                    ..
                }
        )
    }
}
