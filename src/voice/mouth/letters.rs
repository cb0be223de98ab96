//! Mouth keys from written letters alone, for when there is no sound.

mod hangul;
mod kana;
mod latin;

use super::{
    keys::{FIRM, SHORT, joined, timed},
    lips::Lips,
    parts::{Part, shapes, with_clusters, with_firm_lips},
};
use crate::voice::{MouthKey, MouthShape};

/// A consonant before or after a vowel, in milliseconds.
const CONSONANT: usize = 55;
/// A vowel, in milliseconds. With its consonants it makes five to six syllables a second.
const VOWEL: usize = 120;
/// The pause of a comma, in milliseconds.
const COMMA: usize = 180;
/// The pause after a sentence, in milliseconds.
const STOP: usize = 320;

/// What a mouth does that reads this aloud, at five to six syllables a second, with pauses at punctuation.
///
/// Letters of Latin, Hangul and kana are spoken as they sound; a Han character or a digit is a syllable
/// of any shape. Signs are silent. The mouth is shut at the end.
#[must_use]
pub fn keys_of_text(text: &str) -> Vec<MouthKey> {
    let parts = spoken(text);
    let parts = with_firm_lips(with_clusters(parts, SHORT), FIRM);
    timed(&joined(shapes(&parts)), 1000)
}

fn spoken(text: &str) -> Vec<Part> {
    let letters: Vec<char> = text.chars().collect();
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        let word = latin::word_length(rest);
        let taken = if word > 0 {
            latin::speak(&rest[..word], &mut parts);
            word
        } else {
            speak_letter(rest[0], &mut parts);
            1
        };
        at += taken;
    }
    // A text that ends without a stop ends with a shut mouth, too.
    if parts.last().is_some_and(|part| part.lips != Lips::Rest) {
        pause(&mut parts, COMMA);
    }
    parts
}

fn speak_letter(letter: char, parts: &mut Vec<Part>) {
    match letter {
        ',' | '、' | '，' | ';' | ':' | '：' => pause(parts, COMMA),
        '.' | '!' | '?' | '…' | '。' | '！' | '？' | '\n' => pause(parts, STOP),
        _ if hangul::speak(letter, parts) || kana::speak(letter, parts) => {}
        '0'..='9' | '一'..='鿿' => {
            // Which syllable it is, the letter does not show; it is the same each time.
            let shape = [MouthShape::Aa, MouthShape::Ih, MouthShape::Oh][letter as usize % 3];
            consonant(parts, Lips::Free);
            vowel(parts, Lips::Vowel(shape, 0.8));
        }
        _ if letter.is_alphabetic() => vowel(parts, Lips::Vowel(MouthShape::Ee, 0.5)),
        _ => {}
    }
}

fn consonant(parts: &mut Vec<Part>, lips: Lips) {
    parts.push(Part { lips, length: CONSONANT });
}

fn vowel(parts: &mut Vec<Part>, lips: Lips) {
    parts.push(Part { lips, length: VOWEL });
}

/// Rests for so long; several marks in a row are one pause, and there is none before the first word.
fn pause(parts: &mut Vec<Part>, length: usize) {
    match parts.last_mut() {
        None => {}
        Some(last) if last.lips == Lips::Rest => last.length = last.length.max(length),
        Some(_) => parts.push(Part { lips: Lips::Rest, length }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use MouthShape::{Aa, Closed, Ee, Ih, Oh, Ou, Rest};

    fn said(text: &str) -> Vec<MouthShape> {
        let mut shapes: Vec<_> = keys_of_text(text).iter().map(|key| key.shape).collect();
        shapes.dedup();
        shapes
    }

    fn seconds(text: &str) -> f32 {
        keys_of_text(text).iter().map(|key| key.seconds).sum()
    }

    #[test]
    fn lips_meet_in_every_script() {
        assert_eq!(said("mama"), [Closed, Aa, Closed, Aa, Rest]);
        assert_eq!(said("마마"), said("mama"));
        assert_eq!(said("まま"), said("mama"));
        assert_eq!(said("ママ"), said("mama"));
        assert_eq!(said("밤"), [Closed, Aa, Closed, Rest]);
    }

    #[test]
    fn vowels_have_their_shapes() {
        assert_eq!(said("go"), [Oh, Rest]);
        assert_eq!(said("우"), [Ou, Rest]);
        assert_eq!(said("い"), [Ih, Rest]);
        assert_eq!(said("bed"), [Closed, Ee, Rest]);
    }

    #[test]
    fn five_to_six_syllables_a_second() {
        let pause = 0.32;
        for (text, syllables) in [
            ("I will sing a little melody for you tonight.", 12.0),
            ("오늘은 새로운 노래를 불러 드릴게요.", 14.0),
            ("あたらしいうたをうたいます。", 13.0),
        ] {
            let pace = syllables / (seconds(text) - pause);
            assert!((4.7..6.7).contains(&pace), "{text}: {pace}");
        }
    }

    #[test]
    fn marks_are_pauses() {
        let rests = |text| {
            let keys = keys_of_text(text).into_iter().filter(|key| key.shape == Rest);
            keys.map(|key| (key.seconds * 1000.0).round()).collect::<Vec<_>>()
        };
        assert_eq!(rests("ah, ah!!!"), [180.0, 320.0]);
        assert_eq!(rests("아... 아"), [320.0, 180.0]);
    }

    #[test]
    fn signs_are_silent() {
        assert!(keys_of_text("♪ 💜 # ...").is_empty());
        assert!(keys_of_text("").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_ends_with_a_shut_mouth(text in "\\PC{0,60}") {
            let keys = keys_of_text(&text);
            prop_assert!(keys.last().is_none_or(|key| key.shape == Rest));
            prop_assert!(keys.iter().all(|key| key.seconds > 0.0 && (0.0..=1.0).contains(&key.weight)));
        }
    }
}
