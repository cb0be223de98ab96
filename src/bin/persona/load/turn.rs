//! The answer that a fan waits for.

use std::time::Duration;

use bevy_persona::persona::PersonaId;

use super::script::Message;

/// A message that was sent, and what has come of the answer.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Its number.
    pub nr: u64,
    /// The message.
    pub message: Message,
    /// How often it had been sent before.
    pub again: u32,
    /// When it was sent.
    pub sent: Duration,
    /// How long it took to the first words.
    pub first: Option<Duration>,
    /// Whether the answer has begun.
    pub begun: bool,
    /// The words so far.
    pub words: String,
}

impl Turn {
    /// A message that is sent now.
    pub fn new(nr: u64, message: Message, again: u32, sent: Duration) -> Self {
        Self { nr, message, again, sent, first: None, begun: false, words: String::new() }
    }

    /// Whether a frame with this number from this member can be a part of the answer.
    pub fn is(&self, nr: u64, from: &PersonaId) -> bool {
        self.nr == nr && self.message.to == *from
    }

    /// More words.
    pub fn hear(&mut self, text: &str, now: Duration) {
        self.first.get_or_insert(now.saturating_sub(self.sent));
        self.words.push_str(text);
    }
}

/// A text without differences of white space.
pub fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
