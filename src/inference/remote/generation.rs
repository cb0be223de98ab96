//! One reply of a server: asked for, asked for again, heard.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    RemoteError, RemoteSettings, TimeoutStage,
    answer::{Finish, Piece, Usage},
    backoff::Backoff,
    body,
    exchange::{Exchange, News},
    gate::{Entry, Gate, Permit},
    server::Server,
    words::RemoteWords,
};
use crate::inference::{
    FinishReason, Generation, InferenceError, Outcome, ReplyStats, Request, Step,
};

/// What all replies of a server share.
pub(super) struct Shared {
    pub(super) settings: RemoteSettings,
    pub(super) server: Arc<Server>,
    pub(super) gate: Rc<RefCell<Gate>>,
    pub(super) backoff: RefCell<Backoff>,
    /// Whether something has come that may have more behind it.
    pub(super) is_busy: Cell<bool>,
}

/// Where a reply stands.
enum Phase {
    /// It may be asked for from then on.
    Waiting(Instant),
    /// It is being made.
    Open(Call),
    Ended(Outcome),
}

/// A question, the right to ask it, and when something was heard last.
struct Call {
    exchange: Exchange,
    permit: Permit,
    heard: Instant,
}

/// A reply of a [`RemoteBackend`](super::RemoteBackend).
pub(super) struct RemoteGeneration {
    shared: Rc<Shared>,
    body: Arc<str>,
    words: RemoteWords,
    phase: Phase,
    /// How often it was asked for again.
    again: u32,
    /// Why.
    failure: Option<RemoteError>,
    started: Instant,
    first_piece: Option<Instant>,
    last_piece: Instant,
    /// Pieces of text, and their bytes.
    pieces: usize,
    bytes: usize,
    most_pieces: usize,
    finish: Option<Finish>,
    usage: Usage,
}

/// How long a reply that is whole waits for its token counts.
const LAST_WORDS: Duration = Duration::from_secs(1);

impl RemoteGeneration {
    pub(super) fn new(shared: Rc<Shared>, request: &Request) -> Self {
        let now = Instant::now();
        let Shared { settings, .. } = &*shared;
        let longest = body::longest(settings, &request.sampling) + body::tag_room(settings.tags);
        Self {
            body: body::body(settings, request).into(),
            words: RemoteWords::new(settings.tags, request),
            phase: Phase::Waiting(now),
            again: 0,
            failure: None,
            started: now,
            first_piece: None,
            last_piece: now,
            pieces: 0,
            bytes: 0,
            most_pieces: longest,
            finish: None,
            usage: Usage::default(),
            shared,
        }
    }

    /// When the fan's patience ends.
    fn deadline(&self) -> Instant {
        self.started + self.shared.settings.timeouts.patience
    }

    /// Asks, if that may be done now.
    fn ask(&mut self, now: Instant) -> Result<(), RemoteError> {
        let deadline = self.deadline();
        if now >= deadline {
            let timeout = self.timeout(TimeoutStage::Patience);
            return Err(self.failure.take().unwrap_or(timeout));
        }
        match Gate::enter(&self.shared.gate, now, deadline) {
            Entry::Wait => Ok(()),
            Entry::No(error) => Err(self.failure.take().unwrap_or(error)),
            Entry::Go(permit) => {
                let exchange = Exchange::begin(&self.shared.server, &self.body)?;
                self.phase = Phase::Open(Call { exchange, permit, heard: now });
                Ok(())
            }
        }
    }

    /// Hears what has come.
    fn hear(&mut self, now: Instant) -> Result<(), RemoteError> {
        let Phase::Open(call) = &mut self.phase else { return Ok(()) };
        let Some(news) = call.exchange.poll() else { return self.look_at_clock(now) };
        self.shared.is_busy.set(true);
        match news {
            News::Piece(Piece::Text(text)) => self.text(&text, now),
            // Thinking is no word: nobody waits longer for it.
            News::Piece(Piece::Alive) => self.look_at_clock(now),
            News::Piece(Piece::Finish(finish)) => {
                self.finish = Some(finish);
                call.heard = now;
                Ok(())
            }
            News::Piece(Piece::Usage(usage)) => {
                self.usage = usage;
                Ok(())
            }
            News::Piece(Piece::Error(said)) => {
                let server = &self.shared.server;
                Err(RemoteError::Told { url: server.url(), said: server.said(&said) })
            }
            News::End { is_told } if is_told || self.finish.is_some() => self.end(None),
            News::End { .. } => {
                let problem = "it ended before the reply did".into();
                Err(RemoteError::CutOff { url: self.shared.server.url(), problem })
            }
            // What comes after the end of a reply is no loss.
            News::Failed(_) if self.finish.is_some() && self.pieces > 0 => self.end(None),
            News::Failed(error) => Err(error),
        }
    }

    fn text(&mut self, text: &str, now: Instant) -> Result<(), RemoteError> {
        if let Phase::Open(call) = &mut self.phase {
            call.heard = now;
            call.permit.answered();
        }
        self.pieces += 1;
        self.bytes += text.len();
        let ends = self.words.push(text);
        let is_endless =
            self.pieces > self.most_pieces || self.bytes > self.shared.settings.limits.reply_bytes;
        match ends.or(is_endless.then_some(FinishReason::Length)) {
            Some(reason) => self.end(Some(reason)),
            None => Ok(()),
        }
    }

    /// Fails if it takes too long.
    fn look_at_clock(&mut self, now: Instant) -> Result<(), RemoteError> {
        let timeouts = &self.shared.settings.timeouts;
        let Phase::Open(call) = &self.phase else { return Ok(()) };
        let silent = now.saturating_duration_since(call.heard);
        match self.pieces {
            _ if self.finish.is_some() && silent >= LAST_WORDS => self.end(None),
            0 if silent >= timeouts.first_token => Err(self.timeout(TimeoutStage::FirstToken)),
            0 if now >= self.deadline() => Err(self.timeout(TimeoutStage::Patience)),
            1.. if silent >= timeouts.between_tokens => {
                Err(self.timeout(TimeoutStage::BetweenTokens))
            }
            _ => Ok(()),
        }
    }

    fn timeout(&self, stage: TimeoutStage) -> RemoteError {
        let timeouts = &self.shared.settings.timeouts;
        let after = match stage {
            TimeoutStage::Connect => timeouts.connect,
            TimeoutStage::FirstToken => timeouts.first_token,
            TimeoutStage::BetweenTokens => timeouts.between_tokens,
            TimeoutStage::Patience => timeouts.patience,
        };
        RemoteError::Timeout { url: self.shared.server.url(), stage, after }
    }

    /// The reply is over: of itself, or for a reason of ours.
    fn end(&mut self, reason: Option<FinishReason>) -> Result<(), RemoteError> {
        self.words.finish();
        if !self.words.any_words() {
            return Err(RemoteError::Empty { url: self.shared.server.url() });
        }
        if let Phase::Open(call) = &self.phase {
            call.permit.worked();
        }
        let of_server = match self.finish {
            Some(Finish::Length) => FinishReason::Length,
            Some(Finish::Stop | Finish::Filtered) | None => FinishReason::Complete,
        };
        let stats = self.stats();
        self.phase = Phase::Ended(Outcome { reason: reason.unwrap_or(of_server), stats });
        Ok(())
    }

    fn stats(&self) -> ReplyStats {
        let first = self.first_piece.unwrap_or(self.last_piece);
        ReplyStats {
            prompt_tokens: self.usage.prompt,
            cached_tokens: self.usage.cached,
            reply_tokens: if self.usage.reply > 0 { self.usage.reply } else { self.pieces },
            time_to_first_piece: first.saturating_duration_since(self.started).as_secs_f64(),
            reply_time: self.last_piece.saturating_duration_since(first).as_secs_f64(),
        }
    }

    /// Asks again, where that may help and nothing was heard yet.
    fn fail(&mut self, error: RemoteError, now: Instant) -> Result<Step, InferenceError> {
        if let Phase::Open(call) = &self.phase {
            call.permit.failed(&error, now);
        }
        let retry = &self.shared.settings.retry;
        let may_ask = self.pieces == 0 && self.again < retry.times && error.may_pass();
        let wait = match &error {
            RemoteError::Busy { retry_after: Some(wait), .. }
            | RemoteError::Server { retry_after: Some(wait), .. } => *wait,
            _ => self.shared.backoff.borrow_mut().wait(retry, self.again),
        };
        if !may_ask || wait > retry.longest_wait || now + wait >= self.deadline() {
            return Err(InferenceError::Remote(error));
        }
        tracing::debug!("{error}; asking again in {wait:?}");
        self.again += 1;
        self.finish = None;
        self.failure = Some(error);
        self.phase = Phase::Waiting(now + wait);
        Ok(Step::Working)
    }
}

impl Generation for RemoteGeneration {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        let now = Instant::now();
        if let Some(segment) = self.words.next() {
            self.shared.is_busy.set(true);
            self.first_piece.get_or_insert(now);
            self.last_piece = now;
            return Ok(Step::Segment(segment));
        }
        let done = match &self.phase {
            Phase::Waiting(until) if now < *until => Ok(()),
            Phase::Waiting(_) => self.ask(now),
            Phase::Open(_) => self.hear(now),
            Phase::Ended(outcome) => {
                let (reason, stats) = (outcome.reason, self.stats());
                return Ok(Step::Done(Outcome { reason, stats }));
            }
        };
        match done {
            Ok(()) => Ok(Step::Working),
            Err(error) => self.fail(error, now),
        }
    }
}
