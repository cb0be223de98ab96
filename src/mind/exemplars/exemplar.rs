//! A dialogue as it was written.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    mind::Emotion,
    persona::{Language, PersonaId},
};

/// A dialogue that somebody wrote: how a member talks with a fan.
#[derive(Debug, Clone, PartialEq)]
pub struct Exemplar {
    /// Names it, in errors and logs.
    pub id: String,
    /// Who talks.
    pub member: PersonaId,
    /// In which language.
    pub language: Language,
    /// What it is about, in one word: `greeting`, `secret`, …
    pub topic: String,
    /// How close she feels to the fan, 0..100.
    pub affinity: u8,
    /// The ids of the facts that she tells.
    pub facts: Vec<String>,
    /// What she knows about the fan, and the scenes that the fan has finished (`scene_done`): keys
    /// and values.
    pub memory: Vec<(String, String)>,
    /// What is true of this moment, a sentence each, besides `facts`; for training only.
    pub told: Vec<String>,
    /// What stands in the place of `{slots}`, a complete set each; for training only.
    pub vary: Vec<BTreeMap<String, String>>,
    /// What is said; at least one exchange.
    pub turns: Vec<Exchange>,
}

/// What a fan says, and the reply.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// The fan's message.
    pub fan: Arc<str>,
    /// The reply as it was written, with its tags: `[joy] You came. [shy] I waited.`
    pub idol: Arc<str>,
}

impl Exemplar {
    /// The dialogue with one of its sets in the place of its slots, counted round and round; the
    /// same dialogue, if it has none.
    #[must_use]
    pub fn varied(&self, set: usize) -> Self {
        let Some(set) = set.checked_rem(self.vary.len()).map(|set| &self.vary[set]) else {
            return self.clone();
        };
        let fill = |text: &str| {
            set.iter().fold(text.to_owned(), |text, (slot, value)| {
                text.replace(&format!("{{{slot}}}"), value)
            })
        };
        let exchange = |turn: &Exchange| Exchange {
            fan: fill(&turn.fan).into(),
            idol: fill(&turn.idol).into(),
        };
        Self {
            memory: self.memory.iter().map(|(key, value)| (key.clone(), fill(value))).collect(),
            told: self.told.iter().map(|text| fill(text)).collect(),
            turns: self.turns.iter().map(exchange).collect(),
            vary: Vec::new(),
            ..self.clone()
        }
    }

    /// The slots that stand in it: words of small letters in braces.
    pub(crate) fn slots(&self) -> BTreeSet<&str> {
        let memory = self.memory.iter().map(|(_, value)| value.as_str());
        let said = self.turns.iter().flat_map(|turn| [&*turn.fan, &*turn.idol]);
        let texts = memory.chain(self.told.iter().map(String::as_str)).chain(said);
        let inside = texts.flat_map(|text| text.split('{').skip(1));
        let named = inside.filter_map(|part| Some(part.split_once('}')?.0));
        let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
        named.filter(|name| !name.is_empty() && name.chars().all(is_name)).collect()
    }

    /// The scenes that must be finished before this dialogue makes sense.
    pub(crate) fn scenes(&self) -> impl Iterator<Item = &str> {
        let scenes = self.memory.iter().filter(|(key, _)| key == SCENE_DONE);
        scenes.map(|(_, scene)| scene.as_str())
    }

    /// What she knows about the fan.
    pub(crate) fn fan_facts(&self) -> impl Iterator<Item = (&str, &str)> {
        let facts = self.memory.iter().filter(|(key, _)| key != SCENE_DONE);
        facts.map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// The key under which `memory` holds a finished scene.
const SCENE_DONE: &str = "scene_done";

/// The beats of a written reply: feelings and words. What has no tag before it is left out.
pub(super) fn beats(reply: &str) -> Vec<(Emotion, String)> {
    let mut beats: Vec<(Emotion, String)> = Vec::new();
    for part in reply.split_inclusive('[') {
        let (inside, after) = part.split_once(']').unwrap_or(("", part));
        let word = inside.split(':').next().unwrap_or_default().trim();
        let words = match word.to_ascii_lowercase().parse::<Emotion>() {
            Ok(emotion) => {
                beats.push((emotion, String::new()));
                after
            }
            Err(_) => part,
        };
        if let Some((_, text)) = beats.last_mut() {
            text.push_str(words.trim_end_matches('['));
        }
    }
    beats.iter_mut().for_each(|(_, text)| *text = text.trim().to_owned());
    beats
}

/// A written reply without its tags.
pub(super) fn untagged(reply: &str) -> String {
    beats(reply).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_reply_falls_into_its_beats() {
        let found = beats("[joy:0.5] You came.  [smug] See [1, 2]!");
        let expected = [("joy", "You came."), ("smug", "See 1, 2]!")];
        let expected = expected.map(|(tag, text)| (tag.parse().unwrap(), text.to_owned()));
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(reply in r"(\[joy\]|\[|\]|:| |[a-z너])*") {
            untagged(&reply);
        }
    }
}
