//! Hangul: each syllable holds its initial, vowel and final in its code point.

use super::{consonant, vowel};
use crate::voice::{
    MouthShape::{self, Aa, Ee, Ih, Oh, Ou},
    mouth::{lips::Lips, parts::Part},
};

/// Speaks a syllable or a lone letter; no for what is none.
pub(super) fn speak(letter: char, parts: &mut Vec<Part>) -> bool {
    match letter {
        '가'..='힣' => {
            let index = u32::from(letter) - u32::from('가');
            let [initial, middle, last] = [index / 588, index / 28 % 21, index % 28];
            consonant_of(INITIALS, initial, parts);
            vowel(parts, vowel_of(middle));
            if last > 0 {
                consonant_of(FINALS, last - 1, parts);
            }
        }
        // Laughter in chats, ㅋㅋㅋ, ㅎㅎ.
        'ㅋ' | 'ㅎ' => {
            consonant(parts, Lips::Free);
            vowel(parts, Lips::Vowel(Ih, 0.5));
        }
        'ㅏ'..='ㅣ' => vowel(parts, vowel_of(u32::from(letter) - u32::from('ㅏ'))),
        'ㄱ'..='ㅎ' => {}
        _ => return false,
    }
    true
}

/// ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ: shut lips, hissing, tongue, throat, or none.
const INITIALS: &str = "ggtttTmmmss-sssgtmg";
/// ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ, as they are spoken at the end of a word.
const FINALS: &str = "gggttttttmtttmtmmmttgttgtmt";

fn consonant_of(kinds: &str, index: u32, parts: &mut Vec<Part>) {
    match kinds.as_bytes().get(index as usize) {
        Some(b'm') => consonant(parts, Lips::Closed),
        Some(b's') => consonant(parts, Lips::Consonant(Ih, 0.25)),
        Some(b't' | b'T') => consonant(parts, Lips::Consonant(Ee, 0.25)),
        Some(b'g') => consonant(parts, Lips::Free),
        _ => {}
    }
}

/// ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ
fn vowel_of(index: u32) -> Lips {
    let plain = |shape: MouthShape| Lips::Vowel(shape, 0.9);
    let glide = |from: MouthShape, to: MouthShape| Lips::Glide((from, 0.6), (to, 0.9));
    match index {
        0 => plain(Aa),
        1 | 5 => plain(Ee),
        2 => glide(Ih, Aa),
        3 | 7 => glide(Ih, Ee),
        4 | 8 => plain(Oh),
        6 | 12 => glide(Ih, Oh),
        9 => glide(Ou, Aa),
        10 | 11 | 15 => glide(Ou, Ee),
        13 => plain(Ou),
        14 => glide(Ou, Oh),
        16 => glide(Ou, Ih),
        17 => glide(Ih, Ou),
        18 => Lips::Vowel(Ou, 0.5),
        _ => plain(Ih),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lips(text: &str) -> Vec<Lips> {
        let mut parts = Vec::new();
        assert!(text.chars().all(|letter| speak(letter, &mut parts)));
        parts.into_iter().map(|part| part.lips).collect()
    }

    #[test]
    fn initial_vowel_and_final_are_spoken() {
        assert_eq!(lips("앞"), [Lips::Vowel(Aa, 0.9), Lips::Closed]);
        assert_eq!(lips("뿅"), [Lips::Closed, Lips::Glide((Ih, 0.6), (Oh, 0.9)), Lips::Free]);
        assert_eq!(lips("삶").last(), Some(&Lips::Closed));
    }

    #[test]
    fn every_jamo_has_an_entry() {
        assert_eq!((INITIALS.len(), FINALS.len()), (19, 27));
    }

    #[test]
    fn lone_letters_laugh_and_cry() {
        assert_eq!(lips("ㅋㅋ").len(), 4);
        assert_eq!(lips("ㅠ"), lips("유"));
        assert!(!speak('a', &mut Vec::new()));
    }
}
