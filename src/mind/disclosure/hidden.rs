//! What stands in a text in another form: spelled, coded, or as first letters.

use super::{
    canon::{Glyph, glyphs, is_unspaced},
    cloaks::Cloak,
    codes::{Codes, base64},
    keyboard::{bare_vowel, compose, letters},
    names::{morse, named_jamo, spelled},
    patterns::{Books, Role},
    strand::{Hit, Places, Strand},
};
use crate::hangul::{is_letter, is_syllable};

/// A word of the plain reading.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) text: String,
    /// Where it stands.
    pub(super) at: u32,
}

/// Reads what is hidden, word by word.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    names: Letters,
    places: Letters,
    morse: Letters,
    singles: Letters,
    lines: Letters,
    initials: Letters,
    codes: Codes,
    jamo: Vec<char>,
    has_jamo: bool,
}

/// How far letters in a row of lone letters may stand apart, in characters.
const REACH: u32 = 40;
/// Longer rows of Korean letters are cut at the front.
const LONGEST: usize = 48;

impl Hidden {
    /// Reads one unit: as it was written, and its words.
    pub(super) fn read(
        &mut self,
        books: &Books,
        unit: &str,
        words: &[Word],
        place: u32,
        found: &mut impl FnMut(Hit),
    ) {
        for text in base64(unit) {
            read_text(books, &text, place, found);
        }
        self.read_morse(books, unit, place, found);
        if unit.contains('\n') {
            self.first_letter(books, words, found);
        }
        for word in words {
            self.read_word(books, word, found);
        }
    }

    fn read_word(&mut self, books: &Books, word: &Word, found: &mut impl FnMut(Hit)) {
        self.names.go_on(books, spelled(&word.text), word.at, Cloak::Spelled, found);
        let numbered = word.text.parse().ok().filter(|number| (1..=26).contains(number));
        let letter = numbered.and_then(|number: u32| char::from_u32(u32::from('a') + number - 1));
        self.places.go_on(books, letter, word.at, Cloak::Coded, found);
        let mut chars = word.text.chars();
        let Some(first) = chars.next() else { return };
        if first.is_ascii_lowercase() && chars.next().is_none() {
            if word.at > self.singles.last.saturating_add(REACH) {
                self.singles.clear();
            }
            self.singles.push(books, first, word.at, Cloak::Spelled, &mut |hit| {
                if hit.one.role == Role::Certain {
                    found(hit);
                }
            });
        }
        self.initials.push(books, first, word.at, Cloak::Acrostic, &mut |hit| {
            if hit.one.role == Role::Certain && hit.long {
                found(hit);
            }
        });
        for text in self.codes.read(&word.text) {
            read_text(books, &text, word.at, found);
        }
        self.read_jamo(books, word, found);
    }

    fn first_letter(&mut self, books: &Books, words: &[Word], found: &mut impl FnMut(Hit)) {
        let first = words.first().and_then(|word| Some((word.text.chars().next()?, word.at)));
        let Some((first, at)) = first else { return };
        self.lines.push(books, first, at, Cloak::Acrostic, &mut |hit| {
            if hit.one.role == Role::Certain {
                found(hit);
            }
        });
    }

    /// The first line begins without a line break.
    pub(super) fn begin(&mut self, books: &Books, words: &[Word], found: &mut impl FnMut(Hit)) {
        self.first_letter(books, words, found);
    }

    fn read_morse(&mut self, books: &Books, unit: &str, at: u32, found: &mut impl FnMut(Hit)) {
        let is_sign = |c: char| "./|-·•–—−_".contains(c) || c.is_whitespace();
        if !unit.chars().all(is_sign) {
            if unit.chars().any(char::is_alphanumeric) {
                self.morse.clear();
            }
            return;
        }
        let dots = unit.replace(['·', '•'], ".").replace(['–', '—', '−', '_'], "-");
        for sign in dots.split(|c: char| c.is_whitespace() || c == '/' || c == '|') {
            if let Some(letter) = morse(sign) {
                self.morse.push(books, letter, at, Cloak::Coded, found);
            }
        }
    }

    fn read_jamo(&mut self, books: &Books, word: &Word, found: &mut impl FnMut(Hit)) {
        let (mut syllables, mut any_jamo, mut other) = (0, false, false);
        for c in word.text.chars() {
            syllables += usize::from(is_syllable(c));
            any_jamo |= is_letter(c);
            other |= !is_syllable(c) && !is_letter(c);
        }
        let name = named_jamo(&word.text);
        if other || (syllables > 1 && !any_jamo && name.is_none()) {
            self.jamo.clear();
            self.has_jamo = false;
            return;
        }
        self.has_jamo |= any_jamo || name.is_some();
        let vowel = word.text.chars().next().and_then(bare_vowel);
        let after_letter = self.jamo.last().is_some_and(|last| ('ㄱ'..='ㅎ').contains(last));
        match (name, vowel) {
            (Some(letter), _) => self.jamo.push(letter),
            (None, Some(vowel)) if syllables == 1 && !any_jamo && after_letter => {
                self.jamo.push(vowel);
            }
            _ => self.jamo.extend(word.text.chars().flat_map(letters)),
        }
        self.jamo.drain(..self.jamo.len().saturating_sub(LONGEST));
        if self.has_jamo {
            let mut row = Letters::default();
            for syllable in compose(&self.jamo) {
                row.push(books, syllable, word.at, Cloak::Spelled, found);
            }
        }
    }
}

/// Letters in a row, each on its own.
#[derive(Debug, Default)]
struct Letters {
    strand: Strand,
    last: u32,
}

impl Letters {
    fn push(&mut self, books: &Books, c: char, at: u32, cloak: Cloak, found: &mut impl FnMut(Hit)) {
        self.last = at;
        let glyph = [Glyph { c, word: true }];
        // Characters of scripts without spaces count as letters that stand alone.
        let apart = !is_unspaced(c) || self.strand.len() == 0;
        self.strand.read(books, &glyph, apart, Places::Known(&[at]), &mut |hit| {
            found(Hit { cloak, ..hit });
        });
    }

    fn go_on(
        &mut self,
        books: &Books,
        letter: Option<char>,
        at: u32,
        cloak: Cloak,
        found: &mut impl FnMut(Hit),
    ) {
        match letter {
            Some(letter) => self.push(books, letter, at, cloak, found),
            None => self.clear(),
        }
    }

    fn clear(&mut self) {
        if self.strand.len() > 0 {
            *self = Self::default();
        }
    }
}

/// Reads a text that was written out from code, all of it at one place.
fn read_text(books: &Books, text: &str, at: u32, found: &mut impl FnMut(Hit)) {
    let (mut strand, mut unit) = (Strand::default(), Vec::new());
    for word in text.split_whitespace() {
        glyphs(word, &mut unit);
        strand.read(books, &unit, true, Places::Fixed(at), &mut |hit| {
            found(Hit { cloak: Cloak::Coded, ..hit });
        });
    }
}
