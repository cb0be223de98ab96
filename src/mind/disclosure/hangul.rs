//! Hangul syllables and the letters (jamo) they are written with.

const LEADS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];
const VOWELS: [char; 21] = [
    'ㅏ', 'ㅐ', 'ㅑ', 'ㅒ', 'ㅓ', 'ㅔ', 'ㅕ', 'ㅖ', 'ㅗ', 'ㅘ', 'ㅙ', 'ㅚ', 'ㅛ', 'ㅜ', 'ㅝ', 'ㅞ',
    'ㅟ', 'ㅠ', 'ㅡ', 'ㅢ', 'ㅣ',
];
/// What stands below a syllable, from the second place on; the first is nothing.
const TAILS: [char; 27] = [
    'ㄱ', 'ㄲ', 'ㄳ', 'ㄴ', 'ㄵ', 'ㄶ', 'ㄷ', 'ㄹ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ', 'ㄿ', 'ㅀ', 'ㅁ',
    'ㅂ', 'ㅄ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ',
];
/// Letters typed with two strokes: the two, and what they make.
const DOUBLES: [(char, char, char); 18] = [
    ('ㅗ', 'ㅏ', 'ㅘ'),
    ('ㅗ', 'ㅐ', 'ㅙ'),
    ('ㅗ', 'ㅣ', 'ㅚ'),
    ('ㅜ', 'ㅓ', 'ㅝ'),
    ('ㅜ', 'ㅔ', 'ㅞ'),
    ('ㅜ', 'ㅣ', 'ㅟ'),
    ('ㅡ', 'ㅣ', 'ㅢ'),
    ('ㄱ', 'ㅅ', 'ㄳ'),
    ('ㄴ', 'ㅈ', 'ㄵ'),
    ('ㄴ', 'ㅎ', 'ㄶ'),
    ('ㄹ', 'ㄱ', 'ㄺ'),
    ('ㄹ', 'ㅁ', 'ㄻ'),
    ('ㄹ', 'ㅂ', 'ㄼ'),
    ('ㄹ', 'ㅅ', 'ㄽ'),
    ('ㄹ', 'ㅌ', 'ㄾ'),
    ('ㄹ', 'ㅍ', 'ㄿ'),
    ('ㄹ', 'ㅎ', 'ㅀ'),
    ('ㅂ', 'ㅅ', 'ㅄ'),
];
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

pub(super) fn is_syllable(c: char) -> bool {
    ('\u{ac00}'..='\u{d7a3}').contains(&c)
}

/// A letter that stands alone, as on a keyboard.
pub(super) fn is_jamo(c: char) -> bool {
    ('\u{3131}'..='\u{3163}').contains(&c)
}

fn is_vowel(c: char) -> bool {
    ('\u{314f}'..='\u{3163}').contains(&c)
}

/// A letter of the old block, whose place in the syllable is fixed, as the letter alone.
pub(super) fn alone(c: char) -> char {
    let of = |table: &[char], first: u32| table.get((u32::from(c) - first) as usize).copied();
    match c {
        '\u{1100}'..='\u{1112}' => of(&LEADS, 0x1100),
        '\u{1161}'..='\u{1175}' => of(&VOWELS, 0x1161),
        '\u{11a8}'..='\u{11c2}' => of(&TAILS, 0x11a8),
        _ => None,
    }
    .unwrap_or(c)
}

/// The letters of a syllable; of anything else, itself.
pub(super) fn letters(c: char) -> impl Iterator<Item = char> {
    let index = (u32::from(c).wrapping_sub(0xac00)) as usize;
    let (lead, vowel, tail) = (index / 588, index % 588 / 28, index % 28);
    let parts = if is_syllable(c) {
        [Some(LEADS[lead]), Some(VOWELS[vowel]), tail.checked_sub(1).map(|tail| TAILS[tail])]
    } else {
        [Some(c), None, None]
    };
    parts.into_iter().flatten()
}

/// The vowel of a syllable that begins with the silent letter and has nothing below: `아` → `ㅏ`.
pub(super) fn bare_vowel(c: char) -> Option<char> {
    let index = u32::from(c).checked_sub(0xac00)? as usize;
    (is_syllable(c) && index / 588 == 11 && index.is_multiple_of(28))
        .then(|| VOWELS[index % 588 / 28])
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
    let first = letters[0];
    let index = |table: &[char], c: char| table.iter().position(|known| *known == c);
    let Some(lead) = index(&LEADS, first) else { return (1, first) };
    let Some(vowel) = letters.get(1).filter(|c| is_vowel(**c)) else { return (1, first) };
    let (mut taken, vowel) = match letters.get(2).and_then(|second| double(*vowel, *second)) {
        Some(both) => (3, both),
        None => (2, *vowel),
    };
    let vowel = index(&VOWELS, vowel).unwrap_or(0);
    let ends = |at: usize| letters.get(at).is_none_or(|next| !is_vowel(*next));
    let tail = letters.get(taken).copied().filter(|c| !is_vowel(*c) && ends(taken + 1));
    let mut below = tail.and_then(|c| index(&TAILS, c)).map_or(0, |tail| tail + 1);
    if below > 0 {
        taken += 1;
        let both = tail.zip(letters.get(taken)).and_then(|(one, two)| double(one, *two));
        if let Some(both) = both.and_then(|both| index(&TAILS, both)).filter(|_| ends(taken + 1)) {
            below = both + 1;
            taken += 1;
        }
    }
    let code = 0xac00 + (lead * 21 + vowel) * 28 + below;
    (taken, u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(first))
}

fn double(first: char, second: char) -> Option<char> {
    DOUBLES.iter().find(|(a, b, _)| (*a, *b) == (first, second)).map(|(_, _, both)| *both)
}

/// What the keys of a Korean word type on a Latin keyboard.
pub(super) fn on_latin_keys(word: &str) -> String {
    let mut typed = String::new();
    for c in word.chars().flat_map(letters) {
        let strokes = match DOUBLES.iter().find(|(_, _, both)| *both == c) {
            Some((first, second, _)) => [Some(*first), Some(*second)],
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
