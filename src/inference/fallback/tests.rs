use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use super::*;
use crate::{
    inference::{Sampling, Step, Worker, WorkerEvent},
    mind::{ChatTurn, Direction, Emotion, EmotionTag, Palette, Prompt, Segment},
};

/// What a backend of these tests does, one reply after another.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Does {
    Refuses,
    FailsBefore,
    FailsAfterTag,
    FailsAfterWord,
    Speaks,
}

#[derive(Debug, thiserror::Error)]
#[error("it does not work")]
struct Broken;

struct Actor {
    name: &'static str,
    plays: Arc<Mutex<VecDeque<Does>>>,
    works: Arc<AtomicUsize>,
}

impl Backend for Actor {
    fn info(&self) -> BackendInfo {
        BackendInfo { model: self.name.into(), ..BackendInfo::default() }
    }

    fn start(&mut self, _: Request) -> Result<Box<dyn Generation>, InferenceError> {
        let does = self.plays.lock().unwrap().pop_front().unwrap_or(Does::Speaks);
        if does == Does::Refuses {
            return Err(InferenceError::request(Broken));
        }
        let word = Segment::Text(self.name.into());
        let joy = Segment::Emotion(EmotionTag::from(Emotion::Joy));
        let said = match does {
            Does::Refuses | Does::FailsBefore => vec![],
            Does::FailsAfterTag => vec![joy],
            Does::FailsAfterWord | Does::Speaks => vec![joy, word],
        };
        Ok(Box::new(Act { said: said.into(), does }))
    }

    fn work(&mut self) -> Duration {
        self.works.fetch_add(1, Ordering::SeqCst);
        Duration::ZERO
    }
}

struct Act {
    said: VecDeque<Segment>,
    does: Does,
}

impl Generation for Act {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        match self.said.pop_front() {
            Some(segment) => Ok(Step::Segment(segment)),
            None if self.does == Does::Speaks => {
                let reason = crate::inference::FinishReason::Complete;
                Ok(Step::Done(crate::inference::Outcome { reason, stats: Default::default() }))
            }
            None => Err(InferenceError::backend(Broken)),
        }
    }
}

fn actor(name: &'static str, plays: &[Does]) -> (ChainLink, Arc<AtomicUsize>) {
    let (plays, works) = (Arc::new(Mutex::new(plays.to_vec().into())), Arc::default());
    let counter = Arc::clone(&works);
    let make = move |_: &mut LoadReport<'_>| -> Result<Box<dyn Backend>, InferenceError> {
        Ok(Box::new(Actor { name, plays: Arc::clone(&plays), works: Arc::clone(&works) }))
    };
    (ChainLink::new(name, make), counter)
}

fn broken(name: &'static str) -> ChainLink {
    ChainLink::new(name, |_| Err(InferenceError::load(Broken)))
}

fn request() -> Request {
    Request {
        conversation: ConversationId(1),
        prompt: Prompt { turns: vec![ChatTurn::Fan("Hi".into())], ..Prompt::default() },
        palette: Palette::default(),
        sampling: Sampling::default(),
        seed: 1,
        direction: Direction::default(),
        adapter: None,
    }
}

fn worker(links: Vec<ChainLink>) -> Worker {
    let factory = move |report: &mut LoadReport<'_>| -> Result<Box<dyn Backend>, InferenceError> {
        Ok(Box::new(FallbackChain::load(&links, report)?))
    };
    Worker::spawn("chain", Arc::new(factory)).unwrap()
}

/// Asks, and tells what happens in words.
fn story(worker: &Worker) -> Vec<String> {
    let _ticket = worker.ask(request()).unwrap();
    let mut story = Vec::new();
    loop {
        match worker.wait().unwrap() {
            WorkerEvent::Switched(BackendSwitch { from, to, info, error }) => {
                assert_eq!(*to, info.model);
                let why = if error.is_some() { "fails" } else { "works again" };
                story.push(format!("{from} → {to}: {why}"));
            }
            WorkerEvent::Segment(_, Segment::Text(text)) => story.push(text),
            WorkerEvent::Segment(_, Segment::Emotion(tag)) => {
                story.push(format!("[{}]", tag.emotion));
            }
            WorkerEvent::Done(..) => return story,
            WorkerEvent::Failed(_, error) => {
                story.push(error.to_string());
                return story;
            }
            _ => {}
        }
    }
}

#[test]
fn the_next_one_speaks_where_one_fails_before_its_first_word() {
    use Does::{FailsAfterTag, FailsBefore, Refuses, Speaks};
    let (one, _) = actor("one", &[Refuses, FailsBefore, FailsAfterTag, Speaks, Speaks]);
    let (two, _) = actor("two", &[]);
    let worker = worker(vec![one, two]);
    assert_eq!(story(&worker), ["one → two: fails", "[joy]", "two"]);
    assert_eq!(story(&worker), ["[joy]", "two"], "a switch is told once");
    assert_eq!(story(&worker), ["[joy]", "two"], "a feeling alone is no word");
    assert_eq!(story(&worker), ["two → one: works again", "[joy]", "one"]);
    assert_eq!(story(&worker), ["[joy]", "one"]);
}

#[test]
fn a_reply_that_was_half_heard_fails() {
    let (one, _) = actor("one", &[Does::FailsAfterWord]);
    let (two, _) = actor("two", &[]);
    let story = story(&worker(vec![one, two]));
    assert_eq!(story[..2], ["[joy]", "one"]);
    assert!(story[2].contains("it does not work"), "{story:?}");
}

#[test]
fn where_all_fail_the_last_error_is_told() {
    let (one, _) = actor("one", &[Does::FailsBefore]);
    let (two, _) = actor("two", &[Does::Refuses]);
    assert_eq!(story(&worker(vec![one, two])), ["it does not work"]);
}

#[test]
fn what_cannot_be_loaded_is_left_out() {
    let (two, _) = actor("two", &[]);
    let story = story(&worker(vec![broken("one"), two, broken("three")]));
    assert_eq!(story, ["one → two: fails", "[joy]", "two"]);
    let (mut tell, cancelled) = (|_| {}, AtomicBool::new(false));
    let mut report = LoadReport::new(&mut tell, &cancelled);
    assert!(FallbackChain::load(&[broken("one")], &mut report).is_err());
    assert!(FallbackChain::load(&[], &mut report).is_err());
}

#[test]
fn who_has_no_reply_in_the_making_does_not_work() {
    let (one, one_works) = actor("one", &[]);
    let (two, two_works) = actor("two", &[]);
    let worker = worker(vec![one, two]);
    story(&worker);
    assert!(one_works.load(Ordering::SeqCst) > 0);
    assert_eq!(two_works.load(Ordering::SeqCst), 0);
}

#[test]
fn candidates_and_the_guard_work_on_a_chain() {
    let (one, _) = actor("one", &[Does::FailsBefore, Does::Speaks]);
    let (two, _) = actor("two", &[]);
    let worker = worker(vec![one, two]);
    let mut request = request();
    request.direction.never = vec![Emotion::Joy];
    let _ticket = worker.ask(request).unwrap();
    let told = worker.wait_for(|event| matches!(event, WorkerEvent::Segment(..)));
    let Some(WorkerEvent::Segment(_, Segment::Emotion(tag))) = told else { panic!("{told:?}") };
    assert_eq!(tag.emotion, Emotion::Neutral);
}
