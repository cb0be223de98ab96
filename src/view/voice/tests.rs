//! Characters who speak, without sound card and weights.

use std::{
    ops::Range,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bevy::{prelude::*, time::TimeUpdateStrategy};

use super::*;
use crate::{
    cue::{Activity, Beat, BeatPart, CuePlugin, EmotionBlend},
    dialogue::{
        AskId, EmotionChanged, FanLanguage, Interrupt, ReplyChunk, ReplyEnd, ReplyFinished,
        ReplyStarted,
    },
    inference::ReplyStats,
    mind::{Emotion, EmotionTag},
    persona::{PersonaAsset, PersonaSheet},
    voice::{MouthKey, MouthShape, Speech, SpeechRequest, SpokenWord},
};

const FRAME: Duration = Duration::from_millis(16);
/// How long the voice of these tests says anything.
const SECONDS: f32 = 0.5;

/// A voice that says each clause in half a second, as soon as it may.
struct Puppet {
    heard: Arc<Mutex<Vec<String>>>,
    may_speak: Arc<AtomicBool>,
}

impl Synthesizer for Puppet {
    fn synthesize(&mut self, request: &SpeechRequest) -> Result<Speech, VoiceError> {
        while !self.may_speak.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(1));
        }
        if request.text.contains("unspeakable") {
            return Err(VoiceError::Model("it chokes".into()));
        }
        self.heard.lock().unwrap().push(request.text.clone());
        let text = Range { start: 0, end: request.text.trim_end().len() };
        Ok(Speech {
            pcm: vec![0.1; 12_000].into(),
            sample_rate: 24_000,
            mouth_keys: vec![MouthKey { shape: MouthShape::Aa, weight: 1.0, seconds: SECONDS }],
            words: vec![SpokenWord { text, time: 0.0..SECONDS }],
        })
    }
}

struct Game {
    app: App,
    idols: Vec<Entity>,
    heard: Arc<Mutex<Vec<String>>>,
    may_speak: Arc<AtomicBool>,
}

/// What was performed, in order.
#[derive(Default, Resource)]
struct Performed(Vec<(Entity, BeatPart)>);

fn game(idols: usize) -> Game {
    let heard = Arc::<Mutex<Vec<String>>>::default();
    let may_speak = Arc::new(AtomicBool::new(true));
    let (ears, leave) = (heard.clone(), may_speak.clone());
    let plugin = VoicePlugin::with_voice(move |_| {
        Ok(Box::new(Puppet { heard: ears.clone(), may_speak: leave.clone() }))
    });
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, AssetPlugin::default(), CuePlugin, plugin))
        .init_asset::<PersonaAsset>()
        .init_resource::<Performed>()
        .insert_resource(TimeUpdateStrategy::ManualDuration(FRAME))
        .add_observer(|beat: On<Beat>, mut performed: ResMut<Performed>| {
            performed.0.push((beat.entity, beat.part.clone()));
        });
    app.finish();
    app.cleanup();
    let sheet = PersonaSheet::new("siwoo".parse().unwrap(), "Siwoo", "a singer");
    let sheet = app.world_mut().resource_mut::<Assets<PersonaAsset>>().add(PersonaAsset { sheet });
    let idols = (0..idols)
        .map(|_| {
            let parts = (Persona(sheet.clone()), EmotionBlend::default(), FanLanguage::default());
            app.world_mut().spawn(parts).id()
        })
        .collect();
    let mut game = Game { app, idols, heard, may_speak };
    game.until("the voice is ready", |world| {
        *world.resource::<VoiceStatus>() == VoiceStatus::Ready
    });
    game
}

impl Game {
    fn frames(&mut self, count: usize) {
        for _ in 0..count {
            self.app.update();
            // Other threads make the sounds.
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn until(&mut self, what: &str, done: impl Fn(&World) -> bool) {
        for _ in 0..5000 {
            if done(self.app.world()) {
                return;
            }
            self.frames(1);
        }
        panic!("{what}: it never came");
    }

    fn begin(&mut self, idol: usize, ask: u64) {
        let (entity, ask) = (self.idols[idol], AskId(ask));
        self.app.world_mut().trigger(ReplyStarted { entity, ask, fan: "Hi".into() });
    }

    fn feel(&mut self, idol: usize, ask: u64, emotion: Emotion) {
        let (entity, ask) = (self.idols[idol], AskId(ask));
        let tag = EmotionTag { emotion, intensity: 0.5 };
        self.app.world_mut().trigger(EmotionChanged { entity, ask, tag });
    }

    fn say(&mut self, idol: usize, ask: u64, text: &str) {
        let (entity, ask) = (self.idols[idol], AskId(ask));
        let (text, emotion) = (text.into(), Emotion::Joy);
        self.app.world_mut().trigger(ReplyChunk { entity, ask, text, emotion });
    }

    fn end(&mut self, idol: usize, ask: u64, reason: ReplyEnd) {
        let (entity, ask) = (self.idols[idol], AskId(ask));
        let (text, stats) = (String::new(), ReplyStats::default());
        self.app.world_mut().trigger(ReplyFinished { entity, ask, reason, text, stats });
    }

    /// A whole reply of two feelings.
    fn reply(&mut self, idol: usize, ask: u64) {
        self.begin(idol, ask);
        self.feel(idol, ask, Emotion::Joy);
        self.say(idol, ask, "I was waiting for you. ");
        self.feel(idol, ask, Emotion::Sad);
        self.say(idol, ask, "It has rained all day.");
        self.end(idol, ask, ReplyEnd::Complete);
    }

    fn performed(&self) -> Vec<BeatPart> {
        self.app.world().resource::<Performed>().0.iter().map(|(_, part)| part.clone()).collect()
    }

    fn lips(&self, idol: usize) -> LipSync {
        *self.app.world().get::<LipSync>(self.idols[idol]).unwrap()
    }

    fn word(&self, idol: usize) -> Option<Range<usize>> {
        let entity = self.app.world().entity(self.idols[idol]);
        entity.get::<crate::cue::SpokenWord>().unwrap().0.clone()
    }

    /// Words that say their number, in so many clauses.
    fn long_reply(&mut self, idol: usize, ask: u64, clauses: usize) {
        self.begin(idol, ask);
        self.feel(idol, ask, Emotion::Joy);
        for number in 0..clauses {
            self.say(idol, ask, &format!("This is the clause number {number}. "));
        }
        self.end(idol, ask, ReplyEnd::Complete);
    }

    fn is_over(world: &World, count: usize) -> bool {
        let performed = &world.resource::<Performed>().0;
        performed.iter().filter(|(_, part)| matches!(part, BeatPart::End { .. })).count() == count
    }
}

#[test]
fn feelings_and_words_keep_time_with_the_voice() {
    let mut game = game(1);
    game.reply(0, 1);
    // All text is there; the second feeling is not.
    game.frames(3);
    let feelings =
        |parts: &[BeatPart]| parts.iter().filter(|part| matches!(part, BeatPart::Feel(_))).count();
    assert_eq!(feelings(&game.performed()), 1);
    game.until("the end", |world| Game::is_over(world, 1));
    let performed = game.performed();
    assert_eq!(feelings(&performed), 2);
    assert_eq!(performed.first(), Some(&BeatPart::Begin));
    assert_eq!(performed.last(), Some(&BeatPart::End { interrupted: false }));
    assert_eq!(game.heard.lock().unwrap().len(), 2);
}

#[test]
fn a_sound_before_her_words_is_heard_with_them_and_without() {
    let mut game = game(1);
    let entity = game.idols[0];
    let sound = crate::voice::NonVerbal::Hum;
    game.app.world_mut().trigger(crate::cue::Utter { entity, sound });
    game.until("she hums", |world| {
        let mut lips = world.try_query::<&LipSync>().unwrap();
        lips.iter(world).any(|lips| lips.speaks)
    });
    assert!(game.performed().is_empty(), "nothing was asked of her");
    game.reply(0, 1);
    game.frames(2);
    assert!(game.lips(0).speaks, "her words cut the sound");
    let said = |game: &Game| game.performed().iter().any(|part| matches!(part, BeatPart::Say(_)));
    assert!(!said(&game), "her words do not wait for the sound");
    game.until("the end", |world| Game::is_over(world, 1));
    assert!(said(&game));
    assert_eq!(game.heard.lock().unwrap().len(), 2);
}

#[test]
fn the_mouth_moves_while_she_speaks_and_is_shut_after() {
    let mut game = game(1);
    game.reply(0, 1);
    game.until("the mouth opens", |world| {
        let mut lips = world.try_query::<&LipSync>().unwrap();
        lips.iter(world).any(|lips| lips.speaks && lips.pose.aa > 0.5)
    });
    assert_eq!(game.word(0), Some(0.."I was waiting for you.".len()));
    game.until("the end", |world| Game::is_over(world, 1));
    game.frames(1);
    assert_eq!(game.lips(0), LipSync::default());
    assert_eq!(game.word(0), None);
}

#[test]
fn an_interrupt_shuts_her_mouth_at_once_although_all_text_has_come() {
    let mut game = game(1);
    game.reply(0, 1);
    game.until("she speaks", |world| {
        let mut lips = world.try_query::<&LipSync>().unwrap();
        lips.iter(world).any(|lips| lips.speaks)
    });
    let entity = game.idols[0];
    game.app.world_mut().trigger(Interrupt { entity });
    game.app.world_mut().flush();
    assert_eq!(game.lips(0), LipSync::default());
    assert_eq!(game.word(0), None);
    assert_eq!(game.performed().last(), Some(&BeatPart::End { interrupted: true }));
    game.frames(60);
    assert_eq!(game.app.world().get::<Activity>(entity), Some(&Activity::Interrupted));
    assert_eq!(game.performed().iter().filter(|part| matches!(part, BeatPart::Say(_))).count(), 1);
}

#[test]
fn who_waits_too_long_for_the_model_babbles() {
    let mut game = game(1);
    game.may_speak.store(false, Ordering::Relaxed);
    game.reply(0, 1);
    game.until("the end", |world| Game::is_over(world, 1));
    assert!(game.heard.lock().unwrap().is_empty());
    let said = game.performed().iter().filter(|part| matches!(part, BeatPart::Say(_))).count();
    assert_eq!(said, 2, "she said all of it in another voice");
    game.may_speak.store(true, Ordering::Relaxed);
}

#[test]
fn a_clause_on_which_the_model_chokes_is_babbled() {
    let mut game = game(1);
    game.begin(0, 1);
    game.feel(0, 1, Emotion::Joy);
    game.say(0, 1, "It is unspeakable.");
    game.end(0, 1, ReplyEnd::Complete);
    game.until("the end", |world| Game::is_over(world, 1));
    assert!(game.performed().iter().any(|part| matches!(part, BeatPart::Say(_))));
}

#[test]
fn two_who_have_something_to_say_take_turns() {
    let mut game = game(2);
    game.reply(0, 1);
    game.reply(1, 2);
    let mut together = 0;
    for _ in 0..2000 {
        game.frames(1);
        together += usize::from(game.lips(0).speaks && game.lips(1).speaks);
        if Game::is_over(game.app.world(), 2) {
            break;
        }
    }
    assert!(Game::is_over(game.app.world(), 2));
    assert_eq!(together, 0);
}

#[test]
fn a_feeling_behind_the_last_word_comes_up_at_the_end() {
    let mut game = game(1);
    game.begin(0, 1);
    game.feel(0, 1, Emotion::Joy);
    game.say(0, 1, "You came!");
    game.feel(0, 1, Emotion::Love);
    game.end(0, 1, ReplyEnd::Complete);
    game.until("the end", |world| Game::is_over(world, 1));
    let performed = game.performed();
    let last = &performed[performed.len() - 2];
    assert!(matches!(last, BeatPart::Feel(tag) if tag.emotion == Emotion::Love), "{last:?}");
}

#[test]
fn a_reply_without_anything_to_say_ends() {
    let mut game = game(1);
    game.begin(0, 1);
    game.end(0, 1, ReplyEnd::Complete);
    game.until("the end", |world| Game::is_over(world, 1));
}

#[test]
fn where_there_is_no_voice_she_babbles_and_it_is_said_why() {
    let mut app = App::new();
    let none = VoicePlugin::with_voice(|_| Err(VoiceError::NoVoice("siwoo".into())));
    app.add_plugins((MinimalPlugins, none));
    for _ in 0..2000 {
        app.update();
        if matches!(app.world().resource::<VoiceStatus>(), VoiceStatus::Babble(_)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("it is still {:?}", app.world().resource::<VoiceStatus>());
}

#[test]
fn the_word_that_is_said_is_found_in_the_whole_reply() {
    let mut game = game(1);
    game.reply(0, 1);
    let begins = "I was waiting for you. ".len();
    let ends = begins + "It has rained all day.".len();
    game.until("the second clause", |world| {
        let mut words = world.try_query::<&crate::cue::SpokenWord>().unwrap();
        words.iter(world).any(|word| word.0 == Some(begins..ends))
    });
}

#[test]
fn only_what_is_said_soon_is_made_ahead() {
    let mut game = game(2);
    game.long_reply(0, 1, 100);
    game.reply(1, 2);
    game.until("the other's words are made", |world| {
        let mut speakers = world.try_query::<&Speaker>().unwrap();
        speakers.iter(world).all(|speaker| speaker.recital.is_next_ready() || speaker.is_heard())
    });
    assert!(game.heard.lock().unwrap().len() < 10);
    game.until("the end", |world| Game::is_over(world, 2));
    assert_eq!(game.heard.lock().unwrap().len(), 102);
}

#[test]
fn what_was_cut_is_not_made() {
    let mut game = game(1);
    game.may_speak.store(false, Ordering::Relaxed);
    game.long_reply(0, 1, 9);
    game.frames(2);
    let entity = game.idols[0];
    game.app.world_mut().trigger(Interrupt { entity });
    game.may_speak.store(true, Ordering::Relaxed);
    game.frames(30);
    // The first was being made already.
    assert!(game.heard.lock().unwrap().len() <= 1);
}

#[test]
fn nobody_waits_for_the_words_of_somebody_who_is_gone() {
    let mut game = game(2);
    game.may_speak.store(false, Ordering::Relaxed);
    game.long_reply(0, 1, 9);
    game.frames(2);
    game.app.world_mut().despawn(game.idols[0]);
    game.may_speak.store(true, Ordering::Relaxed);
    game.reply(1, 2);
    game.until("the end", |world| Game::is_over(world, 1));
    assert!(game.heard.lock().unwrap().len() <= 3, "{:?}", game.heard);
}

#[test]
fn a_reply_that_is_cut_by_the_next_has_an_end() {
    let mut game = game(1);
    game.begin(0, 1);
    game.feel(0, 1, Emotion::Joy);
    game.say(0, 1, "I was waiting for you, and ");
    game.begin(0, 2);
    game.app.world_mut().flush();
    assert!(game.performed().contains(&BeatPart::End { interrupted: true }));
    // She goes on with the next one.
    let entity = game.idols[0];
    assert_eq!(game.app.world().get::<Activity>(entity), Some(&Activity::Speaking));
}

#[test]
fn who_has_waited_for_longer_speaks_first() {
    let mut game = game(3);
    game.long_reply(2, 1, 2);
    game.until("she speaks", |world| world.resource::<floor::Floor>().holder.is_some());
    game.reply(1, 2);
    game.frames(10);
    game.reply(0, 3);
    game.until("the end", |world| Game::is_over(world, 3));
    let performed = &game.app.world().resource::<Performed>().0;
    let ends: Vec<Entity> = performed
        .iter()
        .filter(|(_, part)| matches!(part, BeatPart::End { .. }))
        .map(|(entity, _)| *entity)
        .collect();
    assert_eq!(ends, [game.idols[2], game.idols[1], game.idols[0]]);
}

#[test]
fn a_late_model_makes_nothing_that_is_babbled() {
    let mut game = game(1);
    game.may_speak.store(false, Ordering::Relaxed);
    game.long_reply(0, 1, 3);
    game.until("she babbles", |world| {
        let mut speakers = world.try_query::<&Speaker>().unwrap();
        speakers.iter(world).any(|speaker| speaker.babbles && speaker.is_heard())
    });
    game.may_speak.store(true, Ordering::Relaxed);
    game.until("the end", |world| Game::is_over(world, 1));
    assert!(game.heard.lock().unwrap().len() <= 1);
}
