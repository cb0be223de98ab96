//! A text that remembers where each of its characters stood before.

use std::ops::Range;

/// Text with things taken out, and the way back to the original.
#[derive(Debug, Clone, Default)]
pub(in crate::voice) struct Cleaned {
    text: String,
    /// Of each character: where it begins here, and where it comes from.
    origins: Vec<(usize, Range<usize>)>,
}

impl Cleaned {
    /// The text as it is, each character from its own place.
    pub fn new(text: &str) -> Self {
        let mut cleaned = Self::default();
        for (at, c) in text.char_indices() {
            cleaned.push(c, at..at + c.len_utf8());
        }
        cleaned
    }

    pub fn push(&mut self, c: char, origin: Range<usize>) {
        self.origins.push((self.text.len(), origin));
        self.text.push(c);
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where a stretch of this text stands in the original.
    pub fn origin(&self, here: &Range<usize>) -> Range<usize> {
        let first = self.origins.partition_point(|(at, _)| *at < here.start);
        let end = self.origins.partition_point(|(at, _)| *at < here.end);
        match self.origins.get(first..end) {
            Some([(_, only)]) => only.clone(),
            Some([(_, first), .., (_, last)]) => first.start..last.end,
            _ => 0..0,
        }
    }

    /// The characters, and where each comes from.
    pub fn chars(&self) -> impl Iterator<Item = (char, Range<usize>)> {
        self.text.chars().zip(self.origins.iter().map(|(_, origin)| origin.clone()))
    }

    /// The text with stretches of it replaced. `edits` are in order and do not overlap; a replacement
    /// comes from all of the stretch, and empty ones take it out.
    pub fn edited(&self, edits: &[(Range<usize>, String)]) -> Self {
        let mut result = Self::default();
        let mut edits = edits.iter().peekable();
        for (&(at, ref origin), c) in self.origins.iter().zip(self.text.chars()) {
            while edits.next_if(|(range, _)| range.end <= at).is_some() {}
            match edits.peek() {
                Some((range, with)) if range.contains(&at) => {
                    if range.start == at {
                        let whole = self.origin(range);
                        with.chars().for_each(|c| result.push(c, whole.clone()));
                    }
                }
                _ => result.push(c, origin.clone()),
            }
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_knows_where_it_was() {
        let cleaned = Cleaned::new("a **né** b");
        let edits = [(2..4, String::new()), (7..9, String::new()), (10..11, "bee".into())];
        let cleaned = cleaned.edited(&edits);
        assert_eq!(cleaned.as_str(), "a né bee");
        assert_eq!(cleaned.origin(&(2..5)), 4..7);
        assert_eq!(cleaned.origin(&(6..9)), 10..11);
    }
}
