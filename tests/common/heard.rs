//! What an app heard of its replies, in order and in words.

use std::collections::HashMap;

use bevy::prelude::*;
use bevy_persona::{
    dialogue::{AskId, EmotionChanged, ReplyChunk, ReplyFailed, ReplyFinished, ReplyStarted},
    inference::InferenceError,
};

/// One event about a reply.
#[derive(Debug, Clone)]
pub enum Heard {
    /// She begins.
    Started(ReplyStarted),
    /// She feels something.
    Emotion(EmotionChanged),
    /// She says something.
    Chunk(ReplyChunk),
    /// She has ended.
    Finished(ReplyFinished),
    /// She could not.
    Failed(ReplyFailed),
}

/// Everything heard so far.
#[derive(Debug, Default, Resource)]
pub struct Record(pub Vec<Heard>);

impl Heard {
    /// Who.
    pub fn entity(&self) -> Entity {
        match self {
            Self::Started(event) => event.entity,
            Self::Emotion(event) => event.entity,
            Self::Chunk(event) => event.entity,
            Self::Finished(event) => event.entity,
            Self::Failed(event) => event.entity,
        }
    }

    /// Which ask; a change of feeling names none.
    pub fn ask(&self) -> Option<AskId> {
        match self {
            Self::Started(event) => Some(event.ask),
            Self::Emotion(_) => None,
            Self::Chunk(event) => Some(event.ask),
            Self::Finished(event) => Some(event.ask),
            Self::Failed(event) => Some(event.ask),
        }
    }

    /// Whether an ask ends with it.
    pub fn is_end(&self) -> bool {
        matches!(self, Self::Finished(_) | Self::Failed(_))
    }

    /// The words, if it is some.
    pub fn chunk(&self) -> Option<&ReplyChunk> {
        if let Self::Chunk(event) = self { Some(event) } else { None }
    }

    /// The feeling, if it is one.
    pub fn emotion(&self) -> Option<&EmotionChanged> {
        if let Self::Emotion(event) = self { Some(event) } else { None }
    }

    /// The good end, if it is one.
    pub fn finished(&self) -> Option<&ReplyFinished> {
        if let Self::Finished(event) = self { Some(event) } else { None }
    }

    /// The error, if it is one.
    pub fn error(&self) -> Option<&InferenceError> {
        if let Self::Failed(event) = self { Some(&event.error) } else { None }
    }
}

/// Lets an app record what it hears.
pub fn record(app: &mut App) {
    app.init_resource::<Record>()
        .add_observer(|event: On<ReplyStarted>, mut record: ResMut<Record>| {
            record.0.push(Heard::Started(event.event().clone()));
        })
        .add_observer(|event: On<EmotionChanged>, mut record: ResMut<Record>| {
            record.0.push(Heard::Emotion(event.event().clone()));
        })
        .add_observer(|event: On<ReplyChunk>, mut record: ResMut<Record>| {
            record.0.push(Heard::Chunk(event.event().clone()));
        })
        .add_observer(|event: On<ReplyFinished>, mut record: ResMut<Record>| {
            record.0.push(Heard::Finished(event.event().clone()));
        })
        .add_observer(|event: On<ReplyFailed>, mut record: ResMut<Record>| {
            record.0.push(Heard::Failed(event.event().clone()));
        });
}

/// How many asks have ended.
pub fn ends(world: &World) -> usize {
    world.resource::<Record>().0.iter().filter(|heard| heard.is_end()).count()
}

/// Events in words, one a line; chunks in a row are joined, however they were cut.
///
/// `hears "Hi"`, `feels joy 0.8`, `says "Hello!"`, `ends Complete`, `fails: …`
pub fn story<'a>(heard: impl Iterator<Item = &'a Heard>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut said: Option<(AskId, String)> = None;
    for event in heard {
        if let Heard::Chunk(chunk) = event {
            match &mut said {
                Some((ask, text)) if *ask == chunk.ask => text.push_str(&chunk.text),
                _ => {
                    lines.extend(said.take().map(words));
                    said = Some((chunk.ask, chunk.text.clone()));
                }
            }
            continue;
        }
        lines.extend(said.take().map(words));
        lines.push(match event {
            Heard::Started(event) => format!("hears {:?}", event.fan),
            Heard::Emotion(event) => {
                format!("feels {} {}", event.tag.emotion, event.tag.intensity)
            }
            Heard::Finished(event) => format!("ends {:?}", event.reason),
            Heard::Failed(event) => format!("fails: {}", event.error),
            Heard::Chunk(_) => continue,
        });
    }
    lines.extend(said.map(words));
    lines
}

fn words((_, text): (AskId, String)) -> String {
    format!("says {text:?}")
}

/// Checks what holds of every ask: it begins before it says something, it ends once, nothing is
/// heard of it afterwards, and its end tells all the words that it said.
pub fn assert_whole(heard: &[Heard]) {
    let mut asks: HashMap<AskId, (String, bool)> = HashMap::new();
    for event in heard {
        let Some(ask) = event.ask() else { continue };
        let begun = asks.contains_key(&ask);
        let (said, ended) = asks.entry(ask).or_default();
        assert!(!*ended, "after its end: {event:?}");
        match event {
            Heard::Started(_) => assert!(!begun, "begun twice: {event:?}"),
            Heard::Chunk(chunk) => {
                assert!(begun, "words before the beginning: {event:?}");
                assert!(!chunk.text.is_empty(), "no words: {event:?}");
                said.push_str(&chunk.text);
            }
            Heard::Finished(end) => assert_eq!(end.text, *said, "{event:?}"),
            Heard::Failed(_) | Heard::Emotion(_) => {}
        }
        *ended = event.is_end();
    }
    let open: Vec<_> = asks.iter().filter(|(_, (_, ended))| !ended).collect();
    assert!(open.is_empty(), "never ended: {open:?}");
}
