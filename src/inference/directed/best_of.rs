//! Several replies to the same message, of which the best is said.

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
}

/// The best of several replies; a written line, where none is good enough.
pub(super) struct BestOf {
    open: Vec<Candidate>,
    heard: Vec<(Vec<Segment>, Outcome)>,
    failure: Option<InferenceError>,
    choice: Choice,
    chosen: Option<(VecDeque<Segment>, Outcome)>,
    request: Request,
}

impl BestOf {
    /// Starts the candidates; they differ in their seeds.
    pub(super) fn start(
        backend: &mut dyn Backend,
        request: &Request,
        choice: Choice,
    ) -> Result<Self, InferenceError> {
        let mut open = Vec::new();
        for number in 0..choice.candidates.max(1) as u64 {
            let seed = request.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let generation = backend.start(Request { seed, ..request.clone() })?;
            open.push(Candidate { generation, segments: Vec::new(), outcome: None });
        }
        let (heard, failure, chosen) = (Vec::new(), None, None);
        Ok(Self { open, heard, failure, choice, chosen, request: request.clone() })
    }

    /// One step of every open candidate. One that fails is left out.
    fn listen(&mut self) {
        let mut going_on = Vec::new();
        for mut candidate in self.open.drain(..) {
            match candidate.advance() {
                Ok(true) => going_on.push(candidate),
                Ok(false) => {
                    let Candidate { segments, outcome, .. } = candidate;
                    self.heard.extend(outcome.map(|outcome| (segments, outcome)));
                }
                Err(error) => self.failure = Some(error),
            }
        }
        self.open = going_on;
    }

    fn choose(&mut self) -> Result<(VecDeque<Segment>, Outcome), InferenceError> {
        let judged = self.heard.drain(..).map(|(segments, outcome)| {
            let mut beats = Beats::default();
            segments.iter().for_each(|segment| beats.segment(segment));
            let opens = beats.as_slice().first().map(|beat| &beat.emotion);
            let suits = opens.map_or(0.0, |emotion| self.request.direction.opens_with(emotion));
            let score = self.choice.judge.score(beats.as_slice());
            (score, score + SUITS * suits, segments, outcome)
        });
        let best = judged.reduce(|best, next| if next.1 > best.1 { next } else { best });
        match (best, self.failure.take()) {
            (Some((score, _, segments, outcome)), _) if score >= self.choice.floor => {
                Ok((segments.into(), outcome))
            }
            (None, Some(error)) => Err(error),
            (best, _) => {
                let palette = self.request.palette.clone();
                let (segments, _) = TagParser::read(palette, &self.choice.fallback);
                let stats = best.map_or_else(ReplyStats::default, |(.., outcome)| outcome.stats);
                let outcome = Outcome { reason: FinishReason::Written, stats };
                Ok((segments.into(), outcome))
            }
        }
    }
}

impl Generation for BestOf {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        if !self.open.is_empty() {
            self.listen();
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
