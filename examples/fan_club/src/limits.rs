//! What the server takes of one fan, of one address, and of all.
//!
//! All of it is counted with times that are handed in, so that tests need not wait.

use std::time::Duration;

mod address;
mod addresses;
mod bucket;
mod fans;

pub use address::Address;
pub use addresses::Addresses;
pub use bucket::{Bucket, Pace};
pub use fans::{Entry, Fans, TurnedAway, Verdict};

/// What the operator decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Messages of a fan, over all connections.
    pub messages: Pace,
    /// Other frames of a fan: to stop, to recall, to forget.
    pub requests: Pace,
    /// The longest message, in characters.
    pub max_chars: usize,
    /// The largest frame, in bytes.
    pub max_frame: usize,
    /// Open connections of one fan.
    pub per_fan: usize,
    /// Open connections in all.
    pub connections: usize,
    /// When a fan floods the server.
    pub flood: Flood,
    /// Failed sign-ins from one address.
    pub strangers: Pace,
    /// Sign-ups from one address.
    pub joins: Pace,
    /// How often a connection is asked whether it lives.
    pub ping: Duration,
    /// After how long without a sign of life a connection ends.
    pub idle: Duration,
    /// How long a request may take to come in, and a frame to go out.
    pub patience: Duration,
    /// Whether a proxy of the operator stands before the server. Only then is `X-Forwarded-For`
    /// believed: anybody can send it.
    pub behind_proxy: bool,
}

/// When a fan is no fan but a flood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flood {
    /// So many frames refused …
    pub refused: u32,
    /// … within this time …
    pub within: Duration,
    /// … keep the fan out for so long.
    pub ban: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            messages: Pace::new(5, Duration::from_secs(2)),
            requests: Pace::new(10, Duration::from_millis(500)),
            max_chars: 500,
            max_frame: 16 * 1024,
            per_fan: 4,
            connections: 4000,
            flood: Flood {
                refused: 100,
                within: Duration::from_secs(10),
                ban: Duration::from_secs(30),
            },
            strangers: Pace::new(20, Duration::from_secs(6)),
            joins: Pace::new(5, Duration::from_secs(600)),
            ping: Duration::from_secs(20),
            idle: Duration::from_secs(60),
            patience: Duration::from_secs(10),
            behind_proxy: false,
        }
    }
}
