//! The thread that records.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, TryRecvError};

use super::{
    super::{AudioSource, Edge, ListenError, SAMPLE_RATE, VoiceActivity},
    Attention, Command, EarEvent, Telling, Work,
};
use crate::persona::Language;

/// How long it waits for sound before it looks for commands.
const PATIENCE: Duration = Duration::from_millis(30);
/// A text is cut after a minute, in samples.
const LONGEST: usize = 60 * SAMPLE_RATE as usize;
/// What is kept while nobody speaks, in samples: where speech begins is told a little later.
const KEPT: usize = SAMPLE_RATE as usize;

/// Records while it is told to, until nobody can tell it any more.
pub(super) fn run(
    mut source: Box<dyn AudioSource>,
    commands: &Receiver<Command>,
    work: &Sender<Work>,
    telling: &Telling,
) {
    while let Ok(command) = commands.recv() {
        let mut next = Some(command);
        // What is told while it listens may begin the next.
        while let Some(command) = next.take() {
            let Command::Start { attention, language, cancelled } = command else { continue };
            if let Err(error) = source.open() {
                telling.tell(EarEvent::Failed(error));
                continue;
            }
            telling.tell(EarEvent::Listening);
            let _ = work.try_send(Work::Prepare);
            let mut listening = Listening::new(attention, language, cancelled, work, telling);
            next = listening.listen(&mut *source, commands);
            source.close();
        }
    }
}

/// From start to stop.
struct Listening<'a> {
    attention: Attention,
    language: Option<Language>,
    cancelled: Arc<AtomicBool>,
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

impl<'a> Listening<'a> {
    fn new(
        attention: Attention,
        language: Option<Language>,
        cancelled: Arc<AtomicBool>,
        work: &'a Sender<Work>,
        telling: &'a Telling,
    ) -> Self {
        let (activity, pcm) = (VoiceActivity::default(), Vec::new());
        let (first, began, ended) = (0, None, None);
        Self { attention, language, cancelled, work, telling, activity, pcm, first, began, ended }
    }

    /// Listens until it is told otherwise; gives the command that begins something new.
    fn listen(
        &mut self,
        source: &mut dyn AudioSource,
        commands: &Receiver<Command>,
    ) -> Option<Command> {
        loop {
            match commands.try_recv() {
                Err(TryRecvError::Empty) => {}
                Ok(Command::Stop) => {
                    // What was recorded before is heard out.
                    let _ = self.record(source, Duration::ZERO);
                    source.close();
                    self.finish();
                    return None;
                }
                Ok(Command::Cancel) | Err(TryRecvError::Disconnected) => return None,
                Ok(start @ Command::Start { .. }) => {
                    self.finish();
                    return Some(start);
                }
            }
            if self.cancelled.load(Ordering::Relaxed) {
                return None;
            }
            if let Err(error) = self.record(source, PATIENCE) {
                self.telling.tell(EarEvent::Failed(error));
                return None;
            }
            if self.pcm.len() > LONGEST {
                self.finish();
                if self.attention == Attention::WhileHeld {
                    return None;
                }
            }
        }
    }

    fn record(
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
        self.telling.tell(EarEvent::Level(self.activity.level()));
        while let Some(known) = edge {
            self.edge(known);
            edge = self.activity.push(&[]);
        }
        if self.began.is_none() && self.attention == Attention::HandsFree {
            self.forget(self.pcm.len().saturating_sub(KEPT));
        }
        Ok(())
    }

    fn edge(&mut self, edge: Edge) {
        match edge {
            Edge::Began(sample) => {
                self.began.get_or_insert(sample);
                self.ended = None;
                self.telling.tell(EarEvent::SpeechBegan);
            }
            Edge::Ended(sample) => {
                self.ended = Some(sample);
                if self.attention == Attention::HandsFree {
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
            if self.attention == Attention::WhileHeld {
                self.telling.tell(EarEvent::Nothing);
            }
            return;
        };
        let pcm = self.pcm[start..end].to_vec();
        let (language, cancelled) = (self.language, self.cancelled.clone());
        if self.work.try_send(Work::Sentence { pcm, language, cancelled }).is_err() {
            let problem = "too much is said at once".to_string();
            self.telling.tell(EarEvent::Failed(ListenError::Thread(problem)));
        }
        self.forget(end);
        self.ended = None;
        // Who speaks on without a pause is in the middle of it.
        let speaking = self.activity.is_speaking() && self.attention == Attention::HandsFree;
        self.began = speaking.then_some(self.first);
    }

    fn forget(&mut self, samples: usize) {
        self.pcm.drain(..samples);
        self.first += samples as u64;
    }
}
