//! Hangul syllables and the letters that they are made of.

/// Consonants that open a syllable, in Unicode's order. `ㅇ` is none.
const ONSETS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];
/// Vowels, in Unicode's order.
const VOWELS: [char; 21] = [
    'ㅏ', 'ㅐ', 'ㅑ', 'ㅒ', 'ㅓ', 'ㅔ', 'ㅕ', 'ㅖ', 'ㅗ', 'ㅘ', 'ㅙ', 'ㅚ', 'ㅛ', 'ㅜ', 'ㅝ', 'ㅞ',
    'ㅟ', 'ㅠ', 'ㅡ', 'ㅢ', 'ㅣ',
];
/// Consonants that close a syllable, in Unicode's order.
const CODAS: [char; 27] = [
    'ㄱ', 'ㄲ', 'ㄳ', 'ㄴ', 'ㄵ', 'ㄶ', 'ㄷ', 'ㄹ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ', 'ㄿ', 'ㅀ', 'ㅁ',
    'ㅂ', 'ㅄ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ',
];
const FIRST: u32 = '가' as u32;
const LAST: u32 = '힣' as u32;

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
        let code = u32::from(character);
        if !(FIRST..=LAST).contains(&code) {
            return None;
        }
        let index = (code - FIRST) as usize;
        let coda = (index % 28).checked_sub(1).map(|coda| CODAS[coda]);
        Some(Self { onset: ONSETS[index / 588], vowel: VOWELS[index % 588 / 28], coda, joint })
    }

    /// Puts it together again.
    pub(super) fn to_char(self) -> char {
        let place = |letters: &[char], letter| letters.iter().position(|&other| other == letter);
        let onset = place(&ONSETS, self.onset).unwrap_or(11);
        let vowel = place(&VOWELS, self.vowel).unwrap_or_default();
        let coda = self.coda.and_then(|coda| place(&CODAS, coda)).map_or(0, |coda| coda + 1);
        u32::try_from((onset * 21 + vowel) * 28 + coda)
            .ok()
            .and_then(|index| char::from_u32(FIRST + index))
            .unwrap_or(self.vowel)
    }

    /// Whether it begins with its vowel.
    pub(super) fn is_open(self) -> bool {
        self.onset == 'ㅇ'
    }
}

/// Whether it is a whole syllable.
pub(super) fn is_syllable(character: char) -> bool {
    (FIRST..=LAST).contains(&u32::from(character))
}

/// What closes a written syllable.
pub(super) fn coda(character: char) -> Option<char> {
    Syllable::new(character, Joint::Inside)?.coda
}

/// What opens a written syllable; `ㅇ` is none.
pub(super) fn onset(character: char) -> Option<char> {
    Syllable::new(character, Joint::Inside).map(|syllable| syllable.onset)
}

/// The vowel of a written syllable.
pub(super) fn vowel(character: char) -> Option<char> {
    Syllable::new(character, Joint::Inside).map(|syllable| syllable.vowel)
}

/// Puts letters together to a syllable.
pub(super) fn compose(onset: char, vowel: char, coda: Option<char>) -> char {
    Syllable { onset, vowel, coda, joint: Joint::Inside }.to_char()
}

/// The syllable of conjoining letters (as some systems store text), and how many they were.
pub(super) fn join(letters: &[char]) -> Option<(char, usize)> {
    let offset = |at: usize, base: u32, count: u32| {
        let index = u32::from(*letters.get(at)?).checked_sub(base)?;
        (index < count).then_some(index as usize)
    };
    let onset = offset(0, 0x1100, 19)?;
    let vowel = offset(1, 0x1161, 21)?;
    let coda = offset(2, 0x11a8, 27);
    let syllable = compose(ONSETS[onset], VOWELS[vowel], coda.map(|coda| CODAS[coda]));
    Some((syllable, 2 + usize::from(coda.is_some())))
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

/// The two consonants of a double coda. `ㄲ` and `ㅆ` are one.
pub(super) fn split(coda: char) -> Option<(char, char)> {
    Some(match coda {
        'ㄳ' => ('ㄱ', 'ㅅ'),
        'ㄵ' => ('ㄴ', 'ㅈ'),
        'ㄶ' => ('ㄴ', 'ㅎ'),
        'ㄺ' => ('ㄹ', 'ㄱ'),
        'ㄻ' => ('ㄹ', 'ㅁ'),
        'ㄼ' => ('ㄹ', 'ㅂ'),
        'ㄽ' => ('ㄹ', 'ㅅ'),
        'ㄾ' => ('ㄹ', 'ㅌ'),
        'ㄿ' => ('ㄹ', 'ㅍ'),
        'ㅀ' => ('ㄹ', 'ㅎ'),
        'ㅄ' => ('ㅂ', 'ㅅ'),
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

    #[test]
    fn conjoining_letters_are_joined() {
        assert_eq!(join(&['\u{1112}', '\u{1161}', '\u{11ab}', '\u{1100}']), Some(('한', 3)));
        assert_eq!(join(&['\u{1100}', '\u{1161}']), Some(('가', 2)));
        assert_eq!(join(&['\u{1100}']), None);
    }
}
