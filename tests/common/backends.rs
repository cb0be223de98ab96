//! Backends that do what a test tells them, and remember what was asked of them.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bevy_persona::{
    inference::{
        Backend, BackendInfo, ConversationId, FinishReason, Generation, InferenceError, LoadReport,
        Loading, Outcome, ReplyStats, Request, ScriptedBackend, Step,
    },
    mind::{Emotion, EmotionTag, Segment},
};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};

use super::wait_for;

/// The end of a reply that was said whole.
pub const COMPLETE: Step = Step::Done(Outcome {
    reason: FinishReason::Complete,
    stats: ReplyStats {
        prompt_tokens: 0,
        cached_tokens: 0,
        reply_tokens: 0,
        time_to_first_piece: 0.0,
        reply_time: 0.0,
    },
});

/// What a factory gives.
type Loaded = Result<Box<dyn Backend>, InferenceError>;

/// What a puppet has seen.
#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<Request>>,
    forgotten: Mutex<Vec<ConversationId>>,
    advances: AtomicUsize,
    taken: AtomicUsize,
    open: AtomicUsize,
}

/// Moves a puppet: a backend whose every step the test decides.
#[derive(Clone)]
pub struct Strings {
    steps: Sender<Step>,
    seen: Arc<Seen>,
}

/// A puppet, and the strings that move it. Made for one reply at a time.
pub fn puppet() -> (Strings, impl Fn(&mut LoadReport<'_>) -> Loaded + Send + Sync + 'static) {
    let (steps, inbox) = unbounded();
    let strings = Strings { steps, seen: Arc::default() };
    let seen = Arc::clone(&strings.seen);
    let factory = move |_: &mut LoadReport<'_>| {
        let puppet = Puppet { inbox: inbox.clone(), seen: Arc::clone(&seen) };
        Ok(Box::new(puppet) as Box<dyn Backend>)
    };
    (strings, factory)
}

impl Strings {
    /// What was asked, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.seen.requests.lock().expect("no test panics inside").clone()
    }

    /// The conversations that were to be forgotten.
    pub fn forgotten(&self) -> Vec<ConversationId> {
        self.seen.forgotten.lock().expect("no test panics inside").clone()
    }

    /// How many steps were begun.
    pub fn advances(&self) -> usize {
        self.seen.advances.load(Ordering::SeqCst)
    }

    /// How many replies are in the making.
    pub fn open(&self) -> usize {
        self.seen.open.load(Ordering::SeqCst)
    }

    /// Lets the open reply feel something.
    pub fn feel(&self, emotion: Emotion, intensity: f32) {
        self.pull(EmotionTag::new(emotion, intensity).into());
    }

    /// Lets the open reply say something.
    pub fn say(&self, text: &str) {
        self.pull(Step::Segment(Segment::Text(text.into())));
    }

    /// Ends the open reply.
    pub fn finish(&self) {
        let open = self.open();
        self.steps.send(COMPLETE).expect("the puppet is there");
        wait_for("the puppet ends its reply", || self.open() < open);
    }

    /// Ends the open reply, and does not look whether another one begins at once.
    pub fn hand_over(&self) {
        self.steps.send(COMPLETE).expect("the puppet is there");
    }

    /// Pulls one step; returns once the worker has told it.
    fn pull(&self, step: Step) {
        let taken = self.seen.taken.load(Ordering::SeqCst);
        self.steps.send(step).expect("the puppet is there");
        wait_for("the puppet moves", || self.seen.taken.load(Ordering::SeqCst) > taken);
        // The worker tells a step before it begins the next one.
        let advances = self.advances();
        wait_for("the puppet is asked again", || self.advances() > advances);
    }
}

struct Puppet {
    inbox: Receiver<Step>,
    seen: Arc<Seen>,
}

impl Backend for Puppet {
    fn info(&self) -> BackendInfo {
        BackendInfo { model: "puppet".into(), ..BackendInfo::default() }
    }

    fn start(&mut self, request: Request) -> Result<Box<dyn Generation>, InferenceError> {
        self.seen.open.fetch_add(1, Ordering::SeqCst);
        self.seen.requests.lock().expect("no test panics inside").push(request);
        let inbox = self.inbox.clone();
        Ok(Box::new(PuppetReply { inbox, seen: Arc::clone(&self.seen) }))
    }

    fn forget(&mut self, conversation: ConversationId) {
        self.seen.forgotten.lock().expect("no test panics inside").push(conversation);
    }
}

struct PuppetReply {
    inbox: Receiver<Step>,
    seen: Arc<Seen>,
}

impl Generation for PuppetReply {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        self.seen.advances.fetch_add(1, Ordering::SeqCst);
        match self.inbox.recv_timeout(Duration::from_millis(1)) {
            Ok(step) => {
                self.seen.taken.fetch_add(1, Ordering::SeqCst);
                Ok(step)
            }
            Err(_) => Ok(Step::Working),
        }
    }
}

impl Drop for PuppetReply {
    fn drop(&mut self) {
        self.seen.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What was asked of a [`recording`] backend, in order.
#[derive(Clone, Default)]
pub struct Requests(Arc<Mutex<Vec<Request>>>);

impl Requests {
    /// All of them.
    pub fn all(&self) -> Vec<Request> {
        self.0.lock().expect("no test panics inside").clone()
    }

    /// The newest.
    pub fn last(&self) -> Request {
        self.all().pop().expect("something was asked")
    }
}

/// A script that remembers what was asked of it.
pub fn recording(
    script: ScriptedBackend,
) -> (Requests, impl Fn(&mut LoadReport<'_>) -> Loaded + Send + Sync + 'static) {
    let requests = Requests::default();
    let record = requests.clone();
    let factory = move |_: &mut LoadReport<'_>| {
        let recorder = Recorder { script: script.clone(), requests: record.clone() };
        Ok(Box::new(recorder) as Box<dyn Backend>)
    };
    (requests, factory)
}

struct Recorder {
    script: ScriptedBackend,
    requests: Requests,
}

impl Backend for Recorder {
    fn info(&self) -> BackendInfo {
        self.script.info()
    }

    fn start(&mut self, request: Request) -> Result<Box<dyn Generation>, InferenceError> {
        self.requests.0.lock().expect("no test panics inside").push(request.clone());
        self.script.start(request)
    }
}

/// A script that says nothing before `count` replies have been begun: they must be open together.
pub fn together(
    count: usize,
    script: ScriptedBackend,
) -> impl Fn(&mut LoadReport<'_>) -> Loaded + Send + Sync + 'static {
    let started = Arc::new(AtomicUsize::new(0));
    move |_: &mut LoadReport<'_>| {
        let (script, started) = (script.clone(), Arc::clone(&started));
        Ok(Box::new(Together { script, started, count }) as Box<dyn Backend>)
    }
}

struct Together {
    script: ScriptedBackend,
    started: Arc<AtomicUsize>,
    count: usize,
}

impl Backend for Together {
    fn info(&self) -> BackendInfo {
        self.script.info()
    }

    fn start(&mut self, request: Request) -> Result<Box<dyn Generation>, InferenceError> {
        self.started.fetch_add(1, Ordering::SeqCst);
        let (reply, started) = (self.script.start(request)?, Arc::clone(&self.started));
        Ok(Box::new(TogetherReply { reply, started, count: self.count }))
    }
}

struct TogetherReply {
    reply: Box<dyn Generation>,
    started: Arc<AtomicUsize>,
    count: usize,
}

impl Generation for TogetherReply {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        if self.started.load(Ordering::SeqCst) < self.count {
            std::thread::yield_now();
            return Ok(Step::Working);
        }
        self.reply.advance()
    }
}

/// Lets a [`gated`] backend load.
pub struct Gate(Sender<()>);

impl Gate {
    /// Lets it load once.
    pub fn open(&self) {
        self.0.send(()).expect("the gate is there");
    }
}

/// A script that takes as long to load as the test wants.
pub fn gated(
    script: ScriptedBackend,
) -> (Gate, impl Fn(&mut LoadReport<'_>) -> Loaded + Send + Sync + 'static) {
    let (open, gate) = unbounded();
    let factory = move |report: &mut LoadReport<'_>| {
        let stage = "waiting at the gate".into();
        report.report(Loading { stage, done: 1, total: Some(4), bytes_per_second: None });
        while gate.recv_timeout(Duration::from_millis(1)) == Err(RecvTimeoutError::Timeout) {
            if report.cancelled().load(Ordering::Relaxed) {
                return Err(InferenceError::WorkerStopped("nobody waits any more".into()));
            }
        }
        Ok(script.clone().boxed())
    };
    (Gate(open), factory)
}

/// How many pieces a [`flood`] has brought so far.
#[derive(Clone, Default)]
pub struct Brought(Arc<AtomicUsize>);

impl Brought {
    /// The number.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// A backend that says `x` so many times, as fast as it can.
pub fn flood(
    pieces: usize,
) -> (Brought, impl Fn(&mut LoadReport<'_>) -> Loaded + Send + Sync + 'static) {
    let brought = Brought::default();
    let counter = brought.clone();
    let factory = move |_: &mut LoadReport<'_>| {
        Ok(Box::new(Flood { pieces, brought: counter.clone() }) as Box<dyn Backend>)
    };
    (brought, factory)
}

struct Flood {
    pieces: usize,
    brought: Brought,
}

impl Backend for Flood {
    fn info(&self) -> BackendInfo {
        BackendInfo { model: "flood".into(), ..BackendInfo::default() }
    }

    fn start(&mut self, _request: Request) -> Result<Box<dyn Generation>, InferenceError> {
        Ok(Box::new(FloodReply { left: self.pieces, brought: self.brought.clone() }))
    }
}

struct FloodReply {
    left: usize,
    brought: Brought,
}

impl Generation for FloodReply {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        if self.left == 0 {
            return Ok(COMPLETE);
        }
        self.left -= 1;
        self.brought.0.fetch_add(1, Ordering::SeqCst);
        Ok(Step::Segment(Segment::Text("x".into())))
    }
}
