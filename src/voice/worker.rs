//! A thread that makes sounds.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded, unbounded};

use super::{FormantVoice, NonVerbal, Speech, SpeechRequest, Synthesizer, VoiceError};
use crate::{inference::lower_priority, panics::caught};

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

/// Why an order is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is too much to do: ask again later.
    Busy,
    /// The thread has ended.
    Gone,
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

    /// Asks for a sound. It never waits.
    ///
    /// # Errors
    /// If there is too much to do, or the thread is gone.
    pub fn order(&self, order: Order) -> Result<(), Refused> {
        self.orders.try_send(order).map_err(|error| match error {
            TrySendError::Full(_) => Refused::Busy,
            TrySendError::Disconnected(_) => Refused::Gone,
        })
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
    caught(work).unwrap_or_else(|said| Err(VoiceError::Model(said)))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::{cue::VoiceCue, persona::Language};

    /// Says what it is told when the flag is up, and panics if it is told to.
    struct Puppet(Arc<AtomicBool>);

    impl Synthesizer for Puppet {
        fn synthesize(&mut self, request: &SpeechRequest) -> Result<Speech, VoiceError> {
            while !self.0.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(1));
            }
            assert!(request.text != "panic", "told to panic");
            Ok(Speech { pcm: vec![0.0; 240].into(), sample_rate: 24_000, ..Speech::default() })
        }
    }

    fn worker(may_speak: &Arc<AtomicBool>) -> VoiceWorker {
        let may_speak = may_speak.clone();
        let worker = VoiceWorker::start("puppet", |_| Ok(Box::new(Puppet(may_speak))));
        assert!(matches!(next(&worker), VoiceEvent::Ready));
        worker
    }

    fn next(worker: &VoiceWorker) -> VoiceEvent {
        worker.events.recv_timeout(Duration::from_secs(60)).expect("an event")
    }

    fn order(ticket: u64, text: &str) -> Order {
        let request = SpeechRequest {
            speaker: "siwoo".into(),
            pitch_hz: 215.0,
            text: text.into(),
            language: Language::English,
            tone: VoiceCue::default(),
        };
        Order { ticket, utterance: Utterance::Words(request), cancelled: Arc::default() }
    }

    #[test]
    fn orders_are_done_one_after_another_and_cancelled_ones_are_left_out() {
        let may_speak = Arc::new(AtomicBool::new(false));
        let worker = worker(&may_speak);
        let orders: Vec<Order> = (1..=4).map(|ticket| order(ticket, "Hi")).collect();
        for order in &orders {
            worker.order(order.clone()).unwrap();
        }
        for cancelled in [0, 2] {
            // The first may be in the making already.
            orders[cancelled].cancelled.store(true, Ordering::Relaxed);
        }
        may_speak.store(true, Ordering::Relaxed);
        let tickets = [next(&worker), next(&worker)].map(|event| match event {
            VoiceEvent::Said { ticket, speech: Ok(_) } => ticket,
            other => panic!("{other:?}"),
        });
        assert_eq!(tickets, [2, 4]);
    }

    #[test]
    fn a_panic_is_an_error_and_the_next_order_is_done() {
        let worker = worker(&Arc::new(AtomicBool::new(true)));
        worker.order(order(1, "panic")).unwrap();
        worker.order(order(2, "Hi")).unwrap();
        let VoiceEvent::Said { ticket: 1, speech: Err(error) } = next(&worker) else {
            panic!("the first has not failed")
        };
        assert!(error.to_string().contains("told to panic"), "{error}");
        assert!(matches!(next(&worker), VoiceEvent::Said { ticket: 2, speech: Ok(_) }));
    }

    #[test]
    fn too_many_orders_are_refused_and_nothing_waits() {
        let may_speak = Arc::new(AtomicBool::new(false));
        let worker = worker(&may_speak);
        let refused =
            (0..WAITING as u64 + 2).find_map(|ticket| worker.order(order(ticket, "Hi")).err());
        assert_eq!(refused, Some(Refused::Busy));
        may_speak.store(true, Ordering::Relaxed);
    }

    #[test]
    fn a_thread_that_has_failed_takes_no_orders() {
        let worker = VoiceWorker::start("none", |_| Err(VoiceError::NoVoice("siwoo".into())));
        assert!(matches!(next(&worker), VoiceEvent::Failed(VoiceError::NoVoice(_))));
        let begun = Instant::now();
        while worker.order(order(1, "Hi")) != Err(Refused::Gone) {
            assert!(begun.elapsed() < Duration::from_secs(60), "the thread does not end");
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_voice_that_is_made_for_nobody_is_told_so() {
        let (tell, told) = bounded(1);
        let worker = VoiceWorker::start("slow", move |closing| {
            while !closing.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(1));
            }
            let _ = tell.send(());
            Err(VoiceError::NoVoice("siwoo".into()))
        });
        drop(worker);
        assert!(told.recv_timeout(Duration::from_secs(60)).is_ok());
    }
}
