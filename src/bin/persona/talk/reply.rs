//! What is heard of a reply, from the first sign of it to the end.

use std::collections::VecDeque;

use bevy_persona::{
    inference::{FinishReason, InferenceError, Loading, Outcome, ReplyStats, Ticket, WorkerEvent},
    mind::{
        Answer, Beat, Beats, Segment, Settlement, Source, TagParser, Thought, Timestamp, settle,
    },
};

use super::Talk;

/// What is heard of a reply.
#[derive(Debug, Clone)]
pub enum Heard {
    /// The model is still being loaded.
    Loading(Loading),
    /// The model is loaded.
    Ready,
    /// The reply begins; its words come from here.
    Started(Source),
    /// A change of feeling, or some words.
    Segment(Segment),
    /// The reply is over; nothing follows.
    Finished {
        /// All of it, without tags.
        text: String,
        /// Why it ended, and figures.
        outcome: Outcome,
    },
    /// There is no reply, or no more of it; nothing follows.
    Failed(InferenceError),
}

enum Stage {
    /// Nothing was done yet.
    Said,
    /// What the model can do must be known first.
    Loading,
    /// Words that were written beforehand; none of them was said before the reply is told to begin.
    Written {
        pieces: VecDeque<Segment>,
        is_started: bool,
    },
    /// Dropping the ticket cancels the reply.
    Asked(Option<Ticket>),
    Over,
}

/// What is heard of one reply, until it is over.
pub struct Reply<'a> {
    talk: &'a mut Talk,
    fan: String,
    thought: Option<Thought>,
    stage: Stage,
    beats: Beats,
}

impl Iterator for Reply<'_> {
    type Item = Heard;

    fn next(&mut self) -> Option<Heard> {
        loop {
            let (heard, stage) = match std::mem::replace(&mut self.stage, Stage::Over) {
                Stage::Over => return None,
                Stage::Said => match self.think() {
                    Ok(stage) => {
                        self.stage = stage;
                        continue;
                    }
                    Err(error) => (Heard::Failed(error), Stage::Over),
                },
                Stage::Loading => self.await_model(),
                Stage::Written { pieces, is_started } => self.speak(pieces, is_started),
                Stage::Asked(ticket) => self.hear(ticket),
            };
            self.stage = stage;
            return Some(heard);
        }
    }
}

impl<'a> Reply<'a> {
    pub(super) fn new(talk: &'a mut Talk, fan: String) -> Self {
        Self { talk, fan, thought: None, stage: Stage::Said, beats: Beats::default() }
    }

    /// What comes next: written words, the model, or the loading of it.
    fn think(&mut self) -> Result<Stage, InferenceError> {
        let thought = self.talk.think(&self.fan)?;
        let stage = match &thought.answer {
            Answer::Authored { line, .. } => {
                let palette = self.talk.sheet.emotions.clone();
                let (segments, _) = TagParser::read(palette, line);
                Stage::Written { pieces: segments.into(), is_started: false }
            }
            Answer::Model { .. } if self.talk.model.info().is_none() => {
                self.talk.wake()?;
                Stage::Loading
            }
            Answer::Model { .. } => match self.talk.request_for(&self.fan, &thought) {
                Some(request) => Stage::Asked(self.talk.model.ask(request)?),
                None => Stage::Over,
            },
        };
        self.thought = Some(thought);
        Ok(stage)
    }

    fn await_model(&mut self) -> (Heard, Stage) {
        match self.talk.model.hear() {
            WorkerEvent::Loading(loading) => (Heard::Loading(loading), Stage::Loading),
            WorkerEvent::Stopped(error) => (Heard::Failed(error), Stage::Over),
            _ => (Heard::Ready, Stage::Said),
        }
    }

    fn speak(&mut self, mut pieces: VecDeque<Segment>, is_started: bool) -> (Heard, Stage) {
        if !is_started {
            return (self.started(), Stage::Written { pieces, is_started: true });
        }
        match pieces.pop_front() {
            Some(segment) => (self.segment(segment), Stage::Written { pieces, is_started }),
            None => {
                let (reason, stats) = (FinishReason::Complete, ReplyStats::default());
                let outcome = Outcome { reason, stats };
                (Heard::Finished { text: self.keep(), outcome }, Stage::Over)
            }
        }
    }

    fn hear(&mut self, ticket: Option<Ticket>) -> (Heard, Stage) {
        let heard = match self.talk.model.hear() {
            WorkerEvent::Loading(loading) => Heard::Loading(loading),
            WorkerEvent::Ready(_) | WorkerEvent::Switched(_) => Heard::Ready,
            WorkerEvent::Started(_) => self.started(),
            WorkerEvent::Segment(_, segment) => self.segment(segment),
            WorkerEvent::Done(_, outcome) => {
                return (Heard::Finished { text: self.keep(), outcome }, Stage::Over);
            }
            WorkerEvent::Failed(_, error) | WorkerEvent::Stopped(error) => {
                return (self.fail(error), Stage::Over);
            }
        };
        (heard, Stage::Asked(ticket))
    }

    fn started(&self) -> Heard {
        Heard::Started(self.thought.as_ref().map_or(Source::Model, |t| t.answer.source()))
    }

    fn segment(&mut self, segment: Segment) -> Heard {
        self.beats.segment(&segment);
        Heard::Segment(segment)
    }

    /// What was shown counts; where nothing was, the message can simply be sent again.
    fn fail(&mut self, error: InferenceError) -> Heard {
        if self.beats.as_slice().iter().any(|beat| !beat.text.trim().is_empty()) {
            self.keep();
        }
        Heard::Failed(error)
    }

    /// Puts message and reply into the history, and lets the turn count; gives the reply's text.
    fn keep(&mut self) -> String {
        let beats: Vec<Beat> = self.beats.take();
        let text = beats.iter().map(|beat| beat.text.as_str()).collect();
        let Talk { library, sheet, with, fan, language, settled, .. } = &mut *self.talk;
        if let Some(thought) = self.thought.take() {
            let (bond, memory) = (&mut with.bond, &mut fan.memory);
            let done = settle(library, &thought, sheet, &beats, bond, memory, Timestamp::now());
            *language = thought.language;
            *settled = Some(Turn { fan: self.fan.clone(), reply: beats.clone(), done });
        }
        with.history.push_exchange(std::mem::take(&mut self.fan), beats);
        text
    }
}

/// A turn that is over, for whoever keeps it.
#[derive(Debug, Clone)]
pub struct Turn {
    /// What the fan said.
    pub fan: String,
    /// What was said to it.
    pub reply: Vec<Beat>,
    /// What it changed.
    pub done: Settlement,
}
