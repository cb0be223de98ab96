//! The character n-grams of a text.

use unicode_normalization::UnicodeNormalization;

use super::{
    pieces::{Piece, pieces},
    postings::Vector,
};

/// The ends of a word, as a character of its grams.
const EDGE: char = '\u{1}';

/// How often each n-gram occurs in a folded text: 2 to 3 letters of words with their edges; of
/// Korean 1 to 2 syllables, and 2 to 3 of the letters that they are made of.
pub(super) fn grams(folded: &str) -> Vector {
    let mut ids = Vec::new();
    for piece in pieces(folded) {
        match piece {
            Piece::Word(word) => {
                let word: Vec<char> = edged(word.chars()).collect();
                windows(&word, 2..=3, &mut ids);
            }
            Piece::Hangul(run) => {
                let syllables: Vec<char> = run.chars().collect();
                windows(&syllables, 1..=2, &mut ids);
                let letters: Vec<char> = edged(run.nfd()).collect();
                windows(&letters, 2..=3, &mut ids);
            }
            Piece::Sign(sign) => ids.push(hash([sign])),
        }
    }
    ids.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "a text is short")]
    ids.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as f32)).collect()
}

fn edged(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    [EDGE].into_iter().chain(chars).chain([EDGE])
}

fn windows(chars: &[char], sizes: std::ops::RangeInclusive<usize>, ids: &mut Vec<u64>) {
    for size in sizes {
        ids.extend(chars.windows(size).map(|gram| hash(gram.iter().copied())));
    }
}

/// A number for some characters.
pub(super) fn hash(chars: impl IntoIterator<Item = char>) -> u64 {
    mix(chars.into_iter().map(|c| u64::from(u32::from(c))))
}

/// A number for some numbers in their order.
pub(super) fn mix(numbers: impl IntoIterator<Item = u64>) -> u64 {
    numbers.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, number| {
        (hash.rotate_left(23) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}
