//! From letters to syllables: what a text would sound like to somebody who knows no word of it.
//!
//! Babble says them, and a mouth without a voice moves with them.

mod hangul;
mod kana;
mod latin;
mod scan;
mod sounds;

pub(super) use scan::phrases;
pub(super) use sounds::{Consonant, Vowel};

use std::ops::Range;

/// Words between two marks of punctuation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Phrase {
    /// The words, at least one.
    pub(super) words: Vec<Word>,
    /// What the mark after it asks of the melody; the last phrase may have none.
    pub(super) ending: Option<Ending>,
}

/// A word, and what it sounds like.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    /// Where it stands in the text, in bytes.
    pub(super) text: Range<usize>,
    /// At least one.
    pub(super) syllables: Vec<Syllable>,
}

/// A consonant, a vowel, a consonant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Syllable {
    /// The consonant before.
    pub(super) onset: Option<Consonant>,
    /// The vowel.
    pub(super) vowel: Vowel,
    /// What the vowel glides into.
    pub(super) glide: Option<Vowel>,
    /// The consonant behind.
    pub(super) coda: Option<Consonant>,
    /// How much longer than usual, a factor. 1..4.
    pub(super) stretch: f32,
}

impl Syllable {
    /// Longer than this no syllable is drawn.
    const LONGEST: f32 = 4.0;

    /// A consonant and a vowel.
    const fn new(onset: Option<Consonant>, vowel: Vowel) -> Self {
        Self { onset, vowel, glide: None, coda: None, stretch: 1.0 }
    }

    /// Draws it out.
    fn draw(&mut self, more: f32) {
        self.stretch = (self.stretch + more).min(Self::LONGEST);
    }

    /// A syllable for a letter that we know nothing about: always the same.
    fn of_stranger(letter: char) -> Self {
        use Consonant::{B, Ch, D, G, H, J, K, L, M, N, S, Sh, T, Y};
        const ONSETS: [Consonant; 14] = [N, D, M, J, L, G, Sh, T, B, H, K, S, Y, Ch];
        const VOWELS: [Vowel; 5] = [Vowel::A, Vowel::I, Vowel::U, Vowel::E, Vowel::O];
        let number = (u32::from(letter).wrapping_mul(0x9E37_79B1) >> 12) as usize;
        let mut syllable = Self::new(Some(ONSETS[number % 14]), VOWELS[number / 14 % 5]);
        syllable.coda = (number / 70).is_multiple_of(5).then_some(N);
        syllable
    }
}

/// How a phrase ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// More comes.
    Comma,
    /// A full stop.
    Statement,
    /// !
    Exclamation,
    /// ?
    Question,
    /// …
    Trail,
}

impl Ending {
    /// What a mark of punctuation means.
    const fn of(mark: char) -> Option<Self> {
        match mark {
            ',' | ';' | ':' | '–' | '—' => Some(Self::Comma),
            '.' => Some(Self::Statement),
            '!' => Some(Self::Exclamation),
            '?' => Some(Self::Question),
            '…' => Some(Self::Trail),
            _ => None,
        }
    }

    /// What two marks mean, one behind the other.
    fn and(self, next: Self) -> Self {
        match (self, next) {
            (Self::Question, _) | (_, Self::Question) => Self::Question,
            (Self::Exclamation, _) | (_, Self::Exclamation) => Self::Exclamation,
            (Self::Statement, Self::Statement) | (Self::Trail, _) | (_, Self::Trail) => Self::Trail,
            (Self::Comma, other) | (other, Self::Comma) => other,
        }
    }
}
