//! Questions about what the fan told.

use super::{
    extract::Extractor,
    facts::FactKey,
    likeness::group,
    rules::{any_matches, languages_of},
    sentence::{Sentence, sentences},
};
use crate::{
    mind::text::{contains_form, fold, is_hangul, words},
    persona::Language,
};

/// What a question about the fan asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// The keys, the best first. A key that ends in `_` stands for all that begin with it.
    pub keys: Vec<FactKey>,
    /// The words that say what is meant.
    pub words: Vec<String>,
    /// Groups of words that say which of several: the dog, not the cat.
    pub specific: Vec<usize>,
    /// Everything that is known.
    pub everything: bool,
    /// What was told in confidence.
    pub secrets: bool,
    /// Whether a name is asked for.
    pub named: bool,
    /// Whether this surely asks for what was told. If not, and nothing that was told fits, something
    /// else is meant.
    pub sure: bool,
}

impl Extractor {
    /// What a message asks about the fan's own past; nothing if it asks something else.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::mind::memory::{Extractor, FactKey};
    ///
    /// let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/conduct/memory.toml");
    /// let extractor = Extractor::from_toml("memory.toml", &std::fs::read_to_string(rules)?)?;
    /// assert_eq!(extractor.question("whats my name lol").unwrap().keys[0], FactKey::NAME);
    /// assert_eq!(extractor.question("내 생일 언제게").unwrap().keys[0], FactKey::BIRTHDAY);
    /// assert!(extractor.question("what's your name").is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn question(&self, text: &str) -> Option<Asked> {
        let all = sentences(text);
        let sure = all.iter().rev().find_map(|sentence| self.question_in(&sentence.text));
        let mut asked =
            sure.or_else(|| all.iter().rev().find_map(|sentence| self.soft_question_in(sentence)))?;
        let folded = fold(text);
        asked.secrets |=
            self.rules.secret_words.values().flatten().any(|form| found(&folded, form));
        Some(asked)
    }

    /// The question in one sentence that surely asks for what was told.
    pub(super) fn question_in(&self, sentence: &str) -> Option<Asked> {
        let folded = fold(sentence);
        languages_of(&folded).find_map(|language| {
            if self.is_never(language, &folded) {
                return None;
            }
            let mut patterns = self.rules.ask.get(&language).into_iter().flatten();
            let about = patterns.find_map(|pattern| pattern.captures(&folded)?.name("about"))?;
            let mut asked = self.asked(if about.len() < 4 { &folded } else { about.as_str() });
            asked.sure = true;
            asked.named = self.wants_name(&folded);
            asked.everything |= asked.keys.is_empty() && asked.words.is_empty();
            Some(asked)
        })
    }

    /// The question in one sentence that may ask for what was told.
    fn soft_question_in(&self, sentence: &Sentence) -> Option<Asked> {
        let folded = fold(&sentence.text);
        let rules = &self.rules;
        if rules.never_soft.iter().any(|pattern| pattern.is_match(&folded))
            || languages_of(&folded).any(|language| self.is_never(language, &folded))
        {
            return None;
        }
        let mut asked = self.asked(&folded);
        let is_short = || {
            let fits = |pattern: &regex::Regex| pattern.is_match(&folded);
            sentence.asks && !asked.keys.is_empty() && rules.soft_short.as_ref().is_some_and(fits)
        };
        if any_matches(&rules.soft_ask, &folded) || is_short() {
            return (!asked.keys.is_empty() || !asked.words.is_empty()).then_some(asked);
        }
        asked.keys.clear();
        asked.everything = false;
        let is_about = rules.soft_about.iter().any(|pattern| pattern.is_match(&folded));
        (is_about && !asked.words.is_empty()).then_some(asked)
    }

    fn is_never(&self, language: Language, folded: &str) -> bool {
        let patterns = self.rules.never_ask.get(&language).into_iter().flatten();
        patterns.into_iter().any(|pattern| pattern.is_match(folded))
    }

    /// What words ask for.
    pub(super) fn asked(&self, about: &str) -> Asked {
        let mut asked = Asked { words: self.asked_words(about), ..Asked::default() };
        let has = |form: &String| found(about, form);
        let any = |lists: &crate::mind::content::ByLanguage<Vec<String>>| {
            lists.values().flatten().any(has)
        };
        asked.secrets = any(&self.rules.secret_words);
        asked.named = self.wants_name(about);
        let topic = self.rules.topics.iter().find(|topic| any(&topic.words));
        if let Some(topic) = topic {
            asked.keys = topic.keys.iter().flat_map(|key| self.with_thing(key, about)).collect();
        }
        asked.everything =
            (topic.is_none() || asked.words.is_empty()) && any(&self.rules.everything);
        let groups = asked.words.iter().filter_map(|word| group(&self.rules.alike, word));
        asked.specific = groups.filter(|group| *group < self.rules.specific).collect();
        asked
    }

    fn wants_name(&self, folded: &str) -> bool {
        words(folded).any(|word| self.rules.is_stopped("naming", word))
    }

    /// "favourite_" with the thing that is asked for.
    fn with_thing(&self, key: &FactKey, about: &str) -> Vec<FactKey> {
        if !key.as_str().ends_with('_') {
            return vec![key.clone()];
        }
        let thing = words(about).find_map(|word| {
            let bare = word.strip_suffix("'s").unwrap_or(word);
            self.rules.things.get(bare).or_else(|| {
                let front = |(end, _)| word.get(..end).and_then(|w| self.rules.things.get(w));
                word.char_indices().rev().filter(|(at, c)| is_hangul(*c) && *at > 0).find_map(front)
            })
        });
        let exact = thing.and_then(|thing| format!("{key}{thing}").parse().ok());
        exact.map_or_else(|| vec![key.clone()], |exact| vec![exact])
    }

    fn asked_words(&self, about: &str) -> Vec<String> {
        self.telling_words(about).filter(|word| !self.rules.is_stopped("ask", word)).collect()
    }
}

/// Whether a form stands in a text; a Latin one as a word of its own, but for an "s" behind it.
fn found(text: &str, form: &str) -> bool {
    let plural = || form.is_ascii() && contains_form(text, &format!("{form}s"));
    contains_form(text, form) || plural()
}
