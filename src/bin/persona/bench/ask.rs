//! Asks a backend in person, as the worker's thread does.

use std::time::{Duration, Instant};

use bevy_persona::{
    inference::{
        Backend, ConversationId, Generation, GgufBackend, Outcome, Request, Sampling, Step,
    },
    mind::{Beat, Beats, Direction, History, Palette, Prompt, PromptHead},
};

use super::error::BenchError;
use crate::error::CliError;

/// How many tokens a reply has at most.
const REPLY: usize = 8;

/// What an idol of this persona is asked.
pub fn request(conversation: u64, persona: &str, history: History) -> Request {
    Request {
        conversation: ConversationId(conversation),
        prompt: Prompt {
            head: PromptHead { system: persona.into(), ..PromptHead::default() },
            turns: history.turns,
            ..Prompt::default()
        },
        palette: Palette::default(),
        sampling: Sampling { max_tokens: REPLY, ..Sampling::default() },
        seed: 7,
        direction: Direction::default(),
        adapter: None,
    }
}

/// A conversation in which nothing but this has been said.
pub fn message(fan: &str) -> History {
    let mut history = History::default();
    history.push_fan(fan);
    history
}

/// A reply that has ended.
pub struct Finished {
    /// What was said.
    pub beats: Vec<Beat>,
    /// How many tokens of the prompt were not known when it was asked for.
    pub new_tokens: usize,
}

/// A reply that has begun.
pub struct Begun {
    /// How long the fan waited for the first piece, which is a feeling.
    pub waited: Duration,
    beats: Beats,
    reply: Box<dyn Generation>,
}

impl Begun {
    /// Asks, and waits for the first piece of the reply.
    ///
    /// # Errors
    /// If it fails, or ends without a piece.
    pub fn wait(backend: &mut GgufBackend, request: Request) -> Result<Self, CliError> {
        let start = Instant::now();
        let mut reply = backend.start(request)?;
        let mut beats = Beats::default();
        loop {
            match reply.advance()? {
                Step::Segment(segment) => {
                    let waited = start.elapsed();
                    beats.segment(&segment);
                    return Ok(Self { waited, beats, reply });
                }
                Step::Done(_) => return Err(BenchError::Silent.into()),
                Step::Working => {
                    // Without a limit of tokens per second there is no pause.
                    let _ = backend.work();
                }
            }
        }
    }

    /// Hears the reply to its end.
    ///
    /// # Errors
    /// If it fails.
    pub fn finish(mut self, backend: &mut GgufBackend) -> Result<Finished, CliError> {
        loop {
            match self.reply.advance()? {
                Step::Segment(segment) => self.beats.segment(&segment),
                Step::Done(Outcome { stats, .. }) => {
                    let new_tokens = stats.prompt_tokens - stats.cached_tokens;
                    return Ok(Finished { beats: self.beats.take(), new_tokens });
                }
                Step::Working => {
                    let _ = backend.work();
                }
            }
        }
    }
}
