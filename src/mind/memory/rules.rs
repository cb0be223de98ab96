//! The rules by which messages are read, as `memory.toml` gives them.

mod compile;
mod file;
mod shapes;

use std::collections::{BTreeMap, HashMap, HashSet};

use regex::Regex;

use super::facts::{FactKey, FactKind};
use crate::{
    mind::{content::ByLanguage, text::is_hangul},
    persona::{AssetFileError, Language},
};
use file::RuleFile;
pub(super) use file::{Filter, WhenWords};

/// One rule, ready to be tried.
#[derive(Debug)]
pub(super) struct Rule {
    pub key: String,
    pub kind: FactKind,
    pub filter: Filter,
    pub confidence: f32,
    pub in_question: bool,
    /// The time is cut out of the sentence before, and kept apart.
    pub dated: bool,
    /// Without a time it is no such thing.
    pub needs_when: bool,
    /// What the sentence must hold.
    pub needs: Option<Regex>,
    /// What the message must hold.
    pub needs_before: Option<Regex>,
    /// What the message must not hold.
    pub unless_before: Option<Regex>,
    pub compose: Vec<String>,
    pub patterns: Vec<Regex>,
}

/// What questions are about: words, and the keys they ask for.
#[derive(Debug)]
pub(super) struct Topic {
    pub keys: Vec<FactKey>,
    pub words: ByLanguage<Vec<String>>,
}

/// Patterns by language.
pub(super) type Patterns = ByLanguage<Vec<Regex>>;

/// Sets of words by the name of their list.
pub(super) type Words = BTreeMap<String, HashSet<String>>;

/// Everything that `memory.toml` says, ready to be used.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub rules: ByLanguage<Vec<Rule>>,
    pub skip: Patterns,
    /// Sentences that the next one answers.
    pub joined: Vec<Regex>,
    /// Quotes and stage directions.
    pub ignored: Vec<Regex>,
    pub secret: Patterns,
    pub secret_opener: Patterns,
    pub asked_name: Patterns,
    pub when: ByLanguage<(Vec<Regex>, WhenWords)>,
    pub correct: Patterns,
    pub forget: Patterns,
    pub never_forget: Vec<Regex>,
    pub forget_all: HashSet<String>,
    pub ask: Patterns,
    pub never_ask: Patterns,
    pub soft_ask: Patterns,
    pub soft_about: Vec<Regex>,
    pub soft_short: Option<Regex>,
    pub never_soft: Vec<Regex>,
    pub topics: Vec<Topic>,
    pub everything: ByLanguage<Vec<String>>,
    pub secret_words: ByLanguage<Vec<String>>,
    /// The group of each word that has words like it.
    pub alike: HashMap<String, usize>,
    /// Groups before this one tell one thing from another: a dog is no cat.
    pub specific: usize,
    /// What a thing is called in keys.
    pub things: HashMap<String, String>,
    /// Members by id, as they are called in Korean.
    pub members: HashMap<String, String>,
    pub stop: Words,
    pub allow: Words,
    pub greeting: Patterns,
    pub not_name_ends: Vec<String>,
    pub syllables: HashSet<char>,
    pub surnames: HashSet<char>,
    pub trim: BTreeMap<String, Vec<String>>,
    pub note: Patterns,
    pub plain: HashSet<String>,
    pub dull: HashSet<String>,
    pub orders: HashSet<String>,
    pub turned: HashMap<String, String>,
    pub reply_promise: Patterns,
}

impl Rules {
    /// Reads a rule file; `file` is its name in errors.
    ///
    /// # Errors
    /// If it is no TOML, does not say what it should, or a pattern is no regular expression.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, AssetFileError> {
        RuleFile::read(file, text)?.compiled(file, text)
    }

    pub fn is_stopped(&self, list: &str, word: &str) -> bool {
        self.stop.get(list).is_some_and(|words| words.contains(word))
    }

    pub fn is_allowed(&self, list: &str, word: &str) -> bool {
        self.allow.get(list).is_some_and(|words| words.contains(word))
    }
}

/// The languages whose rules are tried on a text: those of the letters in it.
pub(super) fn languages_of(text: &str) -> impl Iterator<Item = Language> {
    let korean = text.chars().any(is_hangul).then_some(Language::Korean);
    let english = text.chars().any(|c| c.is_ascii_alphabetic()).then_some(Language::English);
    korean.into_iter().chain(english)
}

/// Whether any pattern of a language of the text is found in it.
pub(super) fn any_matches(patterns: &Patterns, text: &str) -> bool {
    languages_of(text)
        .filter_map(|language| patterns.get(&language))
        .flatten()
        .any(|pattern| pattern.is_match(text))
}
