//! Games that listen to what a test says, and understand what a test wants them to.

mod failures;

use super::*;
use crate::listen::{
    Understanding,
    script::{Answers, Feed, PATIENCE},
};

/// What was said, to whom, in order; and who was interrupted.
#[derive(Default, Resource)]
struct Log {
    said: Vec<(Entity, String)>,
    interrupted: Vec<Entity>,
    /// What a fan has seen of the microphone.
    shown: Vec<Listening>,
}

struct Game {
    app: App,
    feed: Feed,
    answers: Answers,
    idols: [Entity; 2],
}

impl Game {
    fn new() -> Self {
        Self::with(Feed::new())
    }

    fn with((feed, source): (Feed, Box<dyn AudioSource>)) -> Self {
        let (answers, scripted) = Answers::new();
        let plugin = ListenPlugin::default()
            .with_source(source)
            .with_transcriber(move |_| Ok(Box::new(scripted.clone())));
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, plugin))
            .init_resource::<Log>()
            .add_observer(|say: On<Say>, mut log: ResMut<Log>| {
                log.said.push((say.entity, say.text.clone()));
            })
            .add_observer(|stop: On<Interrupt>, mut log: ResMut<Log>| {
                log.interrupted.push(stop.entity);
            })
            .add_systems(Update, |hearing: Res<Hearing>, mut log: ResMut<Log>| {
                log.shown.push(hearing.listening.clone());
            });
        let idols = [(); 2].map(|()| app.world_mut().spawn_empty().id());
        Self { app, feed, answers, idols }
    }

    fn listen(&mut self, idol: usize, attention: Attention) {
        let entity = self.idols[idol];
        self.app.world_mut().trigger(Listen { entity, attention });
    }

    fn stop(&mut self) {
        self.app.world_mut().trigger(StopListening);
    }

    fn cancel(&mut self) {
        self.app.world_mut().trigger(CancelListening);
    }

    fn hearing(&self) -> &Hearing {
        self.app.world().resource()
    }

    fn log(&self) -> &Log {
        self.app.world().resource()
    }

    /// Goes on until it is so.
    #[track_caller]
    fn until(&mut self, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..PATIENCE.as_millis() {
            self.app.update();
            if is_so(self) {
                return;
            }
            // Other threads listen.
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        panic!("it never came: {:?}", self.hearing());
    }

    #[track_caller]
    fn until_hearing(&mut self, listening: &Listening, understanding: &Understanding) {
        self.until(|game| {
            let Hearing { listening: now, understanding: next } = game.hearing();
            (now, next) == (listening, understanding)
        });
    }

    #[track_caller]
    fn until_open(&mut self) {
        self.until(|game| matches!(game.hearing().listening, Listening::Open(_)));
    }

    /// Says something to an idol, whose reply is to be understood then.
    fn say(&mut self, idol: usize) {
        self.listen(idol, Attention::WhileHeld);
        self.until_open();
        let before = self.log().interrupted.len();
        self.feed.speech(1.0);
        self.until(|game| game.log().interrupted.len() > before);
        self.stop();
        self.answers.wait_for_question();
    }

    /// Whatever was told before has come when this is heard.
    fn assert_hears_as_ever(&mut self) {
        let mut expected = self.log().said.clone();
        expected.push((self.idols[1], "as ever".into()));
        self.say(1);
        self.answers.answer("as ever");
        self.until_hearing(&Listening::Closed, &Understanding::Idle);
        assert_eq!(self.log().said, expected);
        assert!(!self.feed.is_open());
    }
}

#[test]
fn what_is_said_while_a_key_is_held_is_said_to_her() {
    let mut game = Game::new();
    assert_eq!(*game.hearing(), Hearing::default());
    game.listen(0, Attention::WhileHeld);
    assert_eq!(game.hearing().listening, Listening::Opening);
    game.until_open();
    game.feed.speech(1.0);
    game.until(|game| matches!(game.hearing().listening, Listening::Open(level) if level > 0.5));
    game.until(|game| game.log().interrupted == [game.idols[0]]);
    game.stop();
    game.until_hearing(&Listening::Closed, &Understanding::Busy);
    assert!(!game.feed.is_open());
    game.answers.answer("Hi, Siwoo!");
    game.until_hearing(&Listening::Closed, &Understanding::Idle);
    assert_eq!(game.log().said, [(game.idols[0], "Hi, Siwoo!".into())]);
}

#[test]
fn a_tap_on_the_key_while_the_microphone_opens_leaves_nothing_open() {
    let mut game = Game::with(Feed::gated());
    game.listen(0, Attention::WhileHeld);
    game.feed.wait_for_opening(1);
    game.stop();
    game.app.update();
    // As long as it is being opened, that is what is shown.
    assert_eq!(game.hearing().listening, Listening::Opening);
    game.feed.let_open(Ok(()));
    game.until_hearing(&Listening::Closed, &Understanding::Nothing);
    game.feed.let_open(Ok(()));
    game.assert_hears_as_ever();
}

#[test]
fn who_cancels_while_the_microphone_opens_never_sees_it_open() {
    let mut game = Game::with(Feed::gated());
    game.listen(0, Attention::HandsFree);
    game.feed.wait_for_opening(1);
    game.cancel();
    game.feed.let_open(Ok(()));
    game.until_hearing(&Listening::Closed, &Understanding::Idle);
    assert!(game.log().shown.iter().all(|shown| !matches!(shown, Listening::Open(_))));
    assert!(!game.feed.is_open());
    game.feed.let_open(Ok(()));
    game.assert_hears_as_ever();
}

#[test]
fn hands_free_whoever_stops_in_silence_waits_for_no_words() {
    let mut game = Game::new();
    game.listen(0, Attention::HandsFree);
    game.until_open();
    game.feed.silence(2.0);
    game.stop();
    game.until_hearing(&Listening::Closed, &Understanding::Idle);
    assert!(!game.feed.is_open());
}

#[test]
fn a_key_that_is_held_for_more_than_a_minute_ends_in_words_or_nothing() {
    for speaks in [true, false] {
        let mut game = Game::new();
        game.listen(0, Attention::WhileHeld);
        for _ in 0..61 {
            if speaks {
                game.feed.speech(0.6);
            }
            game.feed.silence(if speaks { 0.4 } else { 1.0 });
        }
        let understanding = if speaks { Understanding::Busy } else { Understanding::Nothing };
        game.until_hearing(&Listening::Closed, &understanding);
        game.stop();
        if speaks {
            game.answers.answer("a long story");
        }
        let end = if speaks { Understanding::Idle } else { Understanding::Nothing };
        game.until_hearing(&Listening::Closed, &end);
        assert_eq!(game.log().said.len(), usize::from(speaks));
        if speaks {
            game.answers.wait_for_question();
        }
        game.assert_hears_as_ever();
    }
}

#[test]
fn what_is_said_to_one_is_not_said_to_another_who_is_spoken_to_meanwhile() {
    let mut game = Game::new();
    game.say(0);
    game.listen(1, Attention::WhileHeld);
    game.until_open();
    assert_eq!(game.hearing().understanding, Understanding::Busy);
    game.answers.answer("for the first");
    game.until(|game| game.hearing().understanding == Understanding::Idle);
    assert!(game.hearing().is_open());
    game.feed.speech(1.0);
    game.until(|game| game.log().interrupted == game.idols);
    game.stop();
    game.answers.answer("for the second");
    game.until_hearing(&Listening::Closed, &Understanding::Idle);
    let [first, second] = game.idols;
    let said = [(first, "for the first".into()), (second, "for the second".into())];
    assert_eq!(game.log().said, said);
}

#[test]
fn who_turns_to_another_in_the_middle_of_a_sentence_is_heard_by_the_first() {
    let mut game = Game::new();
    game.listen(0, Attention::HandsFree);
    game.until_open();
    game.feed.speech(1.0);
    game.until(|game| game.log().interrupted == [game.idols[0]]);
    game.listen(1, Attention::HandsFree);
    game.answers.answer("half a word");
    game.until(|game| game.log().said == [(game.idols[0], "half a word".into())]);
    game.until_open();
    game.stop();
    game.until_hearing(&Listening::Closed, &Understanding::Idle);
}

#[test]
fn a_cancel_is_final_whatever_has_been_understood_by_then() {
    let mut game = Game::new();
    game.listen(0, Attention::HandsFree);
    game.until_open();
    for _ in 0..2 {
        game.feed.speech(1.0);
        game.feed.silence(1.0);
    }
    game.answers.wait_for_question();
    game.answers.answer("forget that");
    // Who is asked for the second has told the first.
    game.answers.wait_for_question();
    game.cancel();
    assert_eq!(game.hearing().understanding, Understanding::Idle);
    game.until_hearing(&Listening::Closed, &Understanding::Idle);
    assert_eq!(game.log().said, []);
    game.assert_hears_as_ever();
}
