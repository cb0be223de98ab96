//! What goes wrong while a game listens.

use super::*;

#[test]
fn hands_free_a_failure_closes_no_microphone_and_the_fan_can_close_it() {
    let mut game = Game::new();
    game.listen(0, Attention::HandsFree);
    game.until_open();
    game.feed.speech(1.0);
    game.feed.silence(1.0);
    let error = ListenError::Fetch("the network is gone".into());
    game.answers.fail(error.clone());
    game.until(|game| game.hearing().understanding == Understanding::Failed(error.clone()));
    assert!(game.hearing().is_open() && game.feed.is_open());

    // The next sentence may be understood.
    game.feed.speech(1.0);
    game.feed.silence(1.0);
    game.answers.answer("Can you hear me?");
    game.until(|game| game.hearing().understanding == Understanding::Idle);
    assert!(game.hearing().is_open());
    assert_eq!(game.log().said, [(game.idols[0], "Can you hear me?".into())]);

    game.feed.speech(1.0);
    game.feed.silence(1.0);
    game.answers.fail(error.clone());
    game.until(|game| game.hearing().understanding == Understanding::Failed(error.clone()));
    game.stop();
    game.until_hearing(&Listening::Closed, &Understanding::Failed(error));
    assert!(!game.feed.is_open());
}

#[test]
fn a_microphone_that_does_not_work_is_shown_and_can_be_tried_again() {
    let mut game = Game::with(Feed::gated());
    game.listen(0, Attention::WhileHeld);
    game.feed.let_open(Err(ListenError::NoMicrophone));
    let missing = Listening::Failed(ListenError::NoMicrophone);
    game.until_hearing(&missing, &Understanding::Idle);
    // The key is let go.
    game.stop();
    game.app.update();
    assert_eq!(game.hearing().listening, missing);

    game.feed.let_open(Ok(()));
    game.listen(0, Attention::HandsFree);
    game.until_open();
    let lost = ListenError::MicrophoneLost("unplugged".into());
    game.feed.fail(lost.clone());
    game.until_hearing(&Listening::Failed(lost), &Understanding::Idle);
    game.feed.let_open(Ok(()));
    game.assert_hears_as_ever();
}

#[test]
fn a_game_that_closes_tells_who_still_loads() {
    let (tell, loading) = crossbeam_channel::bounded(2);
    let (feed, source) = Feed::new();
    let load = move |closing: &AtomicBool| -> Result<Box<dyn Transcribe>, ListenError> {
        tell.send("begun").unwrap();
        while !closing.load(std::sync::atomic::Ordering::Relaxed) {
            std::thread::yield_now();
        }
        tell.send("ended").unwrap();
        Err(ListenError::Cancelled)
    };
    let mut app = App::new();
    let plugin = ListenPlugin::default().with_source(source).with_transcriber(load);
    app.add_plugins((MinimalPlugins, plugin));
    let entity = app.world_mut().spawn_empty().id();
    app.world_mut().trigger(Listen { entity, attention: Attention::HandsFree });
    assert_eq!(loading.recv_timeout(PATIENCE), Ok("begun"));
    drop(app);
    assert!(!feed.is_open());
    assert_eq!(loading.recv_timeout(PATIENCE), Ok("ended"));
}
