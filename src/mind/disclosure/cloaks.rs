//! Ways to write a form so that it is not seen at once.

use super::keyboard;
use crate::hangul;

/// How a form was disguised. Made from the form when the file is read, or undone in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cloak {
    /// Not at all, or only by case, spacing, signs and look-alike characters.
    Plain,
    /// Written backwards, as a whole or word by word.
    Reversed,
    /// Every letter moved along the alphabet, or mirrored in it.
    Shifted,
    /// Word by word in pig latin.
    PigLatin,
    /// Typed with the keyboard set to the other script.
    Keyboard,
    /// Digits and signs that look like letters.
    Leet,
    /// Letter by letter: as letters alone, by their names or by spelling words.
    Spelled,
    /// As numbers: codes of characters, places in the alphabet, base64, hexadecimal, Morse.
    Coded,
    /// The first letters of lines or words.
    Acrostic,
}

/// A form in one disguise.
pub(super) struct Disguised {
    pub(super) cloak: Cloak,
    /// With spaces between words.
    pub(super) text: String,
}

/// All disguises of a form that can be told from everyday words.
///
/// `certain`: the form gives the secret away alone, so that short disguises count too.
pub(super) fn disguises(form: &str, certain: bool) -> Vec<Disguised> {
    let mut all = Vec::new();
    let mut add = |cloak, text: String| {
        if text != form {
            all.push(Disguised { cloak, text });
        }
    };
    let letters = form.chars().filter(|c| c.is_alphanumeric()).count();
    if is_latin(form) {
        if letters >= 5 {
            add(Cloak::Reversed, form.chars().rev().collect());
            add(Cloak::Reversed, by_word(form, |word| word.chars().rev().collect()));
        }
        if certain || letters >= 4 {
            add(Cloak::Shifted, shift(form, 13));
            add(Cloak::Shifted, mirror(form));
            add(Cloak::PigLatin, by_word(form, |word| pig_latin(word, "ay")));
            add(Cloak::PigLatin, by_word(form, |word| pig_latin(word, "way")));
            add(Cloak::PigLatin, by_word(form, |word| pig_latin(word, "yay")));
        }
        if certain && letters >= 8 {
            (1..26).filter(|by| *by != 13).for_each(|by| add(Cloak::Shifted, shift(form, by)));
        }
        if letters >= 4 {
            add(Cloak::Keyboard, by_word(form, keyboard::on_korean_keys));
        }
    } else if form.chars().any(hangul::is_syllable) {
        let syllables = form.chars().filter(|c| hangul::is_syllable(*c)).count();
        if syllables >= 3 {
            add(Cloak::Reversed, form.chars().rev().collect());
        }
        if syllables >= 3 || (certain && syllables == 2) {
            add(Cloak::Keyboard, by_word(form, keyboard::on_latin_keys));
        }
    }
    all
}

fn is_latin(form: &str) -> bool {
    form.chars().any(|c| c.is_ascii_alphabetic())
        && form.chars().all(|c| c == ' ' || c.is_ascii_alphanumeric())
}

fn by_word(form: &str, change: impl Fn(&str) -> String) -> String {
    form.split(' ').map(change).collect::<Vec<_>>().join(" ")
}

fn shift(form: &str, by: u8) -> String {
    let moved = |c: char| match u8::try_from(c) {
        Ok(c @ b'a'..=b'z') => char::from(b'a' + (c - b'a' + by) % 26),
        _ => c,
    };
    form.chars().map(moved).collect()
}

fn mirror(form: &str) -> String {
    let mirrored = |c: char| match u8::try_from(c) {
        Ok(c @ b'a'..=b'z') => char::from(b'z' - (c - b'a')),
        _ => c,
    };
    form.chars().map(mirrored).collect()
}

fn pig_latin(word: &str, after_vowel: &str) -> String {
    if !word.chars().all(|c| c.is_ascii_alphabetic()) {
        return word.into();
    }
    match word.find(|c| "aeiou".contains(c)) {
        Some(0) | None => format!("{word}{after_vowel}"),
        Some(vowel) => format!("{}{}ay", &word[vowel..], &word[..vowel]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_many_disguises() {
        let all: Vec<String> =
            disguises("blue herons", true).into_iter().map(|found| found.text).collect();
        for text in ["snoreh eulb", "eulb snoreh", "oyhr urebaf", "yofv svilmh", "ueblay eronshay"]
        {
            assert!(all.iter().any(|found| found == text), "{text}: {all:?}");
        }
        let korean = disguises("왜가리", false);
        assert_eq!(korean[0].text, "리가왜");
        assert_eq!(korean[1].text, "dhorkfl");
    }
}
