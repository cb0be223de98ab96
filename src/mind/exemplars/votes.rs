//! What the dialogues of all members say together about a message.

use super::{Exemplar, exemplar::beats};
use crate::{
    mind::{Emotion, retrieval::Classifier},
    persona::PersonaId,
};

/// The classifiers of one language.
#[derive(Debug)]
pub(super) struct Votes {
    topics: Kinds<String>,
    feelings: Kinds<Emotion>,
    /// Who wrote each reply that `feelings` learned from.
    members: Vec<PersonaId>,
    words: Kinds<Emotion>,
}

impl Votes {
    pub(super) fn new(exemplars: &[&Exemplar]) -> Self {
        let firsts = exemplars.iter().filter_map(|exemplar| {
            Some((exemplar.turns.first()?.fan.to_string(), exemplar.topic.clone()))
        });
        let (mut feelings, mut members, mut words) = (Vec::new(), Vec::new(), Vec::new());
        for exemplar in exemplars {
            for turn in &exemplar.turns {
                let beats = beats(&turn.idol);
                if let Some((feeling, _)) = beats.first() {
                    feelings.push((turn.fan.to_string(), feeling.clone()));
                    members.push(exemplar.member.clone());
                }
                words.extend(beats.into_iter().map(|(feeling, text)| (text, feeling)));
            }
        }
        Self {
            topics: Kinds::new(firsts.collect()),
            feelings: Kinds::new(feelings),
            members,
            words: Kinds::new(words),
        }
    }

    pub(super) fn topics(&self, text: &str) -> Vec<(String, f32)> {
        self.topics.named(self.topics.classifier.classify(text))
    }

    pub(super) fn feelings(&self, text: &str, member: Option<&PersonaId>) -> Vec<(Emotion, f32)> {
        let hers = |at: usize| member.is_none_or(|member| self.members[at] == *member);
        self.feelings.named(self.feelings.classifier.classify_where(text, hers))
    }

    pub(super) fn feeling_of_words(&self, text: &str) -> Vec<(Emotion, f32)> {
        self.words.named(self.words.classifier.classify(text))
    }
}

/// A classifier whose kinds have names.
#[derive(Debug)]
struct Kinds<T> {
    names: Vec<T>,
    classifier: Classifier,
}

impl<T: Ord + Clone> Kinds<T> {
    fn new(examples: Vec<(String, T)>) -> Self {
        let mut names: Vec<T> = examples.iter().map(|(_, name)| name.clone()).collect();
        names.sort_unstable();
        names.dedup();
        let kind = |(text, name)| (text, names.binary_search(&name).unwrap_or_default());
        let classifier = Classifier::new(examples.into_iter().map(kind));
        Self { names, classifier }
    }

    fn named(&self, votes: Vec<(usize, f32)>) -> Vec<(T, f32)> {
        votes.into_iter().map(|(kind, vote)| (self.names[kind].clone(), vote)).collect()
    }
}
