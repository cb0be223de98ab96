//! What is heard of a reply, from the first sign of it to the end.

use bevy_persona::{
    inference::{InferenceError, Loading, Outcome, Ticket, Worker, WorkerEvent},
    mind::{Beats, Segment},
};

use super::{Talk, ended};

/// What is heard of a reply.
#[derive(Debug, Clone)]
pub enum Heard {
    /// The model is still being loaded.
    Loading(Loading),
    /// The model is loaded.
    Ready,
    /// The model begins to reply.
    Started,
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
    Refused(InferenceError),
    /// Dropping the ticket cancels the reply.
    Asked(Option<Ticket>),
    Over,
}

/// What is heard of one reply, until it is over.
pub struct Reply<'a> {
    talk: &'a mut Talk,
    fan: String,
    stage: Stage,
    beats: Beats,
}

impl Iterator for Reply<'_> {
    type Item = Heard;

    fn next(&mut self) -> Option<Heard> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Over => None,
            Stage::Refused(error) => Some(Heard::Failed(error)),
            Stage::Asked(ticket) => {
                let heard = self.hear();
                if !matches!(heard, Heard::Finished { .. } | Heard::Failed(_)) {
                    self.stage = Stage::Asked(ticket);
                }
                Some(heard)
            }
        }
    }
}

impl<'a> Reply<'a> {
    /// The reply to `fan`; `asked` is what came of handing that over.
    pub(super) fn new(
        talk: &'a mut Talk,
        fan: String,
        asked: Result<Option<Ticket>, InferenceError>,
    ) -> Self {
        let stage = match asked {
            Ok(ticket) => Stage::Asked(ticket),
            Err(error) => Stage::Refused(error),
        };
        Self { talk, fan, stage, beats: Beats::default() }
    }

    fn hear(&mut self) -> Heard {
        match self.talk.worker.as_ref().and_then(Worker::wait) {
            Some(WorkerEvent::Loading(loading)) => Heard::Loading(loading),
            Some(WorkerEvent::Ready(_)) => Heard::Ready,
            Some(WorkerEvent::Started(_)) => Heard::Started,
            Some(WorkerEvent::Segment(_, segment)) => {
                match &segment {
                    Segment::Emotion(tag) => self.beats.emotion(tag.clone()),
                    Segment::Text(text) => self.beats.text(text),
                }
                Heard::Segment(segment)
            }
            Some(WorkerEvent::Done(_, outcome)) => Heard::Finished { text: self.keep(), outcome },
            Some(WorkerEvent::Failed(_, error)) => self.fail(error),
            Some(WorkerEvent::Stopped(error)) => self.lose_worker(error),
            None => self.lose_worker(ended()),
        }
    }

    /// The next message starts another worker.
    fn lose_worker(&mut self, error: InferenceError) -> Heard {
        self.talk.worker = None;
        self.fail(error)
    }

    /// History keeps what was shown; where nothing was, the message can simply be sent again.
    fn fail(&mut self, error: InferenceError) -> Heard {
        if self.beats.as_slice().iter().any(|beat| !beat.text.trim().is_empty()) {
            self.keep();
        }
        Heard::Failed(error)
    }

    /// Puts message and reply into the history; gives the text of the reply.
    fn keep(&mut self) -> String {
        let beats = self.beats.take();
        let text = beats.iter().map(|beat| beat.text.as_str()).collect();
        self.talk.history.push_exchange(std::mem::take(&mut self.fan), beats);
        text
    }
}
