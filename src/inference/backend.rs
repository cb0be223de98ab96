//! What a source of replies must do, and the words it does it in.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{BackendSwitch, InferenceBudget, InferenceError, Sampling};
use crate::{
    mind::{Direction, EmotionTag, ModelSize, Palette, Prompt, Segment, Speaker},
    persona::{Language, PersonaSheet},
};

/// Names a conversation, so that a backend can keep what it has already read of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConversationId(pub u64);

/// One reply to be made.
#[derive(Debug, Clone)]
pub struct Request {
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// What the model reads.
    pub prompt: Prompt,
    /// The emotions that may be tagged.
    pub palette: Palette,
    /// How words are chosen.
    pub sampling: Sampling,
    /// Makes the same request give the same reply.
    pub seed: u64,
    /// How the reply is steered and checked. The worker sees to it; a backend may use it to choose
    /// better from the start.
    pub direction: Direction,
    /// The adapter it is made with: one of [`BackendInfo::adapters`]. Without, and with one that is
    /// not there, the model speaks as it is.
    pub adapter: Option<Arc<str>>,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// She had said all she wanted.
    Complete,
    /// The longest allowed reply was reached.
    Length,
    /// One of the stop texts came up.
    Stop,
    /// She was about to tell what is locked, and went on with a line written for that.
    Guarded,
    /// No reply was good enough, and a line written for that was said.
    Written,
}

/// Figures of one reply.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ReplyStats {
    /// Tokens of the prompt.
    pub prompt_tokens: usize,
    /// Tokens of the prompt that were still known from earlier turns.
    pub cached_tokens: usize,
    /// Tokens of the reply.
    pub reply_tokens: usize,
    /// From the start of the work to the first piece, in seconds.
    pub time_to_first_piece: f64,
    /// From the first piece to the last, in seconds.
    pub reply_time: f64,
}

impl ReplyStats {
    /// Tokens per second while speaking; 0 for replies too short to tell.
    #[must_use]
    pub fn tokens_per_second(&self) -> f64 {
        if self.reply_time > 0.0 && self.reply_tokens > 1 {
            #[expect(clippy::cast_precision_loss, reason = "replies are far below 2^52 tokens")]
            let tokens = (self.reply_tokens - 1) as f64;
            tokens / self.reply_time
        } else {
            0.0
        }
    }
}

/// How a reply ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Why.
    pub reason: FinishReason,
    /// Figures.
    pub stats: ReplyStats,
}

/// What one step of a [`Generation`] brought.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Nothing to show yet.
    Working,
    /// A change of feeling, or some words.
    Segment(Segment),
    /// The reply is over.
    Done(Outcome),
}

impl From<EmotionTag> for Step {
    fn from(tag: EmotionTag) -> Self {
        Self::Segment(Segment::Emotion(tag))
    }
}

/// A reply in the making.
///
/// Dropped when it is done, cancelled, or its listener is gone.
pub trait Generation {
    /// Does one small piece of work: at most one token.
    ///
    /// Cancellation and the other replies get their turn between two calls, so a call should take
    /// milliseconds. It is not called again after [`Step::Done`] or an error. A reply that shares
    /// its work with others leaves that to [`Backend::work`].
    ///
    /// # Errors
    /// If the reply cannot go on. Other replies do.
    fn advance(&mut self) -> Result<Step, InferenceError>;

    /// Tells that nothing of it was said, before it is dropped: another reply was better.
    fn reject(&mut self) {}
}

/// A source of replies: a local model, a script, a server.
///
/// It is made on the worker's thread and never leaves it. The worker calls
/// [`Generation::advance`] of all open replies in turn, then [`work`](Self::work) once; a backend
/// that decodes several replies at once shares its state with the generations it hands out.
///
/// See `examples/custom_backend.rs` for one in 30 lines.
pub trait Backend {
    /// What this backend is.
    fn info(&self) -> BackendInfo;

    /// Starts a reply; the work itself belongs in [`Generation::advance`].
    ///
    /// # Errors
    /// If the request cannot be served.
    fn start(&mut self, request: Request) -> Result<Box<dyn Generation>, InferenceError>;

    /// Does what all open replies wait for together: one pass of a model over all of them.
    ///
    /// Gives how long to pause, to keep to the budget. It may be called again before that, because
    /// commands and cancellation cut a pause short, and must then give what is left of it.
    fn work(&mut self) -> Duration {
        Duration::ZERO
    }

    /// Tells, once each time, that another source serves the replies from now on.
    fn switched(&mut self) -> Option<BackendSwitch> {
        None
    }

    /// Forgets what was kept of a conversation.
    fn forget(&mut self, _conversation: ConversationId) {}

    /// Serves a conversation before others, because the fan looks at her; none is served first
    /// after `None`.
    fn focus(&mut self, _conversation: Option<ConversationId>) {}

    /// Keeps to this budget from now on.
    fn set_budget(&mut self, _budget: &InferenceBudget) {}
}

/// What a backend says of itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BackendInfo {
    /// The model's name.
    pub model: String,
    /// How many tokens of prompt and reply fit together; 0 where that is unknown.
    pub context_length: usize,
    /// How many parameters the model has; 0 where that is unknown.
    pub parameters: u64,
    /// The languages it speaks well enough to be heard; the first is the one it speaks best. None
    /// stands for all.
    pub languages: Option<Vec<Language>>,
    /// The names of the adapters that a [`Request`] may ask for.
    pub adapters: Vec<Arc<str>>,
}

impl BackendInfo {
    /// What the mind must know of the model, where it speaks as this character.
    #[must_use]
    pub fn speaker(&self, sheet: &PersonaSheet) -> Speaker {
        Speaker {
            size: ModelSize::of(self.parameters),
            languages: self.languages.clone(),
            is_tuned: sheet.adapter.as_ref().is_some_and(|name| self.adapters.contains(name)),
        }
    }
}

/// How far the loading of a model has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Loading {
    /// What is being done, for people to read: "downloading SmolLM2-135M-Instruct".
    pub stage: String,
    /// What is done: bytes of a download, parts of a model.
    pub done: u64,
    /// What there is to do in all, where that is known.
    pub total: Option<u64>,
    /// Bytes per second of a download, where that is known.
    pub bytes_per_second: Option<f64>,
}

impl Loading {
    /// The part that is done, 0..1, where that is known.
    #[must_use]
    pub fn fraction(&self) -> Option<f32> {
        let total = self.total.filter(|&total| total > 0)?;
        #[expect(clippy::cast_precision_loss, reason = "a fraction to show")]
        let fraction = self.done as f32 / total as f32;
        Some(fraction.min(1.0))
    }
}
