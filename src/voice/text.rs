//! What is said of any text, and how: markup, faces and emoji are left out, each language is read by its own rules.

mod cleaned;
mod faces;
mod fold;
mod markup;
mod runs;

use std::ops::Range;

pub(super) use fold::Waves;

use self::{
    cleaned::Cleaned,
    runs::{Run, Script},
};
use super::{
    PronouncedWord, Pronunciation,
    english::{self, Lexicon},
    japanese, korean,
};
use crate::persona::Language;

/// How a text is said, whatever stands in it; `language` is that of what no script tells.
///
/// Markup, emoji and letters that nobody here can read are silent. The places of the words are those
/// in `text`, in bytes.
#[must_use]
pub fn pronounce(text: &str, language: Language, lexicon: &Lexicon) -> Pronunciation {
    let cleaned = cleaned(text, Waves::Silent);
    let mut whole = Pronunciation::default();
    for Run { script, range } in runs::runs(cleaned.as_str(), language) {
        let run = &cleaned.as_str()[range.clone()];
        let said = match script {
            Script::English => english::pronounce(run, lexicon),
            Script::Korean => korean::pronounce(run),
            Script::Japanese => japanese::pronounce(run),
            Script::Unread => signs_of(run),
        };
        join(&mut whole, said, run, |word| {
            cleaned.origin(&(range.start + word.start..range.start + word.end))
        });
    }
    tidied(whole)
}

/// What of a text is said, whoever says it: without markup and faces, in plain characters.
pub(super) fn cleaned(text: &str, waves: Waves) -> Cleaned {
    fold::folded(&faces::without_faces(&markup::without_markup(Cleaned::new(text))), waves)
}

/// Puts a run behind the others; `origin` tells where a word of it stood.
fn join(
    whole: &mut Pronunciation,
    said: Pronunciation,
    run: &str,
    origin: impl Fn(&Range<usize>) -> Range<usize>,
) {
    let spaced = |c: Option<&char>| c.is_none_or(|c| *c == ' ');
    if run.starts_with(' ') && !spaced(whole.phones.last()) && !spaced(said.phones.first()) {
        whole.phones.push(' ');
    }
    let before = whole.phones.len();
    whole.phones.extend(said.phones);
    for word in said.words {
        let (text, phones) =
            (origin(&word.text), word.phones.start + before..word.phones.end + before);
        match whole.words.last_mut() {
            // Of one character of the original became several.
            Some(last) if text.start < last.text.end => {
                last.text.end = last.text.end.max(text.end);
                last.phones.end = phones.end;
            }
            _ => whole.words.push(PronouncedWord { text, phones }),
        }
    }
    if run.ends_with(' ') && !spaced(whole.phones.last()) {
        whole.phones.push(' ');
    }
}

/// The pauses of a run that is not read.
fn signs_of(run: &str) -> Pronunciation {
    let mut phones: Vec<char> = Vec::new();
    for c in run.chars().filter(|c| matches!(c, ',' | '.' | '!' | '?' | '…' | ';' | ':' | '—'))
    {
        if phones.last() != Some(&c) {
            phones.push(c);
        }
    }
    Pronunciation { phones, words: Vec::new() }
}

/// Without spaces at the ends, and without anything if no word is said.
fn tidied(mut whole: Pronunciation) -> Pronunciation {
    let Some(last) = whole.words.last() else { return Pronunciation::default() };
    let spoken = last.phones.end;
    while whole.phones.len() > spoken && whole.phones.last() == Some(&' ') {
        whole.phones.pop();
    }
    let silent = |c: &&char| matches!(c, ' ' | ',' | '.' | '…' | '!' | '?' | ';' | ':' | ')');
    let first = whole.words.first().map_or(0, |word| word.phones.start);
    let leading = whole.phones[..first].iter().take_while(silent).count();
    whole.phones.drain(..leading);
    for word in &mut whole.words {
        word.phones = word.phones.start - leading..word.phones.end - leading;
    }
    whole
}

#[cfg(test)]
mod tests;
