//! Finds the most similar of many short texts, whatever their language and spelling.
//!
//! Two measures are blended: BM25 over words (what is it about?) and the cosine of character
//! n-grams (does it look alike, with typos, slang and inflection?).

mod best;
mod classifier;
mod grams;
mod likeness;
mod pieces;
mod postings;
mod stem;
mod terms;

use bm25::{Embedder, EmbedderBuilder};

use super::text::fold;
use best::Best;
use grams::grams;
use postings::{Postings, Vector};
use terms::{Terms, stems_of, term_id};

pub use classifier::Classifier;

/// The part of BM25 in a score; the rest is the cosine.
const BM25_PART: f32 = 0.5;

/// An index over short texts; never changes once it is built.
///
/// # Example
/// ```
/// use bevy_persona::mind::retrieval::Index;
///
/// let index = Index::new(["what is your favourite colour", "오늘 너무 슬퍼요", "good night"]);
/// assert_eq!(index.search("ur favorite color??", 1)[0].doc, 0);
/// assert_eq!(index.search("오늘 슬펐어", 1)[0].doc, 1);
/// assert_eq!(index.search("Good night!", 1)[0].score, 1.0);
/// ```
#[derive(Debug, Default)]
pub struct Index {
    words: Postings,
    grams: Postings,
    /// The hash of each text, to know it again.
    same: Vec<u64>,
    embedder: Option<Embedder<u64, Terms>>,
}

/// A text that is similar to a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Which one, in the order in which they were given.
    pub doc: usize,
    /// How similar, 0..1: both measures together; 1 for the same words.
    pub score: f32,
    /// BM25 over words, 0..1: the part of the query's own best score.
    pub bm25: f32,
    /// The cosine of weighted character n-grams, 0..1.
    pub cosine: f32,
}

impl Index {
    /// Indexes texts as they are; folds each of them itself.
    #[must_use]
    pub fn new<S: AsRef<str>>(docs: impl IntoIterator<Item = S>) -> Self {
        let docs: Vec<String> = docs.into_iter().map(|doc| fold(doc.as_ref())).collect();
        let texts: Vec<&str> = docs.iter().map(String::as_str).collect();
        let embedder =
            EmbedderBuilder::with_tokenizer_and_fit_to_corpus(Terms, &texts).b(0.5).build();
        let words = texts.iter().map(|text| weights(&embedder, text)).collect();
        let grams = texts.iter().map(|text| grams(text)).collect();
        Self {
            words: Postings::of_weights(words),
            grams: Postings::of_counts(grams),
            same: texts.iter().map(|text| identity(text)).collect(),
            embedder: Some(embedder),
        }
    }

    /// How many texts it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.same.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.same.is_empty()
    }

    /// The `k` most similar texts, best first; of equals, the earlier first. Texts that have
    /// nothing in common with the query are left out.
    #[must_use]
    pub fn search(&self, query: &str, k: usize) -> Vec<Hit> {
        self.search_where(query, k, |_| true)
    }

    /// As [`search`](Self::search), among the texts that `accept` takes.
    #[must_use]
    pub fn search_where(&self, query: &str, k: usize, accept: impl Fn(usize) -> bool) -> Vec<Hit> {
        let Some(embedder) = &self.embedder else { return Vec::new() };
        let query = fold(query);
        let same = identity(&query);
        let words = self.words.covered(&weights(embedder, &query));
        let cosines = self.grams.cosines(&grams(&query));
        let mut best = Best::new(k);
        for (doc, (bm25, cosine)) in words.into_iter().zip(cosines).enumerate() {
            let hit = if self.same[doc] == same {
                Hit { doc, score: 1.0, bm25: 1.0, cosine: 1.0 }
            } else {
                let score = BM25_PART * bm25 + (1.0 - BM25_PART) * cosine;
                Hit { doc, score: score.min(1.0), bm25, cosine }
            };
            if hit.score > 0.0 && best.takes(&hit) && accept(doc) {
                best.push(hit);
            }
        }
        best.into_hits()
    }
}

/// The BM25 weights of a folded text, each word once.
fn weights(embedder: &Embedder<u64, Terms>, folded: &str) -> Vector {
    let mut vector: Vector =
        embedder.embed(folded).0.into_iter().map(|token| (token.index, token.value)).collect();
    vector.sort_unstable_by_key(|(id, _)| *id);
    vector.dedup_by_key(|(id, _)| *id);
    vector
}

/// What makes a text the same as another: its words without their endings, in their order; or its
/// signs, if it has no words.
fn identity(folded: &str) -> u64 {
    let stems = stems_of(folded);
    if stems.is_empty() {
        grams::hash(folded.chars())
    } else {
        grams::mix(stems.iter().map(|stem| term_id(stem)))
    }
}

/// The words of any text without their endings, in their order; then its signs.
pub(crate) fn stems(text: &str) -> Vec<String> {
    stems_of(&fold(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXTS: [&str; 8] = [
        "what's your favourite colour",
        "who are the members",
        "i failed my exam",
        "나 오늘 시험 망쳤어",
        "좋아하는 색이 뭐야?",
        "잘자요",
        "🐢",
        "",
    ];

    fn first(query: &str) -> Option<usize> {
        Index::new(TEXTS).search(query, 1).first().map(|hit| hit.doc)
    }

    #[test]
    fn other_wordings_find_their_text() {
        for (query, doc) in [
            ("whats ur favorite color", 0),
            ("tell me about ur membres", 1),
            ("FAILED the exams...", 2),
            ("시험을 망쳤네요 ㅠㅠ", 3),
            ("무슨 색 좋아해요", 4),
            ("잘 자", 5),
            ("🐢🐢", 6),
        ] {
            assert_eq!(first(query), Some(doc), "{query}");
        }
        assert_eq!(first("zzz"), None);
    }

    #[test]
    fn the_same_words_score_one_and_ties_keep_their_order() {
        let index = Index::new(["b a", "x", "b a", "a b"]);
        let hits = index.search(" B a!", 5);
        assert_eq!(hits.iter().map(|hit| hit.doc).collect::<Vec<_>>(), [0, 2, 3]);
        assert_eq!(hits[0].score.to_bits(), 1.0f32.to_bits());
    }

    #[test]
    fn only_accepted_texts_are_found() {
        let hits = Index::new(["a b", "a b"]).search_where("a b", 5, |doc| doc != 0);
        assert_eq!(hits.len(), 1);
        assert!(Index::new([""; 0]).search("a", 3).is_empty());
        assert!(Index::default().is_empty() && Index::default().search("a", 1).is_empty());
    }

    proptest! {
        #[test]
        fn scores_are_in_range_and_fall(
            texts in proptest::collection::vec("[ab너나 .!🐢]{0,8}|.{0,12}", 0..12),
            query in "[ab너나 .!🐢]{0,8}|.{0,30}",
        ) {
            let index = Index::new(&texts);
            let hits = index.search(&query, 100);
            for hit in &hits {
                prop_assert!(hit.score > 0.0 && hit.score <= 1.0);
                prop_assert!((0.0..=1.0).contains(&hit.bm25) && (0.0..=1.0).contains(&hit.cosine));
            }
            prop_assert!(hits.windows(2).all(|two| two[0].score >= two[1].score));
            prop_assert_eq!(&hits, &index.search(&query, 100));
            prop_assert_eq!(&hits[..hits.len().min(2)], &index.search(&query, 2)[..]);
        }

        #[test]
        fn a_text_finds_itself(text in ".{0,20}", other in ".{0,20}") {
            let hits = Index::new([&other, &text]).search(&text, 2);
            if !fold(&text).is_empty() {
                prop_assert!(hits[0].score == 1.0);
            }
        }
    }
}
