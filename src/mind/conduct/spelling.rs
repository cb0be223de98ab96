//! Messages as the patterns read them: chat spelling, disguises and typing errors undone.

use std::collections::{BTreeMap, HashMap, HashSet};

use strsim::osa_distance;

use super::file::Spellings;
use crate::mind::text::{fold, is_hangul, words};

/// Shorter words have too many neighbours to tell which one was meant.
const SHORTEST_TYPO: usize = 4;
/// From this length on two wrong letters are still the same word.
const TWO_TYPOS: usize = 10;

/// How words are spelled.
#[derive(Debug)]
pub(super) struct Spelling {
    words: BTreeMap<String, String>,
    /// Words whose typing errors are mended, by length.
    typos_of: HashMap<usize, Vec<String>>,
    /// Words that are right as they are.
    known: HashSet<String>,
}

impl Spelling {
    pub(super) fn new(spellings: &Spellings) -> Self {
        let mut typos_of = HashMap::<usize, Vec<String>>::new();
        for word in &spellings.typos_of {
            typos_of.entry(word.len()).or_default().push(word.clone());
        }
        let known = spellings.typos_of.iter().cloned().collect();
        Self { words: spellings.words.clone(), typos_of, known }
    }

    /// Takes the words of `text` as rightly spelled.
    pub(super) fn learn(&mut self, text: &str) {
        let folded = undisguised(text);
        let new = words(&folded).filter(|word| !self.known.contains(*word)).map(str::to_owned);
        let new: Vec<String> = new.collect();
        self.known.extend(new);
    }

    /// The text as patterns read it.
    pub(super) fn plain(&self, text: &str) -> String {
        let text = joined(&undisguised(text));
        let mut plain = String::with_capacity(text.len() + 16);
        let mut rest = text.as_str();
        while let Some(c) = rest.chars().next() {
            if c.is_ascii_alphanumeric() {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
                self.push_word(&rest[..end], &mut plain);
                rest = &rest[end..];
            } else {
                plain.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        plain
    }

    fn push_word(&self, word: &str, plain: &mut String) {
        let right = |word: &str| self.words.get(word).map(String::as_str);
        if let Some(meant) = right(word) {
            plain.push_str(meant);
        } else if self.known.contains(word) || word.bytes().all(|b| b.is_ascii_digit()) {
            plain.push_str(word);
        } else {
            let letters = self.squeezed(&letters_for_digits(word));
            let meant = right(&letters).or_else(|| self.mended(&letters));
            plain.push_str(meant.unwrap_or(&letters));
        }
    }

    /// The word without letters held down: two of them if that is a word, else one.
    fn squeezed(&self, word: &str) -> String {
        let at_most = |most: usize| {
            let mut run = 0;
            let mut last = None;
            word.chars()
                .filter(|&c| {
                    run = if last == Some(c) { run + 1 } else { 1 };
                    last = Some(c);
                    run <= most
                })
                .collect::<String>()
        };
        let twice = at_most(2);
        if twice == word || self.known.contains(&twice) { twice } else { at_most(1) }
    }

    fn mended(&self, word: &str) -> Option<&str> {
        if word.len() < SHORTEST_TYPO || self.known.contains(word) {
            return None;
        }
        let most = if word.len() >= TWO_TYPOS { 2 } else { 1 };
        let lengths = word.len() - most..=word.len() + most;
        let may_be = |right: &&String| right.bytes().next() == word.bytes().next();
        let is = |right: &&String| match word.len() {
            SHORTEST_TYPO => right.len() == word.len() && is_swapped(word, right),
            _ => osa_distance(word, right) <= most,
        };
        lengths
            .filter_map(|length| self.typos_of.get(&length))
            .flatten()
            .filter(may_be)
            .find(is)
            .map(String::as_str)
    }
}

/// Whether the letters are the same in another order: `wnat`.
fn is_swapped(word: &str, right: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters = word.as_bytes().to_vec();
        letters.sort_unstable();
        letters
    };
    sorted(word) == sorted(right) && osa_distance(word, right) == 1
}

/// Folded, without apostrophes, laughter and invisible signs, full-width letters made plain.
fn undisguised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in fold(text).chars() {
        match c {
            '\''
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2060}'
            | '\u{fe00}'..='\u{feff}'
            | 'ㅋ'
            | 'ㅎ'
            | 'ㅠ'
            | 'ㅜ' => {}
            '\u{ff01}'..='\u{ff5e}' => {
                out.extend(char::from_u32(c as u32 - 0xfee0).map(|c| c.to_ascii_lowercase()));
            }
            c => out.push(c),
        }
    }
    undotted(&out)
}

/// Without the dots and dashes that stand between two Korean syllables.
fn undotted(text: &str) -> String {
    let is_dot = |c: char| matches!(c, '.' | '…' | '~' | '-' | '_' | '*' | '^' | '·');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.trim_start_matches(is_dot);
        let between =
            out.chars().next_back().is_some_and(is_hangul) && after.starts_with(is_hangul);
        if is_dot(c) && between {
            rest = after;
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// Four or more letters that stand alone, `k i l l` or `k.i.l.l`, become a word.
fn joined(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_letter = |at: usize| chars.get(at).is_some_and(char::is_ascii_alphabetic);
    let is_gap =
        |at: usize| chars.get(at).is_some_and(|c| matches!(c, ' ' | '.' | '-' | '_' | '*'));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let starts = is_letter(at) && (at == 0 || !chars[at - 1].is_alphanumeric());
        let mut letters = 1;
        while starts && is_gap(at + 2 * letters - 1) && is_letter(at + 2 * letters) {
            letters += 1;
        }
        let stands_alone = !chars.get(at + 2 * letters - 1).is_some_and(|c| c.is_alphanumeric());
        letters -= usize::from(!stands_alone);
        if starts && letters >= 4 {
            out.extend((0..letters).map(|letter| chars[at + 2 * letter]));
            at += 2 * letters - 1;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// `su1c1de` → `suicide`: digits between letters are read as the letters they look like.
fn letters_for_digits(word: &str) -> String {
    let bytes = word.as_bytes();
    let is_letter =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphabetic);
    let letter = |(at, c): (usize, char)| {
        let between = is_letter(at.checked_sub(1)) && is_letter(Some(at + 1));
        match c {
            '0' if between => 'o',
            '1' if between => 'i',
            '3' if between => 'e',
            '4' if between => 'a',
            '5' if between => 's',
            '7' if between => 't',
            _ => c,
        }
    };
    word.char_indices().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spelling() -> Spelling {
        let mut spelling = Spelling::new(&Spellings {
            words: [("u".into(), "you".into()), ("wanna".into(), "want to".into())].into(),
            typos_of: ["want", "suicide", "instructions"].map(String::from).into(),
        });
        spelling.learn("i will kill the wand, please");
        spelling
    }

    #[test]
    fn disguises_and_typing_errors_are_undone() {
        for (typed, plain) in [
            ("I’d wanna DIE", "id want to die"),
            ("wnat su1cide instrctions", "want suicide instructions"),
            ("killlll the wand pleaseee", "kill the wand please"),
            ("s u i c i d e", "suicide"),
            ("k.i.l.l you", "kill you"),
            ("죽..고 싶어ㅠㅠㅋㅋ", "죽고 싶어"),
            ("ａｂ\u{200b}ｃ", "abc"),
            ("a b c", "a b c"),
            ("rin@example.com 4111", "rin@example.com 4111"),
        ] {
            assert_eq!(spelling().plain(typed), plain);
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_plain_form(text in "[a-e. 1ㅠ한'-]{0,20}|.{0,40}") {
            spelling().plain(&text);
        }
    }
}
