//! How a text is pronounced.

use std::ops::Range;

/// A text in phones: letters of the International Phonetic Alphabet, as the voice model knows them.
///
/// Stress marks and lengths are phones of their own; spaces and punctuation stay in place, since they
/// are heard as pauses and melody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pronunciation {
    /// The phones, one character each.
    pub phones: Vec<char>,
    /// Which of them are which word.
    pub words: Vec<PronouncedWord>,
}

/// A written word and its phones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PronouncedWord {
    /// Where it stands in the text, in bytes.
    pub text: Range<usize>,
    /// Which of the phones it is.
    pub phones: Range<usize>,
}

impl Pronunciation {
    /// Puts another text behind this one; `offset` is where that text begins, in bytes.
    pub fn append(&mut self, other: Self, offset: usize) {
        let before = self.phones.len();
        self.phones.extend(other.phones);
        self.words.extend(other.words.into_iter().map(|word| PronouncedWord {
            text: word.text.start + offset..word.text.end + offset,
            phones: word.phones.start + before..word.phones.end + before,
        }));
    }

    /// The phones as one string.
    #[must_use]
    pub fn to_ipa(&self) -> String {
        self.phones.iter().collect()
    }
}
