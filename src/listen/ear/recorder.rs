//! The thread that records.

use std::{sync::atomic::Ordering, time::Duration};

use crossbeam_channel::{Receiver, Sender, TrySendError};

use super::{
    super::{AudioSource, Edge, ListenError, SAMPLE_RATE, VoiceActivity},
    Attention, EarEvent, Start, Telling, Work,
};
use crate::panics::caught;

/// How long it waits for sound before it looks whether it shall end.
const PATIENCE: Duration = Duration::from_millis(30);
/// A text is cut after a minute, in samples.
const LONGEST: usize = 60 * SAMPLE_RATE as usize;
/// What is kept while nobody speaks, in samples: where speech begins is told a little later.
const KEPT: usize = SAMPLE_RATE as usize;

/// Makes one recording after another, until nobody can start one any more.
pub(super) fn run(
    mut source: Box<dyn AudioSource>,
    starts: &Receiver<Start>,
    work: &Sender<Work>,
    telling: &Telling,
) {
    for start in starts {
        let recording = start.recording;
        let attempt = caught(|| Recording::new(start, work, telling).record(&mut *source));
        let ended = attempt.unwrap_or_else(|said| Err(ListenError::MicrophoneLost(said)));
        let closed = caught(|| source.close()).map_err(ListenError::MicrophoneLost);
        if let Err(error) = ended.and(closed) {
            telling.tell(recording, EarEvent::Failed(error));
        }
        telling.tell(recording, EarEvent::Closed);
    }
}

/// From a start to its end.
struct Recording<'a> {
    start: Start,
    work: &'a Sender<Work>,
    telling: &'a Telling,
    activity: VoiceActivity,
    /// What was recorded, and the number of its first sample.
    pcm: Vec<f32>,
    first: u64,
    /// Where speech began, if it did, and where it ended, if it did since.
    began: Option<u64>,
    ended: Option<u64>,
}

impl<'a> Recording<'a> {
    fn new(start: Start, work: &'a Sender<Work>, telling: &'a Telling) -> Self {
        let (activity, pcm) = (VoiceActivity::default(), Vec::new());
        Self { start, work, telling, activity, pcm, first: 0, began: None, ended: None }
    }

    fn record(&mut self, source: &mut dyn AudioSource) -> Result<(), ListenError> {
        // Who has let go of the key already has said nothing: no microphone is opened for that.
        if !self.is_over() {
            source.open()?;
            self.tell(EarEvent::Listening);
            if self.work.is_empty() {
                let _ = self.work.try_send(Work::Prepare);
            }
            self.listen(source)?;
        }
        if !self.is_cancelled() {
            source.close();
            self.finish();
        }
        Ok(())
    }

    /// Listens until it is told otherwise.
    fn listen(&mut self, source: &mut dyn AudioSource) -> Result<(), ListenError> {
        while !self.is_over() {
            self.hear(source, PATIENCE)?;
            if self.pcm.len() > LONGEST {
                if self.is_held() {
                    return Ok(());
                }
                self.finish();
            }
        }
        // What was recorded before is heard out.
        let _ = self.hear(source, Duration::ZERO);
        Ok(())
    }

    fn hear(
        &mut self,
        source: &mut dyn AudioSource,
        patience: Duration,
    ) -> Result<(), ListenError> {
        let before = self.pcm.len();
        source.read(&mut self.pcm, patience)?;
        if self.pcm.len() == before {
            return Ok(());
        }
        let mut edge = self.activity.push(&self.pcm[before..]);
        self.tell(EarEvent::Level(self.activity.level()));
        while let Some(known) = edge {
            self.edge(known);
            edge = self.activity.push(&[]);
        }
        if self.began.is_none() && !self.is_held() {
            self.forget(self.pcm.len().saturating_sub(KEPT));
        }
        Ok(())
    }

    fn edge(&mut self, edge: Edge) {
        match edge {
            Edge::Began(sample) => {
                self.began.get_or_insert(sample);
                self.ended = None;
                self.tell(EarEvent::SpeechBegan);
            }
            Edge::Ended(sample) => {
                self.ended = Some(sample);
                if !self.is_held() {
                    self.finish();
                }
            }
        }
    }

    /// Hands over what was said, and begins anew.
    fn finish(&mut self) {
        let place = |sample: u64| usize::try_from(sample.saturating_sub(self.first)).unwrap_or(0);
        let end = self.ended.map_or(self.pcm.len(), place).min(self.pcm.len());
        let start = self.began.map(|sample| place(sample).min(end));
        let Some(start) = start else {
            if self.is_held() {
                self.tell(EarEvent::Nothing);
            }
            return;
        };
        self.hand_over(self.pcm[start..end].to_vec());
        self.forget(end);
        self.ended = None;
        // Who speaks on without a pause is in the middle of it.
        let speaking = self.activity.is_speaking() && !self.is_held();
        self.began = speaking.then_some(self.first);
    }

    fn hand_over(&self, pcm: Vec<f32>) {
        self.tell(EarEvent::Understanding);
        let Start { recording, language, .. } = self.start;
        let cancelled = self.start.cancelled.clone();
        let sentence = Work::Sentence { recording, pcm, language, cancelled };
        if let Err(error) = self.work.try_send(sentence) {
            let problem = match error {
                TrySendError::Full(_) => "too much is said at once",
                TrySendError::Disconnected(_) => "it has ended",
            };
            self.tell(EarEvent::NotUnderstood(ListenError::Thread(problem.into())));
        }
    }

    fn forget(&mut self, samples: usize) {
        self.pcm.drain(..samples);
        self.first += samples as u64;
    }

    fn is_held(&self) -> bool {
        self.start.attention == Attention::WhileHeld
    }

    fn is_over(&self) -> bool {
        self.start.stopped.load(Ordering::Relaxed) || self.is_cancelled()
    }

    fn is_cancelled(&self) -> bool {
        self.start.cancelled.load(Ordering::Relaxed)
    }

    fn tell(&self, event: EarEvent) {
        self.telling.tell(self.start.recording, event);
    }
}
