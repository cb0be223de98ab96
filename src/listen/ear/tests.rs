mod failures;

use super::{
    super::script::{Answers, Feed, PATIENCE, heard, wait_until},
    *,
};

/// Writes how many tenths of a second it was given.
struct Measure;

impl Transcribe for Measure {
    fn transcribe(
        &mut self,
        pcm: &[f32],
        language: Option<Language>,
        _: &AtomicBool,
    ) -> Result<Heard, ListenError> {
        Ok(heard((pcm.len() / 1600).to_string(), language))
    }
}

struct Rig {
    ear: Ear,
    feed: Feed,
}

impl Rig {
    fn new(load: Box<LoadTranscriber>) -> Self {
        Self::with(Feed::new(), load)
    }

    fn with((feed, source): (Feed, Box<dyn AudioSource>), load: Box<LoadTranscriber>) -> Self {
        Self { ear: Ear::new(source, load).unwrap(), feed }
    }

    fn measuring() -> Self {
        Self::new(Box::new(|_| Ok(Box::new(Measure))))
    }

    fn begin(&mut self, attention: Attention) -> RecordingId {
        self.ear.start(attention, Some(Language::Korean)).unwrap()
    }

    fn start(&mut self, attention: Attention) -> RecordingId {
        let recording = self.begin(attention);
        assert_eq!(self.next(), EarEvent::Listening);
        recording
    }

    /// What is told next, but levels.
    fn told(&self) -> Told {
        let mut told = std::iter::from_fn(|| self.ear.next_within(PATIENCE)).take(5000);
        told.find(|told| !matches!(told.event, EarEvent::Level(_))).expect("an event")
    }

    fn next(&self) -> EarEvent {
        self.told().event
    }

    /// What is told of a recording after it was stopped, but that the microphone closes, which may come
    /// sooner or later.
    fn answer(&self) -> EarEvent {
        assert_eq!(self.next(), EarEvent::Understanding);
        let mut events = [self.next(), self.next()];
        events.sort_by_key(|event| *event == EarEvent::Closed);
        assert_eq!(events[1], EarEvent::Closed);
        events[0].clone()
    }
}

fn text(event: EarEvent) -> String {
    match event {
        EarEvent::Heard(heard) => heard.text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_said_while_the_key_is_held_is_one_text_without_the_silence_around() {
    let mut rig = Rig::measuring();
    rig.start(Attention::WhileHeld);
    rig.feed.silence(2.0);
    rig.feed.speech(1.0);
    rig.feed.silence(1.0);
    rig.feed.speech(1.0);
    rig.feed.silence(3.0);
    assert_eq!(rig.next(), EarEvent::SpeechBegan);
    assert_eq!(rig.next(), EarEvent::SpeechBegan);
    rig.ear.stop();
    // Three seconds, 0.3 before and 0.2 behind.
    assert_eq!(text(rig.answer()), "35");
    assert!(!rig.feed.is_open());
}

#[test]
fn who_lets_the_key_go_while_they_speak_is_heard_to_the_end() {
    let mut rig = Rig::measuring();
    rig.start(Attention::WhileHeld);
    rig.feed.speech(1.0);
    assert_eq!(rig.next(), EarEvent::SpeechBegan);
    rig.ear.stop();
    assert_eq!(text(rig.answer()), "10");
}

#[test]
fn silence_is_nothing() {
    let mut rig = Rig::measuring();
    rig.start(Attention::WhileHeld);
    rig.feed.silence(1.0);
    rig.ear.stop();
    assert_eq!([rig.next(), rig.next()], [EarEvent::Nothing, EarEvent::Closed]);
}

#[test]
fn hands_free_each_sentence_is_told_when_its_speaker_pauses() {
    let mut rig = Rig::measuring();
    rig.start(Attention::HandsFree);
    for seconds in [1.0, 2.0] {
        rig.feed.silence(1.5);
        rig.feed.speech(seconds);
        rig.feed.silence(1.0);
        assert_eq!([rig.next(), rig.next()], [EarEvent::SpeechBegan, EarEvent::Understanding]);
        assert_eq!(text(rig.next()), format!("{}", (seconds * 10.0) as usize + 5));
    }
    assert!(rig.feed.is_open());
    // Nobody speaks now, and nobody waits for words.
    rig.ear.stop();
    assert_eq!(rig.next(), EarEvent::Closed);
    assert!(!rig.feed.is_open());
}

#[test]
fn after_a_minute_a_held_key_is_as_good_as_let_go() {
    let mut rig = Rig::measuring();
    rig.start(Attention::WhileHeld);
    for _ in 0..41 {
        rig.feed.speech(1.0);
        rig.feed.silence(0.5);
    }
    assert_eq!(rig.next(), EarEvent::SpeechBegan);
    let tenths: u32 = text(rig.answer()).parse().unwrap();
    assert!((600..=615).contains(&tenths), "{tenths}");
    // The key is let go now.
    rig.ear.stop();
    rig.start(Attention::WhileHeld);
}

#[test]
fn who_lets_the_key_go_before_the_microphone_is_asked_for_opens_none() {
    let load =
        Box::new(|_: &AtomicBool| -> Result<Box<dyn Transcribe>, _> { Ok(Box::new(Measure)) });
    let mut rig = Rig::with(Feed::gated(), load);
    let first = rig.begin(Attention::WhileHeld);
    rig.feed.wait_for_opening(1);
    let second = rig.begin(Attention::WhileHeld);
    rig.ear.stop();
    rig.feed.let_open(Ok(()));
    let events = [EarEvent::Listening, EarEvent::Nothing, EarEvent::Closed];
    for event in events {
        assert_eq!(rig.told(), Told { recording: first, event });
    }
    for event in [EarEvent::Nothing, EarEvent::Closed] {
        assert_eq!(rig.told(), Told { recording: second, event });
    }
    assert_eq!(rig.feed.opened(), 1);
}

#[test]
fn what_is_said_belongs_to_the_recording_that_it_was_said_in() {
    let (answers, scripted) = Answers::new();
    let mut rig = Rig::new(Box::new(move |_| Ok(Box::new(scripted.clone()))));
    let first = rig.start(Attention::WhileHeld);
    rig.feed.speech(1.0);
    assert_eq!(rig.next(), EarEvent::SpeechBegan);
    let second = rig.begin(Attention::HandsFree);
    answers.wait_for_question();
    answers.answer("first");
    let told: Vec<Told> = (0..4).map(|_| rig.told()).collect();
    let of_first = told.iter().filter(|told| told.recording == first);
    assert_eq!(of_first.count(), 3);
    assert!(told.contains(&Told { recording: second, event: EarEvent::Listening }));
}

#[test]
fn what_is_cancelled_is_not_told_even_if_it_has_been_understood() {
    let (answers, scripted) = Answers::new();
    let loads = Arc::<std::sync::atomic::AtomicU32>::default();
    let counted = loads.clone();
    let mut rig = Rig::new(Box::new(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(scripted.clone()))
    }));
    for is_understood in [false, true] {
        rig.start(Attention::WhileHeld);
        rig.feed.speech(1.0);
        assert_eq!(rig.next(), EarEvent::SpeechBegan);
        rig.ear.stop();
        answers.wait_for_question();
        if is_understood {
            let before = rig.ear.events.len();
            answers.answer("forget that");
            wait_until("it is understood", || rig.ear.events.len() > before);
        }
        rig.ear.cancel();
        assert_eq!(rig.next(), EarEvent::Closed);
    }
    // The next is heard as ever, and it was loaded once.
    rig.start(Attention::WhileHeld);
    rig.feed.speech(1.0);
    assert_eq!(rig.next(), EarEvent::SpeechBegan);
    rig.ear.stop();
    answers.answer("hello");
    assert_eq!(text(rig.answer()), "hello");
    assert_eq!(loads.load(Ordering::Relaxed), 1);
}
