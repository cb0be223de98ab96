//! What a training tells of itself.

use serde::{Deserialize, Serialize};

/// The losses of a training, in nats per token that is learnt.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Record {
    /// One for each step.
    pub losses: Vec<f32>,
    /// Those on what is held out: after how many steps, and the loss.
    pub held_out: Vec<(usize, f32)>,
    /// Tokens that were read to learn.
    pub tokens: u64,
}

impl Record {
    /// The lowest loss on what is held out.
    #[must_use]
    pub fn best(&self) -> Option<(usize, f32)> {
        self.held_out.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// What happens while a model is trained.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TrainEvent {
    /// A step was taken.
    Step {
        /// How many, this one counted.
        step: usize,
        /// How many there will be.
        steps: usize,
        /// Its loss, in nats per token.
        loss: f32,
        /// Length of the gradient before it was clipped.
        gradient: f64,
        /// The learning rate.
        rate: f64,
        /// Tokens that were read in it.
        tokens: usize,
    },
    /// The loss on what is held out was measured.
    HeldOut {
        /// After how many steps.
        step: usize,
        /// In nats per token.
        loss: f32,
        /// Whether it is the lowest so far.
        is_best: bool,
    },
}

/// How a training ended.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainReport {
    /// All losses.
    pub record: Record,
    /// Whether what is held out got no better any more.
    pub stopped_early: bool,
    /// Whether whoever listened wanted it to stop; it can be gone on with.
    pub interrupted: bool,
}
