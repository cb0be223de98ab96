//! A backend that says what it is told: for tests, examples and games without a model.

use std::{sync::Arc, time::Duration, time::Instant};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    Backend, BackendInfo, FinishReason, Generation, InferenceError, Outcome, ReplyStats, Request,
    Step,
};
use crate::mind::{ChatTurn, Segment, TagParser};

/// What a [`ScriptedBackend`] answers, and to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptedReply {
    /// Said when the fan's message contains this, in any case; empty for any message.
    #[serde(default)]
    pub when: String,
    /// The reply with its tags: `[joy] You came back.` `{fan}` stands for the fan's message.
    pub say: String,
}

/// Replies from a list, a word at a time, always the same.
///
/// The first reply whose `when` fits is said; those without one take turns.
///
/// # Example
/// ```
/// use bevy_persona::inference::ScriptedBackend;
///
/// let backend = ScriptedBackend::new(["[joy] Hello!", "[playful] You again?"])
///     .when("exam", "[sad] I'm sorry about the exam.");
/// ```
#[derive(Debug, Clone, Default)]
pub struct ScriptedBackend {
    replies: Vec<ScriptedReply>,
    turn: usize,
    pace: Duration,
    fail_when: Option<Arc<str>>,
    panic_when: Option<Arc<str>>,
}

/// The error of a [`ScriptedBackend`] that was told to fail.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the script fails at `{0}`")]
pub struct ScriptedFailure(pub String);

impl ScriptedBackend {
    /// These replies, in turn.
    pub fn new(replies: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let replies = replies.into_iter();
        let any = |say: String| ScriptedReply { when: String::new(), say };
        Self { replies: replies.map(|say| any(say.into())).collect(), ..Self::default() }
    }

    /// These replies.
    #[must_use]
    pub fn from_replies(replies: Vec<ScriptedReply>) -> Self {
        Self { replies, ..Self::default() }
    }

    /// Adds a reply to messages that contain `when`.
    #[must_use]
    pub fn when(mut self, when: impl Into<String>, say: impl Into<String>) -> Self {
        self.replies.push(ScriptedReply { when: when.into(), say: say.into() });
        self
    }

    /// Waits this long before each word.
    #[must_use]
    pub fn pace(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// Fails in the middle of the reply to messages that contain this.
    #[must_use]
    pub fn fail_when(mut self, text: impl Into<Arc<str>>) -> Self {
        self.fail_when = Some(text.into());
        self
    }

    /// Panics in the middle of the reply to messages that contain this: to test what a game does
    /// when a worker dies.
    #[must_use]
    pub fn panic_when(mut self, text: impl Into<Arc<str>>) -> Self {
        self.panic_when = Some(text.into());
        self
    }

    /// The backend, boxed as a factory must give it.
    #[must_use]
    pub fn boxed(self) -> Box<dyn Backend> {
        Box::new(self)
    }

    fn choose(&mut self, fan: &str) -> String {
        let fan_lower = fan.to_lowercase();
        let fits = |reply: &&ScriptedReply| {
            !reply.when.is_empty() && fan_lower.contains(&reply.when.to_lowercase())
        };
        let any: Vec<_> = self.replies.iter().filter(|reply| reply.when.is_empty()).collect();
        let chosen = self.replies.iter().find(fits).or_else(|| {
            let next = any.get(self.turn % any.len().max(1)).copied();
            self.turn += 1;
            next
        });
        chosen.map_or_else(
            || "[neutral] …".into(),
            |reply| reply.say.replace("{fan}", &unbracketed(fan)),
        )
    }
}

/// What a fan wrote, so that nothing in it reads as a tag.
fn unbracketed(fan: &str) -> String {
    fan.replace('[', "(").replace(']', ")")
}

impl Backend for ScriptedBackend {
    fn info(&self) -> BackendInfo {
        BackendInfo { model: "scripted".into(), ..BackendInfo::default() }
    }

    fn start(&mut self, request: Request) -> Result<Box<dyn Generation>, InferenceError> {
        let fan = match request.prompt.turns.last() {
            Some(ChatTurn::Fan(text)) => text,
            _ => "",
        };
        let said =
            |part: &Option<Arc<str>>| part.as_ref().is_some_and(|part| fan.contains(&**part));
        let ending = if said(&self.panic_when) {
            Ending::Panic
        } else if said(&self.fail_when) {
            Ending::Fail(fan.to_owned())
        } else {
            Ending::Done(FinishReason::Complete)
        };
        let text = self.choose(fan);
        let mut words: Vec<String> =
            text.split_inclusive(char::is_whitespace).map(Into::into).collect();
        let limit = request.sampling.max_tokens;
        let ending = match ending {
            Ending::Done(_) if words.len() > limit => {
                words.truncate(limit);
                Ending::Done(FinishReason::Length)
            }
            other => other,
        };
        words.reverse();
        Ok(Box::new(ScriptedGeneration {
            words,
            parser: Some(TagParser::new(request.palette)),
            ready: Vec::new(),
            ending,
            pace: self.pace,
            started: Instant::now(),
            stats: ReplyStats::default(),
        }))
    }
}

enum Ending {
    Done(FinishReason),
    Fail(String),
    Panic,
}

struct ScriptedGeneration {
    /// Words still to say, the next one last.
    words: Vec<String>,
    /// None once the reply has been read to its end.
    parser: Option<TagParser>,
    /// Segments ready to give, the next one last.
    ready: Vec<Segment>,
    ending: Ending,
    pace: Duration,
    started: Instant,
    stats: ReplyStats,
}

impl ScriptedGeneration {
    fn read(&mut self, word: &str) {
        if let Some(parser) = &mut self.parser {
            let (mut segments, left_out) = parser.push(word);
            for diagnostic in left_out {
                tracing::warn!("the script uses [{}], not in the palette", diagnostic.tag);
            }
            segments.reverse();
            self.ready = segments;
        }
    }
}

impl Generation for ScriptedGeneration {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        if let Some(segment) = self.ready.pop() {
            return Ok(Step::Segment(segment));
        }
        if let Some(word) = self.words.pop() {
            std::thread::sleep(self.pace);
            if self.stats.reply_tokens == 0 {
                self.stats.time_to_first_piece = self.started.elapsed().as_secs_f64();
            }
            self.stats.reply_tokens += 1;
            self.read(&word);
            return Ok(Step::Working);
        }
        if let Some(parser) = self.parser.take() {
            self.ready = parser.finish();
            self.ready.reverse();
            return Ok(Step::Working);
        }
        match &self.ending {
            Ending::Panic => panic!("the script panics here"),
            Ending::Fail(fan) => Err(InferenceError::backend(ScriptedFailure(fan.clone()))),
            Ending::Done(reason) => {
                let total = self.started.elapsed().as_secs_f64();
                self.stats.reply_time = total - self.stats.time_to_first_piece;
                Ok(Step::Done(Outcome { reason: *reason, stats: self.stats }))
            }
        }
    }
}
