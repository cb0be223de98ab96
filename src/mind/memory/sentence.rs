//! Cuts a message into sentences.

use unicode_normalization::UnicodeNormalization;

/// One sentence of a message, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    pub text: String,
    /// Whether a question mark ends it.
    pub asks: bool,
}

/// The sentences of a message: NFC, straight quotes, single spaces; emoji and line breaks end a
/// sentence too.
pub(super) fn sentences(message: &str) -> Vec<Sentence> {
    let (mut found, mut text) = (Vec::new(), String::new());
    let chars: Vec<char> = message.nfc().map(straight).collect();
    for (at, &c) in chars.iter().enumerate() {
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        let in_word = at > 0 && chars[at - 1].is_alphanumeric() && next.is_alphanumeric();
        match c {
            '?' => end(&mut found, &mut text, true),
            '.' if in_word => text.push(c),
            '.' | '!' | ';' | '…' | '\n' | '~' | '|' => end(&mut found, &mut text, false),
            c if c.is_whitespace() => {
                if !text.is_empty() && !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            c if c.is_alphanumeric() || c.is_ascii() => text.push(c),
            // A mark that joins with the letter before it, as in Thai or Hindi.
            c if !is_symbol(c) => text.push(c),
            _ => end(&mut found, &mut text, false),
        }
    }
    end(&mut found, &mut text, false);
    found
}

fn straight(c: char) -> char {
    match c {
        '‘' | '’' | '‛' | 'ʼ' | '´' | '`' => '\'',
        '“' | '”' | '„' | '«' | '»' => '"',
        '？' => '?',
        '！' => '!',
        '，' | '、' => ',',
        '。' => '.',
        c => c,
    }
}

/// Emoji, arrows and dingbats.
fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2000}'..='\u{2bff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

fn end(found: &mut Vec<Sentence>, text: &mut String, asks: bool) {
    let sentence = text.trim_matches(|c: char| c.is_whitespace() || c == ',').to_owned();
    text.clear();
    if !sentence.is_empty() {
        found.push(Sentence { text: sentence, asks });
    } else if let Some(last) = found.last_mut().filter(|_| asks) {
        last.asks = true;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_sentence_is_empty_and_none_longer_than_the_message(message in ".{0,120}") {
            let total: usize = sentences(&message).iter().map(|s| s.text.chars().count()).sum();
            prop_assert!(total <= message.nfc().count());
            prop_assert!(sentences(&message).iter().all(|s| !s.text.trim().is_empty()));
        }
    }

    #[test]
    fn marks_line_breaks_and_emoji_end_sentences() {
        let found = sentences("hii im Mina 💜 it’s 5.5 km!! ok?\nbye");
        let texts: Vec<_> = found.iter().map(|s| (s.text.as_str(), s.asks)).collect();
        assert_eq!(
            texts,
            [("hii im Mina", false), ("it's 5.5 km", false), ("ok", true), ("bye", false)]
        );
    }
}
