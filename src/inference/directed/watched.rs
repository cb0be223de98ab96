//! A reply that is kept from saying what is locked, and from feeling what does not fit.

use std::collections::VecDeque;

use super::Source;
use crate::{
    inference::{Backend, FinishReason, InferenceError, Outcome, ReplyStats, Step},
    mind::{Direction, EmotionTag, Guard, Palette, Segment, TagParser, Watch},
};

/// A reply under watch. What is held back is shown as soon as it is harmless.
pub(in crate::inference) struct Watched {
    /// None once the reply has ended or was stopped.
    inner: Option<Source>,
    direction: Direction,
    palette: Palette,
    guard: Option<Guard>,
    /// Tags that came while text was held back, each with the place in the text where it belongs.
    tags: VecDeque<(usize, EmotionTag)>,
    /// Bytes of text that came, and that were shown.
    heard: usize,
    shown: usize,
    is_first: bool,
    ready: VecDeque<Segment>,
    outcome: Option<Outcome>,
}

impl Watched {
    pub(super) fn new(inner: Source, direction: Direction, palette: Palette) -> Self {
        let guard = |watch: &Watch| Guard::new(watch.locked.clone(), &watch.fan);
        Self {
            guard: direction.watch.as_ref().map(guard),
            inner: Some(inner),
            direction: direction.within(&palette),
            palette,
            tags: VecDeque::new(),
            heard: 0,
            shown: 0,
            is_first: true,
            ready: VecDeque::new(),
            outcome: None,
        }
    }

    fn hear(&mut self, segment: Segment) {
        match segment {
            Segment::Emotion(mut tag) => {
                tag.emotion = self.direction.allowed(tag.emotion, self.is_first, &self.palette);
                self.is_first = false;
                self.tags.push_back((self.heard, tag));
                self.show("");
            }
            Segment::Text(text) => {
                self.heard += text.len();
                let harmless = match &mut self.guard {
                    Some(guard) => guard.push(&text),
                    None => text,
                };
                self.show(&harmless);
                self.stop_at_leak();
            }
        }
    }

    /// Shows text, with the tags where they belong.
    fn show(&mut self, mut text: &str) {
        while let Some((place, tag)) = self.tags.pop_front() {
            let before = place.saturating_sub(self.shown);
            if before > text.len() {
                self.tags.push_front((place, tag));
                break;
            }
            let (said, rest) = text.split_at(before);
            self.say(said);
            self.ready.push_back(Segment::Emotion(tag));
            text = rest;
        }
        self.say(text);
    }

    fn say(&mut self, text: &str) {
        self.shown += text.len();
        if !text.is_empty() {
            self.ready.push_back(Segment::Text(text.into()));
        }
    }

    /// Where she was about to tell, she goes on with the line that was written for that.
    fn stop_at_leak(&mut self) {
        let leaks = self.guard.as_ref().is_some_and(|guard| guard.leak().is_some());
        let (true, Some(watch)) = (leaks, &self.direction.watch) else { return };
        let gap = if self.shown > 0 { " " } else { "" };
        let line = format!("{gap}{}", watch.instead);
        let (segments, _) = TagParser::read(self.palette.clone(), &line);
        self.inner = None;
        self.guard = None;
        self.tags.clear();
        self.ready.extend(segments);
        self.outcome =
            Some(Outcome { reason: FinishReason::Guarded, stats: ReplyStats::default() });
    }

    fn end(&mut self, outcome: Outcome) {
        self.outcome = Some(outcome);
        if let Some(guard) = &mut self.guard {
            let held = guard.finish();
            self.show(&held);
            self.stop_at_leak();
        }
        self.inner = None;
    }

    /// Does one small piece of work, as [`Generation::advance`](crate::inference::Generation) does.
    pub(in crate::inference) fn advance(
        &mut self,
        backend: &mut dyn Backend,
    ) -> Result<Step, InferenceError> {
        if let Some(segment) = self.ready.pop_front() {
            return Ok(Step::Segment(segment));
        }
        if let Some(outcome) = self.outcome {
            return Ok(Step::Done(outcome));
        }
        let Some(inner) = &mut self.inner else { return Ok(Step::Working) };
        match inner.advance(backend)? {
            Step::Working => {}
            Step::Segment(segment) => self.hear(segment),
            Step::Done(outcome) => self.end(outcome),
        }
        Ok(self.ready.pop_front().map_or(Step::Working, Step::Segment))
    }
}
