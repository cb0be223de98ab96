//! Tokens that are found in a text by how they are spelt, before anything else is split.

/// A part of a text: a token that is spelt in it, or what lies between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Span<'a> {
    Token(u32),
    Text(&'a str),
}

/// Spellings of tokens, and the tokens.
///
/// As in SentencePiece, a text is searched from its beginning, and of several spellings that begin
/// at the same place the longest is taken.
#[derive(Debug, Clone)]
pub(super) struct Spellings {
    /// By their first byte; the longest first.
    by_first: Vec<Vec<(String, u32)>>,
}

impl Spellings {
    pub(super) fn new(spelled: impl IntoIterator<Item = (String, u32)>) -> Self {
        let mut by_first = vec![Vec::new(); 256];
        for (spelling, id) in spelled {
            if let Some(&first) = spelling.as_bytes().first() {
                by_first[usize::from(first)].push((spelling, id));
            }
        }
        for begin_alike in &mut by_first {
            begin_alike
                .sort_by_key(|(spelling, _): &(String, u32)| std::cmp::Reverse(spelling.len()));
        }
        Self { by_first }
    }

    /// All of them, in no order that means anything.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, u32)> {
        self.by_first.iter().flatten().map(|(spelling, id)| (spelling.as_str(), *id))
    }

    /// The token with which a text begins, and the length of its spelling in bytes.
    fn at_start(&self, text: &str) -> Option<(u32, usize)> {
        let begin_alike = &self.by_first[usize::from(*text.as_bytes().first()?)];
        let found = begin_alike.iter().find(|(spelling, _)| text.starts_with(spelling.as_str()));
        found.map(|(spelling, id)| (*id, spelling.len()))
    }

    /// Cuts out the tokens that are spelt in a text. No part is empty.
    pub(super) fn split<'a>(&self, text: &'a str) -> Vec<Span<'a>> {
        let (mut spans, mut start, mut at) = (Vec::new(), 0, 0);
        while at < text.len() {
            let Some((id, len)) = self.at_start(&text[at..]) else {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
                continue;
            };
            if start < at {
                spans.push(Span::Text(&text[start..at]));
            }
            spans.push(Span::Token(id));
            at += len;
            start = at;
        }
        if start < text.len() {
            spans.push(Span::Text(&text[start..]));
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spellings(spelled: &[&str]) -> Spellings {
        Spellings::new(spelled.iter().map(|&text| text.to_owned()).zip(0..))
    }

    #[test]
    fn the_longest_spelling_from_the_left_is_taken() {
        let known = spellings(&["ab", "abc", "cdef", "\n", "\n\n"]);
        assert_eq!(known.split("xabcdef"), [Span::Text("x"), Span::Token(1), Span::Text("def")]);
        assert_eq!(known.split("\n\n\n가"), [Span::Token(4), Span::Token(3), Span::Text("가")]);
        assert_eq!(known.split(""), []);
    }

    #[test]
    fn an_empty_spelling_is_never_found() {
        assert_eq!(spellings(&[""]).split("a"), [Span::Text("a")]);
    }

    proptest! {
        #[test]
        fn the_parts_are_the_text(text in "[ab가\n<>]{0,40}") {
            let spelled = ["a", "ab", "가", "<a>", "\n\n"];
            let spans = spellings(&spelled).split(&text);
            let joined: String = spans.iter().map(|span| match span {
                Span::Token(id) => spelled[*id as usize],
                Span::Text(text) => text,
            }).collect();
            prop_assert_eq!(&joined, &text);
            let is_clean = |span: &Span<'_>| match span {
                Span::Token(_) => true,
                Span::Text(text) => !text.is_empty() && spelled.iter().all(|s| !text.contains(s)),
            };
            prop_assert!(spans.iter().all(is_clean));
        }
    }
}
