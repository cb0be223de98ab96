//! Hangul: every block is a syllable already.

use super::{Consonant, Syllable, Vowel};
use Consonant::{B, Ch, D, G, H, J, K, L, M, N, P, S, T, W, Y};

const LEADS: [Option<Consonant>; 19] = [
    Some(G),
    Some(K),
    Some(N),
    Some(D),
    Some(T),
    Some(L),
    Some(M),
    Some(B),
    Some(P),
    Some(S),
    Some(S),
    None,
    Some(J),
    Some(Ch),
    Some(Ch),
    Some(K),
    Some(T),
    Some(P),
    Some(H),
];

/// The vowels in their order: what glides into them, and where they glide to.
const VOWELS: [(Option<Consonant>, Vowel, Option<Vowel>); 21] = [
    (None, Vowel::A, None),
    (None, Vowel::E, None),
    (Some(Y), Vowel::A, None),
    (Some(Y), Vowel::E, None),
    (None, Vowel::Uh, None),
    (None, Vowel::E, None),
    (Some(Y), Vowel::Uh, None),
    (Some(Y), Vowel::E, None),
    (None, Vowel::O, None),
    (Some(W), Vowel::A, None),
    (Some(W), Vowel::E, None),
    (Some(W), Vowel::E, None),
    (Some(Y), Vowel::O, None),
    (None, Vowel::U, None),
    (Some(W), Vowel::Uh, None),
    (Some(W), Vowel::E, None),
    (Some(W), Vowel::I, None),
    (Some(Y), Vowel::U, None),
    (None, Vowel::Eu, None),
    (None, Vowel::Eu, Some(Vowel::I)),
    (None, Vowel::I, None),
];

/// The syllable of a block or of a single letter, as in ㅋㅋㅋ.
pub(super) fn syllable(letter: char) -> Option<Syllable> {
    let code = u32::from(letter);
    match letter {
        '가'..='힣' => {
            let index = (code - u32::from('가')) as usize;
            let mut syllable = with_vowel(LEADS[index / 588], index / 28 % 21);
            syllable.coda = coda(index % 28);
            Some(syllable)
        }
        'ㅏ'..='ㅣ' => Some(with_vowel(None, (code - u32::from('ㅏ')) as usize)),
        'ㅋ' => Some(Syllable::new(Some(K), Vowel::Eu)),
        'ㅎ' => Some(Syllable::new(Some(H), Vowel::Eu)),
        'ㄱ'..='ㅎ' => Some(Syllable::new(None, Vowel::Eu)),
        _ => None,
    }
}

/// A consonant of its own wins over the glide; without one the glide is heard.
fn with_vowel(lead: Option<Consonant>, index: usize) -> Syllable {
    let (onset, vowel, glide) = VOWELS[index];
    Syllable { glide, ..Syllable::new(lead.or(onset), vowel) }
}

/// The consonant below, by its number.
const fn coda(index: usize) -> Option<Consonant> {
    match index {
        0 | 27 => None,
        1..=3 | 24 => Some(K),
        4..=6 | 21 => Some(N),
        8..=15 => Some(L),
        16 => Some(M),
        17 | 18 | 26 => Some(P),
        _ => Some(T),
    }
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
        assert_eq!(syllable('a'), None);
    }

    #[test]
    fn every_block_and_letter_has_a_syllable() {
        assert!(('가'..='힣').chain('ㄱ'..='ㅣ').all(|letter| syllable(letter).is_some()));
    }
}
