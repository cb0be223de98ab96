//! Syllables as they are said: letters that change, and how close each is to the one before it.

use crate::hangul::Parts;

/// How close a syllable is to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// The same word.
    Inside,
    /// The same word, but a part with a meaning of its own begins, as 옷 in 겉옷.
    Compound,
    /// The next word of the same phrase.
    Space,
    /// A pause lies between them.
    Pause,
}

/// A syllable in letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syllable {
    /// The consonant that opens it; `ㅇ` is none.
    pub onset: char,
    /// The vowel.
    pub vowel: char,
    /// The consonant that closes it, or two of them.
    pub coda: Option<char>,
    /// How close it is to the syllable before it.
    pub joint: Joint,
}

impl Syllable {
    /// Takes a character apart, if it is a syllable.
    pub(super) fn new(character: char, joint: Joint) -> Option<Self> {
        let Parts { lead: onset, vowel, tail: coda } = Parts::of(character)?;
        Some(Self { onset, vowel, coda, joint })
    }

    /// Puts it together again.
    pub(super) fn to_char(self) -> char {
        compose(self.onset, self.vowel, self.coda)
    }

    /// Whether it begins with its vowel.
    pub(super) fn is_open(self) -> bool {
        self.onset == 'ㅇ'
    }
}

/// What closes a written syllable.
pub(super) fn coda(character: char) -> Option<char> {
    Parts::of(character)?.tail
}

/// What opens a written syllable; `ㅇ` is none.
pub(super) fn onset(character: char) -> Option<char> {
    Parts::of(character).map(|parts| parts.lead)
}

/// The vowel of a written syllable.
pub(super) fn vowel(character: char) -> Option<char> {
    Parts::of(character).map(|parts| parts.vowel)
}

/// Puts letters together to a syllable; the vowel alone if they make none.
pub(super) fn compose(onset: char, vowel: char, coda: Option<char>) -> char {
    Parts { lead: onset, vowel, tail: coda }.join().unwrap_or(vowel)
}

/// The tense twin of a lax consonant.
pub(super) fn tense(onset: char) -> Option<char> {
    Some(match onset {
        'ㄱ' => 'ㄲ',
        'ㄷ' => 'ㄸ',
        'ㅂ' => 'ㅃ',
        'ㅅ' => 'ㅆ',
        'ㅈ' => 'ㅉ',
        _ => return None,
    })
}

/// The aspirated twin of a lax consonant.
pub(super) fn aspirated(onset: char) -> Option<char> {
    Some(match onset {
        'ㄱ' => 'ㅋ',
        'ㄷ' => 'ㅌ',
        'ㅂ' => 'ㅍ',
        'ㅈ' => 'ㅊ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syllable_comes_back() {
        for character in '가'..='힣' {
            let syllable = Syllable::new(character, Joint::Inside).unwrap();
            assert_eq!(syllable.to_char(), character);
        }
    }
}
