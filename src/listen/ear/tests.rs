use std::{f32::consts::TAU, sync::atomic::AtomicU32, time::Duration};

use super::*;

/// Sound that a test feeds, piece by piece; what was opened and closed is counted.
struct Fed {
    pieces: Receiver<Result<Vec<f32>, ListenError>>,
    open: Arc<AtomicBool>,
}

impl AudioSource for Fed {
    fn open(&mut self) -> Result<(), ListenError> {
        self.open.store(true, Ordering::Relaxed);
        Ok(())
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

/// Writes how many tenths of a second it was given.
struct Measure;

impl Transcribe for Measure {
    fn transcribe(
        &mut self,
        pcm: &[f32],
        language: Option<Language>,
        _: &AtomicBool,
    ) -> Result<Heard, ListenError> {
        let text = format!("{}", pcm.len() / 1600);
        let language = language.unwrap_or_default();
        Ok(Heard { text, language, confidence: 0.0, no_speech: 0.0 })
    }
}

/// Waits until it is cancelled.
struct Slow;

impl Transcribe for Slow {
    fn transcribe(
        &mut self,
        _: &[f32],
        _: Option<Language>,
        cancelled: &AtomicBool,
    ) -> Result<Heard, ListenError> {
        while !cancelled.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        Err(ListenError::Cancelled)
    }
}

struct Panics;

impl Transcribe for Panics {
    fn transcribe(
        &mut self,
        _: &[f32],
        _: Option<Language>,
        _: &AtomicBool,
    ) -> Result<Heard, ListenError> {
        panic!("on purpose");
    }
}

struct Rig {
    ear: Ear,
    feed: Sender<Result<Vec<f32>, ListenError>>,
    open: Arc<AtomicBool>,
}

impl Rig {
    fn new(load: impl Fn() -> Result<Box<dyn Transcribe>, ListenError> + Send + 'static) -> Self {
        let (feed, pieces) = bounded(1024);
        let open = Arc::<AtomicBool>::default();
        let source = Fed { pieces, open: open.clone() };
        let ear = Ear::new(Box::new(source), Box::new(load)).unwrap();
        Self { ear, feed, open }
    }

    fn measuring() -> Self {
        Self::new(|| Ok(Box::new(Measure)))
    }

    fn start(&mut self, attention: Attention) {
        self.ear.start(attention, Some(Language::Korean)).unwrap();
        assert_eq!(self.next(), Some(EarEvent::Listening));
    }

    fn silence(&self, seconds: f32) {
        self.feed.send(Ok(vec![0.0; (seconds * 16_000.0) as usize])).unwrap();
    }

    fn speech(&self, seconds: f32) {
        let samples = (seconds * 16_000.0) as usize;
        let pcm = (0..samples).map(|n| 0.2 * (TAU * 200.0 * n as f32 / 16_000.0).sin());
        self.feed.send(Ok(pcm.collect())).unwrap();
    }

    /// The next event that is no level; nothing if there is none for long.
    fn next(&self) -> Option<EarEvent> {
        let events =
            std::iter::from_fn(|| self.ear.events().recv_timeout(Duration::from_secs(20)).ok());
        events.take(2000).find(|event| !matches!(event, EarEvent::Level(_)))
    }

    fn heard(&self) -> String {
        match self.next() {
            Some(EarEvent::Heard(heard)) => heard.text,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_is_said_while_the_key_is_held_is_one_text_without_the_silence_around() {
    let mut rig = Rig::measuring();
    rig.start(Attention::WhileHeld);
    rig.silence(2.0);
    rig.speech(1.0);
    rig.silence(1.0);
    rig.speech(1.0);
    rig.silence(3.0);
    assert_eq!(rig.next(), Some(EarEvent::SpeechBegan));
    assert_eq!(rig.next(), Some(EarEvent::SpeechBegan));
    rig.ear.stop().unwrap();
    // Three seconds, 0.3 before and 0.2 behind.
    assert_eq!(rig.heard(), "35");
    assert!(!rig.open.load(Ordering::Relaxed));
}

#[test]
fn who_lets_the_key_go_while_they_speak_is_heard_to_the_end() {
    let mut rig = Rig::measuring();
    rig.start(Attention::WhileHeld);
    rig.speech(1.0);
    assert_eq!(rig.next(), Some(EarEvent::SpeechBegan));
    rig.ear.stop().unwrap();
    assert_eq!(rig.heard(), "10");
}

#[test]
fn silence_is_nothing() {
    let mut rig = Rig::measuring();
    rig.start(Attention::WhileHeld);
    rig.silence(1.0);
    rig.ear.stop().unwrap();
    assert_eq!(rig.next(), Some(EarEvent::Nothing));
}

#[test]
fn hands_free_each_sentence_is_told_when_its_speaker_pauses() {
    let mut rig = Rig::measuring();
    rig.start(Attention::HandsFree);
    for seconds in [1.0, 2.0] {
        rig.silence(1.5);
        rig.speech(seconds);
        rig.silence(1.0);
        assert_eq!(rig.next(), Some(EarEvent::SpeechBegan));
        assert_eq!(rig.heard(), format!("{}", (seconds * 10.0) as usize + 5));
    }
    assert!(rig.open.load(Ordering::Relaxed));
}

#[test]
fn what_is_cancelled_is_not_told() {
    let loads = Arc::<AtomicU32>::default();
    let load = {
        let loads = loads.clone();
        move || -> Result<Box<dyn Transcribe>, ListenError> {
            loads.fetch_add(1, Ordering::Relaxed);
            Ok(Box::new(Slow))
        }
    };
    let mut rig = Rig::new(load);
    rig.start(Attention::WhileHeld);
    rig.speech(1.0);
    assert_eq!(rig.next(), Some(EarEvent::SpeechBegan));
    rig.ear.stop().unwrap();
    rig.ear.cancel().unwrap();
    // The next is heard as ever, and was loaded once.
    rig.start(Attention::WhileHeld);
    rig.ear.stop().unwrap();
    assert_eq!(rig.next(), Some(EarEvent::Nothing));
    drop(rig);
    assert_eq!(loads.load(Ordering::Relaxed), 1);
}

#[test]
fn a_microphone_that_is_lost_is_told_and_can_be_opened_again() {
    let mut rig = Rig::measuring();
    rig.start(Attention::WhileHeld);
    let lost = ListenError::MicrophoneLost("unplugged".into());
    rig.feed.send(Err(lost.clone())).unwrap();
    assert_eq!(rig.next(), Some(EarEvent::Failed(lost)));
    rig.start(Attention::WhileHeld);
    rig.ear.stop().unwrap();
    assert_eq!(rig.next(), Some(EarEvent::Nothing));
}

#[test]
fn a_model_that_is_missing_or_panics_is_told_each_time() {
    let missing = ListenError::Missing("model.bin".into());
    let panicked = ListenError::Model("it has panicked".into());
    let load_missing = {
        let missing = missing.clone();
        move || Err(missing.clone())
    };
    for (mut rig, error) in
        [(Rig::new(load_missing), missing), (Rig::new(|| Ok(Box::new(Panics))), panicked)]
    {
        for _ in 0..2 {
            rig.start(Attention::WhileHeld);
            rig.speech(1.0);
            assert_eq!(rig.next(), Some(EarEvent::SpeechBegan));
            rig.ear.stop().unwrap();
            assert_eq!(rig.next(), Some(EarEvent::Failed(error.clone())));
        }
    }
}

#[test]
fn an_ear_without_a_microphone_tells_so() {
    let load = || -> Result<Box<dyn Transcribe>, ListenError> { Ok(Box::new(Measure)) };
    let source = super::super::Microphone::default();
    let mut ear = Ear::new(Box::new(source), Box::new(load)).unwrap();
    ear.start(Attention::WhileHeld, None).unwrap();
    let event = ear.events().recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(
        matches!(event, EarEvent::Listening | EarEvent::Failed(ListenError::NoMicrophone))
            || matches!(event, EarEvent::Failed(ListenError::MicrophoneRefused(_)))
    );
}
