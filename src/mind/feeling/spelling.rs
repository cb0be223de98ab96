//! Brings spellings together before feelings are looked for.

use std::collections::HashMap;

use crate::mind::text::fold;

/// Short spellings and what they stand for.
#[derive(Debug, Default)]
pub(super) struct Spelling(HashMap<String, String>);

impl Spelling {
    pub(super) fn new(words: impl IntoIterator<Item = (String, String)>) -> Self {
        let plain = |text: String| plain(&fold(&text));
        Self(words.into_iter().map(|(short, long)| (plain(short), plain(long))).collect())
    }

    /// A text with usual spellings: folded, without apostrophes, drawn-out letters once.
    pub(super) fn of(&self, text: &str) -> String {
        let plain = plain(&fold(text));
        let mut out = String::with_capacity(plain.len());
        let mut rest = plain.as_str();
        while let Some(first) = rest.chars().next() {
            let inside = first.is_alphanumeric();
            let end = rest.find(|c: char| c.is_alphanumeric() != inside).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            out.push_str(self.0.get(run).map_or(run, String::as_str));
            rest = after;
        }
        out
    }
}

/// Without apostrophes inside words, and with drawn-out Latin letters (`sooo`) once.
fn plain(folded: &str) -> String {
    let chars: Vec<char> = folded.chars().collect();
    let mut out = String::with_capacity(folded.len());
    for same in chars.chunk_by(|a, b| a == b) {
        let is_latin = same[0].is_alphabetic() && same[0] < '\u{250}';
        let times = match same[0] {
            '\'' => 0,
            'ㅋ' | 'ㅎ' | 'ㅠ' | 'ㅜ' => same.len().min(4),
            _ if is_latin && same.len() > 2 => 1,
            _ => same.len().min(4),
        };
        out.extend(&same[..times]);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_meet() {
        let spelling = Spelling::new([("u".to_owned(), "you".to_owned())]);
        assert_eq!(spelling.of("I'm SOOO mad at u!!!!!!"), "im so mad at you!!!!");
        assert_eq!(spelling.of("ㅋㅋㅋㅋㅋㅋㅋ"), "ㅋㅋㅋㅋ");
    }

    proptest! {
        #[test]
        fn any_text_has_a_spelling(text in ".{0,60}") {
            let _ = Spelling::default().of(&text);
        }
    }
}
