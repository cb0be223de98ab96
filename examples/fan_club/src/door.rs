//! What passes between the web and the world: knocks one way, frames the other. Neither waits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use bevy_persona::{
    club::{FromServer, ToServer},
    mind::FanId,
};
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use thiserror::Error;
use tokio::sync::mpsc;

/// Names one connection; unique within the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

impl SessionId {
    /// A name that no other connection has.
    #[must_use]
    pub fn draw() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// What the web tells the world.
#[derive(Debug)]
pub enum Knock {
    /// A fan is here, by a new connection.
    Arrive {
        /// Which connection.
        session: SessionId,
        /// Who.
        fan: FanId,
        /// The way back.
        outbox: Outbox,
    },
    /// A fan asks for something; it keeps to the limits.
    Frame {
        /// By which connection.
        session: SessionId,
        /// What.
        frame: ToServer,
        /// When it came.
        at: Instant,
    },
    /// A connection has ended.
    Leave {
        /// Which.
        session: SessionId,
    },
    /// A fan has no account any more.
    SignOut {
        /// Who.
        fan: FanId,
    },
    /// The server is to end: no new message is taken, open replies are finished.
    Close,
}

/// The web's side.
#[derive(Debug, Clone)]
pub struct Door(Sender<Knock>);

/// A knock that nobody hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DoorError {
    /// Too many knocks wait.
    #[error("the server has too much to do; try again in a moment")]
    Full,
    /// The world has ended.
    #[error("the server is closing")]
    Closed,
}

impl Door {
    /// How many knocks may wait.
    const WAITING: usize = 4096;

    /// A door, and what is heard behind it.
    #[must_use]
    pub fn pair() -> (Self, Receiver<Knock>) {
        let (knocks, heard) = bounded(Self::WAITING);
        (Self(knocks), heard)
    }

    /// Tells the world; never waits.
    ///
    /// # Errors
    /// If it does not hear.
    pub fn knock(&self, knock: Knock) -> Result<(), DoorError> {
        self.0.try_send(knock).map_err(|refused| match refused {
            TrySendError::Full(_) => DoorError::Full,
            TrySendError::Disconnected(_) => DoorError::Closed,
        })
    }
}

/// The world's side of one connection. The connection ends when all of its outboxes are dropped.
#[derive(Debug, Clone)]
pub struct Outbox(mpsc::Sender<Arc<str>>);

/// A frame that does not reach the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OutboxError {
    /// It has read too little of what was sent before.
    #[error("the client reads too slowly")]
    TooSlow,
    /// It has left.
    #[error("the client has left")]
    Gone,
}

impl Outbox {
    /// An outbox, and what is sent by it.
    #[must_use]
    pub fn pair(capacity: usize) -> (Self, mpsc::Receiver<Arc<str>>) {
        let (outbox, sent) = mpsc::channel(capacity);
        (Self(outbox), sent)
    }

    /// Sends a frame; never waits.
    ///
    /// # Errors
    /// If it does not reach the client.
    pub fn send(&self, frame: &FromServer) -> Result<(), OutboxError> {
        self.send_text(as_text(frame))
    }

    /// Sends a frame that was made to text before, because many get it.
    ///
    /// # Errors
    /// If it does not reach the client.
    pub fn send_text(&self, frame: Arc<str>) -> Result<(), OutboxError> {
        self.0.try_send(frame).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => OutboxError::TooSlow,
            mpsc::error::TrySendError::Closed(_) => OutboxError::Gone,
        })
    }
}

/// A frame as text.
#[must_use]
pub fn as_text(frame: &FromServer) -> Arc<str> {
    // Frames are plain data; nothing in them can fail to be written.
    serde_json::to_string(frame).unwrap_or_default().into()
}
