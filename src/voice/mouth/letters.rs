//! Mouth keys from written letters alone, for when there is no sound.

use super::{
    keys::{FIRM, SHORT, joined, timed},
    lips::Lips,
    parts::{Part, shapes, with_clusters, with_firm_lips},
};
use crate::voice::{
    MouthKey,
    letters::{Consonant, Ending, Syllable, Vowel, phrases},
};

/// A consonant before or after a vowel, in milliseconds.
const CONSONANT: usize = 55;
/// A vowel, in milliseconds. With its consonants it makes five to six syllables a second.
const VOWEL: f32 = 120.0;

/// What a mouth does that reads this aloud, at five to six syllables a second, with pauses at punctuation.
///
/// Letters of Latin, Hangul and kana are spoken as they sound; a letter of another script is a syllable
/// of any shape. Markup, faces and signs are silent. The mouth is shut at the end.
#[must_use]
pub fn keys_of_text(text: &str) -> Vec<MouthKey> {
    let parts = spoken(text);
    let parts = with_firm_lips(with_clusters(parts, SHORT), FIRM);
    timed(&joined(shapes(&parts)), 1000)
}

fn spoken(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for phrase in phrases(text) {
        for syllable in phrase.words.iter().flat_map(|word| &word.syllables) {
            speak(syllable, &mut parts);
        }
        parts.push(Part { lips: Lips::Rest, length: pause(phrase.ending) });
    }
    parts
}

fn speak(syllable: &Syllable, parts: &mut Vec<Part>) {
    let beside = |sound| Part { lips: consonant(sound), length: CONSONANT };
    parts.extend(syllable.onset.map(beside));
    let lips = match (vowel(syllable.vowel), syllable.glide.map(vowel)) {
        (Lips::Vowel(from, weight), Some(Lips::Vowel(to, less))) => {
            Lips::Glide((from, weight), (to, less))
        }
        (lips, _) => lips,
    };
    parts.push(Part { lips, length: (VOWEL * syllable.stretch) as usize });
    parts.extend(syllable.coda.map(beside));
}

/// How long the mouth rests behind a phrase, in milliseconds. A text that ends without a mark ends
/// with a shut mouth, too.
const fn pause(ending: Option<Ending>) -> usize {
    match ending {
        None | Some(Ending::Comma) => 180,
        Some(_) => 320,
    }
}

/// The lips are those of a phone of the voice, so that a mouth moves alike with and without one.
fn vowel(vowel: Vowel) -> Lips {
    Lips::of_phone(match vowel {
        Vowel::A => 'a',
        Vowel::E => 'ɛ',
        Vowel::I => 'i',
        Vowel::O => 'o',
        Vowel::U => 'u',
        Vowel::Uh => 'ʌ',
        Vowel::Eu => 'ɨ',
        Vowel::Hum => 'm',
    })
}

fn consonant(consonant: Consonant) -> Lips {
    Lips::of_phone(match consonant {
        Consonant::M => 'm',
        Consonant::N => 'n',
        Consonant::B => 'b',
        Consonant::D => 'd',
        Consonant::G => 'ɡ',
        Consonant::P => 'p',
        Consonant::T => 't',
        Consonant::K => 'k',
        Consonant::F => 'f',
        Consonant::S => 's',
        Consonant::Sh => 'ʃ',
        Consonant::Ch => 'ʧ',
        Consonant::J => 'ʤ',
        Consonant::H => 'h',
        Consonant::L => 'l',
        Consonant::W => 'w',
        Consonant::Y => 'j',
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::voice::MouthShape::{self, Aa, Closed, Ee, Ih, Oh, Ou, Rest};

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
    fn syllables_are_counted() {
        let vowels = |text: &str| {
            let parts = spoken(text);
            parts.iter().filter(|part| part.lips.first_shape().is_some()).count()
        };
        for (word, count) in [
            ("home", 1),
            ("the", 1),
            ("night", 1),
            ("happy", 2),
            ("sunshine", 2),
            ("きょー", 1),
            ("ㅋㅋ", 2),
            ("앞", 1),
        ] {
            assert_eq!(vowels(word), count, "{word}");
        }
    }

    #[test]
    fn a_vowel_that_is_drawn_out_lasts() {
        for (plain, drawn) in [("きょ", "きょー"), ("no", "noooo"), ("안녕", "안녕~~")] {
            assert!(seconds(drawn) > seconds(plain) + 0.05, "{drawn}");
        }
    }

    #[test]
    fn initial_vowel_and_final_are_spoken() {
        let lips = |text: &str| spoken(text).iter().map(|part| part.lips).collect::<Vec<_>>();
        assert_eq!(lips("앞"), [Lips::Vowel(Aa, 1.0), Lips::Closed, Lips::Rest]);
        assert_eq!(lips("oi"), [Lips::Glide((Oh, 0.9), (Ih, 0.8)), Lips::Rest]);
    }

    #[test]
    fn signs_are_silent() {
        assert!(keys_of_text("♪ 💜 # ...").is_empty());
        assert!(keys_of_text("*waves* :) (≧▽≦) ㅠㅠ").is_empty());
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
