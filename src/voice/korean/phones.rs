//! Syllables as phones of the voice model.
//!
//! The model learned no Korean. These phones are those that came out best when a recogniser wrote
//! down what was heard: ㅓ is better understood as ɔ than as ʌ or ə. The model has no tense
//! consonants; they share the phones of the lax ones, which nothing that was tried bettered. A ㄹ that
//! closes a syllable is a tap like one that opens it: an l there became a vowel, as in English *milk*.

use super::hangul::{Joint, Syllable};

/// Onset, at the beginning or after a voiceless coda, and between voiced sounds.
const ONSETS: [(char, &str, &str); 19] = [
    ('ㄱ', "k", "ɡ"),
    ('ㄲ', "k", "k"),
    ('ㄴ', "n", "n"),
    ('ㄷ', "t", "d"),
    ('ㄸ', "t", "t"),
    ('ㄹ', "ɾ", "ɾ"),
    ('ㅁ', "m", "m"),
    ('ㅂ', "p", "b"),
    ('ㅃ', "p", "p"),
    ('ㅅ', "s", "s"),
    ('ㅆ', "s", "s"),
    ('ㅇ', "", ""),
    ('ㅈ', "ʨ", "ʥ"),
    ('ㅉ', "ʨ", "ʨ"),
    ('ㅊ', "ʨʰ", "ʨʰ"),
    ('ㅋ', "kʰ", "kʰ"),
    ('ㅌ', "tʰ", "tʰ"),
    ('ㅍ', "pʰ", "pʰ"),
    ('ㅎ', "h", "h"),
];
const VOWELS: [(char, &str); 21] = [
    ('ㅏ', "a"),
    ('ㅐ', "ɛ"),
    ('ㅑ', "ja"),
    ('ㅒ', "jɛ"),
    ('ㅓ', "ɔ"),
    ('ㅔ', "e"),
    ('ㅕ', "jɔ"),
    ('ㅖ', "je"),
    ('ㅗ', "o"),
    ('ㅘ', "wa"),
    ('ㅙ', "wɛ"),
    ('ㅚ', "we"),
    ('ㅛ', "jo"),
    ('ㅜ', "u"),
    ('ㅝ', "wɔ"),
    ('ㅞ', "we"),
    ('ㅟ', "wi"),
    ('ㅠ', "ju"),
    ('ㅡ', "ɯ"),
    ('ㅢ', "ɰi"),
    ('ㅣ', "i"),
];
const CODAS: [(char, &str); 7] =
    [('ㄱ', "k"), ('ㄴ', "n"), ('ㄷ', "t"), ('ㄹ', "ɾ"), ('ㅁ', "m"), ('ㅂ', "p"), ('ㅇ', "ŋ")];

/// The phones of a spoken syllable behind another, and before one of the same word.
pub(super) fn of(syllable: Syllable, before: Option<Syllable>, after: Option<Syllable>) -> String {
    let before = before.filter(|_| matches!(syllable.joint, Joint::Inside | Joint::Compound));
    let voiced = before.is_some_and(|before| !matches!(before.coda, Some('ㄱ' | 'ㄷ' | 'ㅂ')));
    let vowel = VOWELS.iter().find(|row| row.0 == syllable.vowel).map_or("", |row| row.1);
    let onset = match syllable.onset {
        'ㄹ' if before.is_some_and(|before| before.coda == Some('ㄹ')) => "l",
        'ㅅ' | 'ㅆ' if vowel.starts_with(['j', 'i']) || vowel == "wi" => "ɕ",
        onset => {
            let row = ONSETS.iter().find(|row| row.0 == onset);
            row.map_or("", |&(_, first, between)| if voiced { between } else { first })
        }
    };
    // ɕ and its like are already palatal.
    let vowel = if onset == "ɕ" { vowel.strip_prefix('j').unwrap_or(vowel) } else { vowel };
    let coda = match syllable.coda {
        Some('ㄹ') if after.is_some_and(|after| after.onset == 'ㄹ') => "l",
        coda => CODAS.iter().find(|row| Some(row.0) == coda).map_or("", |row| row.1),
    };
    [onset, vowel, coda].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spoken_syllable_has_phones() {
        for character in '가'..='힣' {
            let syllable = Syllable::new(character, Joint::Inside).unwrap();
            let before = Syllable::new('가', Joint::Pause);
            assert!(!of(syllable, before, None).is_empty());
        }
    }

    #[test]
    fn lax_consonants_are_voiced_inside() {
        let word: Vec<Syllable> =
            "가갑가".chars().filter_map(|it| Syllable::new(it, Joint::Inside)).collect();
        assert_eq!(of(word[0], None, None), "ka");
        assert_eq!(of(word[1], Some(word[0]), None), "ɡap");
        assert_eq!(of(word[2], Some(word[1]), None), "ka");
    }

    #[test]
    fn rieul_is_an_l_only_beside_another() {
        for (written, phones) in [("달라", "talla"), ("달도", "taɾdo"), ("달", "taɾ")] {
            let word: Vec<Syllable> =
                written.chars().filter_map(|it| Syllable::new(it, Joint::Inside)).collect();
            let said = (0..word.len()).map(|at| {
                let before = at.checked_sub(1).map(|at| word[at]);
                of(word[at], before, word.get(at + 1).copied())
            });
            assert_eq!(said.collect::<String>(), phones);
        }
    }
}
