//! Which frames of a client are taken.

use std::time::{Duration, Instant};

use bevy_persona::club::{FromServer, Refusal, ToServer};
use serde::Deserialize;

use crate::limits::{Entry, Limits, Verdict};

/// A frame that is not taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    nr: Option<u64>,
    pub reason: Refusal,
    message: String,
    retry_after: Option<f32>,
}

impl Refused {
    fn new(nr: Option<u64>, reason: Refusal, message: impl Into<String>) -> Self {
        Self { nr, reason, message: message.into(), retry_after: None }
    }

    fn slow_down(nr: Option<u64>, wait: Duration) -> Self {
        let wait = wait.as_secs_f32();
        let message = format!("You are faster than they can read; wait {wait:.1} seconds.");
        Self { retry_after: Some(wait), ..Self::new(nr, Refusal::SlowDown, message) }
    }

    /// What is no text.
    pub fn binary() -> Self {
        Self::new(None, Refusal::BadFrame, "Send text frames that hold one JSON object.")
    }

    /// What the world does not hear.
    pub fn busy(nr: Option<u64>) -> Self {
        let message = "The server has too much to do; try again in a moment.";
        Self { retry_after: Some(1.0), ..Self::new(nr, Refusal::Busy, message) }
    }
}

impl From<Refused> for FromServer {
    fn from(refused: Refused) -> Self {
        let Refused { nr, reason, message, retry_after } = refused;
        Self::Refused { nr, reason, message, retry_after }
    }
}

/// The client's number of a message, where a frame has one.
pub fn number(frame: &ToServer) -> Option<u64> {
    match frame {
        ToServer::Say { nr, .. } => Some(*nr),
        _ => None,
    }
}

/// Reads a frame, and takes it if it keeps to the limits.
pub fn frame(
    text: &str,
    entry: &Entry,
    limits: &Limits,
    now: Instant,
) -> Result<ToServer, Refused> {
    if text.len() > limits.max_frame {
        let message = format!("A frame is at most {} bytes.", limits.max_frame);
        return Err(Refused::new(None, Refusal::TooLong, message));
    }
    let frame: ToServer = serde_json::from_str(text).map_err(|error| {
        let message = format!("This is no frame of `persona.v1`: {error}");
        Refused::new(any_number(text), Refusal::BadFrame, message)
    })?;
    let nr = number(&frame);
    if let ToServer::Say { text, .. } = &frame {
        words(text, nr, limits)?;
    }
    let verdict = if nr.is_some() { entry.message(now) } else { entry.request(now) };
    match verdict {
        Verdict::Taken => Ok(frame),
        Verdict::Wait(wait) => Err(Refused::slow_down(nr, wait)),
    }
}

fn words(text: &str, nr: Option<u64>, limits: &Limits) -> Result<(), Refused> {
    if text.trim().is_empty() {
        return Err(Refused::new(nr, Refusal::Empty, "There are no words in it."));
    }
    if text.chars().count() > limits.max_chars {
        let message = format!("A message is at most {} characters.", limits.max_chars);
        return Err(Refused::new(nr, Refusal::TooLong, message));
    }
    Ok(())
}

/// The number of a message that is wrong in something else.
fn any_number(text: &str) -> Option<u64> {
    #[derive(Deserialize)]
    struct Numbered {
        nr: u64,
    }
    serde_json::from_str(text).ok().map(|Numbered { nr }| nr)
}

#[cfg(test)]
mod tests;
