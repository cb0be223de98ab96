//! Latin letters inside Korean: names, abbreviations, and what nobody listed.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    hangul::{self, Joint, Syllable},
    respelling::lines,
};
use crate::hangul::is_syllable;

fn table(file: &'static str) -> HashMap<&'static str, &'static str> {
    lines(file).filter_map(|line| line.split_once('\t')).collect()
}

static WORDS: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| table(include_str!("data/latin.tsv")));
static LETTERS: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| table(include_str!("data/letters.tsv")));
static UNITS: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| table(include_str!("data/units.tsv")));
static SPELLING: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| table(include_str!("data/spelling.tsv")));
/// Longest word with a digit or a sign inside that is looked for, in characters.
const LONGEST_WORD: usize = 8;
const LONGEST_UNIT: usize = 4;
/// Abbreviations are at most so long; longer words in capitals are shouted words.
const LONGEST_ABBREVIATION: usize = 5;

/// The unit at the beginning of `text`: how many characters it has, and how it is said.
pub(super) fn unit(text: &[char]) -> Option<(usize, &'static str)> {
    (1..=LONGEST_UNIT.min(text.len())).rev().find_map(|length| {
        let unit: String = text[..length].iter().collect();
        let ends = !text[length - 1].is_ascii_alphabetic()
            || !text.get(length).is_some_and(char::is_ascii_alphanumeric);
        UNITS.get(unit.as_str()).filter(|_| ends).map(|said| (length, *said))
    })
}

/// A listed word of letters, digits and signs (MP3, K-POP, R&B) at the beginning of `text`.
pub(super) fn listed(text: &[char]) -> Option<(usize, &'static str)> {
    (2..=LONGEST_WORD.min(text.len())).rev().find_map(|length| {
        let mixed = text[..length].iter().any(|it| !it.is_ascii_alphabetic());
        let ends = !text.get(length).is_some_and(char::is_ascii_alphanumeric);
        let word: String = text[..length].iter().collect::<String>().to_ascii_lowercase();
        WORDS.get(word.as_str()).filter(|_| mixed && ends).map(|said| (length, *said))
    })
}

/// How a run of Latin letters is said in Korean. Never empty if `word` is not.
pub(super) fn say(word: &str) -> String {
    let small = word.to_ascii_lowercase();
    if let Some(said) = WORDS.get(small.as_str()) {
        return (*said).into();
    }
    let capitals = word.chars().all(|letter| letter.is_ascii_uppercase());
    let vowels = small.chars().any(|letter| "aeiouy".contains(letter));
    let said = if !vowels || capitals && word.len() <= LONGEST_ABBREVIATION {
        String::new()
    } else {
        sound_out(&small)
    };
    if said.is_empty() { spell(&small) } else { said }
}

fn spell(word: &str) -> String {
    (0..word.len()).filter_map(|at| LETTERS.get(word.get(at..=at)?)).copied().collect()
}

/// Says an unknown word as it is spelled.
fn sound_out(word: &str) -> String {
    let spelled = word.strip_suffix('e').filter(|rest| ends_in_vowel_and_consonant(rest));
    let mut rest = spelled.unwrap_or(word);
    let mut said = Vec::<char>::new();
    let mut waiting = None;
    while !rest.is_empty() {
        let longest = (1..=3).rev().find_map(|length| {
            let group = rest.get(..length)?;
            SPELLING.get(group).map(|sound| (length, *sound))
        });
        let (length, sound) = longest.unwrap_or((1, "-"));
        rest = rest.get(length..).unwrap_or_default();
        let first = sound.chars().next().unwrap_or('-');
        if is_syllable(first) {
            let mut sounds = sound.chars();
            if let (Some(onset), Some(vowel)) = (waiting.take(), hangul::vowel(first)) {
                sounds.next();
                said.push(hangul::compose(onset, vowel, None));
            }
            said.extend(sounds);
        } else if first != '-'
            && let Some(before) = waiting.replace(first)
        {
            close(&mut said, before);
        }
    }
    if let Some(last) = waiting {
        close(&mut said, last);
    }
    said.into_iter().collect()
}

/// Words as `game`: the last `e` is silent.
fn ends_in_vowel_and_consonant(rest: &str) -> bool {
    let mut letters = rest.chars().rev();
    let is_vowel = |letter: char| "aeiouy".contains(letter);
    letters.next().is_some_and(|last| !is_vowel(last)) && letters.next().is_some_and(is_vowel)
}

/// Says a consonant that no vowel follows: as a coda if it can be one, with ㅡ if not.
fn close(said: &mut Vec<char>, consonant: char) {
    let coda = match consonant {
        'ㄱ' | 'ㅋ' => Some('ㄱ'),
        'ㄴ' | 'ㅁ' | 'ㅇ' | 'ㄹ' => Some(consonant),
        'ㅂ' | 'ㅍ' => Some('ㅂ'),
        _ => None,
    };
    let before = said.last().and_then(|&last| Syllable::new(last, Joint::Inside));
    match (before, coda) {
        (Some(before), Some(_)) if before.coda.is_none() && before.vowel != 'ㅡ' => {
            said.pop();
            said.push(Syllable { coda, ..before }.to_char());
        }
        _ => said.push(hangul::compose(consonant, 'ㅡ', None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_is_said_in_korean() {
        for (word, said) in [
            ("MAVE", "메이브"),
            ("Siwoo", "시우"),
            ("BTS", "비티에스"),
            ("CD", "씨디"),
            ("AI", "에이아이"),
            ("Ok", "오케이"),
            ("pizza", "피자"),
            ("banana", "바나나"),
            ("mobile", "모빌"),
            ("kimchi", "킴치"),
            ("hmm", "에이치엠엠"),
            ("tent", "텐트"),
        ] {
            assert_eq!(say(word), said, "{word}");
        }
    }

    #[test]
    fn nothing_is_left_out() {
        for first in 'a'..='z' {
            for second in 'a'..='z' {
                assert!(!say(&format!("{first}{second}")).is_empty());
                assert!(!say(&format!("{first}{second}e")).is_empty());
            }
        }
    }

    #[test]
    fn units_end_where_they_end() {
        let characters: Vec<char> = "km로".chars().collect();
        assert_eq!(unit(&characters), Some((2, "킬로미터")));
        let characters: Vec<char> = "man".chars().collect();
        assert_eq!(unit(&characters), None);
    }
}
