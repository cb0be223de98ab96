//! Several replies to the same message, of which the best is said; where many others wait, the first
//! that is good enough.

use std::collections::VecDeque;

use crate::{
    inference::{
        Backend, FinishReason, Generation, InferenceError, Outcome, ReplyStats, Request, Step,
    },
    mind::{Beats, Choice, Segment, TagParser},
};

/// How much more a reply counts that opens with the feeling which suits best.
const SUITS: f32 = 0.1;

/// A reply that is heard to its end before it is judged.
struct Candidate {
    generation: Box<dyn Generation>,
    segments: Vec<Segment>,
    outcome: Option<Outcome>,
}

impl Candidate {
    /// Gives whether it goes on.
    fn advance(&mut self) -> Result<bool, InferenceError> {
        match self.generation.advance()? {
            Step::Working => {}
            Step::Segment(segment) => self.segments.push(segment),
            Step::Done(outcome) => self.outcome = Some(outcome),
        }
        Ok(self.outcome.is_none())
    }

    fn reject(mut self) {
        self.generation.reject();
    }
}

/// The best of several replies; a written line, where none is good enough.
pub(super) struct BestOf {
    request: Request,
    choice: Choice,
    /// How many are made at the same time.
    at_once: usize,
    started: usize,
    open: Vec<Candidate>,
    heard: Vec<Heard>,
    failure: Option<InferenceError>,
    chosen: Option<(VecDeque<Segment>, Outcome)>,
}

/// A reply that was heard to its end.
struct Heard {
    /// What the judge says of it.
    score: f32,
    /// The same, and how well the feeling suits with which it opens.
    rank: f32,
    candidate: Candidate,
    outcome: Outcome,
}

impl BestOf {
    /// Starts the first candidates: `at_once`, or all if they are no more than that.
    pub(super) fn start(
        backend: &mut dyn Backend,
        request: Request,
        choice: Choice,
        at_once: usize,
    ) -> Result<Self, InferenceError> {
        let mut best = Self {
            request,
            choice,
            at_once: at_once.max(1),
            started: 0,
            open: Vec::new(),
            heard: Vec::new(),
            failure: None,
            chosen: None,
        };
        best.start_more(backend)?;
        Ok(best)
    }

    /// Starts as many candidates as are made at the same time; they differ in their seeds.
    fn start_more(&mut self, backend: &mut dyn Backend) -> Result<(), InferenceError> {
        let left = self.choice.candidates.max(1).saturating_sub(self.started);
        for _ in 0..left.min(self.at_once) {
            let seed =
                self.request.seed ^ (self.started as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            self.started += 1;
            let generation = backend.start(Request { seed, ..self.request.clone() })?;
            self.open.push(Candidate { generation, segments: Vec::new(), outcome: None });
        }
        Ok(())
    }

    /// One step of every open candidate. One that fails is left out.
    fn listen(&mut self) {
        let mut going_on = Vec::new();
        for mut candidate in std::mem::take(&mut self.open) {
            match candidate.advance() {
                Ok(true) => going_on.push(candidate),
                Ok(false) => {
                    self.heard
                        .extend(candidate.outcome.map(|outcome| self.judge(candidate, outcome)));
                }
                Err(error) => self.failure = Some(error),
            }
        }
        self.open = going_on;
    }

    fn judge(&self, candidate: Candidate, outcome: Outcome) -> Heard {
        let mut beats = Beats::default();
        candidate.segments.iter().for_each(|segment| beats.segment(segment));
        let opens = beats.as_slice().first().map(|beat| &beat.emotion);
        let suits = opens.map_or(0.0, |emotion| self.request.direction.opens_with(emotion));
        let score = self.choice.judge.score(beats.as_slice());
        Heard { score, rank: score + SUITS * suits, candidate, outcome }
    }

    fn is_good_enough(&self, heard: &Heard) -> bool {
        heard.score >= self.choice.floor
    }

    fn choose(&mut self) -> Result<(VecDeque<Segment>, Outcome), InferenceError> {
        let heard = std::mem::take(&mut self.heard).into_iter();
        let best = heard.reduce(|best, next| {
            let (best, other) = if next.rank > best.rank { (next, best) } else { (best, next) };
            other.candidate.reject();
            best
        });
        match (best, self.failure.take()) {
            (Some(best), _) if self.is_good_enough(&best) => {
                Ok((best.candidate.segments.into(), best.outcome))
            }
            (None, Some(error)) => Err(error),
            (best, _) => {
                let stats = best.map_or_else(ReplyStats::default, |best| {
                    best.candidate.reject();
                    best.outcome.stats
                });
                let palette = self.request.palette.clone();
                let (segments, _) = TagParser::read(palette, &self.choice.fallback);
                let outcome = Outcome { reason: FinishReason::Written, stats };
                Ok((segments.into(), outcome))
            }
        }
    }

    /// Does one step of each candidate that is open.
    pub(super) fn advance(&mut self, backend: &mut dyn Backend) -> Result<Step, InferenceError> {
        if !self.open.is_empty() {
            self.listen();
            if self.open.is_empty() && !self.heard.iter().any(|heard| self.is_good_enough(heard)) {
                self.failure = self.start_more(backend).err().or(self.failure.take());
            }
            return Ok(Step::Working);
        }
        if self.chosen.is_none() {
            self.chosen = Some(self.choose()?);
        }
        let Some((segments, outcome)) = &mut self.chosen else { return Ok(Step::Working) };
        Ok(match segments.pop_front() {
            Some(segment) => Step::Segment(segment),
            None => Step::Done(*outcome),
        })
    }
}

impl Drop for BestOf {
    /// Nothing was said of what is not chosen yet.
    fn drop(&mut self) {
        self.open.drain(..).for_each(Candidate::reject);
        self.heard.drain(..).for_each(|heard| heard.candidate.reject());
    }
}
