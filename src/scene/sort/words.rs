//! The words of an answer, with what is known of them.

use super::thesaurus;

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    /// In small letters.
    pub(super) text: String,
    /// Without its ending.
    pub(super) stem: String,
    /// What it means, by rows of the thesaurus.
    pub(super) meanings: Vec<usize>,
    /// Whether it is said not to be so.
    pub(super) negated: bool,
}

/// Words that tell nothing about what is chosen.
const EMPTY: &str = "a an the i im id ill ive you it its that this is be am are was to of for in on at and or my \
    me we us so would will shall should could can do with think guess want like choose pick \
    take say let some something someone somebody thing maybe please um well just";

/// Words behind which something is meant not to be so.
const NOT: &str = "not never without except than instead isnt wasnt hate 안 no";
/// Endings and words that take back what stands before them.
const NOT_BEFORE: &str = "말고 아니고 아니라 빼고 대신 아닌";
/// How many words a `not` reaches.
const REACH: usize = 3;

/// The words of a text in their order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let folded = fold(text);
    let (marked, meant) = thesaurus::phrases(&folded);
    let mut words: Vec<Word> = Vec::new();
    let mut reach = 0_usize;
    let mut clause = 0;
    for piece in marked.split(' ').filter(|piece| !piece.is_empty()) {
        if matches!(piece, "," | "but" | "그냥" | "근데") {
            reach = 0;
            clause = words.len();
            continue;
        }
        if let Some(row) = piece.strip_prefix('\u{1}').and_then(|index| index.parse().ok()) {
            words.push(phrase(row, &meant));
            reach = 0;
            continue;
        }
        let taken_back = NOT_BEFORE.split(' ').find_map(|not| piece.strip_suffix(not));
        let piece = taken_back.unwrap_or(piece);
        if !piece.is_empty() {
            words.push(word(piece, reach > 0));
        }
        if taken_back.is_some() {
            words[clause..].iter_mut().for_each(|word| word.negated = true);
            clause = words.len();
        }
        reach = if is_not(piece) { REACH } else { reach.saturating_sub(1) };
    }
    words
}

/// The words of an option that tell something, or all where none does.
pub(super) fn of_option(spelling: &str) -> Vec<Word> {
    let all: Vec<Word> =
        words(spelling).into_iter().map(|word| Word { negated: false, ..word }).collect();
    let telling = |word: &&Word| !is_empty_word(&word.text) && !is_plain_no(word, all.len());
    let some: Vec<_> = all.iter().filter(telling).cloned().collect();
    if some.is_empty() { all } else { some }
}

/// `no` in "for no reason" is no answer of its own.
fn is_plain_no(word: &Word, count: usize) -> bool {
    count > 1 && is_not(&word.text)
}

fn word(piece: &str, negated: bool) -> Word {
    let stem = super::likeness::stem(piece);
    let meanings = thesaurus::meanings(piece, &stem);
    Word { text: piece.into(), stem, meanings, negated }
}

fn phrase(row: usize, meant: &[String]) -> Word {
    let text = meant.get(row).cloned().unwrap_or_default();
    let meanings = thesaurus::of_phrase(&text);
    Word { stem: text.clone(), text, meanings, negated: false }
}

/// In small letters, words and commas apart, apostrophes gone: "don't" is "do not".
fn fold(text: &str) -> String {
    let lower = text.to_lowercase().replace(['’', '‘'], "'");
    let lower = lower.replace("can't", "can not").replace("won't", "will not");
    let lower = lower.replace("n't", " not").replace('\'', "");
    let mut folded = String::with_capacity(lower.len() + 2);
    folded.push(' ');
    for c in lower.chars() {
        match c {
            ',' | '.' | ';' | '!' | '?' | '…' | '。' | '、' => folded.push_str(" , "),
            c if c.is_alphanumeric() => folded.push(c),
            _ => folded.push(' '),
        }
    }
    folded.push(' ');
    folded.split_whitespace().fold(" ".into(), |text, word| text + word + " ")
}

pub(super) fn is_empty_word(text: &str) -> bool {
    EMPTY.split(' ').any(|word| word == text)
}

fn is_not(text: &str) -> bool {
    NOT.split(' ').any(|word| word == text)
}
