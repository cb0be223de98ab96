//! What a message is most like: an example of a category, or something innocent.

use super::ConductKind;
use crate::mind::retrieval::{Hit, Index};

/// How alike a message and an example must be.
const ENOUGH: f32 = 0.93;
/// How much nearer the example must be than anything innocent.
const MARGIN: f32 = 0.1;
/// Shorter messages, in letters, are like too many things.
const SHORTEST: usize = 8;
/// How many of the nearest texts are looked at.
const NEAREST: usize = 8;

/// Examples and innocent texts, to find the nearest of.
#[derive(Debug, Default)]
pub(super) struct Likeness {
    index: Index,
    /// What each text is an example of.
    kinds: Vec<Option<ConductKind>>,
}

impl Likeness {
    pub(super) fn new(texts: &[(Option<ConductKind>, String)]) -> Self {
        Self {
            index: Index::new(texts.iter().map(|(_, text)| text)),
            kinds: texts.iter().map(|(kind, _)| *kind).collect(),
        }
    }

    /// The category that a text is like, and how much, 0..1.
    pub(super) fn nearest(&self, plain: &str) -> Option<(ConductKind, f32)> {
        if plain.chars().filter(|c| c.is_alphanumeric()).map(weight).sum::<usize>() < SHORTEST {
            return None;
        }
        let hits = self.index.search(plain, NEAREST);
        let kind = |hit: &Hit| self.kinds.get(hit.doc).copied().flatten();
        let best = hits.iter().find(|hit| kind(hit).is_some())?;
        let innocent = hits.iter().find(|hit| kind(hit).is_none()).map_or(0.0, |hit| hit.score);
        let near = best.score >= ENOUGH && best.score >= innocent + MARGIN;
        near.then_some((kind(best)?, best.score))
    }
}

/// A syllable or an ideograph says as much as two Latin letters.
fn weight(c: char) -> usize {
    if c < '\u{1100}' { 1 } else { 2 }
}
