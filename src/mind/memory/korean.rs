//! Particles of Korean words.

use crate::{
    hangul::{Parts, is_closed},
    mind::text::is_hangul,
};

/// The consonant that a Korean word ends in, if it does; of other words, the sound of their last letter
/// or digit is guessed.
fn last_consonant(word: &str) -> Option<char> {
    let last = word.chars().rev().find(|c| c.is_alphanumeric())?;
    match last {
        '1' | '7' | '8' | 'l' | 'L' => Some('ㄹ'),
        '3' | 'm' | 'M' => Some('ㅁ'),
        'n' | 'N' => Some('ㄴ'),
        'b' | 'p' | 'B' | 'P' => Some('ㅂ'),
        '0' | '6' | 'c' | 'k' | 't' | 'C' | 'K' | 'T' => Some('ㄱ'),
        _ => Parts::of(last)?.tail,
    }
}

/// A word with the particle that fits its last sound. `particle` names both forms, the one after a
/// consonant first: `이/가`, `은/는`, `을/를`, `이에요/예요`, `아/야`, `으로/로`.
///
/// # Example
/// ```
/// use bevy_persona::mind::memory::josa;
///
/// assert_eq!(josa("두부", "이/가"), "두부가");
/// assert_eq!(josa("지훈", "아/야"), "지훈아");
/// assert_eq!(josa("서울", "으로/로"), "서울로");
/// assert_eq!(josa("민지", "이에요/예요"), "민지예요");
/// ```
#[must_use]
pub fn josa(word: &str, particle: &str) -> String {
    let (after_consonant, after_vowel) = particle.split_once('/').unwrap_or((particle, particle));
    let is_open = match last_consonant(word) {
        None => true,
        // It takes 로.
        Some('ㄹ') => after_consonant.starts_with("으로"),
        Some(_) => false,
    };
    format!("{word}{}", if is_open { after_vowel } else { after_consonant })
}

/// A Korean value without the particle at its end; words in `keeps` only look as if they had one.
pub(super) fn without_particle<'a>(value: &'a str, keeps: &[String]) -> &'a str {
    let value = value.trim();
    let Some(last) = value.chars().next_back() else { return value };
    let stem = value.strip_suffix(last).unwrap_or(value);
    let is_kept = keeps.iter().any(|end| value.ends_with(end.as_str()));
    let Some(before) = stem.chars().next_back().filter(|c| is_hangul(*c)) else { return value };
    let closed = is_closed(before).unwrap_or_default();
    let fits = match last {
        '을' | '은' | '이' => closed,
        '를' => !closed,
        '는' | '가' => !closed && stem.chars().count() > 1,
        _ => false,
    };
    if fits && !is_kept { stem } else { value }
}

/// The name before "이야", "이라고": "지훈이" is 지훈, "소이" is 소이.
pub(super) fn bare_name(name: &str) -> &str {
    let Some(stem) = name.strip_suffix('이') else { return name };
    let closed = last_consonant(stem).is_some();
    if closed && stem.chars().count() > 1 { stem } else { name }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_word_keeps_its_letters(word in ".{0,20}") {
            prop_assert!(josa(&word, "은/는").starts_with(&word));
            prop_assert!(word.contains(without_particle(&word, &[])));
            prop_assert!(word.starts_with(bare_name(&word)));
        }
    }

    #[test]
    fn particles_follow_the_last_sound() {
        let cases = [
            ("고양이", "을/를", "고양이를"),
            ("강아지 보리", "은/는", "강아지 보리는"),
            ("물", "을/를", "물을"),
            ("Gus", "이/가", "Gus가"),
            ("Sam", "이에요/예요", "Sam이에요"),
            ("3월 14일", "이에요/예요", "3월 14일이에요"),
            ("부산", "으로/로", "부산으로"),
        ];
        for (word, particle, expected) in cases {
            assert_eq!(josa(word, particle), expected);
        }
    }

    #[test]
    fn particles_are_taken_off_and_nouns_stay_whole() {
        let keeps = ["양이".to_owned()];
        let cases = [
            ("딸기우유를", "딸기우유"),
            ("고양이", "고양이"),
            ("커피는", "커피"),
            ("천둥이", "천둥"),
            ("비 오는 날", "비 오는 날"),
            ("오이", "오이"),
        ];
        for (value, expected) in cases {
            assert_eq!(without_particle(value, &keeps), expected);
        }
        assert_eq!(
            (bare_name("지훈이"), bare_name("소이"), bare_name("하늘")),
            ("지훈", "소이", "하늘")
        );
    }
}
