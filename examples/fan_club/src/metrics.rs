//! What the server counts, for Prometheus.

use std::{sync::atomic::AtomicU64, time::Duration};

use bevy_persona::club::Refusal;
use prometheus_client::{
    encoding::text,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

mod process;

/// How a reply ended, as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// She had said all she wanted.
    Complete,
    /// The longest answer was reached.
    Length,
    /// The fan interrupted her.
    Interrupted,
    /// There was no answer, or none to its end.
    Failed,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Length => "length",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
        }
    }
}

type Labels<const N: usize> = [(&'static str, String); N];

/// What the server counts. Names and words of fans are no part of it.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    connections: Gauge,
    fans: Gauge,
    open_replies: Gauge,
    resident_bytes: Gauge<u64, AtomicU64>,
    messages: Counter,
    refused: Family<Labels<1>, Counter>,
    turned_away: Family<Labels<1>, Counter>,
    replies: Family<Labels<2>, Counter>,
    first_words: Histogram,
    reply_took: Histogram,
    kept: Counter,
    keep_failures: Counter,
    moments: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("fan_club"),
            connections: Gauge::default(),
            fans: Gauge::default(),
            open_replies: Gauge::default(),
            resident_bytes: Gauge::default(),
            messages: Counter::default(),
            refused: Family::default(),
            turned_away: Family::default(),
            replies: Family::default(),
            first_words: Histogram::new(SECONDS),
            reply_took: Histogram::new(SECONDS),
            kept: Counter::default(),
            keep_failures: Counter::default(),
            moments: Counter::default(),
        };
        metrics.register();
        metrics
    }
}

/// Where the buckets of times end.
const SECONDS: [f64; 12] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0];

impl Metrics {
    /// All that is counted, in the text format of Prometheus.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(bytes) = process::resident_bytes() {
            self.resident_bytes.set(bytes);
        }
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = text::encode(&mut text, &self.registry);
        text
    }

    /// A connection has been opened.
    pub fn connected(&self) {
        self.connections.inc();
    }

    /// A connection has ended.
    pub fn disconnected(&self) {
        self.connections.dec();
    }

    /// A message of a fan was given to the world.
    pub fn message(&self) {
        self.messages.inc();
    }

    /// A frame was not taken.
    pub fn refused(&self, reason: Refusal) {
        self.refused.get_or_create(&[("reason", word(&reason))]).inc();
    }

    /// A connection was not let in, or a sign-up was not.
    pub fn turned_away(&self, reason: &'static str) {
        self.turned_away.get_or_create(&[("reason", reason.to_owned())]).inc();
    }

    /// A reply of a member is over.
    pub fn replied(&self, member: &str, outcome: Outcome) {
        let labels = [("member", member.to_owned()), ("outcome", outcome.as_str().to_owned())];
        self.replies.get_or_create(&labels).inc();
    }

    /// So long a fan waited for the first words.
    pub fn first_words(&self, waited: Duration) {
        self.first_words.observe(waited.as_secs_f64());
    }

    /// So long a fan waited for the whole reply.
    pub fn reply_took(&self, waited: Duration) {
        self.reply_took.observe(waited.as_secs_f64());
    }

    /// A turn is on the disk.
    pub fn kept(&self) {
        self.kept.inc();
    }

    /// A turn could not be kept.
    pub fn keep_failed(&self) {
        self.keep_failures.inc();
    }

    /// Something happened on the stage.
    pub fn moment(&self) {
        self.moments.inc();
    }

    /// So many fans are here.
    pub fn set_fans(&self, fans: usize) {
        self.fans.set(fans.try_into().unwrap_or(i64::MAX));
    }

    /// So many replies are under way.
    pub fn set_open_replies(&self, open: usize) {
        self.open_replies.set(open.try_into().unwrap_or(i64::MAX));
    }

    fn register(&mut self) {
        let all = &mut self.registry;
        all.register("connections", "Open connections", self.connections.clone());
        all.register("fans", "Fans who are here", self.fans.clone());
        all.register("open_replies", "Replies under way", self.open_replies.clone());
        all.register(
            "process_resident_bytes",
            "Memory of the process that lies in RAM",
            self.resident_bytes.clone(),
        );
        all.register("messages", "Messages taken of fans", self.messages.clone());
        all.register("refused", "Frames not taken", self.refused.clone());
        all.register("turned_away", "Sign-ins and sign-ups not taken", self.turned_away.clone());
        all.register("replies", "Replies that are over", self.replies.clone());
        all.register(
            "first_words_seconds",
            "From a message to the first words of its reply",
            self.first_words.clone(),
        );
        all.register(
            "reply_seconds",
            "From a message to the end of its reply",
            self.reply_took.clone(),
        );
        all.register("kept", "Turns kept", self.kept.clone());
        all.register("keep_failures", "Turns that could not be kept", self.keep_failures.clone());
        all.register("stage_moments", "Moments on the stage", self.moments.clone());
    }
}

/// The word that stands for a refusal in frames.
fn word(reason: &Refusal) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => word,
        _ => "other".into(),
    }
}

#[cfg(test)]
mod tests;
