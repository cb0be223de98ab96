//! Says what kind of text a text is, from examples of every kind.

use super::{Index, Postings, Vector, grams, terms::Terms};
use crate::mind::text::fold;

/// How many neighbours vote.
const NEIGHBOURS: usize = 20;
/// Their part of the vote; the rest is that of the words that are typical of a kind.
const NEIGHBOURS_PART: f32 = 0.7;
/// How much of a word every kind is taken to have had without any example.
const SMOOTHING: f32 = 0.03;
/// How far typical words drive the vote to one kind.
const SHARPNESS: f32 = 1.5;
/// Tells the number of an n-gram from that of a word.
const GRAM: u64 = 0x5bd1_e995_7b7d_159c;

/// Knows kinds of texts by examples: the most similar ones vote, and so do the words and n-grams
/// that are typical of a kind (naive Bayes).
///
/// # Example
/// ```
/// use bevy_persona::mind::retrieval::Classifier;
///
/// let kinds = ["hi there", "hello", "bye", "good night"].into_iter().zip([0, 0, 1, 1]);
/// let kinds = Classifier::new(kinds);
/// assert_eq!(kinds.classify("hellooo")[0].0, 0);
/// assert_eq!(kinds.classify("gud night")[0].0, 1);
/// ```
#[derive(Debug, Default)]
pub struct Classifier {
    index: Index,
    /// The kind of each example.
    kinds: Vec<usize>,
    /// For every kind, how typical its words are.
    typical: Postings,
    /// For every kind, what a word counts that it does not have, and how common the kind is.
    base: Vec<(f32, f32)>,
}

impl Classifier {
    /// Learns from examples: texts and the numbers of their kinds.
    #[must_use]
    pub fn new<S: AsRef<str>>(examples: impl IntoIterator<Item = (S, usize)>) -> Self {
        let (texts, kinds): (Vec<S>, Vec<usize>) = examples.into_iter().unzip();
        let index = Index::new(&texts);
        let mut features = vec![Vector::new(); kinds.iter().max().map_or(0, |most| most + 1)];
        let mut examples = vec![0.0_f32; features.len()];
        for (text, kind) in texts.iter().zip(&kinds) {
            features[*kind].extend(features_of(&index, text.as_ref()));
            examples[*kind] += 1.0;
        }
        let features: Vec<Vector> = features.into_iter().map(summed).collect();
        let totals: Vec<f32> =
            features.iter().map(|vector| vector.iter().map(|(_, weight)| weight).sum()).collect();
        let typical = Postings::mapped(features, |weight| (weight / SMOOTHING).ln_1p());
        #[expect(clippy::cast_precision_loss, reason = "there are not that many words")]
        let unseen = SMOOTHING * typical.features() as f32;
        let word = |total: &f32| (SMOOTHING / (total + unseen).max(SMOOTHING)).ln();
        let common = |examples: &f32| 0.5 * examples.max(1.0).ln();
        let base = totals.iter().map(word).zip(examples.iter().map(common)).collect();
        Self { index, kinds, typical, base }
    }

    /// The kinds that a text may be of with their parts of the vote (together 1), the likeliest
    /// first; nothing if no example has anything in common with it.
    #[must_use]
    pub fn classify(&self, text: &str) -> Vec<(usize, f32)> {
        self.classify_where(text, |_| true)
    }

    /// As [`classify`](Self::classify), with the votes of those neighbours only that `accept`
    /// takes.
    #[must_use]
    pub fn classify_where(&self, text: &str, accept: impl Fn(usize) -> bool) -> Vec<(usize, f32)> {
        let neighbours = self.index.search_where(text, NEIGHBOURS, accept);
        let all: f32 = neighbours.iter().map(|hit| hit.score * hit.score).sum();
        if all <= 0.0 {
            return Vec::new();
        }
        let mut votes = self.typical_of(text);
        votes.iter_mut().for_each(|vote| *vote *= 1.0 - NEIGHBOURS_PART);
        for hit in neighbours {
            votes[self.kinds[hit.doc]] += NEIGHBOURS_PART * hit.score * hit.score / all;
        }
        let mut votes: Vec<(usize, f32)> = votes.into_iter().enumerate().collect();
        votes.retain(|(_, vote)| *vote > 0.001);
        votes.sort_by(|a, b| b.1.total_cmp(&a.1));
        votes
    }

    /// How typical the words of a text are of every kind; together 1.
    fn typical_of(&self, text: &str) -> Vec<f32> {
        let features = features_of(&self.index, text);
        let length: f32 = features.iter().map(|(_, weight)| weight).sum();
        let products = self.typical.products(&features);
        let mut votes: Vec<f32> = products
            .iter()
            .zip(&self.base)
            .map(|(product, (word, common))| SHARPNESS * (product + length * word) + common)
            .collect();
        let most = votes.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        votes.iter_mut().for_each(|vote| *vote = (*vote - most).exp());
        let all: f32 = votes.iter().sum();
        votes.iter_mut().for_each(|vote| *vote /= all);
        votes
    }
}

/// The words and n-grams of a text that the index knows, weighted by how rare they are; of the
/// length 1.
fn features_of(index: &Index, text: &str) -> Vector {
    let folded = fold(text);
    let words = bm25::Tokenizer::tokenize(&Terms, &folded);
    let words = words.iter().map(|term| {
        let id = super::term_id(term);
        (id, index.words.spread(id))
    });
    let grams = grams(&folded).into_iter().map(|(id, _)| (id ^ GRAM, index.grams.spread(id)));
    let known = words.chain(grams).filter(|(_, (_, texts))| *texts > 0);
    let mut features: Vector = known.map(|(id, (rarity, _))| (id, rarity)).collect();
    features.sort_unstable_by_key(|(id, _)| *id);
    features.dedup_by_key(|(id, _)| *id);
    let square: f32 = features.iter().map(|(_, weight)| weight * weight).sum();
    features.iter_mut().for_each(|(_, weight)| *weight /= square.sqrt());
    features
}

/// The same features as one.
fn summed(mut features: Vector) -> Vector {
    features.sort_by_key(|(id, _)| *id);
    let same = features.chunk_by(|a, b| a.0 == b.0);
    same.map(|same| (same[0].0, same.iter().map(|(_, weight)| weight).sum())).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_parts_of_the_vote_are_one_together(
            texts in proptest::collection::vec(("[ab너 ]{0,6}|.{0,8}", 0usize..4), 0..8),
            text in "[ab너 ]{0,6}|.{0,8}",
        ) {
            let votes = Classifier::new(texts).classify(&text);
            let all: f32 = votes.iter().map(|(_, vote)| vote).sum();
            prop_assert!(votes.is_empty() || (all - 1.0).abs() < 0.01);
        }
    }
}
