//! Korean text as phones.
//!
//! A text becomes words in Hangul (`reading`, with numbers, counters and Latin letters spelled
//! out), the words get marks where lists or endings know more than rules do (`respelling`,
//! `endings`, `phrase`), the rules of the Standard Pronunciation run over each phrase (`rules`), and
//! every syllable becomes phones (`phones`).
//!
//! Lone letters (ㅋㅋㅋ, ㅠㅠ) are laughter and tears, not words: they are silent here, and
//! so are waves and quotes.

mod counters;
mod endings;
mod hangul;
mod latin;
mod numbers;
mod numerals;
mod phones;
mod phrase;
mod reading;
mod respelling;
mod rules;
#[cfg(test)]
mod tests;
mod writing;

use std::ops::Range;

use hangul::{Joint, Syllable};
use reading::Piece;
use respelling::Written;

use super::{PronouncedWord, Pronunciation};

/// Pronounces a run of Korean.
///
/// Words are those between spaces. One that is written in Hangul, digits or Latin letters is never
/// left out; letters of other scripts are silent.
#[must_use]
pub fn pronounce(text: &str) -> Pronunciation {
    let mut pronunciation = Pronunciation::default();
    let mut before = None;
    for part in speak(text) {
        let phones = &mut pronunciation.phones;
        let (range, syllables) = match part {
            Spoken::Pause(sign) => {
                phones.push(sign);
                continue;
            }
            Spoken::Word(range, syllables) => (range, syllables),
        };
        if !phones.is_empty() {
            phones.push(' ');
        }
        let start = phones.len();
        for (index, &syllable) in syllables.iter().enumerate() {
            let after = syllables.get(index + 1).copied();
            phones.extend(phones::of(syllable, before, after).chars());
            before = Some(syllable);
        }
        let phones = start..phones.len();
        pronunciation.words.push(PronouncedWord { text: range, phones });
    }
    pronunciation
}

/// How a Korean text is said, in Hangul: 독립 is 동닙.
///
/// # Example
/// ```
/// use bevy_persona::voice::spoken_korean;
///
/// assert_eq!(spoken_korean("맛있게 먹었어요?"), "마싣께 머거써요?");
/// ```
#[must_use]
pub fn spoken(text: &str) -> String {
    let mut spoken = String::new();
    for part in speak(text) {
        match part {
            Spoken::Pause(sign) => spoken.push(sign),
            Spoken::Word(_, syllables) => {
                if !spoken.is_empty() {
                    spoken.push(' ');
                }
                spoken.extend(syllables.into_iter().map(Syllable::to_char));
            }
        }
    }
    spoken
}

/// A part of what is said.
enum Spoken {
    /// A word: where it stands in the text, and its syllables as they sound.
    Word(Range<usize>, Vec<Syllable>),
    /// A sign that is heard.
    Pause(char),
}

/// Words of a phrase, as they are written and marked.
type Phrase = Vec<(Range<usize>, Vec<Written>)>;

fn speak(text: &str) -> Vec<Spoken> {
    let mut spoken = Vec::new();
    let mut phrase = Phrase::new();
    for piece in reading::read(text) {
        match piece {
            Piece::Word { text, spelling } => {
                let mut word = respelling::parse(&spelling);
                endings::mark(&mut word);
                phrase.push((text, word));
            }
            Piece::Pause(sign) => {
                spoken.extend(speak_phrase(std::mem::take(&mut phrase)));
                spoken.push(Spoken::Pause(sign));
            }
        }
    }
    spoken.extend(speak_phrase(phrase));
    spoken
}

fn speak_phrase(mut phrase: Phrase) -> impl Iterator<Item = Spoken> {
    for index in 1..phrase.len() {
        let (before, after) = phrase.split_at_mut(index);
        if let (Some((_, word)), Some((_, next))) = (before.last(), after.first_mut()) {
            phrase::mark(word, next);
        }
    }
    let mut syllables = Vec::new();
    for (index, (_, word)) in phrase.iter_mut().enumerate() {
        respelling::mark(word);
        let first = if index == 0 { Joint::Pause } else { Joint::Space };
        let joints = std::iter::once(first).chain(std::iter::repeat(Joint::Inside));
        syllables.extend(word.iter().zip(joints).filter_map(|(it, joint)| it.to_syllable(joint)));
    }
    rules::apply(&mut syllables);
    let mut syllables = syllables.into_iter();
    phrase.into_iter().map(move |(text, word)| {
        let length = word.len();
        Spoken::Word(text, syllables.by_ref().take(length).collect())
    })
}
