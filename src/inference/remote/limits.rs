//! How long a server may take, how often it is asked, and how much it may send.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{RemoteError, settings::seconds};

/// How long a server may take; in files in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RemoteTimeouts {
    /// To look up its name and to connect, each.
    #[serde(with = "seconds")]
    pub connect: Duration,
    /// From asking to the first piece of the reply.
    #[serde(with = "seconds")]
    pub first_token: Duration,
    /// From one piece to the next.
    #[serde(with = "seconds")]
    pub between_tokens: Duration,
    /// From the fan's message to the first piece, with all waiting and all tries.
    #[serde(with = "seconds")]
    pub patience: Duration,
}

impl Default for RemoteTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_token: Duration::from_secs(20),
            between_tokens: Duration::from_secs(10),
            patience: Duration::from_secs(30),
        }
    }
}

impl RemoteTimeouts {
    pub(super) fn check(&self) -> Result<(), RemoteError> {
        for (field, time) in [
            ("timeouts.connect", self.connect),
            ("timeouts.first_token", self.first_token),
            ("timeouts.between_tokens", self.between_tokens),
            ("timeouts.patience", self.patience),
        ] {
            if time.is_zero() || time > DAY {
                let problem = "it must be more than nothing, and at most a day".into();
                return Err(RemoteError::Settings { field: field.into(), problem });
            }
        }
        Ok(())
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What is done when a server fails before the first piece of a reply. After it, nothing is tried
/// again: the fan has heard half of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetrySettings {
    /// How often it is asked again.
    pub times: u32,
    /// The first time it is asked again after a random part of this; then of twice as much, and so on.
    #[serde(with = "seconds")]
    pub first_wait: Duration,
    /// The longest wait. A server that asks for a longer one is not waited for.
    #[serde(with = "seconds")]
    pub longest_wait: Duration,
    /// After so many failures in a row it is not asked for a while; 0 for never.
    pub breaks_after: u32,
    /// For how long it is not asked; then with one reply, to see.
    #[serde(with = "seconds")]
    pub rests_for: Duration,
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self {
            times: 3,
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(10),
            breaks_after: 5,
            rests_for: Duration::from_secs(15),
        }
    }
}

impl RetrySettings {
    pub(super) fn check(&self) -> Result<(), RemoteError> {
        if self.longest_wait > DAY || self.rests_for > DAY || self.first_wait > DAY {
            let problem = "a wait is at most a day".into();
            return Err(RemoteError::Settings { field: "retry".into(), problem });
        }
        Ok(())
    }
}

/// How much may be asked of a server, and how much it may send.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RemoteLimits {
    /// The most requests in a minute; 0 for any number. As many may come at once.
    pub requests_per_minute: u32,
    /// The most replies at the same time; others wait.
    pub open: usize,
    /// The longest reply, in bytes of its text; it ends there.
    pub reply_bytes: usize,
    /// The most bytes of an answer, with all that is around the text.
    pub stream_bytes: usize,
}

impl Default for RemoteLimits {
    fn default() -> Self {
        Self { requests_per_minute: 0, open: 64, reply_bytes: 16 * 1024, stream_bytes: 8 << 20 }
    }
}

impl RemoteLimits {
    pub(super) fn check(&self) -> Result<(), RemoteError> {
        for (field, value) in [
            ("limits.open", self.open),
            ("limits.reply_bytes", self.reply_bytes),
            ("limits.stream_bytes", self.stream_bytes),
        ] {
            if value == 0 {
                let problem = "with 0 nothing could be asked".into();
                return Err(RemoteError::Settings { field: field.into(), problem });
            }
        }
        Ok(())
    }
}
