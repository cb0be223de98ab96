use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::*;
use crate::{
    inference::{
        BackendInfo, ConversationId, FinishReason, Outcome, ReplyStats, Sampling, ScriptedBackend,
    },
    mind::{ChatTurn, Choice, Direction, History, Judge, Palette, Prompt, Segment},
    persona::Language,
};

const BAD: &str = "[joy] As an AI language model I cannot.";
const GOOD: &str = "[joy] The rain was lovely today, wasn't it?";
const BETTER: &str = "[love] I walked in the rain today, did you get wet in the rain?";
const WRITTEN: &str = "[neutral] Tell me more.";

/// A backend that tells how many replies were asked of it, and how many at the same time.
struct Counted {
    inner: ScriptedBackend,
    asked: usize,
    open: Rc<RefCell<(usize, usize)>>,
    rejected: Rc<Cell<usize>>,
}

struct CountedReply {
    inner: Box<dyn Generation>,
    open: Rc<RefCell<(usize, usize)>>,
    rejected: Rc<Cell<usize>>,
}

impl Generation for CountedReply {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        let step = self.inner.advance()?;
        if matches!(step, Step::Done(_)) {
            self.open.borrow_mut().0 -= 1;
        }
        Ok(step)
    }

    fn reject(&mut self) {
        self.rejected.set(self.rejected.get() + 1);
    }
}

impl Backend for Counted {
    fn info(&self) -> BackendInfo {
        self.inner.info()
    }

    fn start(&mut self, request: Request) -> Result<Box<dyn Generation>, InferenceError> {
        self.asked += 1;
        let inner = self.inner.start(request)?;
        let (now, most) = *self.open.borrow();
        *self.open.borrow_mut() = (now + 1, most.max(now + 1));
        let (open, rejected) = (Rc::clone(&self.open), Rc::clone(&self.rejected));
        Ok(Box::new(CountedReply { inner, open, rejected }))
    }
}

struct Heard {
    text: String,
    reason: FinishReason,
    asked: usize,
    at_once: usize,
    rejected: usize,
}

/// What is said of these candidates, where so many replies are waited for.
fn heard(candidates: [&str; 4], asked: usize) -> Heard {
    let fan = "I got wet in the rain today";
    let judge = Judge::new(fan, &[], &History::default(), Language::English);
    let choice = Choice { candidates: 4, judge, floor: 0.5, fallback: WRITTEN.into() };
    let request = Request {
        conversation: ConversationId(1),
        prompt: Prompt { turns: vec![ChatTurn::Fan(fan.into())], ..Prompt::default() },
        palette: Palette::default(),
        sampling: Sampling::default(),
        seed: 1,
        direction: Direction { choice: Some(choice), ..Direction::default() },
        adapter: None,
    };
    let inner = ScriptedBackend::new(candidates);
    let mut backend = Counted { inner, asked: 0, open: Rc::default(), rejected: Rc::default() };
    let mut reply = start(&mut backend, request, asked).unwrap();
    let mut text = String::new();
    let outcome: Outcome = loop {
        match reply.advance(&mut backend).unwrap() {
            Step::Segment(Segment::Text(more)) => text += &more,
            Step::Working | Step::Segment(Segment::Emotion(_)) => {}
            Step::Done(outcome) => break outcome,
        }
    };
    assert!(outcome.stats.reply_tokens > 0 || outcome.stats == ReplyStats::default());
    let at_once = backend.open.borrow().1;
    drop(reply);
    let rejected = backend.rejected.get();
    Heard { text, reason: outcome.reason, asked: backend.asked, at_once, rejected }
}

fn words(line: &str) -> &str {
    line.split_once("] ").unwrap().1
}

#[test]
fn where_few_wait_the_best_of_all_is_said() {
    let heard = heard([BAD, GOOD, BETTER, BAD], 4);
    assert_eq!(heard.text, words(BETTER));
    assert_eq!((heard.asked, heard.at_once), (4, 4));
    assert_eq!(heard.rejected, 3, "what was not said is not remembered");
}

#[test]
fn in_a_crowd_the_first_that_is_good_enough_is_said() {
    let heard = heard([BAD, GOOD, BETTER, BAD], 16);
    assert_eq!(heard.text, words(GOOD));
    assert_eq!((heard.asked, heard.at_once), (2, 1));
}

#[test]
fn between_few_and_a_crowd_some_are_made_at_once() {
    let heard = heard([BAD, BAD, GOOD, BETTER], 8);
    assert_eq!(heard.text, words(BETTER));
    assert_eq!((heard.asked, heard.at_once), (4, 2));
}

#[test]
fn where_none_is_good_enough_the_written_line_is_said() {
    for asked in [1, 8, 16, 1000] {
        let heard = heard([BAD; 4], asked);
        assert_eq!((heard.text.as_str(), heard.reason), (words(WRITTEN), FinishReason::Written));
        assert_eq!(heard.asked, 4, "all had their chance");
        assert_eq!(heard.rejected, 4);
    }
}
