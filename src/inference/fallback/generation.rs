//! A reply of a chain.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use super::{Chain, link::OpenReply};
use crate::{
    inference::{Generation, InferenceError, Request, Step},
    mind::Segment,
};

/// A reply of whichever link can make it.
pub(super) struct ChainGeneration {
    chain: Rc<RefCell<Chain>>,
    request: Request,
    /// Which link is asked.
    at: usize,
    inner: Option<(Box<dyn Generation>, OpenReply)>,
    /// Why the link before is not asked any more.
    failure: Option<InferenceError>,
    /// What came before the first word, and what came while a switch is told.
    held: VecDeque<Segment>,
    speaks: bool,
}

impl ChainGeneration {
    pub(super) fn new(chain: Rc<RefCell<Chain>>, request: Request) -> Self {
        let (held, failure) = (VecDeque::new(), None);
        Self { chain, request, at: 0, inner: None, failure, held, speaks: false }
    }

    fn step(&mut self) -> Result<Step, InferenceError> {
        if let Some((generation, _)) = &mut self.inner {
            return generation.advance();
        }
        let mut chain = self.chain.borrow_mut();
        let link = &mut chain.links[self.at];
        let generation = link.backend.start(self.request.clone())?;
        self.inner = Some((generation, link.open()));
        Ok(Step::Working)
    }

    /// The first word: from here on it is this link's reply. A switch is told before it is shown.
    fn speak(&mut self) -> Step {
        self.speaks = true;
        let switches = self.chain.borrow_mut().serve(self.at, self.failure.take());
        let first = if switches { None } else { self.held.pop_front() };
        first.map_or(Step::Working, Step::Segment)
    }

    /// The next link, if nothing was said and there is one.
    fn pass_on(&mut self, error: InferenceError) -> Result<Step, InferenceError> {
        if self.speaks || self.is_last() {
            return Err(error);
        }
        tracing::debug!("{error}; the next backend of the chain is asked");
        self.inner = None;
        self.held.clear();
        self.failure = Some(error);
        self.at += 1;
        Ok(Step::Working)
    }

    fn is_last(&self) -> bool {
        self.at + 1 >= self.chain.borrow().links.len()
    }
}

impl Generation for ChainGeneration {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        if self.speaks
            && let Some(segment) = self.held.pop_front()
        {
            return Ok(Step::Segment(segment));
        }
        match self.step() {
            Ok(Step::Segment(segment)) if self.speaks => Ok(Step::Segment(segment)),
            Ok(Step::Segment(segment)) => {
                // A feeling alone may still become that of another link.
                let waits = matches!(segment, Segment::Emotion(_)) && !self.is_last();
                self.held.push_back(segment);
                if waits { Ok(Step::Working) } else { Ok(self.speak()) }
            }
            Ok(Step::Working) => Ok(Step::Working),
            Ok(done) if self.speaks || self.held.is_empty() => Ok(done),
            // Nothing but a feeling: it is shown, and the end is told when it comes again.
            Ok(Step::Done(outcome)) => {
                let ended = Ended(outcome);
                if let Some((generation, _)) = &mut self.inner {
                    *generation = Box::new(ended);
                }
                Ok(self.speak())
            }
            Err(error) => self.pass_on(error),
        }
    }

    fn reject(&mut self) {
        if let Some((generation, _)) = &mut self.inner {
            generation.reject();
        }
    }
}

/// A reply that is over.
struct Ended(crate::inference::Outcome);

impl Generation for Ended {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        Ok(Step::Done(self.0))
    }
}
