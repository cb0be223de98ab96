//! How much of the machine the model may take and whom it serves first: what a game sets reaches
//! the backend, and a budget that makes it pause stops nobody.

pub mod common;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bevy::prelude::*;
use bevy_persona::{
    inference::{
        Backend, BackendInfo, ConversationId, Generation, InferenceError, LoadReport, Request,
        ScriptedBackend, Step, Ticket, Worker,
    },
    prelude::*,
};
use common::{PersonaApp, wait_for, worker::request};

/// How long the end of a worker or of a reply may take.
const PROMPTLY: Duration = Duration::from_secs(2);

type Loaded = Result<Box<dyn Backend>, InferenceError>;

/// What a probe was told.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    Loaded,
    Focus(Option<ConversationId>),
    Budget(InferenceBudget),
}

/// All that probes were told, in order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Told>>>);

impl Log {
    fn push(&self, told: Told) {
        self.0.lock().expect("no test panics inside").push(told);
    }

    /// What the newest probe was told.
    fn newest(&self) -> Vec<Told> {
        let all = self.0.lock().expect("no test panics inside").clone();
        let loaded = all.iter().rposition(|told| *told == Told::Loaded);
        loaded.map_or_else(Vec::new, |loaded| all[loaded + 1..].to_vec())
    }

    fn loads(&self) -> usize {
        let all = self.0.lock().expect("no test panics inside");
        all.iter().filter(|told| **told == Told::Loaded).count()
    }

    /// The budgets of the newest probe.
    fn budgets(&self) -> Vec<InferenceBudget> {
        let budget = |told| if let Told::Budget(budget) = told { Some(budget) } else { None };
        self.newest().into_iter().filter_map(budget).collect()
    }

    /// Whom the newest probe was to serve first.
    fn focuses(&self) -> Vec<Option<ConversationId>> {
        let focus = |told| if let Told::Focus(focus) = told { Some(focus) } else { None };
        self.newest().into_iter().filter_map(focus).collect()
    }
}

/// A script that writes down what it is told.
struct Probe {
    script: ScriptedBackend,
    log: Log,
}

impl Backend for Probe {
    fn info(&self) -> BackendInfo {
        self.script.info()
    }

    fn start(&mut self, request: Request) -> Result<Box<dyn Generation>, InferenceError> {
        self.script.start(request)
    }

    fn focus(&mut self, conversation: Option<ConversationId>) {
        self.log.push(Told::Focus(conversation));
    }

    fn set_budget(&mut self, budget: &InferenceBudget) {
        self.log.push(Told::Budget(*budget));
    }
}

/// Probes that load once the gate is open.
fn probes_behind(
    gate: Arc<AtomicBool>,
) -> (Log, impl Fn(&mut LoadReport<'_>) -> Loaded + Send + Sync + 'static) {
    let log = Log::default();
    let record = log.clone();
    let factory = move |report: &mut LoadReport<'_>| {
        while !gate.load(Ordering::SeqCst) {
            if report.cancelled().load(Ordering::Relaxed) {
                return Err(InferenceError::WorkerStopped("nobody waits any more".into()));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        record.push(Told::Loaded);
        let script = ScriptedBackend::new(["[joy] Hi."]).when("crash", "[sad] Oh.");
        let probe = Probe { script: script.panic_when("crash"), log: record.clone() };
        Ok(Box::new(probe) as Box<dyn Backend>)
    };
    (log, factory)
}

/// An app with a probe, and what the probe is told.
fn probed() -> (PersonaApp, Log) {
    let (log, factory) = probes_behind(Arc::new(AtomicBool::new(true)));
    (PersonaApp::with_backend(factory), log)
}

/// Budgets that differ.
fn budget(max_threads: usize) -> InferenceBudget {
    let yield_every = Duration::from_millis(max_threads as u64);
    InferenceBudget { max_threads, tokens_per_second: 20.0, yield_every, ..Default::default() }
}

fn set_budget(app: &mut PersonaApp, budget: InferenceBudget) {
    *app.world_mut().resource_mut::<InferenceBudget>() = budget;
}

fn look_at(app: &mut PersonaApp, whom: Option<Entity>) {
    app.world_mut().resource_mut::<FanFocus>().0 = whom;
}

/// A character's conversation, as backends know it.
fn conversation(entity: Entity) -> Option<ConversationId> {
    Some(ConversationId(entity.to_bits()))
}

/// A whole reply: what the worker was told before it, it has heard.
fn talk(app: &mut PersonaApp, idol: Entity) {
    let ends = common::heard::ends(app.world());
    app.say(idol, "Hi");
    app.run_until_ended(ends + 1);
}

fn crash(app: &mut PersonaApp, idol: Entity) {
    let ends = common::heard::ends(app.world());
    app.say(idol, "crash");
    app.run_until_ended(ends + 1);
    let status = app.world().resource::<ModelStatus>();
    assert!(matches!(status, ModelStatus::Failed(_)), "{status:?}");
}

#[test]
fn the_first_budget_and_focus_are_told_once() {
    let (mut app, log) = probed();
    let siwoo = app.spawn_idol("siwoo");
    talk(&mut app, siwoo);
    talk(&mut app, siwoo);
    assert_eq!(log.budgets(), [InferenceBudget::default()]);
    assert!(log.focuses().iter().all(Option::is_none), "{:?}", log.focuses());
}

#[test]
fn what_was_set_before_the_first_frame_comes_first() {
    let (mut app, log) = probed();
    let siwoo = app.spawn_idol("siwoo");
    set_budget(&mut app, budget(3));
    look_at(&mut app, Some(siwoo));
    talk(&mut app, siwoo);
    talk(&mut app, siwoo);
    assert_eq!(log.budgets(), [budget(3)]);
    assert_eq!(log.focuses(), [conversation(siwoo)]);
}

#[test]
fn a_change_of_the_budget_is_told_once() {
    let (mut app, log) = probed();
    let siwoo = app.spawn_idol("siwoo");
    app.run_until("the first budget is told", |_| log.budgets().len() == 1);
    for threads in [3, 1] {
        set_budget(&mut app, budget(threads));
        app.run_until("it is told", |_| log.budgets().last() == Some(&budget(threads)));
        app.frames(20);
        talk(&mut app, siwoo);
    }
    assert_eq!(log.budgets(), [InferenceBudget::default(), budget(3), budget(1)]);
}

#[test]
fn whom_the_fan_looks_at_is_told_when_that_changes() {
    let (mut app, log) = probed();
    let (siwoo, jena) = (app.spawn_idol("siwoo"), app.spawn_idol("jena"));
    app.run_until("the first focus is told", |_| log.focuses() == [None::<ConversationId>]);
    for whom in [Some(siwoo), Some(siwoo), Some(jena), None, None, Some(siwoo)] {
        look_at(&mut app, whom);
        app.frames(5);
    }
    talk(&mut app, siwoo);
    let (siwoo, jena) = (conversation(siwoo), conversation(jena));
    assert_eq!(log.focuses(), [None, siwoo, jena, None, siwoo]);
}

#[test]
fn a_new_worker_is_told_the_present_budget_and_focus() {
    let (mut app, log) = probed();
    let (siwoo, jena) = (app.spawn_idol("siwoo"), app.spawn_idol("jena"));
    set_budget(&mut app, budget(3));
    look_at(&mut app, Some(siwoo));
    talk(&mut app, siwoo);
    crash(&mut app, siwoo);
    app.frames(5);
    assert_eq!(log.loads(), 1, "nobody needs a new one yet");
    talk(&mut app, siwoo);
    talk(&mut app, siwoo);
    assert_eq!(log.loads(), 2);
    assert_eq!(log.budgets(), [budget(3)]);
    assert_eq!(log.focuses(), [conversation(siwoo)]);

    crash(&mut app, jena);
    set_budget(&mut app, budget(2));
    look_at(&mut app, Some(jena));
    app.frames(5);
    talk(&mut app, siwoo);
    talk(&mut app, siwoo);
    assert_eq!(log.loads(), 3);
    assert_eq!(log.budgets(), [budget(2)]);
    assert_eq!(log.focuses(), [conversation(jena)]);
}

#[test]
fn what_a_full_channel_does_not_take_is_told_later() {
    const IDOLS: usize = 300;
    let gate = Arc::new(AtomicBool::new(false));
    let (log, factory) = probes_behind(Arc::clone(&gate));
    let mut app = PersonaApp::with_backend(factory);
    let idols: Vec<Entity> = (0..IDOLS).map(|id| app.spawn_idol(&format!("idol-{id}"))).collect();
    for idol in &idols {
        app.say(*idol, "Hi");
    }
    app.frames(3);
    set_budget(&mut app, budget(2));
    look_at(&mut app, Some(idols[7]));
    app.frames(3);
    gate.store(true, Ordering::SeqCst);
    app.run_until_ended(IDOLS);
    talk(&mut app, idols[0]);
    assert_eq!(log.budgets().last(), Some(&budget(2)));
    assert_eq!(log.focuses().last(), Some(&conversation(idols[7])));
}

/// What happens to the replies of a sleepy backend.
#[derive(Clone, Default)]
struct Seen {
    open: Arc<AtomicUsize>,
    works: Arc<AtomicUsize>,
}

impl Seen {
    fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }
}

/// Never says anything, and wants to pause for an hour after each pass.
struct Sleepy(Seen);

impl Backend for Sleepy {
    fn info(&self) -> BackendInfo {
        BackendInfo { model: "sleepy".into(), ..BackendInfo::default() }
    }

    fn start(&mut self, _request: Request) -> Result<Box<dyn Generation>, InferenceError> {
        self.0.open.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(SleepyReply(self.0.clone())))
    }

    fn work(&mut self) -> Duration {
        self.0.works.fetch_add(1, Ordering::SeqCst);
        Duration::from_secs(3600)
    }
}

struct SleepyReply(Seen);

impl Generation for SleepyReply {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        Ok(Step::Working)
    }
}

impl Drop for SleepyReply {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A worker whose backend has worked and now pauses.
fn pausing() -> (Worker, Ticket, Seen) {
    let seen = Seen::default();
    let sleepy = seen.clone();
    let factory = move |_: &mut LoadReport<'_>| -> Loaded { Ok(Box::new(Sleepy(sleepy.clone()))) };
    let worker = Worker::spawn("test", Arc::new(factory)).expect("a thread");
    let ticket = worker.ask(request("Hi!")).expect("room to wait");
    wait_for("the backend works", || seen.works.load(Ordering::SeqCst) > 0);
    (worker, ticket, seen)
}

#[test]
fn a_cancelled_reply_ends_in_the_middle_of_a_pause() {
    let (_worker, ticket, seen) = pausing();
    let start = Instant::now();
    drop(ticket);
    wait_for("the reply ends", || seen.open() == 0);
    assert!(start.elapsed() < PROMPTLY, "{:?}", start.elapsed());
}

#[test]
fn a_request_does_not_wait_for_the_end_of_a_pause() {
    let (worker, _ticket, seen) = pausing();
    let start = Instant::now();
    let _second = worker.ask(request("And you?")).expect("room to wait");
    wait_for("the second reply begins", || seen.open() == 2);
    assert!(start.elapsed() < PROMPTLY, "{:?}", start.elapsed());
}

#[test]
fn a_worker_ends_in_the_middle_of_a_pause() {
    let (worker, _ticket, seen) = pausing();
    let start = Instant::now();
    drop(worker);
    assert!(start.elapsed() < PROMPTLY, "{:?}", start.elapsed());
    assert_eq!(seen.open(), 0, "the reply ended with it");
}

/// Budgets of the model itself.
#[cfg(feature = "candle")]
mod model {
    use bevy_persona::inference::{GgufBackend, GgufSettings, Sampling, WorkerEvent};
    use tempfile::TempDir;

    use super::{
        common::{
            tiny_gguf::{Size, TinyGguf},
            worker::ask,
        },
        *,
    };

    /// A token in 10 seconds, once the first ones are made.
    fn crawl() -> InferenceBudget {
        InferenceBudget { tokens_per_second: 0.1, ..InferenceBudget::default() }
    }

    /// A worker with a tiny model, whose file lasts as long as the folder.
    fn worker() -> (Worker, TempDir) {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("tiny.gguf");
        TinyGguf::byte_level(Size::EVEN).write(&path);
        let settings = GgufSettings { cache_folder: None, ..GgufSettings::default() };
        let factory = move |report: &mut LoadReport<'_>| -> Loaded {
            Ok(Box::new(GgufBackend::open(&path, settings.clone(), report)?))
        };
        (Worker::spawn("test", Arc::new(factory)).expect("a thread"), folder)
    }

    fn long() -> Request {
        let sampling = Sampling { max_tokens: 40, max_sentences: 0, ..Sampling::default() };
        Request { sampling, ..request("Hi!") }
    }

    /// Waits for an event; those before it are dropped.
    fn hear(worker: &Worker, what: &str, wanted: impl Fn(&WorkerEvent) -> bool) {
        wait_for(what, || worker.poll(64).any(|event| wanted(&event)));
    }

    #[test]
    fn a_budget_changes_when_words_come_and_not_which() {
        let (worker, _folder) = worker();
        let budgets = [(1, 0.0), (2, 0.0), (4, 1000.0), (1, 400.0)];
        let mut replies = Vec::new();
        for (number, (max_threads, tokens_per_second)) in (1..).zip(budgets) {
            let yield_every = Duration::ZERO;
            let budget = InferenceBudget {
                max_threads,
                tokens_per_second,
                yield_every,
                ..Default::default()
            };
            assert!(worker.set_budget(budget));
            // Each in a conversation of its own: what she said before would change her words.
            let conversation = ConversationId(number);
            let reply = ask(&worker, Request { conversation, ..long() });
            assert!(!reply.text().is_empty());
            replies.push(reply.segments);
            assert_eq!(replies.last(), replies.first(), "{budget:?}");
        }
    }

    #[test]
    fn a_limit_taken_away_ends_its_pause() {
        let (worker, _folder) = worker();
        assert!(worker.set_budget(crawl()));
        let _ticket = worker.ask(long()).expect("room to wait");
        hear(&worker, "she feels something", |event| matches!(event, WorkerEvent::Segment(..)));
        assert!(worker.set_budget(InferenceBudget::default()));
        hear(&worker, "the reply ends", |event| matches!(event, WorkerEvent::Done(..)));
    }

    #[test]
    fn a_crawling_worker_ends_promptly() {
        let (worker, _folder) = worker();
        assert!(worker.set_budget(crawl()));
        let ticket = worker.ask(long()).expect("room to wait");
        hear(&worker, "the reply begins", |event| matches!(event, WorkerEvent::Started(_)));
        let start = Instant::now();
        drop(ticket);
        drop(worker);
        assert!(start.elapsed() < PROMPTLY, "{:?}", start.elapsed());
    }
}
