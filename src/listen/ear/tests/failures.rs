//! What goes wrong with an ear, and who closes the game meanwhile.

use super::*;

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

#[test]
fn a_microphone_that_is_not_there_or_lost_is_told_and_can_be_opened_again() {
    let load =
        Box::new(|_: &AtomicBool| -> Result<Box<dyn Transcribe>, _> { Ok(Box::new(Measure)) });
    let mut rig = Rig::with(Feed::gated(), load);
    rig.begin(Attention::WhileHeld);
    rig.feed.let_open(Err(ListenError::NoMicrophone));
    let missing = EarEvent::Failed(ListenError::NoMicrophone);
    assert_eq!([rig.next(), rig.next()], [missing, EarEvent::Closed]);

    rig.feed.let_open(Ok(()));
    rig.start(Attention::HandsFree);
    let lost = ListenError::MicrophoneLost("unplugged".into());
    rig.feed.fail(lost.clone());
    assert_eq!([rig.next(), rig.next()], [EarEvent::Failed(lost), EarEvent::Closed]);

    rig.feed.let_open(Ok(()));
    rig.start(Attention::WhileHeld);
    rig.ear.stop();
    assert_eq!(rig.next(), EarEvent::Nothing);
}

/// A driver that panics once it is to give sound.
struct Explosive(Arc<AtomicBool>);

impl AudioSource for Explosive {
    fn open(&mut self) -> Result<(), ListenError> {
        self.0.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn read(&mut self, _: &mut Vec<f32>, _: Duration) -> Result<(), ListenError> {
        panic!("on purpose");
    }

    fn close(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

#[test]
fn a_driver_that_panics_is_told_and_closed_each_time() {
    let is_open = Arc::<AtomicBool>::default();
    let source = Box::new(Explosive(is_open.clone()));
    let load =
        Box::new(|_: &AtomicBool| -> Result<Box<dyn Transcribe>, _> { Ok(Box::new(Measure)) });
    let (feed, _) = Feed::new();
    let mut rig = Rig::with((feed, source), load);
    for _ in 0..2 {
        rig.start(Attention::WhileHeld);
        let lost = EarEvent::Failed(ListenError::MicrophoneLost("on purpose".into()));
        assert_eq!([rig.next(), rig.next()], [lost, EarEvent::Closed]);
        assert!(!is_open.load(Ordering::Relaxed));
    }
}

#[test]
fn a_model_that_is_missing_or_panics_is_told_each_time() {
    let missing = ListenError::Missing("model.bin".into());
    let panicked = ListenError::Model("on purpose".into());
    let told = missing.clone();
    let loads: [(Box<LoadTranscriber>, _); 2] = [
        (Box::new(move |_| Err(told.clone())), missing),
        (Box::new(|_| Ok(Box::new(Panics))), panicked),
    ];
    for (load, error) in loads {
        let mut rig = Rig::new(load);
        for _ in 0..2 {
            rig.start(Attention::WhileHeld);
            rig.feed.speech(1.0);
            assert_eq!(rig.next(), EarEvent::SpeechBegan);
            rig.ear.stop();
            assert_eq!(rig.answer(), EarEvent::NotUnderstood(error.clone()));
        }
    }
}

#[test]
fn who_closes_the_game_waits_for_no_download() {
    let (tell, loading) = bounded(2);
    let (go_on, wait) = bounded::<()>(0);
    let mut rig = Rig::new(Box::new(move |closing| {
        tell.send("begun").unwrap();
        // It hears of it late, as a slow network does.
        let _ = wait.recv();
        assert!(closing.load(Ordering::Relaxed));
        tell.send("ended").unwrap();
        Err(ListenError::Cancelled)
    }));
    rig.start(Attention::HandsFree);
    assert_eq!(loading.recv_timeout(PATIENCE), Ok("begun"));
    let Rig { ear, feed } = rig;
    drop(ear);
    assert!(!feed.is_open());
    drop(go_on);
    assert_eq!(loading.recv_timeout(PATIENCE), Ok("ended"));
}
