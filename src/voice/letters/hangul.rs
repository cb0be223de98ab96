//! Hangul: every block is a syllable already.

use super::{Consonant, Syllable, Vowel};
use crate::hangul::{Parts, is_letter, is_vowel};
use Consonant::{B, Ch, D, G, H, J, K, L, M, N, P, S, T, W, Y};

/// The syllable of a block or of a single letter, as in ㅋㅋㅋ.
pub(super) fn syllable(letter: char) -> Option<Syllable> {
    match (Parts::of(letter), letter) {
        (Some(parts), _) => {
            let coda = parts.tail.and_then(coda);
            Some(Syllable { coda, ..with_vowel(lead(parts.lead), parts.vowel) })
        }
        (None, 'ㅋ') => Some(Syllable::new(Some(K), Vowel::Eu)),
        (None, 'ㅎ') => Some(Syllable::new(Some(H), Vowel::Eu)),
        (None, _) if is_vowel(letter) => Some(with_vowel(None, letter)),
        (None, _) => is_letter(letter).then(|| Syllable::new(None, Vowel::Eu)),
    }
}

/// A consonant of its own wins over the glide; without one the glide is heard.
fn with_vowel(lead: Option<Consonant>, letter: char) -> Syllable {
    let (onset, vowel) = vowel(letter);
    let glide = (letter == 'ㅢ').then_some(Vowel::I);
    Syllable { glide, ..Syllable::new(lead.or(onset), vowel) }
}

/// A consonant that opens a syllable; `ㅇ` is none.
const fn lead(letter: char) -> Option<Consonant> {
    Some(match letter {
        'ㄱ' => G,
        'ㄲ' | 'ㅋ' => K,
        'ㄴ' => N,
        'ㄷ' => D,
        'ㄸ' | 'ㅌ' => T,
        'ㄹ' => L,
        'ㅁ' => M,
        'ㅂ' => B,
        'ㅃ' | 'ㅍ' => P,
        'ㅅ' | 'ㅆ' => S,
        'ㅈ' => J,
        'ㅉ' | 'ㅊ' => Ch,
        'ㅎ' => H,
        _ => return None,
    })
}

/// A vowel, and what glides into it.
const fn vowel(letter: char) -> (Option<Consonant>, Vowel) {
    match letter {
        'ㅏ' => (None, Vowel::A),
        'ㅐ' | 'ㅔ' => (None, Vowel::E),
        'ㅑ' => (Some(Y), Vowel::A),
        'ㅒ' | 'ㅖ' => (Some(Y), Vowel::E),
        'ㅓ' => (None, Vowel::Uh),
        'ㅕ' => (Some(Y), Vowel::Uh),
        'ㅗ' => (None, Vowel::O),
        'ㅘ' => (Some(W), Vowel::A),
        'ㅙ' | 'ㅚ' | 'ㅞ' => (Some(W), Vowel::E),
        'ㅛ' => (Some(Y), Vowel::O),
        'ㅜ' => (None, Vowel::U),
        'ㅝ' => (Some(W), Vowel::Uh),
        'ㅟ' => (Some(W), Vowel::I),
        'ㅠ' => (Some(Y), Vowel::U),
        'ㅣ' => (None, Vowel::I),
        // ㅡ and ㅢ.
        _ => (None, Vowel::Eu),
    }
}

/// What is heard of the consonants below; `ㅎ` is not.
const fn coda(letter: char) -> Option<Consonant> {
    Some(match letter {
        'ㄱ' | 'ㄲ' | 'ㄳ' | 'ㅋ' => K,
        'ㄴ' | 'ㄵ' | 'ㄶ' | 'ㅇ' => N,
        'ㄹ' | 'ㄺ' | 'ㄻ' | 'ㄼ' | 'ㄽ' | 'ㄾ' | 'ㄿ' | 'ㅀ' => L,
        'ㅁ' => M,
        'ㅂ' | 'ㅄ' | 'ㅍ' => P,
        'ㅎ' => return None,
        _ => T,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_taken_apart() {
        let han = syllable('한').unwrap();
        assert_eq!((han.onset, han.vowel, han.coda), (Some(H), Vowel::A, Some(N)));
        let yo = syllable('요').unwrap();
        assert_eq!((yo.onset, yo.vowel, yo.coda), (Some(Y), Vowel::O, None));
        assert_eq!(syllable('의').unwrap().glide, Some(Vowel::I));
        assert_eq!(syllable('a'), None);
    }

    #[test]
    fn every_block_and_letter_has_a_syllable() {
        assert!(('가'..='힣').chain('ㄱ'..='ㅣ').all(|letter| syllable(letter).is_some()));
    }
}
