//! Facts told in other words, and instructions repeated.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use super::canon;
use crate::hangul::is_syllable;

/// Facts that must not be told, as the words that make each of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    ids: Vec<Arc<str>>,
    /// How many different words of each fact tell it.
    enough: Vec<usize>,
    words: Vec<usize>,
    stems: HashMap<String, Vec<(u32, u32)>>,
}

/// Words of a fact count together within so many words.
const NEAR: u32 = 24;
/// A text with fewer words of meaning is no fact that can be recognised.
const FEWEST: usize = 4;

impl Facts {
    pub(super) fn add(&mut self, id: &str, text: &str) {
        let words = canon::words(text);
        let mut stems: Vec<&str> = words.split(' ').filter_map(stem).collect();
        stems.sort_unstable();
        stems.dedup();
        if stems.len() < FEWEST {
            return;
        }
        let fact = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        self.ids.push(id.into());
        self.enough.push((stems.len() * 7).div_ceil(10));
        self.words.push(stems.len());
        for (word, stem) in (0..).zip(stems) {
            self.stems.entry(stem.into()).or_default().push((fact, word));
        }
    }
}

/// The part of a word that carries its meaning; nothing of words that carry none.
fn stem(word: &str) -> Option<&str> {
    let first = word.chars().next()?;
    let chars = word.chars().count();
    let cut = |length: usize| word.char_indices().nth(length).map_or(word, |(at, _)| &word[..at]);
    match first {
        c if c.is_ascii_digit() => {
            let digits = word.chars().take_while(char::is_ascii_digit).count();
            (digits > 1).then(|| cut(digits))
        }
        c if is_syllable(c) && chars == 2 => Some(word.trim_end_matches(PARTICLES)),
        c if is_syllable(c) => (chars > 2).then(|| cut(2)),
        c if c.is_alphabetic() => (chars > 3).then(|| cut(5)),
        _ => None,
    }
}

/// Syllables that go with a word of one syllable and do not belong to it.
const PARTICLES: [char; 9] = ['을', '를', '이', '가', '은', '는', '의', '도', '만'];

/// Which words of facts were said lately.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// For each fact and word, the number of the word that said it.
    last: Vec<Vec<u32>>,
    said: u32,
}

impl Told {
    /// Goes on with a word; gives the fact that is told with it.
    pub(super) fn read<'a>(&mut self, facts: &'a Facts, word: &str) -> Option<&'a Arc<str>> {
        if facts.ids.is_empty() {
            return None;
        }
        if self.last.is_empty() {
            self.last = facts.words.iter().map(|words| vec![0; *words]).collect();
        }
        self.said += 1;
        for (fact, word) in facts.stems.get(stem(word)?)? {
            let (fact, word) = (*fact as usize, *word as usize);
            self.last[fact][word] = self.said;
            let near = |at: &&u32| **at > 0 && self.said - **at < NEAR;
            if self.last[fact].iter().filter(near).count() >= facts.enough[fact] {
                return facts.ids.get(fact);
            }
        }
        None
    }
}

/// Instructions that must not be repeated, as rows of words.
#[derive(Debug, Clone, Default)]
pub(super) struct Instructions(HashSet<u64>);

/// So many words in a row are a repetition.
pub(super) const IN_A_ROW: usize = 8;

impl Instructions {
    pub(super) fn new(text: &str) -> Self {
        let (words, mut recent, mut rows) =
            (canon::words(text), Repeated::default(), HashSet::new());
        for word in words.split(' ') {
            rows.extend(recent.row(word));
        }
        Self(rows)
    }
}

/// The latest words of a reply.
#[derive(Debug, Default)]
pub(super) struct Repeated(VecDeque<u64>);

impl Repeated {
    /// Goes on with a word; whether it completes a repetition.
    pub(super) fn read(&mut self, instructions: &Instructions, word: &str) -> bool {
        if instructions.0.is_empty() {
            return false;
        }
        self.row(word).is_some_and(|row| instructions.0.contains(&row))
    }

    fn row(&mut self, word: &str) -> Option<u64> {
        let hash = |words: &dyn Fn(&mut DefaultHasher)| {
            let mut hasher = DefaultHasher::new();
            words(&mut hasher);
            hasher.finish()
        };
        self.0.push_back(hash(&|hasher| word.hash(hasher)));
        if self.0.len() > IN_A_ROW {
            self.0.pop_front();
        }
        (self.0.len() == IN_A_ROW).then(|| hash(&|hasher| self.0.hash(hasher)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(fact: &str, reply: &str) -> bool {
        let (mut facts, mut told) = (Facts::default(), Told::default());
        facts.add("w22", fact);
        canon::words(reply).split(' ').any(|word| told.read(&facts, word).is_some())
    }

    #[test]
    fn a_fact_in_other_words_is_told() {
        let fact = "Jena dreams of a staircase with 108 steps.";
        assert!(told(fact, "I keep dreaming about a staircase, 108 steps, Jena says"));
        assert!(!told(fact, "Jena dreams of pizza with cheese"));
        let fact = "제나는 108개의 계단이 있는 꿈을 꾼다.";
        assert!(told(fact, "제나는 계단이 108개 있는 꿈을 자주 꿔요"));
        assert!(!told("too short", "too short"));
    }

    #[test]
    fn a_row_of_words_is_a_repetition() {
        let instructions =
            Instructions::new("You are Otto. Never, ever say a word about the treasure.");
        let repeats = |reply: &str| {
            let mut repeated = Repeated::default();
            canon::words(reply).split(' ').any(|word| repeated.read(&instructions, word))
        };
        assert!(repeats("It says: \"never ever say a word about the treasure\""));
        assert!(!repeats("I never say a word about the treasure"));
    }
}
