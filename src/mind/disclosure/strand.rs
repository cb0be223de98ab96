//! A text in one reading, looked through for patterns word by word.

use super::{
    automaton::State,
    canon::{Glyph, is_in_number, is_katakana, is_unspaced},
    cloaks::Cloak,
    patterns::{BEGINS_SAFE, BEGINS_SECRET, Book, Books, Pattern, Role, Use},
};
use crate::hangul;

/// A form that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) one: Use,
    pub(super) cloak: Cloak,
    /// Whether the form is so long that it does not come about by chance.
    pub(super) long: bool,
    /// From this place of the plain reading…
    pub(super) start: u32,
    /// … up to this one.
    pub(super) end: u32,
}

/// A character of a reading.
#[derive(Debug, Clone, Copy)]
struct Cell {
    c: char,
    /// Where it stands in the plain reading.
    at: u32,
    /// Is the first of its word.
    starts: bool,
    /// Is the last of its word.
    ends: bool,
    /// White space stands before it.
    apart: bool,
}

/// One reading of a text, with and without the spaces.
#[derive(Debug, Default)]
pub(super) struct Strand {
    spaced: Vec<Cell>,
    compact: Vec<Cell>,
    at_spaced: State,
    at_compact: State,
    gap: Gap,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Gap {
    #[default]
    None,
    Sign,
    Space,
}

/// Where a reading of a word begins, to look at the new characters only.
#[derive(Debug, Clone, Copy)]
struct Before {
    spaced: usize,
    compact: usize,
}

impl Strand {
    /// How long the reading is, in characters.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.spaced.len()).unwrap_or(u32::MAX)
    }

    /// Reads one unit of text and reports what it completes. `places` are where the characters
    /// stand in the plain reading; of the plain reading itself, they are written there.
    pub(super) fn read(
        &mut self,
        books: &Books,
        glyphs: &[Glyph],
        apart: bool,
        places: Places<'_>,
        found: &mut impl FnMut(Hit),
    ) {
        let before = self.append(glyphs, apart, places);
        self.scan_spaced(&books.spaced, before.spaced, found);
        self.scan_compact(&books.compact, before.compact, found);
    }

    /// Reads a unit that is the same in another reading which stands at the same place.
    pub(super) fn follow(&mut self, other: &Self, glyphs: &[Glyph], apart: bool, places: &[u32]) {
        self.append(glyphs, apart, Places::Known(places));
        (self.at_spaced, self.at_compact) = (other.at_spaced, other.at_compact);
    }

    /// The place in all patterns.
    pub(super) fn states(&self) -> (State, State) {
        (self.at_spaced, self.at_compact)
    }

    fn append(&mut self, glyphs: &[Glyph], apart: bool, mut places: Places<'_>) -> Before {
        let before = Before { spaced: self.spaced.len(), compact: self.compact.len() };
        if apart {
            self.gap = Gap::Space;
        }
        for (index, glyph) in glyphs.iter().enumerate() {
            let at = match &mut places {
                Places::Known(places) => places.get(index).copied().unwrap_or(0),
                Places::Fixed(at) => *at,
                Places::Own(places) => {
                    let gap = self.gap != Gap::None && !self.spaced.is_empty();
                    let at = self.len() + u32::from(gap && glyph.word);
                    places.push(at);
                    at
                }
            };
            if glyph.word || is_in_number(glyphs, index) {
                self.push(glyph.c, at, glyph.word);
            } else if self.gap == Gap::None {
                self.gap = Gap::Sign;
            }
        }
        if let Some(last) = self.compact[before.compact..].last_mut() {
            last.ends = true;
        }
        before
    }

    fn push(&mut self, c: char, at: u32, word: bool) {
        let (gap, first) = (self.gap, self.spaced.is_empty());
        let starts = first || gap != Gap::None;
        let cell = Cell { c, at, starts, ends: false, apart: gap == Gap::Space };
        if starts && !first {
            self.spaced.push(Cell { c: ' ', at: at.saturating_sub(1), ..cell });
        }
        self.spaced.push(cell);
        if word {
            if let (true, Some(last)) = (starts, self.compact.last_mut()) {
                last.ends = true;
            }
            self.compact.push(cell);
        }
        self.gap = Gap::None;
    }

    fn scan_spaced(&mut self, book: &Book, from: usize, found: &mut impl FnMut(Hit)) {
        for last in from..self.spaced.len() {
            self.at_spaced = book.automaton.step(self.at_spaced, self.spaced[last].c);
            for id in book.automaton.ends(self.at_spaced) {
                let pattern = &book.patterns[id as usize];
                let Some(first) = (last + 1).checked_sub(pattern.len) else { continue };
                for one in &pattern.uses {
                    if self.stands_apart(first, last, pattern, one.role) {
                        found(hit(&self.spaced, first, last, pattern, *one));
                    }
                }
            }
        }
    }

    fn scan_compact(&mut self, book: &Book, from: usize, found: &mut impl FnMut(Hit)) {
        for last in from..self.compact.len() {
            self.at_compact = book.automaton.step(self.at_compact, self.compact[last].c);
            for id in book.automaton.ends(self.at_compact) {
                let pattern = &book.patterns[id as usize];
                let Some(first) = (last + 1).checked_sub(pattern.len) else { continue };
                for one in &pattern.uses {
                    if self.is_meant(first, last, pattern, one.role) {
                        found(hit(&self.compact, first, last, pattern, *one));
                    }
                }
            }
        }
    }

    /// Whether a form among words is one, and not a part of another word.
    fn stands_apart(&self, first: usize, last: usize, pattern: &Pattern, role: Role) -> bool {
        let (one, other) = (self.spaced[first].c, self.spaced[last].c);
        let before = first.checked_sub(1).map(|at| self.spaced[at].c);
        let after = self.spaced.get(last + 1).map(|cell| cell.c);
        let latin = |c: char| c.is_ascii_alphanumeric();
        let touches =
            |inside: char, outside: Option<char>| latin(inside) && outside.is_some_and(latin);
        if touches(one, before) {
            return false;
        }
        let is_certain = role == Role::Certain;
        if touches(other, after) {
            let takes_plural = other.is_ascii_alphabetic() && (is_certain || pattern.weight >= 4);
            let beyond = self.spaced.get(last + 2).map(|cell| cell.c);
            return takes_plural && after == Some('s') && !beyond.is_some_and(latin);
        }
        let is_short = is_certain && pattern.len <= 2;
        let same = |outside: Option<char>, is: fn(char) -> bool| {
            is_short && is(one) && outside.is_some_and(is)
        };
        !same(before, hangul::is_syllable)
            && !same(before, is_katakana)
            && !same(after, is_katakana)
    }

    /// Whether a form among bare letters is meant, and did not come about by chance.
    fn is_meant(&self, first: usize, last: usize, pattern: &Pattern, role: Role) -> bool {
        let cells = &self.compact[first..=last];
        let digit = |at: usize| self.compact.get(at).is_some_and(|cell| cell.c.is_ascii_digit());
        if (digit(first) && first > 0 && digit(first - 1)) || (digit(last) && digit(last + 1)) {
            return false;
        }
        let letter_by_letter = || {
            pattern.weight >= 3
                && cells.iter().all(|cell| cell.starts && cell.ends && !is_unspaced(cell.c))
        };
        let in_pieces = || {
            let mut gaps = cells[1..].iter().filter(|cell| cell.starts);
            let last_cell = cells[pattern.len - 1];
            let next = self.compact.get(last + 1).map(|cell| cell.c);
            let particle = hangul::is_syllable(last_cell.c) && next.is_some_and(is_particle);
            pattern.cloak == Cloak::Plain
                && cells[0].starts
                && (last_cell.ends || particle)
                && (role == Role::Certain || !gaps.any(|cell| cell.apart))
        };
        pattern.long || letter_by_letter() || in_pieces()
    }

    /// The place from which on the text may be the beginning of a form that gives a secret away.
    pub(super) fn secret_begins(&self, books: &Books) -> Option<u32> {
        let spaced = &books.spaced.automaton;
        let goes_on = |depth: usize| {
            let first = (self.spaced.len() + 1).checked_sub(depth)?;
            let latin =
                |at: usize| self.spaced.get(at).is_some_and(|c| c.c.is_ascii_alphanumeric());
            (!(latin(first) && first > 0 && latin(first - 1))).then_some(first)
        };
        let words = spaced.begun(spaced.step(self.at_spaced, ' '), BEGINS_SECRET);
        let words = words.filter_map(goes_on).next().and_then(|first| self.spaced.get(first));
        let unspaced = || {
            self.spaced.last().filter(|cell| is_unspaced(cell.c)).and_then(|_| {
                let depth = spaced.begun(self.at_spaced, BEGINS_SECRET).next()?;
                self.spaced.get(self.spaced.len().checked_sub(depth)?)
            })
        };
        let single = |depth: &usize| {
            let first = self.compact.len().saturating_sub(*depth);
            let cells = &self.compact[first..];
            cells.iter().all(|cell| cell.starts && cell.ends && !is_unspaced(cell.c))
        };
        let letters = books.compact.automaton.begun(self.at_compact, BEGINS_SECRET).find(single);
        let letters = letters.and_then(|depth| self.compact.get(self.compact.len() - depth));
        let begun = [words, unspaced(), letters];
        begun.into_iter().flatten().map(|cell| cell.at).min()
    }

    /// The place from which on the text may be the beginning of a harmless phrase.
    pub(super) fn safe_begins(&self, books: &Books) -> Option<u32> {
        let depth = books.spaced.automaton.begun(self.at_spaced, BEGINS_SAFE).next()?;
        self.spaced.get(self.spaced.len().checked_sub(depth)?).map(|cell| cell.at)
    }
}

/// Where the characters of a unit stand in the plain reading.
pub(super) enum Places<'a> {
    /// In this reading itself: they are noted.
    Own(&'a mut Vec<u32>),
    /// At these places.
    Known(&'a [u32]),
    /// All at one place.
    Fixed(u32),
}

fn hit(cells: &[Cell], first: usize, last: usize, pattern: &Pattern, one: Use) -> Hit {
    let Pattern { cloak, long, .. } = *pattern;
    Hit { one, cloak, long, start: cells[first].at, end: cells[last].at + 1 }
}

/// Syllables with which a Korean word goes on behind a name.
fn is_particle(c: char) -> bool {
    "야의는가를와도라랑한예은이을과".contains(c)
}
