//! Tells names from all the other words that follow "I'm".

use super::{Extraction, Extractor, Said};
use crate::mind::{
    memory::{
        facts::{FactKey, FactKind},
        korean::bare_name,
        rules::any_matches,
        sentence::sentences,
    },
    text::{fold, is_hangul, words},
};

/// The longest name, in characters.
const MAX_NAME: usize = 24;

impl Extractor {
    /// A name where a name is surely meant: one word, or two if the second looks like one.
    pub(super) fn name(&self, value: &str) -> Option<String> {
        let mut parts = value.trim().split(' ');
        let first = parts.next()?.trim_end_matches('\'');
        let first = first.strip_suffix("'s").unwrap_or(first);
        if !self.could_be_name(first) {
            return None;
        }
        let second = parts.next().filter(|second| {
            let cased = starts_upper(first) == starts_upper(second);
            cased && self.could_be_name(second)
        });
        Some(second.map_or_else(|| first.to_owned(), |second| format!("{first} {second}")))
    }

    fn could_be_name(&self, word: &str) -> bool {
        let folded = fold(word);
        let length = folded.chars().count();
        let bare = folded.replace(['\'', '-'], "");
        (1..=MAX_NAME).contains(&length)
            && folded.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '-')
            && !["name", "member"].iter().any(|list| self.rules.is_stopped(list, &folded))
            && !self.rules.is_stopped("name", &bare)
            && !is_stretched(&folded)
    }

    /// A name after "I'm", which most often is none.
    pub(super) fn maybe_name(&self, value: &str, message: &str) -> Option<String> {
        let word = value.trim().trim_end_matches('\'');
        let word = word.strip_suffix("'s").unwrap_or(word);
        let folded = fold(word);
        if !self.could_be_name(word) || folded.chars().count() < 2 {
            return None;
        }
        let known = self.rules.is_allowed("name", &folded);
        let shouts = !message.chars().any(char::is_lowercase);
        let cased = starts_upper(word) && !shouts && word.chars().skip(1).any(char::is_lowercase);
        let ends = self.rules.not_name_ends.iter().any(|end| folded.ends_with(end.as_str()));
        let greets = any_matches(&self.rules.greeting, message);
        let is_name = known || (!ends && (cased || greets));
        is_name.then(|| word.to_owned())
    }

    /// A Korean name where a name is surely meant.
    pub(super) fn korean_name(&self, value: &str) -> Option<String> {
        let name = bare_name(value.trim());
        let length = name.chars().count();
        let known = self.rules.is_allowed("ko_name", name);
        let stopped = self.rules.is_stopped("ko_name", name);
        ((known || !stopped) && (1..=6).contains(&length)).then(|| name.to_owned())
    }

    /// A Korean name after "나", which most often is none.
    pub(super) fn maybe_korean_name(&self, value: &str, message: &str) -> Option<String> {
        let name = bare_name(value.trim());
        if self.rules.is_allowed("ko_name", name) {
            return Some(name.to_owned());
        }
        if self.rules.is_stopped("ko_name", name) || self.ends_in_job(name) {
            return None;
        }
        let letters: Vec<char> = name.chars().collect();
        let given = |letters: &[char]| letters.iter().all(|c| self.rules.syllables.contains(c));
        let is_name = match letters.as_slice() {
            [family, rest @ ..] if rest.len() == 2 => {
                self.rules.surnames.contains(family) && given(rest)
            }
            [_, _] => given(&letters),
            _ => false,
        };
        let greets = any_matches(&self.rules.greeting, message) && (2..=3).contains(&letters.len());
        (is_name || greets).then(|| name.to_owned())
    }

    fn ends_in_job(&self, name: &str) -> bool {
        let jobs = self.rules.allow.get("ko_job").into_iter().flatten();
        jobs.into_iter().any(|job| name.ends_with(job.as_str()))
    }

    /// "Wren", after "What should I call you?".
    pub(super) fn bare_answer(&self, said: &Said<'_>, found: &mut Extraction) {
        let Some(before) = said.reply_before else { return };
        let has_name = found.facts.iter().any(|fact| fact.key == FactKey::NAME);
        if has_name || !any_matches(&self.rules.asked_name, before) {
            return;
        }
        let all = sentences(said.text);
        let Some(first) = all.first().filter(|first| !first.asks) else { return };
        if words(&first.text).count() > 2 {
            return;
        }
        let is_korean = first.text.chars().any(is_hangul);
        let last = first.text.split(' ').next_back().unwrap_or_default();
        let ending = ["이에요", "예요", "에요", "입니다", "이야", "야", "이요", "요"];
        let stem = ending.iter().find_map(|end| last.strip_suffix(end)).unwrap_or(last);
        let name = if is_korean { self.korean_name(stem) } else { self.name(&first.text) };
        if let Some(name) = name {
            found.facts.retain(|fact| fact.key != FactKey::NOTE);
            let fact = self.fact(said, FactKey::NAME, FactKind::Profile, &name, 0.8);
            found.facts.push(fact);
        }
    }
}

fn starts_upper(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// "sooooo", "hmmm": no name has a letter three times in a row.
fn is_stretched(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    letters.windows(3).any(|three| three[0] == three[1] && three[1] == three[2])
}
