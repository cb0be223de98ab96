//! Hangul: syllables, the letters (jamo) that they are written with, and the arithmetic between them.
//!
//! Unicode orders the syllables by their letters, so that a syllable is a number of three digits
//! (Unicode, section 3.12). Who needs the letters asks here and does not count.

/// Consonants that open a syllable, in Unicode's order. `ㅇ` is none.
const LEADS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];
/// Vowels, in Unicode's order.
const VOWELS: [char; 21] = [
    'ㅏ', 'ㅐ', 'ㅑ', 'ㅒ', 'ㅓ', 'ㅔ', 'ㅕ', 'ㅖ', 'ㅗ', 'ㅘ', 'ㅙ', 'ㅚ', 'ㅛ', 'ㅜ', 'ㅝ', 'ㅞ',
    'ㅟ', 'ㅠ', 'ㅡ', 'ㅢ', 'ㅣ',
];
/// Consonants that close a syllable, in Unicode's order; before the first is nothing.
const TAILS: [char; 27] = [
    'ㄱ', 'ㄲ', 'ㄳ', 'ㄴ', 'ㄵ', 'ㄶ', 'ㄷ', 'ㄹ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ', 'ㄿ', 'ㅀ', 'ㅁ',
    'ㅂ', 'ㅄ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ',
];
/// Letters that are made of two: the two, and what they make. `ㄲ` and its like are one.
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

/// The first syllable, 가.
const FIRST: u32 = 0xac00;

/// The letters of a syllable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The consonant that opens it; `ㅇ` is none.
    pub(crate) lead: char,
    /// The vowel.
    pub(crate) vowel: char,
    /// The consonant that closes it, or two of them.
    pub(crate) tail: Option<char>,
}

impl Parts {
    /// Takes a character apart, if it is a syllable.
    pub(crate) fn of(c: char) -> Option<Self> {
        let index = u32::from(c).checked_sub(FIRST).filter(|_| is_syllable(c))? as usize;
        let [lead, vowel, tail] = [index / 588, index / 28 % 21, index % 28];
        let tail = tail.checked_sub(1).map(|tail| TAILS[tail]);
        Some(Self { lead: LEADS[lead], vowel: VOWELS[vowel], tail })
    }

    /// Puts it together again; nothing if a letter cannot stand in its place.
    pub(crate) fn join(self) -> Option<char> {
        let lead = place(&LEADS, self.lead)?;
        let vowel = place(&VOWELS, self.vowel)?;
        let tail = match self.tail {
            Some(tail) => place(&TAILS, tail)? + 1,
            None => 0,
        };
        char::from_u32(FIRST + (lead * 21 + vowel) * 28 + tail)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the tables have less than 28 letters")]
fn place(table: &[char], letter: char) -> Option<u32> {
    table.iter().position(|known| *known == letter).map(|place| place as u32)
}

/// Whether it is a whole syllable.
pub(crate) fn is_syllable(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

/// Whether it is a letter that stands alone, as on a keyboard.
pub(crate) fn is_letter(c: char) -> bool {
    ('ㄱ'..='ㅣ').contains(&c)
}

/// Whether it is a vowel that stands alone.
pub(crate) fn is_vowel(c: char) -> bool {
    ('ㅏ'..='ㅣ').contains(&c)
}

/// Whether a consonant can open a syllable.
pub(crate) fn is_lead(c: char) -> bool {
    LEADS.contains(&c)
}

/// Whether a consonant can close a syllable.
pub(crate) fn is_tail(c: char) -> bool {
    TAILS.contains(&c)
}

/// Whether a syllable ends in a consonant; nothing for what is no syllable.
pub(crate) fn is_closed(c: char) -> Option<bool> {
    Parts::of(c).map(|parts| parts.tail.is_some())
}

/// The letter that two make together.
pub(crate) fn double(first: char, second: char) -> Option<char> {
    DOUBLES.iter().find(|(a, b, _)| (*a, *b) == (first, second)).map(|(_, _, both)| *both)
}

/// The two letters that a letter is made of.
pub(crate) fn halves(letter: char) -> Option<(char, char)> {
    DOUBLES.iter().find(|(_, _, both)| *both == letter).map(|(first, second, _)| (*first, *second))
}

/// The letter alone of an old one, whose place in the syllable is fixed.
pub(crate) fn alone(old: char) -> Option<char> {
    old_lead(old).or_else(|| old_vowel(old)).or_else(|| old_tail(old))
}

/// The syllable that stands here in old letters, as some systems store text, and how many they are.
pub(crate) fn of_old(letters: &[char]) -> Option<(char, usize)> {
    let lead = letters.first().and_then(|old| old_lead(*old))?;
    let vowel = letters.get(1).and_then(|old| old_vowel(*old))?;
    let tail = letters.get(2).and_then(|old| old_tail(*old));
    let syllable = Parts { lead, vowel, tail }.join()?;
    Some((syllable, 2 + usize::from(tail.is_some())))
}

fn old_lead(old: char) -> Option<char> {
    of_block(&LEADS, 0x1100, old)
}

fn old_vowel(old: char) -> Option<char> {
    of_block(&VOWELS, 0x1161, old)
}

fn old_tail(old: char) -> Option<char> {
    of_block(&TAILS, 0x11a8, old)
}

fn of_block(table: &[char], first: u32, old: char) -> Option<char> {
    table.get(u32::from(old).checked_sub(first)? as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syllable_comes_back() {
        for c in '가'..='힣' {
            assert_eq!(Parts::of(c).and_then(Parts::join), Some(c));
        }
        for c in ['a', 'ㄱ', '\u{abff}', '\u{d7a4}', '\u{1100}'] {
            assert_eq!(Parts::of(c), None, "{c}");
        }
    }

    #[test]
    fn a_letter_must_be_able_to_stand_in_its_place() {
        let parts = Parts { lead: 'ㅎ', vowel: 'ㅏ', tail: Some('ㄴ') };
        assert_eq!(parts.join(), Some('한'));
        assert_eq!(Parts { lead: 'ㄳ', ..parts }.join(), None);
        assert_eq!(Parts { vowel: 'ㅎ', ..parts }.join(), None);
        assert_eq!(Parts { tail: Some('ㅃ'), ..parts }.join(), None);
    }

    #[test]
    fn two_letters_make_one_and_come_apart_again() {
        for (first, second, both) in DOUBLES {
            assert_eq!(double(first, second), Some(both));
            assert_eq!(halves(both), Some((first, second)));
        }
        assert_eq!((double('ㄱ', 'ㄱ'), halves('ㄲ')), (None, None));
    }

    #[test]
    fn old_letters_are_joined() {
        assert_eq!(of_old(&['\u{1112}', '\u{1161}', '\u{11ab}', '\u{1100}']), Some(('한', 3)));
        assert_eq!(of_old(&['\u{1100}', '\u{1161}', '\u{1100}']), Some(('가', 2)));
        assert_eq!(of_old(&['\u{1100}']), None);
        assert_eq!(of_old(&['\u{1161}', '\u{1161}']), None);
        assert_eq!(of_old(&['\u{11a8}', '\u{1161}']), None);
        assert_eq!(of_old(&['\u{1100}', '\u{1100}']), None);
    }

    #[test]
    fn letters_are_told_apart() {
        assert!(is_syllable('힣') && !is_syllable('ㅎ'));
        assert!(is_letter('ㅎ') && is_letter('ㅏ') && !is_letter('하'));
        assert!(is_vowel('ㅏ') && !is_vowel('ㅎ'));
        assert!(is_lead('ㅃ') && !is_tail('ㅃ') && is_tail('ㄳ') && !is_lead('ㄳ'));
        assert_eq!(['한', '하', 'a'].map(is_closed), [Some(true), Some(false), None]);
        assert_eq!(
            ['\u{1100}', '\u{1175}', '\u{11c2}'].map(alone),
            [Some('ㄱ'), Some('ㅣ'), Some('ㅎ')]
        );
        assert_eq!(['\u{1113}', '\u{1176}', '\u{11c3}', 'a'].map(alone), [None; 4]);
    }
}
