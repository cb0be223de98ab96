//! The thread that understands.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicBool, Ordering},
};

use crossbeam_channel::Receiver;

use super::{
    super::{Heard, ListenError},
    EarEvent, LoadTranscriber, Telling, Transcribe, Work,
};
use crate::{inference::lower_priority, persona::Language};

/// Understands one sentence after another, until no more can come.
pub(super) fn run(load: &LoadTranscriber, work: &Receiver<Work>, telling: &Telling) {
    lower_priority();
    let mut transcriber = Loaded { load, loaded: None };
    while let Ok(work) = work.recv() {
        match work {
            // If it fails now it will again, and is told then.
            Work::Prepare => drop(guarded(|| transcriber.get().map(drop))),
            Work::Sentence { pcm, language, cancelled } => {
                match transcriber.understand(&pcm, language, &cancelled) {
                    _ if cancelled.load(Ordering::Relaxed) => {}
                    Err(ListenError::Cancelled) => {}
                    Ok(heard) if heard.text.is_empty() => telling.tell(EarEvent::Nothing),
                    Ok(heard) => telling.tell(EarEvent::Heard(heard)),
                    Err(error) => telling.tell(EarEvent::Failed(error)),
                }
            }
        }
    }
}

/// What transcribes, once it was needed.
struct Loaded<'a> {
    load: &'a LoadTranscriber,
    loaded: Option<Box<dyn Transcribe>>,
}

impl Loaded<'_> {
    fn get(&mut self) -> Result<&mut dyn Transcribe, ListenError> {
        let loaded = match self.loaded.take() {
            Some(loaded) => loaded,
            None => (self.load)()?,
        };
        Ok(&mut **self.loaded.insert(loaded))
    }

    fn understand(
        &mut self,
        pcm: &[f32],
        language: Option<Language>,
        cancelled: &AtomicBool,
    ) -> Result<Heard, ListenError> {
        if cancelled.load(Ordering::Relaxed) {
            return Err(ListenError::Cancelled);
        }
        let heard = guarded(|| self.get()?.transcribe(pcm, language, cancelled));
        if matches!(heard, Err(ListenError::Model(_))) {
            // It is loaded anew for the next sentence.
            self.loaded = None;
        }
        heard
    }
}

/// Makes an error of a panic.
fn guarded<T>(work: impl FnOnce() -> Result<T, ListenError>) -> Result<T, ListenError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(ListenError::Model("it has panicked".into())))
}
