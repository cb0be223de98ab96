//! A thread that makes sounds.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use super::{FormantVoice, NonVerbal, Speech, SpeechRequest, Synthesizer, VoiceError};
use crate::inference::lower_priority;

/// Something to be heard.
#[derive(Debug, Clone, PartialEq)]
pub enum Utterance {
    /// Words.
    Words(SpeechRequest),
    /// A sound without words.
    Sound {
        /// Which.
        sound: NonVerbal,
        /// The persona's id.
        speaker: String,
        /// Her mean pitch in hertz. 80..500.
        pitch_hz: f32,
        /// Makes it the same again.
        seed: u64,
    },
}

/// Asks for a sound.
#[derive(Debug, Clone)]
pub struct Order {
    /// By which the sound is known when it comes.
    pub ticket: u64,
    /// What is to be heard.
    pub utterance: Utterance,
    /// Set it, and the sound is not made, if it is not made yet.
    pub cancelled: Arc<AtomicBool>,
}

/// What a [`VoiceWorker`] tells.
#[derive(Debug)]
pub enum VoiceEvent {
    /// The voice can speak from now on.
    Ready,
    /// There is no voice, and there will be none.
    Failed(VoiceError),
    /// An order is done. Cancelled ones are not told of.
    Said {
        /// Which.
        ticket: u64,
        /// The sound.
        speech: Result<Speech, VoiceError>,
    },
}

/// A voice on a thread of its own.
///
/// Orders are carried out one after another. Dropping it ends the thread when the sound in the making is
/// done; nobody waits for that, since it may take seconds.
#[derive(Debug)]
pub struct VoiceWorker {
    orders: Sender<Order>,
    events: Receiver<VoiceEvent>,
    closing: Arc<AtomicBool>,
}

/// How many orders wait at most; what is more is refused.
const WAITING: usize = 64;

impl VoiceWorker {
    /// Starts a thread, named for debuggers; `make` runs on it and may take its time. It is given a flag
    /// that says when nobody waits any more.
    pub fn start(
        name: &str,
        make: impl FnOnce(&AtomicBool) -> Result<Box<dyn Synthesizer>, VoiceError> + Send + 'static,
    ) -> Self {
        let (orders, ordered) = bounded(WAITING);
        let (tell, events) = unbounded();
        let closing = Arc::new(AtomicBool::new(false));
        let flag = closing.clone();
        let failed = tell.clone();
        let thread = thread::Builder::new()
            .name(name.into())
            .spawn(move || work(&ordered, &tell, &flag, make));
        if let Err(error) = thread {
            // The other end is ours: it takes it.
            let _ = failed.send(VoiceEvent::Failed(VoiceError::Model(error.to_string())));
        }
        Self { orders, events, closing }
    }

    /// Asks for a sound; false if there is too much to do or the thread is gone.
    pub fn order(&self, order: Order) -> bool {
        self.orders.try_send(order).is_ok()
    }

    /// The next thing that has happened, if there is one.
    pub fn try_next(&self) -> Option<VoiceEvent> {
        self.events.try_recv().ok()
    }
}

impl Drop for VoiceWorker {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
    }
}

fn work(
    orders: &Receiver<Order>,
    tell: &Sender<VoiceEvent>,
    closing: &AtomicBool,
    make: impl FnOnce(&AtomicBool) -> Result<Box<dyn Synthesizer>, VoiceError>,
) {
    lower_priority();
    let made = guarded(|| make(closing));
    let (first, mut voice) = match made {
        Ok(voice) => (VoiceEvent::Ready, voice),
        Err(error) => {
            // Nobody listens if the game has just closed.
            let _ = tell.send(VoiceEvent::Failed(error));
            return;
        }
    };
    if tell.send(first).is_err() {
        return;
    }
    for Order { ticket, utterance, cancelled } in orders {
        if closing.load(Ordering::Relaxed) {
            return;
        }
        if cancelled.load(Ordering::Relaxed) {
            continue;
        }
        let speech = guarded(|| utter(voice.as_mut(), &utterance));
        if !cancelled.load(Ordering::Relaxed)
            && tell.send(VoiceEvent::Said { ticket, speech }).is_err()
        {
            return;
        }
    }
}

fn utter(voice: &mut dyn Synthesizer, utterance: &Utterance) -> Result<Speech, VoiceError> {
    match utterance {
        Utterance::Words(request) => voice.synthesize(request),
        Utterance::Sound { sound, speaker, pitch_hz, seed } => {
            Ok(sound.sound(&FormantVoice::new(speaker, *pitch_hz), *seed))
        }
    }
}

/// A voice that panics has failed, and no more.
fn guarded<T>(work: impl FnOnce() -> Result<T, VoiceError>) -> Result<T, VoiceError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().map(ToString::to_string);
        let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(VoiceError::Model(said.unwrap_or_else(|| "it panicked".into())))
    })
}
