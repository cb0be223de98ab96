//! The words of a text, as BM25 counts them.

use bm25::{TokenEmbedder, Tokenizer};

use super::{
    pieces::{Piece, pieces},
    stem::{stem, without_particle},
};
use crate::mind::text::is_hangul;

/// Splits folded texts for BM25: the stems of words, pairs of neighbours, and the pairs of
/// syllables of longer Korean words, so that inflected forms meet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms;

impl Tokenizer for Terms {
    fn tokenize(&self, folded: &str) -> Vec<String> {
        let mut terms = stems_of(folded);
        let neighbours: Vec<String> = terms.windows(2).map(|pair| pair.join(" ")).collect();
        let syllables: Vec<String> = terms.iter().flat_map(|stem| syllable_pairs(stem)).collect();
        terms.extend(neighbours);
        terms.extend(syllables);
        terms
    }
}

/// The words of a folded text without their endings, in their order; then its signs.
pub(super) fn stems_of(folded: &str) -> Vec<String> {
    let stem = |piece| match piece {
        Piece::Word(word) => stem(&word).to_owned(),
        Piece::Hangul(run) => without_particle(&run).to_owned(),
        Piece::Sign(sign) => sign.to_string(),
    };
    pieces(folded).into_iter().map(stem).collect()
}

fn syllable_pairs(stem: &str) -> Vec<String> {
    let syllables: Vec<char> = stem.chars().collect();
    match syllables.first() {
        Some(first) if is_hangul(*first) && syllables.len() > 2 => {
            syllables.windows(2).map(|pair| pair.iter().collect()).collect()
        }
        _ => Vec::new(),
    }
}

/// The number that stands for a term in the index.
pub(super) fn term_id(term: &str) -> u64 {
    u64::embed(term)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_gives_stems_and_pairs() {
        let terms = ["판도라", "뭐", "cat", "판도라 뭐", "뭐 cat", "판도", "도라"];
        assert_eq!(Terms.tokenize("판도라는 뭐야 cats"), terms);
    }
}
