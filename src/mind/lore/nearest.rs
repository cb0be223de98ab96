//! What was asked like this before: the keys of the facts, and labelled examples.

use super::Fact;
use crate::mind::retrieval::Index;

/// What a known wording was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Label {
    /// A fact, by its number.
    Fact(usize),
    /// A question without an answer.
    Unknown,
    /// A question for what is secret.
    Secret,
    /// Anything else.
    Other,
}

/// How many similar wordings are looked at.
const LOOKED_AT: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Nearest {
    index: Index,
    labels: Vec<Label>,
}

impl Nearest {
    pub(super) fn new(facts: &[Fact], examples: &[(String, Label)]) -> Self {
        let mut texts: Vec<&str> = Vec::new();
        let mut labels = Vec::new();
        for (number, fact) in facts.iter().enumerate() {
            for key in fact.keys.values().flatten() {
                texts.push(key);
                labels.push(Label::Fact(number));
            }
        }
        for (text, label) in examples {
            texts.push(text);
            labels.push(label.clone());
        }
        Self { index: Index::new(texts), labels }
    }

    /// The facts, by their numbers, of the wordings that are at least so similar, 0..1; the most
    /// similar first, each once.
    pub(super) fn facts(&self, text: &str, least: f32) -> Vec<usize> {
        let mut found = Vec::new();
        for hit in self.index.search(text, LOOKED_AT).into_iter().filter(|hit| hit.score >= least) {
            if let Some(Label::Fact(number)) = self.labels.get(hit.doc)
                && !found.contains(number)
            {
                found.push(*number);
            }
        }
        found
    }

    /// What the most similar wording was about, and how similar it is, 0..1.
    pub(super) fn label(&self, sentence: &str) -> Option<(&Label, f32)> {
        let hit = *self.index.search(sentence, 1).first()?;
        Some((self.labels.get(hit.doc)?, hit.score))
    }
}
