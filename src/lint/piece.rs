//! A piece of a file that knows where it stands.

use std::ops::Range;

/// Some text of a file, and the byte at which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Piece<'a> {
    /// A whole file.
    pub(super) const fn whole(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Its bytes in the file.
    pub(super) fn range(self) -> Range<usize> {
        self.at..self.at + self.text.len()
    }

    /// The part that begins at its byte `from`; empty where there is none.
    pub(super) fn from(self, from: usize) -> Self {
        match self.text.get(from..) {
            Some(text) => Self { text, at: self.at + from },
            None => Self { text: "", at: self.at + self.text.len() },
        }
    }

    /// The part that ends before its byte `to`; all of it, where there is no such byte.
    pub(super) fn to(self, to: usize) -> Self {
        Self { text: self.text.get(..to).unwrap_or(self.text), at: self.at }
    }

    /// Without the white space around it.
    pub(super) fn trim(self) -> Self {
        let from = self.text.len() - self.text.trim_start().len();
        let cut = self.from(from);
        Self { text: cut.text.trim_end(), at: cut.at }
    }

    /// What stands before and behind the first `separator`.
    pub(super) fn split_once(self, separator: &str) -> Option<(Self, Self)> {
        let at = self.text.find(separator)?;
        Some((self.to(at), self.from(at + separator.len())))
    }

    /// The parts between separators.
    pub(super) fn split(self, separator: char) -> impl Iterator<Item = Self> {
        let mut rest = Some(self);
        std::iter::from_fn(move || {
            let here = rest?;
            let at = here.text.find(separator);
            rest = at.map(|at| here.from(at + separator.len_utf8()));
            Some(at.map_or(here, |at| here.to(at)))
        })
    }

    /// The words: runs without white space.
    pub(super) fn words(self) -> impl Iterator<Item = Self> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let here = rest.trim();
            let end = here.text.find(char::is_whitespace).unwrap_or(here.text.len());
            rest = here.from(end);
            Some(here.to(end)).filter(|word| !word.text.is_empty())
        })
    }

    /// The lines, without their ends.
    pub(super) fn lines(self) -> impl Iterator<Item = Self> {
        self.split('\n').map(|line| Self { text: line.text.trim_end_matches('\r'), ..line })
    }

    /// Where `needle` stands in it; all of it, where it does not.
    pub(super) fn find(self, needle: &str) -> Range<usize> {
        match self.text.find(needle).filter(|_| !needle.is_empty()) {
            Some(at) => self.at + at..self.at + at + needle.len(),
            None => self.trim().range(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pieces_are_where_they_say(text in "[ a너\r\n:]{0,30}") {
            let whole = Piece::whole(&text);
            let pieces = whole.lines().flat_map(|line| line.words().chain([line.trim(), line]));
            for piece in pieces.chain(whole.split(':')) {
                prop_assert_eq!(&text[piece.range()], piece.text);
            }
            prop_assert_eq!(whole.split(':').count(), text.matches(':').count() + 1);
        }
    }
}
