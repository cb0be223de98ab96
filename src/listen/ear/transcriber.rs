//! The thread that understands.

use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::Receiver;

use super::{
    super::{Heard, ListenError},
    EarEvent, LoadTranscriber, Telling, Transcribe, Work,
};
use crate::{inference::lower_priority, panics::caught, persona::Language};

/// Understands one sentence after another, until no more can come.
pub(super) fn run(
    load: &LoadTranscriber,
    work: &Receiver<Work>,
    closing: &AtomicBool,
    telling: &Telling,
) {
    lower_priority();
    let mut transcriber = Loaded { load, closing, loaded: None };
    while let Ok(work) = work.recv() {
        if closing.load(Ordering::Relaxed) {
            return;
        }
        match work {
            // If it fails now it will again, and is told then.
            Work::Prepare => drop(guarded(|| transcriber.get().map(drop))),
            Work::Sentence { recording, pcm, language, cancelled } => {
                let event = match transcriber.understand(&pcm, language, &cancelled) {
                    Ok(heard) if heard.text.is_empty() => EarEvent::Nothing,
                    Ok(heard) => EarEvent::Heard(heard),
                    Err(error) => EarEvent::NotUnderstood(error),
                };
                telling.tell(recording, event);
            }
        }
    }
}

/// What transcribes, once it was needed.
struct Loaded<'a> {
    load: &'a LoadTranscriber,
    closing: &'a AtomicBool,
    loaded: Option<Box<dyn Transcribe>>,
}

impl Loaded<'_> {
    fn get(&mut self) -> Result<&mut dyn Transcribe, ListenError> {
        let loaded = match self.loaded.take() {
            Some(loaded) => loaded,
            None => (self.load)(self.closing)?,
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

fn guarded<T>(work: impl FnOnce() -> Result<T, ListenError>) -> Result<T, ListenError> {
    caught(work).unwrap_or_else(|said| Err(ListenError::Model(said)))
}
