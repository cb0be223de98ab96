//! Brings slang and typing errors of Latin words to the words of the guide.

use std::collections::{HashMap, HashSet};

use crate::mind::text::{fold, words};

/// The shortest word in which a typing error is mended.
const MENDED: usize = 5;

/// So many letters of a beginning are looked up at once.
const HEAD: usize = 3;

#[derive(Debug, Default)]
pub(super) struct Spelling {
    rewritten: HashMap<String, Vec<String>>,
    known: HashSet<String>,
    /// How words may begin, by their first letters.
    starts: HashMap<String, Vec<String>>,
    /// Longer words of the guide without one of their letters.
    shortened: HashMap<String, Vec<String>>,
}

impl Spelling {
    /// A word that is written otherwise: as none, one or several.
    pub(super) fn rewrite(&mut self, word: &str, to: &str) {
        let to = to.split_whitespace().map(Into::into).collect();
        self.rewritten.insert(word.replace('\'', ""), to);
    }

    /// A word of the guide.
    pub(super) fn add(&mut self, word: &str) {
        if self.known.insert(word.into()) && word.chars().count() >= MENDED {
            for short in shortenings(word) {
                self.shortened.entry(short).or_default().push(word.into());
            }
        }
    }

    /// The beginning of words of the guide.
    pub(super) fn add_start(&mut self, start: &str) {
        self.starts.entry(head(start)).or_default().push(start.into());
    }

    /// Words that exist, and so are no typing errors for others.
    pub(super) fn learn<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        for text in texts {
            self.known.extend(plain_words(text));
        }
    }

    /// Words that several of these texts hold, and so are no typing errors.
    pub(super) fn learn_common<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        let mut once: HashSet<String> = HashSet::new();
        for text in texts {
            for word in plain_words(text).collect::<HashSet<_>>() {
                if once.contains(&word) {
                    self.known.insert(word);
                } else {
                    once.insert(word);
                }
            }
        }
    }

    /// A word, which may hold an apostrophe, as the guide writes it.
    pub(super) fn spell(&self, word: &str) -> Vec<String> {
        if let Some((base, _)) = word.split_once('\'') {
            let joined = self.rewritten.get(&word.replace('\'', ""));
            return joined.cloned().unwrap_or_else(|| self.spell(base));
        }
        let word = squeezed(word, 2);
        if let Some(to) = self.rewritten.get(&word) {
            return to.clone();
        }
        if self.is_known(&word) {
            return vec![word];
        }
        let short = squeezed(&word, 1);
        if let Some(to) = self.rewritten.get(&short).filter(|_| short != word) {
            return to.clone();
        }
        let word = if self.is_known(&short) { short } else { word };
        vec![self.mended(&word).unwrap_or(word)]
    }

    fn is_known(&self, word: &str) -> bool {
        let mut starts = self.starts.get(&head(word)).into_iter().flatten();
        self.known.contains(word) || starts.any(|start| word.starts_with(start.as_str()))
    }

    /// The word of the guide from which this one differs by one letter, but not by its ending: that
    /// would be another form of it.
    fn mended(&self, word: &str) -> Option<String> {
        if word.len() < MENDED || !word.is_ascii() || self.is_known(word) {
            return None;
        }
        let shorts = shortenings(word);
        let longer = self.shortened.get(word).into_iter().flatten();
        let same = shorts.iter().filter_map(|short| self.shortened.get(short)).flatten();
        let shorter = shorts.iter().filter_map(|short| self.known.get(short));
        longer.chain(same).chain(shorter).find(|known| is_slip(word, known)).cloned()
    }
}

/// Whether one of two words may be the other with a slip of the finger.
fn is_slip(word: &str, known: &str) -> bool {
    let (first, last) = (word.chars().next(), word.chars().next_back());
    let ends_alike = last == known.chars().next_back() || sorted(word) == sorted(known);
    known.len() >= MENDED
        && first == known.chars().next()
        && ends_alike
        && strsim::osa_distance(word, known) == 1
}

fn sorted(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

fn plain_words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let plain: Vec<String> = words(&folded).map(|word| word.replace('\'', "")).collect();
    plain.into_iter()
}

/// The first letters of a word.
pub(super) fn head(word: &str) -> String {
    word.chars().take(HEAD).collect()
}

fn shortenings(word: &str) -> Vec<String> {
    let without = |(at, c): (usize, char)| [&word[..at], &word[at + c.len_utf8()..]].concat();
    word.char_indices().map(without).collect()
}

/// Without more than `most` of the same letter in a row; digits stay.
fn squeezed(word: &str, most: usize) -> String {
    let letters: Vec<char> = word.chars().collect();
    let same = letters.chunk_by(|a, b| a == b && !a.is_numeric());
    same.flat_map(|same| &same[..same.len().min(most)]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spelling() -> Spelling {
        let mut spelling = Spelling::default();
        spelling.rewrite("u", "you");
        spelling.rewrite("what's", "what is");
        ["birthday", "coming", "cool"].iter().for_each(|word| spelling.add(word));
        spelling.add_start("annoy");
        spelling
    }

    #[test]
    fn slang_and_slips_become_words_of_the_guide() {
        for (word, spelt) in [
            ("birthday", "birthday"),
            ("brithday", "birthday"),
            ("birtday", "birthday"),
            ("birthdya", "birthday"),
            ("biirthhdayyy", "birthday"),
            ("uuu", "you"),
            ("cooool", "cool"),
            ("what's", "what is"),
            ("whats", "what is"),
            ("birthday's", "birthday"),
        ] {
            assert_eq!(spelling().spell(word).join(" "), spelt, "{word}");
        }
    }

    #[test]
    fn other_forms_and_other_words_stay() {
        let mut spelling = spelling();
        spelling.learn(["combing it"].into_iter());
        for word in ["birthdays", "combing", "annoying", "cold", "day"] {
            assert_eq!(spelling.spell(word), [word]);
        }
    }

    proptest! {
        #[test]
        fn any_word_is_spelt(word in ".{0,12}|[a-z']{0,12}") {
            spelling().spell(&word);
        }
    }
}
