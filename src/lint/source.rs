//! Content files as they are checked.

use std::ops::Range;

use super::{kind::Kind, piece::Piece};
use crate::persona::Place;

/// A content file.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Its path.
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) text: String,
    /// Whether its faults are asked for, or it is only there for its names.
    pub(super) asked: bool,
    /// The first byte that is no text, if there is one.
    pub(super) not_text: Option<usize>,
}

impl Source {
    /// Reads the bytes of a file.
    pub(super) fn new(name: String, kind: Kind, bytes: &[u8], asked: bool) -> Self {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let (text, not_text) = match str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), None),
            Err(error) => (String::from_utf8_lossy(bytes).into_owned(), Some(error.valid_up_to())),
        };
        Self { name, kind, text, asked, not_text }
    }

    /// All of it.
    pub(super) fn whole(&self) -> Piece<'_> {
        Piece::whole(&self.text)
    }

    /// The name without folders.
    pub(super) fn short_name(&self) -> &str {
        short(&self.name)
    }

    /// The name up to its first dot, without folders: `siwoo` of `personas/siwoo.lines.toml`.
    pub(super) fn stem(&self) -> &str {
        self.short_name().split('.').next().unwrap_or_default()
    }

    /// A line of it, from 1; the end, where there are not so many.
    pub(super) fn line(&self, number: usize) -> Piece<'_> {
        let line = self.whole().lines().nth(number.saturating_sub(1));
        line.unwrap_or_else(|| self.whole().from(self.text.len()))
    }

    /// Where a byte of it stands, as told in a message about `here`.
    pub(super) fn place_for(&self, byte: usize, here: &Self) -> String {
        let Place { line, .. } = Place::of_byte(&self.text, byte);
        if self.name == here.name {
            format!("in line {line}")
        } else {
            format!("at {}:{line}", self.name)
        }
    }

    /// The bytes of the word, or of the run of signs, at a place.
    pub(super) fn word_at(&self, place: Place) -> Range<usize> {
        let line = self.line(place.line);
        let before = line.text.char_indices().nth(place.column.saturating_sub(1));
        let here = line.from(before.map_or(line.text.len(), |(at, _)| at));
        let is_word = |c: char| c.is_alphanumeric() || "_-.$".contains(c);
        let word = here.text.find(|c| !is_word(c)).unwrap_or(here.text.len());
        match here.text.chars().next() {
            None => line.trim().range(),
            Some(first) => here.to(word.max(first.len_utf8())).range(),
        }
    }
}

/// A path without its folders.
pub(super) fn short(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_by_its_place() {
        let source =
            Source::new("a/b.lines.toml".into(), Kind::Lines, "가\n 너는 x\n".as_bytes(), true);
        let word = |line, column| &source.text[source.word_at(Place { line, column })];
        assert_eq!((word(2, 2), word(2, 5), word(1, 1)), ("너는", "x", "가"));
        assert_eq!((word(2, 9), word(9, 9), source.stem()), ("너는 x", "", "b"));
    }

    #[test]
    fn bytes_that_are_no_text_are_kept_in_mind() {
        let source = Source::new("a".into(), Kind::Lines, b"\xef\xbb\xbfab\xff", true);
        assert_eq!((source.not_text, source.text.as_str()), (Some(2), "ab\u{fffd}"));
    }
}
