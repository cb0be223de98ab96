//! Hangul as it is typed: letters (jamo) that a keyboard puts together, and the keys they lie on.

use crate::hangul::{self, Parts, is_vowel};

/// The key of a Korean keyboard (two-set) that types each letter.
const KEYS: [(char, char); 33] = [
    ('ㄱ', 'r'),
    ('ㄲ', 'R'),
    ('ㄴ', 's'),
    ('ㄷ', 'e'),
    ('ㄸ', 'E'),
    ('ㄹ', 'f'),
    ('ㅁ', 'a'),
    ('ㅂ', 'q'),
    ('ㅃ', 'Q'),
    ('ㅅ', 't'),
    ('ㅆ', 'T'),
    ('ㅇ', 'd'),
    ('ㅈ', 'w'),
    ('ㅉ', 'W'),
    ('ㅊ', 'c'),
    ('ㅋ', 'z'),
    ('ㅌ', 'x'),
    ('ㅍ', 'v'),
    ('ㅎ', 'g'),
    ('ㅏ', 'k'),
    ('ㅐ', 'o'),
    ('ㅑ', 'i'),
    ('ㅒ', 'O'),
    ('ㅓ', 'j'),
    ('ㅔ', 'p'),
    ('ㅕ', 'u'),
    ('ㅖ', 'P'),
    ('ㅗ', 'h'),
    ('ㅛ', 'y'),
    ('ㅜ', 'n'),
    ('ㅠ', 'b'),
    ('ㅡ', 'm'),
    ('ㅣ', 'l'),
];

/// The letters of a syllable; of anything else, itself.
pub(super) fn letters(c: char) -> impl Iterator<Item = char> {
    let parts = match Parts::of(c) {
        Some(Parts { lead, vowel, tail }) => [Some(lead), Some(vowel), tail],
        None => [Some(c), None, None],
    };
    parts.into_iter().flatten()
}

/// The vowel of a syllable that begins with the silent letter and has nothing below: `아` → `ㅏ`.
pub(super) fn bare_vowel(c: char) -> Option<char> {
    Parts::of(c).filter(|parts| parts.lead == 'ㅇ' && parts.tail.is_none()).map(|parts| parts.vowel)
}

/// Letters put together as a keyboard does.
pub(super) fn compose(letters: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(letters.len());
    let mut at = 0;
    while at < letters.len() {
        let (taken, c) = syllable(&letters[at..]);
        out.push(c);
        at += taken;
    }
    out
}

fn syllable(letters: &[char]) -> (usize, char) {
    let lead = letters[0];
    let vowel = letters.get(1).filter(|c| hangul::is_lead(lead) && is_vowel(**c));
    let Some(vowel) = vowel else { return (1, lead) };
    let (mut taken, vowel) = match letters.get(2).and_then(|second| hangul::double(*vowel, *second))
    {
        Some(both) => (3, both),
        None => (2, *vowel),
    };
    let ends = |at: usize| letters.get(at).is_none_or(|next| !is_vowel(*next));
    let mut tail = letters.get(taken).copied().filter(|c| hangul::is_tail(*c) && ends(taken + 1));
    if let Some(first) = tail {
        taken += 1;
        let both = letters.get(taken).and_then(|second| hangul::double(first, *second));
        if both.is_some() && ends(taken + 1) {
            tail = both;
            taken += 1;
        }
    }
    (taken, Parts { lead, vowel, tail }.join().unwrap_or(lead))
}

/// What the keys of a Korean word type on a Latin keyboard.
pub(super) fn on_latin_keys(word: &str) -> String {
    let mut typed = String::new();
    for c in word.chars().flat_map(letters) {
        let strokes = match hangul::halves(c) {
            Some((first, second)) => [Some(first), Some(second)],
            None => [Some(c), None],
        };
        for stroke in strokes.into_iter().flatten() {
            let key = KEYS.iter().find(|(letter, _)| *letter == stroke).map(|(_, key)| *key);
            typed.push(key.unwrap_or(stroke).to_ascii_lowercase());
        }
    }
    typed
}

/// What the keys of a Latin word type on a Korean keyboard.
pub(super) fn on_korean_keys(word: &str) -> String {
    let letters: Vec<char> = word
        .chars()
        .map(|c| KEYS.iter().find(|(_, key)| *key == c).map_or(c, |(letter, _)| *letter))
        .collect();
    compose(&letters).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_syllable_taken_apart_comes_together_again(word in "[가-힣]{1,6}") {
            let apart: Vec<char> = word.chars().flat_map(letters).collect();
            prop_assert_eq!(compose(&apart).into_iter().collect::<String>(), word);
        }
    }

    #[test]
    fn keys_type_what_lies_under_them() {
        assert_eq!(on_latin_keys("한글"), "gksrmf");
        assert_eq!(on_latin_keys("없다"), "djqtek");
        assert_eq!(on_korean_keys("gksrmf"), "한글");
        assert_eq!(bare_vowel('아'), Some('ㅏ'));
        assert_eq!(bare_vowel('가'), None);
    }
}
