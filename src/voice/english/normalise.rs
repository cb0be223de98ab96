//! Written English to words that can be said: numbers, dates, money, signs, shorthand.

mod clock;
mod number;
mod quantity;
mod shorthand;
mod signs;

use std::{ops::Range, sync::LazyLock};

use regex::{Captures, Regex};

/// Something written, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Where it stands, in bytes.
    pub text: Range<usize>,
    pub said: Vec<Said>,
    /// Whether a space stands before it.
    pub spaced: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Word(String),
    /// Said letter by letter.
    Letters(String),
    /// A sign that is heard as a pause or a melody.
    Pause(char),
}

/// Where in a text we are.
struct Place<'a> {
    before: &'a str,
    rest: &'a str,
}

impl Place<'_> {
    fn after(&self, found: &Captures) -> &str {
        &self.rest[found.get(0).map_or(0, |whole| whole.end())..]
    }

    fn within_word(&self) -> bool {
        self.before.ends_with(char::is_alphanumeric)
    }
}

/// What a rule says of what it found: words with spaces between; `~AB` is spelled, signs are pauses.
/// Nothing if it does not fit after all.
type Say = fn(&Captures, &Place) -> Option<String>;

struct Rule {
    pattern: Regex,
    say: Say,
}

/// Patterns of the beginning of a text, and what is said of them.
fn rules(table: &[(&str, Say)]) -> Vec<Rule> {
    let rule =
        |&(pattern, say): &(&str, Say)| Some(Rule { pattern: Regex::new(pattern).ok()?, say });
    table.iter().filter_map(rule).collect()
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let tables = [signs::EARLY, clock::RULES, quantity::RULES, shorthand::RULES, signs::RULES];
    tables.into_iter().flat_map(rules).collect()
});

/// Cuts a text into what is said, in order. Everything with a letter or a digit is said.
pub(super) fn items(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    let mut spaced = false;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            spaced = true;
            at += c.len_utf8();
            continue;
        }
        let place = Place { before: &text[..at], rest: &text[at..] };
        let (length, said) = first_match(&place).unwrap_or((c.len_utf8(), Vec::new()));
        if !said.is_empty() {
            items.push(Item { text: at..at + length, said, spaced });
            spaced = false;
        }
        at += length;
    }
    items
}

fn first_match(place: &Place) -> Option<(usize, Vec<Said>)> {
    // A rule needs not see all of a long text.
    let near = place.rest.char_indices().nth(200).map_or(place.rest, |(end, _)| &place.rest[..end]);
    for rule in &*RULES {
        let Some(found) = rule.pattern.captures(near) else { continue };
        let length = found.get(0).map_or(0, |whole| whole.end());
        if length == 0 {
            continue;
        }
        if let Some(words) = (rule.say)(&found, place) {
            let mut said = parsed(&words);
            let stop = near[..length].ends_with('.') && !words.ends_with(['.', '…']);
            if stop && ends_sentence(&near[..length], &place.rest[length..]) {
                said.push(Said::Pause('.'));
            }
            return Some((length, said));
        }
    }
    None
}

/// Whether the full stop of an abbreviation also ends a sentence.
fn ends_sentence(form: &str, rest: &str) -> bool {
    const BEFORE_NAMES: [&str; 10] =
        ["Dr.", "Mr.", "Mrs.", "Ms.", "Prof.", "St.", "Mt.", "vs.", "ft.", "feat."];
    let next = rest.trim_start();
    let capital = rest.len() != next.len() && next.starts_with(char::is_uppercase);
    next.is_empty() || capital && !BEFORE_NAMES.contains(&form)
}

/// Signs that the voice knows.
const PAUSES: &str = ".,!?;:…—“”()";

fn parsed(words: &str) -> Vec<Said> {
    let parse = |word: &str| match word.strip_prefix('~') {
        Some(letters) => Said::Letters(letters.into()),
        None => match word.chars().next() {
            Some(sign) if word.len() == sign.len_utf8() && PAUSES.contains(sign) => {
                Said::Pause(sign)
            }
            _ => Said::Word(word.into()),
        },
    };
    words.split_whitespace().map(parse).collect()
}

#[cfg(test)]
mod tests;
