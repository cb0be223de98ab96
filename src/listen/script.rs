//! What tests listen to, and what understands it.

use std::{
    f32::consts::TAU,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use super::{AudioSource, Heard, ListenError, Transcribe};
use crate::persona::Language;

/// How long a test waits before it fails.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Feeds a source of sound, and sees whether it is open.
pub(super) struct Feed {
    pieces: Sender<Result<Vec<f32>, ListenError>>,
    /// Lets the source open, if it has to wait for that, and says whether that goes well.
    gate: Option<Sender<Result<(), ListenError>>>,
    open: Arc<AtomicBool>,
    opened: Arc<AtomicU32>,
}

/// Sound that a test feeds, piece by piece.
struct Fed {
    pieces: Receiver<Result<Vec<f32>, ListenError>>,
    gate: Option<Receiver<Result<(), ListenError>>>,
    open: Arc<AtomicBool>,
    opened: Arc<AtomicU32>,
}

impl Feed {
    /// A source that opens at once.
    pub(super) fn new() -> (Self, Box<dyn AudioSource>) {
        Self::behind(None)
    }

    /// A source that opens when `gate` says so.
    pub(super) fn gated() -> (Self, Box<dyn AudioSource>) {
        let (gate, wait) = unbounded();
        let (mut feed, source) = Self::behind(Some(wait));
        feed.gate = Some(gate);
        (feed, source)
    }

    fn behind(gate: Option<Receiver<Result<(), ListenError>>>) -> (Self, Box<dyn AudioSource>) {
        let (send, pieces) = bounded(1024);
        let (open, opened) = (Arc::<AtomicBool>::default(), Arc::<AtomicU32>::default());
        let source = Fed { pieces, gate, open: open.clone(), opened: opened.clone() };
        (Self { pieces: send, gate: None, open, opened }, Box::new(source))
    }

    pub(super) fn silence(&self, seconds: f32) {
        self.pieces.send(Ok(vec![0.0; (seconds * 16_000.0) as usize])).unwrap();
    }

    pub(super) fn speech(&self, seconds: f32) {
        let samples = (seconds * 16_000.0) as usize;
        let pcm = (0..samples).map(|n| 0.2 * (TAU * 200.0 * n as f32 / 16_000.0).sin());
        self.pieces.send(Ok(pcm.collect())).unwrap();
    }

    pub(super) fn fail(&self, error: ListenError) {
        self.pieces.send(Err(error)).unwrap();
    }

    pub(super) fn let_open(&self, opens: Result<(), ListenError>) {
        self.gate.as_ref().unwrap().send(opens).unwrap();
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    /// How often it was asked to open.
    pub(super) fn opened(&self) -> u32 {
        self.opened.load(Ordering::Relaxed)
    }

    /// Waits until the source is asked to open for this many times.
    pub(super) fn wait_for_opening(&self, times: u32) {
        wait_until("it is asked to open", || self.opened() >= times);
    }
}

impl AudioSource for Fed {
    fn open(&mut self) -> Result<(), ListenError> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        // Whoever has no gate, or has lost it, is let in.
        let opens = self.gate.as_ref().and_then(|gate| gate.recv().ok()).unwrap_or(Ok(()));
        self.open.store(opens.is_ok(), Ordering::Relaxed);
        opens
    }

    fn read(&mut self, pcm: &mut Vec<f32>, patience: Duration) -> Result<(), ListenError> {
        if let Ok(piece) = self.pieces.recv_timeout(patience) {
            pcm.extend(piece?);
            for piece in self.pieces.try_iter() {
                pcm.extend(piece?);
            }
        }
        Ok(())
    }

    fn close(&mut self) {
        self.open.store(false, Ordering::Relaxed);
    }
}

/// Answers what a test wants it to, when it wants it to.
pub(super) struct Answers {
    answers: Sender<Result<String, ListenError>>,
    asked: Receiver<usize>,
}

/// What understands as a test says.
#[derive(Clone)]
pub(super) struct Scripted {
    answers: Receiver<Result<String, ListenError>>,
    asked: Sender<usize>,
}

impl Answers {
    pub(super) fn new() -> (Self, Scripted) {
        let (answers, receive) = unbounded();
        let (ask, asked) = unbounded();
        (Self { answers, asked }, Scripted { answers: receive, asked: ask })
    }

    /// Waits until something is to be understood; gives how many samples it has.
    pub(super) fn wait_for_question(&self) -> usize {
        self.asked.recv_timeout(PATIENCE).expect("something to understand")
    }

    /// Understands the next like this.
    pub(super) fn answer(&self, text: &str) {
        self.answers.send(Ok(text.into())).unwrap();
    }

    pub(super) fn fail(&self, error: ListenError) {
        self.answers.send(Err(error)).unwrap();
    }
}

impl Transcribe for Scripted {
    fn transcribe(
        &mut self,
        pcm: &[f32],
        language: Option<Language>,
        cancelled: &AtomicBool,
    ) -> Result<Heard, ListenError> {
        let _ = self.asked.send(pcm.len());
        while !cancelled.load(Ordering::Relaxed) {
            if let Ok(answer) = self.answers.recv_timeout(Duration::from_millis(1)) {
                return answer.map(|text| heard(text, language));
            }
        }
        Err(ListenError::Cancelled)
    }
}

pub(super) fn heard(text: impl Into<String>, language: Option<Language>) -> Heard {
    let language = language.unwrap_or_default();
    Heard { text: text.into(), language, confidence: 0.0, no_speech: 0.0 }
}

/// Waits for another thread; fails if it takes too long.
pub(super) fn wait_until(what: &str, done: impl Fn() -> bool) {
    for _ in 0..PATIENCE.as_millis() {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("{what}: it never came");
}
