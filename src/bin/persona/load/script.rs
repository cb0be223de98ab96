//! What a fan says.

use std::{collections::HashMap, sync::LazyLock};

use bevy_persona::persona::PersonaId;

use super::markers::{Markers, Owner, WORDS};
use crate::dice::roll;

static ENGLISH: LazyLock<Corpus> = LazyLock::new(|| Corpus::read(include_str!("messages/en.txt")));
static KOREAN: LazyLock<Corpus> = LazyLock::new(|| Corpus::read(include_str!("messages/ko.txt")));

/// What each word of a fan is the name of, as the sections of the files are called.
const FACTS: [&str; WORDS] = ["cat", "sister", "friend", "town"];
/// After how many messages the pattern begins again: a fact, small talk, a question, small talk.
const ROUND: u64 = 5;

/// Messages by section.
#[derive(Debug, Default)]
struct Corpus(HashMap<&'static str, Vec<&'static str>>);

impl Corpus {
    /// Reads `[section]` lines with messages below them; `#` begins a comment.
    fn read(text: &'static str) -> Self {
        let mut sections: HashMap<_, Vec<_>> = HashMap::new();
        let mut section = "";
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = name;
            } else if !line.is_empty() && !line.starts_with('#') {
                sections.entry(section).or_default().push(line);
            }
        }
        Self(sections)
    }

    fn pick(&self, section: &str, throw: impl FnOnce(usize) -> usize) -> &'static str {
        let messages = self.0.get(section).map_or(&[][..], Vec::as_slice);
        messages.get(throw(messages.len())).copied().unwrap_or("…")
    }
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// To whom.
    pub to: PersonaId,
    /// What.
    pub text: String,
    /// What for.
    pub purpose: Purpose,
}

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To pass the time.
    Talk,
    /// To tell a fact with this word.
    Tell(usize),
    /// To ask for it.
    Ask(usize),
}

/// What one fan says, message after message.
#[derive(Debug)]
pub struct Script {
    corpus: &'static Corpus,
    seed: u64,
    fan: usize,
    turn: u64,
    told: Vec<usize>,
}

impl Script {
    /// The messages of a fan; a part of all fans, from 0 to 1, speaks Korean.
    pub fn new(seed: u64, fan: usize, korean: f64) -> Self {
        const SIDES: usize = 10_000;
        let throw = roll(seed, &["korean", &fan.to_string()], SIDES);
        let corpus = if (throw as f64) < korean * SIDES as f64 { &*KOREAN } else { &*ENGLISH };
        Self { corpus, seed, fan, turn: 0, told: Vec::new() }
    }

    /// The next message, to one of these members, who are given with their names.
    pub fn next(&mut self, members: &[(PersonaId, String)], markers: &Markers) -> Option<Message> {
        let favourite = members.get(self.fan % members.len().max(1))?;
        let turn = self.turn;
        self.turn += 1;
        let purpose = match turn.checked_sub(1).map(|turn| turn % ROUND) {
            Some(0) if self.told.len() < WORDS => Purpose::Tell(self.told.len()),
            Some(3) if !self.told.is_empty() => {
                Purpose::Ask(self.told[self.throw("which", self.told.len())])
            }
            _ => Purpose::Talk,
        };
        let is_to_another = purpose == Purpose::Talk && turn > 0 && self.throw("other", 4) == 0;
        let (to, name) =
            if is_to_another { &members[self.throw("who", members.len())] } else { favourite };
        let section = match purpose {
            Purpose::Talk if turn == 0 => "greeting".into(),
            Purpose::Talk => "talk".into(),
            Purpose::Tell(word) => format!("tell {}", FACTS[word]),
            Purpose::Ask(word) => format!("ask {}", FACTS[word]),
        };
        let text = self.corpus.pick(&section, |sides| self.throw("message", sides));
        let word = match purpose {
            Purpose::Tell(word) => markers.word(Owner { fan: self.fan, word }),
            _ => "",
        };
        let text = text.replace("{name}", name).replace("{word}", word);
        Some(Message { to: to.clone(), text, purpose })
    }

    /// A message was answered to its end.
    pub fn answered(&mut self, purpose: Purpose) {
        if let Purpose::Tell(word) = purpose
            && !self.told.contains(&word)
        {
            self.told.push(word);
        }
    }

    /// Chance, another one for each message.
    fn throw(&self, what: &str, sides: usize) -> usize {
        roll(self.seed, &[what, &self.fan.to_string(), &self.turn.to_string()], sides)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast() -> Vec<(PersonaId, String)> {
        ["siwoo", "jena", "taira"].map(|id| (id.parse().unwrap(), id.to_uppercase())).to_vec()
    }

    fn talk(fan: usize, korean: f64) -> Vec<Message> {
        let markers = Markers::of(["a", "b", "c"]);
        let mut script = Script::new(1, fan, korean);
        let each = (0..40).map(|_| {
            let message = script.next(&cast(), &markers).unwrap();
            script.answered(message.purpose);
            message
        });
        each.collect()
    }

    #[test]
    fn every_section_has_messages_in_both_languages_and_no_other_holes() {
        for corpus in [&*ENGLISH, &*KOREAN] {
            assert!(corpus.0["greeting"].len() >= 8 && corpus.0["talk"].len() >= 30);
            for fact in FACTS {
                for section in ["tell", "ask"].map(|what| format!("{what} {fact}")) {
                    let messages = &corpus.0[section.as_str()];
                    assert!(messages.len() >= 2, "{section}");
                    let has_hole = |message: &&str| message.contains("{word}");
                    assert!(messages.iter().all(|m| has_hole(m) == section.starts_with("tell")));
                }
            }
            for message in corpus.0.values().flatten() {
                let rest = message.replace("{word}", "").replace("{name}", "");
                assert!(!rest.contains(['{', '}']) && message.chars().count() < 200, "{message}");
            }
        }
    }

    #[test]
    fn a_fan_greets_then_tells_what_only_she_knows_then_asks() {
        for korean in [0.0, 1.0] {
            let talk = talk(1, korean);
            assert_eq!(talk[0].purpose, Purpose::Talk);
            assert_eq!(talk[1].purpose, Purpose::Tell(0));
            assert_eq!(talk[4].purpose, Purpose::Ask(0));
            let markers = Markers::of(["a", "b", "c"]);
            for message in &talk {
                let found = markers.in_text(&message.text);
                match message.purpose {
                    Purpose::Tell(word) => assert_eq!(found, [Owner { fan: 1, word }]),
                    _ => assert!(found.is_empty()),
                }
                let is_korean = message.text.chars().any(|c| ('가'..='힣').contains(&c));
                assert_eq!(is_korean, korean == 1.0, "{}", message.text);
            }
        }
    }

    #[test]
    fn she_tells_and_asks_her_favourite_and_sometimes_talks_to_others() {
        let talk = talk(1, 0.0);
        let is_talk = |message: &&Message| message.purpose == Purpose::Talk;
        let to_jena = |message: &Message| message.to.as_str() == "jena";
        assert!(talk.iter().filter(|m| !is_talk(m)).all(to_jena));
        assert!(!talk.iter().filter(is_talk).all(to_jena));
        assert!(talk.iter().filter(is_talk).filter(|m| to_jena(m)).count() > 10);
    }

    #[test]
    fn a_fact_that_was_not_answered_is_told_again_and_not_asked_for() {
        let markers = Markers::of(["a"]);
        let mut script = Script::new(1, 0, 0.0);
        let purposes: Vec<_> = (0..7)
            .map(|_| script.next(&cast(), &markers).unwrap().purpose)
            .filter(|purpose| *purpose != Purpose::Talk)
            .collect();
        assert_eq!(purposes, [Purpose::Tell(0), Purpose::Tell(0)]);
    }

    #[test]
    fn the_same_seed_says_the_same() {
        assert_eq!(talk(2, 0.5), talk(2, 0.5));
        assert_ne!(talk(0, 0.0), talk(1, 0.0));
        assert_eq!(Script::new(1, 0, 0.0).next(&[], &Markers::of(["a"])), None);
    }
}
