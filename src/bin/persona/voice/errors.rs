//! How far what was heard is from what was said.

use bevy_persona::{persona::Language, voice::spoken_korean};
use strsim::generic_levenshtein;
use unicode_normalization::UnicodeNormalization;

/// Errors, and how many words there are; in Korean jamo instead of words.
///
/// Korean is spelled by what words are made of, so one sound has several spellings: a listener who
/// writes 시허메 for 시험에 heard all of it. So the spellings are compared, and how both are said; the
/// lower count is that of what was heard.
pub fn count(language: Language, said: &str, heard: &str) -> (usize, usize) {
    if language == Language::Korean {
        let written = jamo(said);
        let by_spelling = distance(&written, &jamo(heard));
        let by_sound = distance(&jamo(&spoken_korean(said)), &jamo(&spoken_korean(heard)));
        (by_spelling.min(by_sound), written.len())
    } else {
        let (said, heard) = (words(said), words(heard));
        (distance(&said, &heard), said.len())
    }
}

fn distance<T: PartialEq>(said: &Vec<T>, heard: &Vec<T>) -> usize {
    generic_levenshtein::<Vec<T>, Vec<T>, &T, &T>(said, heard)
}

/// Words without case and marks.
fn words(text: &str) -> Vec<String> {
    let spoken = |c: char| if c.is_alphanumeric() || c == '\'' { c } else { ' ' };
    let text: String = text.to_lowercase().replace('’', "'").chars().map(spoken).collect();
    text.split_whitespace().map(str::to_owned).collect()
}

/// The letters, Hangul syllables in jamo.
fn jamo(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).nfd().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_marks_are_not_heard() {
        assert_eq!(count(Language::English, "I'm here, Mina!", "i’m here mina"), (0, 3));
        assert_eq!(count(Language::English, "I was here", "I saw you here"), (2, 3));
    }

    #[test]
    fn korean_is_counted_in_jamo() {
        assert_eq!(count(Language::Korean, "강", "간"), (1, 3));
        assert_eq!(count(Language::Korean, "안녕하세요.", "안녕하세요"), (0, 12));
    }

    #[test]
    fn another_spelling_of_the_same_sound_is_no_error() {
        assert_eq!(count(Language::Korean, "시험에", "시허메"), (0, 7));
        assert_eq!(count(Language::Korean, "시험에", "시엄메"), (2, 7));
    }
}
