//! One sentence of a fan, cut into words.

use crate::mind::text::{fold, is_hangul, words};

/// More of a sentence is not read.
const MAX_UNITS: usize = 80;

/// A word of one script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) text: String,
    /// Where it begins among the characters of the line.
    pub(super) start: usize,
    /// `jena's`, or `jenas` of a name.
    pub(super) possessive: bool,
}

/// A sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) units: Vec<Unit>,
    /// The characters of all units, without spaces.
    pub(super) chars: Vec<char>,
    /// It ends with a question mark.
    pub(super) marked: bool,
    /// The words with which its clauses begin, after commas.
    pub(super) clauses: Vec<usize>,
}

impl Line {
    /// A sentence whose words stay as they are.
    #[cfg(test)]
    pub(super) fn plain(sentence: &str) -> Self {
        Self::new(sentence, |word| vec![word.trim_end_matches("'s").into()])
    }

    /// A sentence whose Latin words `spell` rewrites, each to none, one or several.
    pub(super) fn new(sentence: &str, spell: impl Fn(&str) -> Vec<String>) -> Self {
        let folded = fold(sentence);
        let mut line = Self { marked: folded.contains(['?', '？']), ..Self::default() };
        for clause in folded.split([',', ':', '，']).flat_map(|part| part.split("..")) {
            line.clauses.push(line.units.len());
            for run in words(clause).flat_map(scripts) {
                if run.chars().any(is_hangul) {
                    line.push(run.into(), false);
                } else {
                    line.push_latin(run, &spell);
                }
            }
        }
        line
    }

    fn push_latin(&mut self, run: &str, spell: impl Fn(&str) -> Vec<String>) {
        for word in spell(run) {
            self.push(word, false);
        }
        if run.ends_with("'s")
            && let Some(unit) = self.units.last_mut()
        {
            unit.possessive = true;
        }
    }

    fn push(&mut self, text: String, possessive: bool) {
        if self.units.len() < MAX_UNITS && !text.is_empty() {
            let start = self.chars.len();
            self.chars.extend(text.chars());
            self.units.push(Unit { text, start, possessive });
        }
    }

    /// Whether a word begins at a character.
    pub(super) fn begins_unit(&self, at: usize) -> bool {
        self.units.binary_search_by_key(&at, |unit| unit.start).is_ok()
    }

    /// The word that holds a character.
    pub(super) fn unit_of(&self, at: usize) -> usize {
        self.units.partition_point(|unit| unit.start <= at).saturating_sub(1)
    }

    /// What follows a character in the word of the character before it.
    pub(super) fn rest_of_unit(&self, at: usize) -> String {
        let unit = self.unit_of(at.saturating_sub(1));
        let end = self.units.get(unit + 1).map_or(self.chars.len(), |next| next.start);
        self.chars.get(at..end).unwrap_or_default().iter().collect()
    }
}

/// The runs of one script in a word; digits belong to what is before or after them.
fn scripts(word: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut korean = None;
    for (at, c) in word.char_indices() {
        if c.is_numeric() || c == '\'' {
            continue;
        }
        let here = is_hangul(c);
        if korean.is_some_and(|before| before != here) {
            runs.push(&word[start..at]);
            start = at;
        }
        korean = Some(here);
    }
    runs.push(&word[start..]);
    runs
}

/// The sentences of a message, each with the sign that ends it. Dots that trail off end none.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.char_indices().find_map(|(at, c)| ends(rest, at, c))?;
        let (sentence, after) = rest.split_at(end);
        rest = after;
        Some(sentence)
    })
    .filter(|sentence| sentence.chars().any(char::is_alphanumeric))
}

/// Where the sentence ends that ends with this character, or with the text.
fn ends(text: &str, at: usize, c: char) -> Option<usize> {
    let after = at + c.len_utf8();
    let trails = text[..at].ends_with('.') || text[after..].starts_with('.');
    let stops = match c {
        '.' => !trails,
        '!' | '?' | '？' | '。' | '\n' | ';' | '~' => true,
        _ => false,
    };
    (stops || after == text.len()).then_some(after)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(sentence: &str) -> Vec<String> {
        Line::plain(sentence).units.into_iter().map(|unit| unit.text).collect()
    }

    #[test]
    fn scripts_part_and_digits_stay() {
        assert_eq!(texts("시우mbti가 3월?"), ["시우", "mbti", "가", "3월"]);
        assert!(Line::plain("jena's?").marked && Line::plain("jena's").units[0].possessive);
    }

    #[test]
    fn a_message_parts_into_sentences() {
        assert_eq!(sentences("Hi! I'm Mina... you?").count(), 2);
        assert_eq!(sentences("언제야 한. 누구").last(), Some(" 누구"));
    }

    proptest! {
        #[test]
        fn units_cover_the_characters(text in ".{0,60}") {
            let line = Line::plain(&text);
            let total: usize = line.units.iter().map(|unit| unit.text.chars().count()).sum();
            prop_assert_eq!(total, line.chars.len());
            for at in 0..line.chars.len() {
                let unit = &line.units[line.unit_of(at)];
                prop_assert!(unit.start <= at);
            }
        }
    }
}
