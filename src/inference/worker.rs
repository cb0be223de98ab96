//! One named thread per model: requests in, events out.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use crossbeam_channel::{
    Receiver, RecvTimeoutError, SendTimeoutError, Sender, TrySendError, bounded,
};
use thiserror::Error;

use super::{
    Backend, BackendInfo, BackendSwitch, ConversationId, InferenceBudget, InferenceError, Loading,
    Outcome, Request, Step,
    directed::{self, Watched},
    lower_priority,
};
use crate::{mind::Segment, panics::caught};

/// Names one request; unique within the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(u64);

/// What a worker tells, in the order in which it happens.
#[derive(Debug, Clone)]
pub enum WorkerEvent {
    /// The model is being loaded.
    Loading(Loading),
    /// The model is loaded.
    Ready(BackendInfo),
    /// Another source serves the replies from now on.
    Switched(BackendSwitch),
    /// A reply begins.
    Started(RequestId),
    /// A piece of a reply.
    Segment(RequestId, Segment),
    /// A reply is over.
    Done(RequestId, Outcome),
    /// A reply failed; the worker goes on.
    Failed(RequestId, InferenceError),
    /// The worker has ended: the model would not load, or the backend panicked.
    ///
    /// No event follows, and every open request is lost.
    Stopped(InferenceError),
}

/// A request that was handed over. Dropping it cancels the reply, within one pass of the
/// model: a token, or a part of a prompt.
#[derive(Debug)]
pub struct Ticket {
    id: RequestId,
    cancel: Arc<AtomicBool>,
}

impl Ticket {
    /// Which request this is.
    #[must_use]
    pub fn id(&self) -> RequestId {
        self.id
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

/// A request that could not be handed over; it is given back.
#[derive(Debug, Clone, Error)]
pub enum SubmitError {
    /// Too many requests are waiting: try again in the next frame.
    #[error("the inference worker has too many requests waiting; try again in the next frame")]
    Busy(Box<Request>),
    /// The worker has ended: start a new one.
    #[error("the inference worker has stopped; start it again")]
    Stopped(Box<Request>),
}

/// What a factory of backends may use while it loads: a way to tell how far it is, and to hear
/// that nobody waits any more.
pub struct LoadReport<'a> {
    report: &'a mut dyn FnMut(Loading),
    cancelled: &'a AtomicBool,
}

impl<'a> LoadReport<'a> {
    /// A report that tells `report`, and stops once `cancelled` is set.
    pub fn new(report: &'a mut dyn FnMut(Loading), cancelled: &'a AtomicBool) -> Self {
        Self { report, cancelled }
    }

    /// Tells how far the loading is.
    pub fn report(&mut self, loading: Loading) {
        (self.report)(loading);
    }

    /// Set when the loading should stop.
    #[must_use]
    pub fn cancelled(&self) -> &'a AtomicBool {
        self.cancelled
    }
}

/// Makes a backend, on the worker's thread; again after a failure.
pub type BackendFactory =
    dyn Fn(&mut LoadReport<'_>) -> Result<Box<dyn Backend>, InferenceError> + Send + Sync;

/// A request that waits.
struct Asked {
    id: RequestId,
    request: Box<Request>,
    cancel: Arc<AtomicBool>,
}

/// Requests that wait until fewer replies are in the making.
struct Queue {
    asked: VecDeque<Asked>,
    focus: Option<ConversationId>,
    most: usize,
}

impl Default for Queue {
    fn default() -> Self {
        let most = InferenceBudget::default().max_replies;
        Self { asked: VecDeque::new(), focus: None, most }
    }
}

impl Queue {
    /// The next request to be served, where `active` replies are in the making: hers whom the fan
    /// looks at, else the one that waits longest.
    fn next(&mut self, active: usize) -> Option<Asked> {
        self.asked.retain(|asked| !asked.cancel.load(Ordering::Relaxed));
        if active >= self.most {
            return None;
        }
        let in_focus = |asked: &Asked| Some(asked.request.conversation) == self.focus;
        let first = self.asked.iter().position(in_focus).unwrap_or(0);
        self.asked.remove(first)
    }
}

enum Command {
    Ask { id: RequestId, request: Box<Request>, cancel: Arc<AtomicBool> },
    Forget(ConversationId),
    Focus(Option<ConversationId>),
    Budget(InferenceBudget),
}

/// Owns a backend on a thread of its own.
///
/// All open replies advance together, a token each; the thread has a low priority, so that the game
/// comes first where the system allows that. Nothing here waits on the caller's side: requests
/// are refused when too many wait, events are polled. Dropping the worker stops the thread and joins
/// it, which takes as long as the step in flight.
///
/// # Example
/// ```
/// use std::sync::Arc;
/// use bevy_persona::{inference::*, mind::{ChatTurn, Direction, Palette, Prompt}};
///
/// let worker = Worker::spawn(
///     "example",
///     Arc::new(|_report: &mut LoadReport<'_>| Ok(ScriptedBackend::new(["[joy] Hi!"]).boxed())),
/// )?;
/// let ticket = worker.ask(Request {
///     conversation: ConversationId(1),
///     prompt: Prompt { turns: vec![ChatTurn::Fan("Hello".into())], ..Prompt::default() },
///     palette: Palette::default(),
///     sampling: Sampling::default(),
///     seed: 1,
///     direction: Direction::default(),
///     adapter: None,
/// });
/// let done = worker.wait_for(|event| matches!(event, WorkerEvent::Done(..)));
/// assert!(ticket.is_ok() && done.is_some());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Worker {
    // The order of the steps in `drop` matters: stop, close the channels, join.
    stop: Arc<AtomicBool>,
    commands: Option<Sender<Command>>,
    events: Receiver<WorkerEvent>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// How many requests may wait.
    const COMMANDS: usize = 256;
    /// How many events may wait to be read before the thread pauses.
    const EVENTS: usize = 1024;

    /// Starts a thread that makes a backend and serves requests. Requests made while it loads wait.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn spawn(name: &str, factory: Arc<BackendFactory>) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (commands, inbox) = bounded(Self::COMMANDS);
        let (outbox, events) = bounded(Self::EVENTS);
        let mouth = Outbox { events: outbox, stop: Arc::clone(&stop) };
        let thread =
            std::thread::Builder::new().name(format!("persona {name}")).spawn(move || {
                lower_priority();
                run(&*factory, &inbox, &mouth);
            })?;
        Ok(Self { stop, commands: Some(commands), events, thread: Some(thread) })
    }

    /// Hands over a request. Never waits.
    ///
    /// # Errors
    /// If too many requests wait, or the worker has ended; the request is given back.
    pub fn ask(&self, request: impl Into<Box<Request>>) -> Result<Ticket, SubmitError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = RequestId(NEXT.fetch_add(1, Ordering::Relaxed));
        let cancel = Arc::new(AtomicBool::new(false));
        let command = Command::Ask { id, request: request.into(), cancel: Arc::clone(&cancel) };
        match self.send(command) {
            Ok(()) => Ok(Ticket { id, cancel }),
            Err(TrySendError::Full(Command::Ask { request, .. })) => {
                Err(SubmitError::Busy(request))
            }
            Err(TrySendError::Disconnected(Command::Ask { request, .. })) => {
                Err(SubmitError::Stopped(request))
            }
            Err(_) => unreachable!("only the command that was sent comes back"),
        }
    }

    /// Lets the backend forget a conversation; skipped if too many requests wait.
    pub fn forget(&self, conversation: ConversationId) {
        // A conversation that is not forgotten only keeps some memory until others push it out.
        let _ = self.send(Command::Forget(conversation));
    }

    /// Serves a conversation before others from now on, or none. Gives whether the worker will hear
    /// of it: if too many requests wait, try again.
    pub fn focus(&self, conversation: Option<ConversationId>) -> bool {
        self.send(Command::Focus(conversation)).is_ok()
    }

    /// Keeps to this budget from now on. Gives whether the worker will hear of it: if too many
    /// requests wait, try again.
    pub fn set_budget(&self, budget: InferenceBudget) -> bool {
        self.send(Command::Budget(budget)).is_ok()
    }

    fn send(&self, command: Command) -> Result<(), TrySendError<Command>> {
        match &self.commands {
            Some(commands) => commands.try_send(command),
            None => Err(TrySendError::Disconnected(command)),
        }
    }

    /// The events that wait, at most `limit`. Never waits.
    pub fn poll(&self, limit: usize) -> impl Iterator<Item = WorkerEvent> + '_ {
        self.events.try_iter().take(limit)
    }

    /// Waits for the next event; none once the worker has ended. Not for the main thread of a game.
    #[must_use]
    pub fn wait(&self) -> Option<WorkerEvent> {
        self.events.recv().ok()
    }

    /// Waits for an event that `wanted` accepts, dropping others; none once the worker has ended.
    pub fn wait_for(&self, wanted: impl Fn(&WorkerEvent) -> bool) -> Option<WorkerEvent> {
        std::iter::from_fn(|| self.wait()).find(|event| wanted(event))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            // A panic was caught and told as `WorkerEvent::Stopped`.
            let _ = thread.join();
        }
    }
}

/// The sending side, which gives up once the worker is dropped.
struct Outbox {
    events: Sender<WorkerEvent>,
    stop: Arc<AtomicBool>,
}

impl Outbox {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Waits while the reader is behind; never after a stop.
    fn send(&self, mut event: WorkerEvent) {
        while !self.stopped() {
            match self.events.send_timeout(event, Duration::from_millis(50)) {
                Ok(()) | Err(SendTimeoutError::Disconnected(_)) => return,
                Err(SendTimeoutError::Timeout(unsent)) => event = unsent,
            }
        }
    }
}

struct Active {
    id: RequestId,
    cancel: Arc<AtomicBool>,
    reply: Watched,
}

fn run(factory: &BackendFactory, inbox: &Receiver<Command>, outbox: &Outbox) {
    let served = caught(|| {
        let mut report = |loading| outbox.send(WorkerEvent::Loading(loading));
        let mut backend = factory(&mut LoadReport::new(&mut report, &outbox.stop))?;
        outbox.send(WorkerEvent::Ready(backend.info()));
        serve(&mut *backend, inbox, outbox);
        Ok(())
    });
    let error = match served {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error,
        Err(panic) => InferenceError::WorkerStopped(panic),
    };
    outbox.send(WorkerEvent::Stopped(error));
}

fn serve(backend: &mut dyn Backend, inbox: &Receiver<Command>, outbox: &Outbox) {
    let mut active: Vec<Active> = Vec::new();
    let mut queue = Queue::default();
    let mut pause = Duration::ZERO;
    tell_switches(backend, outbox);
    while !outbox.stopped() {
        let is_idle = active.is_empty() && queue.asked.is_empty();
        let Some(commands) = wait(inbox, is_idle, pause) else { return };
        // First, so that a next ask of the same conversation finds it free.
        active.retain(|reply| !reply.cancel.load(Ordering::Relaxed));
        for command in commands {
            accept(backend, command, &mut queue);
        }
        while let Some(asked) = queue.next(active.len()) {
            let all = active.len() + 1 + queue.asked.len();
            active.extend(begin(backend, asked, all, outbox));
        }
        active.retain_mut(|reply| advance(backend, reply, outbox));
        tell_switches(backend, outbox);
        pause = if active.is_empty() { Duration::ZERO } else { backend.work() };
    }
}

fn tell_switches(backend: &mut dyn Backend, outbox: &Outbox) {
    while let Some(switch) = backend.switched() {
        outbox.send(WorkerEvent::Switched(switch));
    }
}

/// How soon a cancelled reply is noticed while the budget makes the worker pause.
const BLINK: Duration = Duration::from_millis(10);

/// The commands that have come. Waits for one if there is nothing else to do, or for as long as the
/// budget says; none once nobody can send any more.
fn wait(inbox: &Receiver<Command>, is_idle: bool, pause: Duration) -> Option<Vec<Command>> {
    let mut commands = Vec::new();
    if is_idle {
        commands.push(inbox.recv().ok()?);
    } else if !pause.is_zero() {
        match inbox.recv_timeout(pause.min(BLINK)) {
            Ok(command) => commands.push(command),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    commands.extend(inbox.try_iter());
    Some(commands)
}

fn accept(backend: &mut dyn Backend, command: Command, queue: &mut Queue) {
    match command {
        Command::Forget(conversation) => backend.forget(conversation),
        Command::Focus(conversation) => {
            queue.focus = conversation;
            backend.focus(conversation);
        }
        Command::Budget(budget) => {
            queue.most = budget.max_replies.max(1);
            backend.set_budget(&budget);
        }
        Command::Ask { id, request, cancel } => {
            queue.asked.push_back(Asked { id, request, cancel });
        }
    }
}

/// Starts a reply, one of `all` that are waited for.
fn begin(backend: &mut dyn Backend, asked: Asked, all: usize, outbox: &Outbox) -> Option<Active> {
    let Asked { id, request, cancel } = asked;
    match directed::start(backend, *request, all) {
        Ok(reply) => {
            outbox.send(WorkerEvent::Started(id));
            Some(Active { id, cancel, reply })
        }
        Err(error) => {
            outbox.send(WorkerEvent::Failed(id, error));
            None
        }
    }
}

/// One step of one reply; gives whether it goes on.
fn advance(backend: &mut dyn Backend, active: &mut Active, outbox: &Outbox) -> bool {
    if active.cancel.load(Ordering::Relaxed) {
        return false;
    }
    match active.reply.advance(backend) {
        Ok(Step::Working) => true,
        Ok(Step::Segment(segment)) => {
            outbox.send(WorkerEvent::Segment(active.id, segment));
            true
        }
        Ok(Step::Done(outcome)) => {
            outbox.send(WorkerEvent::Done(active.id, outcome));
            false
        }
        Err(error) => {
            outbox.send(WorkerEvent::Failed(active.id, error));
            false
        }
    }
}
