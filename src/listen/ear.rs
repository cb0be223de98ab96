//! An ear for a game: told when to listen, it tells what it heard.
//!
//! Two threads belong to it. One records and hears whether somebody speaks; the other understands,
//! which takes a second or so, and can be busy with one sentence while the next is recorded.

mod recorder;
mod transcriber;

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use super::{AudioSource, Heard, ListenError, Whisper};
use crate::persona::Language;

/// How many commands, sentences and events may wait.
const COMMANDS: usize = 64;
const SENTENCES: usize = 8;
const EVENTS: usize = 1024;

/// How long to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Attention {
    /// Until [`Ear::stop`], as while a key is held: all that is said is one text.
    #[default]
    WhileHeld,
    /// Until [`Ear::stop`], and each sentence is told once its speaker pauses.
    HandsFree,
}

/// What an ear tells.
#[derive(Debug, Clone, PartialEq)]
pub enum EarEvent {
    /// The microphone is open.
    Listening,
    /// How loud it is while it listens, for a meter. 0..1.
    Level(f32),
    /// Somebody begins to speak: a character who is talking may fall silent.
    SpeechBegan,
    /// What was said.
    Heard(Heard),
    /// Nothing was said.
    Nothing,
    /// It did not work. It can be tried again.
    Failed(ListenError),
}

/// Turns sound into text; [`Whisper`] does.
pub trait Transcribe {
    /// Writes what is said in a sound of 16 kHz; in `language`, or else in the one that is heard.
    ///
    /// # Errors
    /// If `cancelled` is set meanwhile, or it cannot.
    fn transcribe(
        &mut self,
        pcm: &[f32],
        language: Option<Language>,
        cancelled: &AtomicBool,
    ) -> Result<Heard, ListenError>;
}

impl Transcribe for Whisper {
    fn transcribe(
        &mut self,
        pcm: &[f32],
        language: Option<Language>,
        cancelled: &AtomicBool,
    ) -> Result<Heard, ListenError> {
        Self::transcribe(self, pcm, language, cancelled)
    }
}

/// Loads what transcribes, on its thread, when it is first needed; again after a failure.
pub type LoadTranscriber = dyn Fn() -> Result<Box<dyn Transcribe>, ListenError> + Send;

/// Listens, on threads of its own. They end when it is dropped.
///
/// After [`stop`](Self::stop) comes one of [`Heard`](EarEvent::Heard),
/// [`Nothing`](EarEvent::Nothing) and [`Failed`](EarEvent::Failed), unless it had ended by itself:
/// because the microphone failed, or after a minute.
#[derive(Debug)]
pub struct Ear {
    commands: Option<Sender<Command>>,
    events: Receiver<EarEvent>,
    /// Tells all that was begun since it was last set to end.
    cancelled: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// What the recording thread is told.
enum Command {
    Start { attention: Attention, language: Option<Language>, cancelled: Arc<AtomicBool> },
    Stop,
    Cancel,
}

/// What the understanding thread is told.
enum Work {
    /// Something will be said soon.
    Prepare,
    Sentence {
        pcm: Vec<f32>,
        language: Option<Language>,
        cancelled: Arc<AtomicBool>,
    },
}

impl Ear {
    /// An ear that records from `source`.
    ///
    /// # Errors
    /// If the system gives no threads.
    pub fn new(
        source: Box<dyn AudioSource>,
        load: Box<LoadTranscriber>,
    ) -> Result<Self, ListenError> {
        let (commands, told) = bounded(COMMANDS);
        let (send, events) = bounded(EVENTS);
        let (work, to_do) = bounded(SENTENCES);
        let tell = Telling(send.clone());
        let record = thread("ear", send.clone(), move || {
            recorder::run(source, &told, &work, &tell);
        })?;
        let tell = Telling(send.clone());
        let transcribe = thread("transcriber", send, move || {
            transcriber::run(&load, &to_do, &tell);
        })?;
        let cancelled = Arc::default();
        let threads = vec![record, transcribe];
        Ok(Self { commands: Some(commands), events, cancelled, threads })
    }

    /// Opens the microphone and listens.
    ///
    /// # Errors
    /// If its thread has ended or does not answer.
    pub fn start(
        &mut self,
        attention: Attention,
        language: Option<Language>,
    ) -> Result<(), ListenError> {
        let cancelled = self.cancelled.clone();
        self.send(Command::Start { attention, language, cancelled })
    }

    /// Closes the microphone; what was said is told when it is understood.
    ///
    /// # Errors
    /// If its thread has ended or does not answer.
    pub fn stop(&mut self) -> Result<(), ListenError> {
        self.send(Command::Stop)
    }

    /// Closes the microphone and forgets what was said; none of it is told.
    ///
    /// # Errors
    /// If its thread has ended or does not answer.
    pub fn cancel(&mut self) -> Result<(), ListenError> {
        self.cancelled.store(true, Ordering::Relaxed);
        self.cancelled = Arc::default();
        self.send(Command::Cancel)
    }

    /// What was heard since, in order.
    #[must_use]
    pub fn events(&self) -> &Receiver<EarEvent> {
        &self.events
    }

    fn send(&self, command: Command) -> Result<(), ListenError> {
        let Some(commands) = &self.commands else {
            return Err(ListenError::Thread("it has ended".into()));
        };
        commands.try_send(command).map_err(|error| {
            ListenError::Thread(match error {
                TrySendError::Full(_) => "it does not answer".into(),
                TrySendError::Disconnected(_) => "it has ended".into(),
            })
        })
    }
}

impl Drop for Ear {
    /// Cancels, then ends the recording thread, and with it the other.
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.commands = None;
        for thread in self.threads.drain(..) {
            // A panic has been told.
            let _ = thread.join();
        }
    }
}

/// Starts a thread whose panic is told as an event.
fn thread(
    name: &str,
    events: Sender<EarEvent>,
    run: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, ListenError> {
    let guarded = move || {
        if std::panic::catch_unwind(AssertUnwindSafe(run)).is_err() {
            let error = ListenError::Thread("it has panicked".into());
            let _ = events.try_send(EarEvent::Failed(error));
        }
    };
    let builder = std::thread::Builder::new().name(name.into());
    builder.spawn(guarded).map_err(|error| ListenError::Thread(error.to_string()))
}

/// Tells events to a game that may be slow.
struct Telling(Sender<EarEvent>);

impl Telling {
    /// Never waits: levels are left out early, so that there is room for all that matters.
    fn tell(&self, event: EarEvent) {
        if matches!(event, EarEvent::Level(_)) && self.0.len() > EVENTS / 2 {
            return;
        }
        if self.0.try_send(event).is_err() {
            tracing::warn!("nobody asks what was heard");
        }
    }
}

#[cfg(test)]
mod tests;
