//! What stands in a text and is not said.

/// The longest tag, in bytes.
const LONGEST: usize = 40;

/// How many bytes of a tag stand here, such as `[joy:0.6]` or `<b>`; 0 if there is none.
pub(super) fn tag(text: &str) -> usize {
    let close = match text.as_bytes().first() {
        Some(b'[') => b']',
        Some(b'<') => b'>',
        _ => return 0,
    };
    let inside = &text.as_bytes()[1..];
    let Some(length) = inside.iter().take(LONGEST).position(|byte| *byte == close) else {
        return 0;
    };
    let is_tag = |byte: &u8| byte.is_ascii_alphanumeric() || b"_:./= \"-#".contains(byte);
    let begins = inside.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/');
    if begins && inside[..length].iter().all(is_tag) { length + 2 } else { 0 }
}

/// Whether a character is a picture, even where Unicode counts it among the letters or digits.
pub(super) fn is_picture(letter: char) -> bool {
    matches!(letter, '\u{2100}'..='\u{2BFF}' | '\u{3200}'..='\u{33FF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Whether it makes a picture of the character before, as in 1️⃣.
pub(super) const fn makes_picture(letter: char) -> bool {
    matches!(letter, '\u{FE0F}' | '\u{20E3}')
}

/// Whether it belongs to the letter before.
pub(super) const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}' | '\u{200C}' | '\u{200D}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_from_other_brackets() {
        for (text, length) in [
            ("[joy] hi", 5),
            ("[joy:0.6]", 9),
            ("<b>bold</b>", 3),
            ("</b>", 4),
            ("[", 0),
            ("<3 you > me", 0),
            ("[안녕]", 0),
            ("[]", 0),
            ("hi", 0),
            ("", 0),
        ] {
            assert_eq!(tag(text), length, "{text}");
        }
    }
}
