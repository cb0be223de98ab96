//! Text as rules, indexes and guards compare it.

use unicode_normalization::UnicodeNormalization;

/// A text made comparable: NFC, lower case, straight quotes, white space folded to single spaces
/// and none around it.
///
/// # Example
/// ```
/// use bevy_persona::mind::text::fold;
///
/// assert_eq!(fold("  It’s\n RAINING “again” "), "it's raining \"again\"");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfc().flat_map(char::to_lowercase) {
        match c {
            '‘' | '’' | '‛' | 'ʼ' | '´' | '`' => folded.push('\''),
            '“' | '”' | '„' | '«' | '»' => folded.push('"'),
            c if c.is_whitespace() => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            c => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The words of a folded text: runs of letters and digits, apostrophes inside a word kept.
///
/// # Example
/// ```
/// use bevy_persona::mind::text::words;
///
/// assert_eq!(words("it's 3 o'clock, 시우야!").collect::<Vec<_>>(), ["it's", "3", "o'clock", "시우야"]);
/// ```
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
}

/// Whether a character is Korean: a syllable, or a letter typed alone.
#[must_use]
pub fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}')
}

/// Whether `folded` holds `form`. A form that begins or ends with a Latin letter or a digit must
/// stand apart from other such letters on that side; other scripts are found inside words too.
///
/// # Example
/// ```
/// use bevy_persona::mind::text::contains_form;
///
/// assert!(contains_form("is it ria?", "ria") && !contains_form("a pizzeria", "ria"));
/// assert!(contains_form("너무슬퍼요", "슬퍼"));
/// ```
#[must_use]
pub fn contains_form(folded: &str, form: &str) -> bool {
    find_form(folded, form).is_some()
}

/// Where [`contains_form`] finds it: the byte at which it begins.
#[must_use]
pub fn find_form(folded: &str, form: &str) -> Option<usize> {
    if form.is_empty() {
        return None;
    }
    let apart = |inside: Option<char>, outside: Option<char>| {
        let is_latin = |c: char| c.is_ascii_alphanumeric() || (c.is_alphabetic() && c < '\u{250}');
        !(inside.is_some_and(is_latin) && outside.is_some_and(is_latin))
    };
    folded.match_indices(form).map(|(at, _)| at).find(|&at| {
        let (before, after) = (&folded[..at], &folded[at + form.len()..]);
        apart(form.chars().next(), before.chars().next_back())
            && apart(form.chars().next_back(), after.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in ".{0,80}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }

    #[test]
    fn letters_typed_apart_become_syllables() {
        assert_eq!(fold("\u{1112}\u{1161}\u{11ab}"), "한");
    }

    #[test]
    fn a_form_stands_apart_from_latin_letters_only() {
        assert!(contains_form("3월 3일", "3일") && !contains_form("3월 13일", "3일"));
        assert!(contains_form("pandora의 리아는", "리아"));
        assert!(!contains_form("anything", ""));
    }
}
