//! Kana: each is a consonant and a vowel, or a part of the syllable before.

use super::{consonant, vowel};
use crate::voice::{
    MouthShape::{self, Aa, Ee, Ih, Oh, Ou},
    mouth::{lips::Lips, parts::Part},
};

/// Hiragana by vowel.
const VOWELS: [(&str, MouthShape); 5] = [
    ("あかがさざただなはばぱまやらわぁゃゎ", Aa),
    ("いきぎしじちぢにひびぴみりぃ", Ih),
    ("うくぐすずつづぬふぶぷむゆるぅゅゔ", Ou),
    ("えけげせぜてでねへべぺめれぇ", Ee),
    ("おこごそぞとどのほぼぽもよろをぉょ", Oh),
];
/// Hiragana by what the lips do before the vowel.
const CONSONANTS: [(&str, Lips); 6] = [
    ("ばぱまびぴみぶぷむべぺめぼぽも", Lips::Closed),
    ("さざしじちぢすずつづせぜそぞ", Lips::Consonant(Ih, 0.25)),
    ("ただなにぬねのてでとどらりるれろ", Lips::Consonant(Ee, 0.25)),
    ("かがきぎくぐけげこごはひへほ", Lips::Free),
    ("わふゔ", Lips::Consonant(Ou, 0.4)),
    ("やゆよ", Lips::Consonant(Ih, 0.4)),
];
/// The end of a nasal syllable, in milliseconds.
const NASAL: usize = 110;
/// The halt before a doubled consonant, in milliseconds.
const HALT: usize = 80;

/// Speaks a kana of either kind; no for what is none.
pub(super) fn speak(letter: char, parts: &mut Vec<Part>) -> bool {
    let hiragana = match letter {
        'ァ'..='ヶ' => char::from_u32(u32::from(letter) - 0x60).unwrap_or(letter),
        other => other,
    };
    match hiragana {
        'ん' => parts.push(Part { lips: Lips::Consonant(Ee, 0.2), length: NASAL }),
        'っ' => parts.push(Part { lips: Lips::Consonant(Ee, 0.15), length: HALT }),
        'ー' | '〜' => lengthen(parts),
        _ => {
            let Some(shape) = entry(&VOWELS, hiragana) else { return false };
            if "ゃゅょぁぃぅぇぉゎ".contains(hiragana) {
                // きょ is one syllable: the small letter has the vowel of it.
                replace_vowel(parts, shape);
                return true;
            }
            if let Some(lips) = entry(&CONSONANTS, hiragana) {
                consonant(parts, lips);
            }
            vowel(parts, Lips::Vowel(shape, 0.9));
        }
    }
    true
}

fn entry<T: Copy>(rows: &[(&str, T)], letter: char) -> Option<T> {
    rows.iter().find(|(row, _)| row.contains(letter)).map(|(_, value)| *value)
}

fn lengthen(parts: &mut [Part]) {
    if let Some(last) = parts.last_mut().filter(|last| last.lips.first_shape().is_some()) {
        last.length += super::VOWEL;
    }
}

fn replace_vowel(parts: &mut Vec<Part>, shape: MouthShape) {
    match parts.last_mut() {
        Some(last) if last.lips.first_shape().is_some() => last.lips = Lips::Vowel(shape, 0.9),
        _ => vowel(parts, Lips::Vowel(shape, 0.9)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<Part> {
        let mut parts = Vec::new();
        assert!(text.chars().all(|letter| speak(letter, &mut parts)));
        parts
    }

    #[test]
    fn both_kinds_speak() {
        assert_eq!(said("ねこ"), said("ネコ"));
        assert_eq!(said("ねこ").len(), 4);
    }

    #[test]
    fn small_letters_belong_to_the_syllable_before() {
        let parts = said("きょー");
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[1], Part { lips: Lips::Vowel(Oh, 0.9), length: 2 * super::super::VOWEL });
    }

    #[test]
    fn every_kana_has_one_vowel() {
        let kana = ('ぁ'..='ゔ').filter(|kana| !"っんゐゑ".contains(*kana));
        for kana in kana {
            assert_eq!(VOWELS.iter().filter(|(row, _)| row.contains(kana)).count(), 1, "{kana}");
        }
    }
}
