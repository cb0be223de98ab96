//! An ear for a game: told when to listen, it tells what it heard.
//!
//! Two threads belong to it. One records and hears whether somebody speaks; the other understands,
//! which takes a second or so, and can be busy with one sentence while the next is recorded.

mod event;
mod recorder;
mod transcriber;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded, unbounded};

use self::event::Telling;
pub use self::event::{EarEvent, RecordingId, Told};
use super::{AudioSource, Heard, ListenError, Whisper};
use crate::persona::Language;

/// How many starts and sentences may wait.
const STARTS: usize = 64;
const SENTENCES: usize = 8;

/// How long to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Attention {
    /// Until [`Ear::stop`], as while a key is held, but for a minute at most: all that is said is one
    /// text.
    #[default]
    WhileHeld,
    /// Until [`Ear::stop`], and each sentence is told once its speaker pauses.
    HandsFree,
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

/// Loads what transcribes, on its thread, when it is first needed; again after a failure. The flag
/// says when nobody waits any more.
pub type LoadTranscriber = dyn Fn(&AtomicBool) -> Result<Box<dyn Transcribe>, ListenError> + Send;

/// Listens, on threads of its own.
///
/// All that it tells belongs to a recording, which a [`start`](Self::start) begins:
///
/// | When | it tells [`EarEvent`]s |
/// |---|---|
/// | the microphone opens | `Listening`, then `Level` again and again |
/// | somebody begins to speak | `SpeechBegan` |
/// | they pause (hands-free), or it ends and somebody has spoken | `Understanding` |
/// | that is understood | one of `Heard`, `Nothing`, `NotUnderstood` for each `Understanding` |
/// | it ends and nobody has spoken while the key was held | `Nothing` |
/// | the microphone cannot be opened, or is lost | `Failed`, and it ends |
/// | it ends: [`stop`](Self::stop), the next start, after a minute of a held key | `Closed`, exactly once |
/// | it is [cancelled](Self::cancel) | `Closed` if it has not ended, and nothing else from now on |
///
/// `Closed` says what is true of the microphone and not what is wished: it comes when the microphone
/// has been closed. What was said before may be understood later.
///
/// Dropping it closes the microphone and waits for that. The thread that understands ends soon after, and
/// nobody waits for it, since loading a model may take seconds.
#[derive(Debug)]
pub struct Ear {
    starts: Option<Sender<Start>>,
    events: Receiver<Told>,
    /// How many recordings were begun, and how many of them are forgotten.
    begun: u64,
    forgotten: u64,
    /// Ends the newest.
    stopped: Arc<AtomicBool>,
    /// Tells all that was begun since it was last set to end.
    cancelled: Arc<AtomicBool>,
    /// Tells what loads that nobody waits any more.
    closing: Arc<AtomicBool>,
    recorder: Option<JoinHandle<()>>,
}

/// What the recording thread is told.
struct Start {
    recording: RecordingId,
    attention: Attention,
    language: Option<Language>,
    stopped: Arc<AtomicBool>,
    cancelled: Arc<AtomicBool>,
}

/// What the understanding thread is told.
enum Work {
    /// Something will be said soon.
    Prepare,
    Sentence {
        recording: RecordingId,
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
        let (starts, started) = bounded(STARTS);
        // Where nobody asks levels are left out; the rest is no more than somebody can say.
        let (send, events) = unbounded();
        let (work, to_do) = bounded(SENTENCES);
        let closing = Arc::<AtomicBool>::default();
        let telling = Telling(send.clone());
        let recorder = thread("ear", move || recorder::run(source, &started, &work, &telling))?;
        let (telling, flag) = (Telling(send), closing.clone());
        thread("transcriber", move || transcriber::run(&load, &to_do, &flag, &telling))?;
        let (stopped, cancelled) = (Arc::default(), Arc::default());
        let (starts, recorder) = (Some(starts), Some(recorder));
        Ok(Self { starts, events, begun: 0, forgotten: 0, stopped, cancelled, closing, recorder })
    }

    /// Opens the microphone and listens. What was begun before is stopped.
    ///
    /// # Errors
    /// If its thread has ended or does not answer.
    pub fn start(
        &mut self,
        attention: Attention,
        language: Option<Language>,
    ) -> Result<RecordingId, ListenError> {
        self.stop();
        let recording = RecordingId(self.begun);
        let (stopped, cancelled) = (Arc::<AtomicBool>::default(), self.cancelled.clone());
        self.stopped = stopped.clone();
        let start = Start { recording, attention, language, stopped, cancelled };
        let Some(starts) = &self.starts else {
            return Err(ListenError::Thread("it has ended".into()));
        };
        starts.try_send(start).map_err(|error| {
            ListenError::Thread(match error {
                TrySendError::Full(_) => "it does not answer".into(),
                TrySendError::Disconnected(_) => "it has ended".into(),
            })
        })?;
        self.begun += 1;
        Ok(recording)
    }

    /// Closes the microphone; what was said is told when it is understood.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Closes the microphone and forgets what was said; none of it is told, even if it has been
    /// understood.
    pub fn cancel(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.cancelled = Arc::default();
        self.forgotten = self.begun;
    }

    /// The next thing that has happened, if there is one.
    pub fn try_next(&self) -> Option<Told> {
        self.events.try_iter().find(|told| self.is_wanted(told))
    }

    /// The next thing that happens; none if nothing does for so long.
    #[must_use]
    pub fn next_within(&self, patience: Duration) -> Option<Told> {
        let mut events = std::iter::from_fn(|| self.events.recv_timeout(patience).ok());
        events.find(|told| self.is_wanted(told))
    }

    fn is_wanted(&self, told: &Told) -> bool {
        told.recording.0 >= self.forgotten || told.event == EarEvent::Closed
    }
}

impl Drop for Ear {
    /// Cancels, and ends the recording thread and with it the other.
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        self.cancelled.store(true, Ordering::Relaxed);
        self.starts = None;
        if let Some(recorder) = self.recorder.take() {
            // A panic would have ended it as well.
            let _ = recorder.join();
        }
    }
}

fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, ListenError> {
    let started = std::thread::Builder::new().name(name.into()).spawn(run);
    started.map_err(|error| ListenError::Thread(error.to_string()))
}

#[cfg(test)]
mod tests;
