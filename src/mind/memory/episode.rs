//! Sums up what was talked about.

use std::collections::HashMap;

use super::{
    Extractor, FanMemory,
    facts::{Episode, FanFact, MAX_SUMMARY, clipped},
    time::Timestamp,
};
use crate::{mind::Emotion, persona::PersonaId};

/// How many episodes are kept for each member.
const MAX_EPISODES: usize = 60;
/// How many topics and facts a summary names.
const NAMED: usize = 5;

/// A part of a conversation that is to be summed up.
#[derive(Debug, Clone, Copy)]
pub struct Talk<'a> {
    /// Who talked with the fan.
    pub member: &'a PersonaId,
    /// The numbers of its first and last turn.
    pub turns: (u64, u64),
    /// What the fan said, in order.
    pub fan: &'a [&'a str],
    /// What was felt, in order.
    pub feelings: &'a [Emotion],
}

impl FanMemory {
    /// Sums up a part of a conversation: what came up most, what was learned, what was felt. Parts
    /// that lie within it are taken in.
    pub fn sum_up(&mut self, extractor: &Extractor, talk: &Talk<'_>, now: Timestamp) -> Episode {
        let (first_turn, last_turn) = talk.turns;
        let learned = self.facts.iter().filter(|fact| {
            let turn = fact.source.turn;
            fact.member == *talk.member && (first_turn..=last_turn).contains(&turn)
        });
        let episode = Episode {
            member: talk.member.clone(),
            summary: summary(extractor, talk.fan, learned),
            first_turn,
            last_turn,
            day: now.day(),
            feelings: most_frequent(talk.feelings.iter().cloned(), 3),
        };
        self.episodes.retain(|old| {
            let within = first_turn <= old.first_turn && old.last_turn <= last_turn;
            old.member != *talk.member || !within
        });
        self.episodes.push(episode.clone());
        let of_member = |old: &Episode| old.member == *talk.member;
        let count = self.episodes.iter().filter(|old| of_member(old)).count();
        let oldest = self.episodes.iter().position(of_member).filter(|_| count > MAX_EPISODES);
        if let Some(oldest) = oldest {
            self.episodes.remove(oldest);
        }
        episode
    }

    /// What `member` and the fan talked about before, oldest first. Nobody else knows it.
    pub fn episodes_with<'a>(&'a self, member: &'a PersonaId) -> impl Iterator<Item = &'a Episode> {
        self.episodes.iter().filter(move |episode| episode.member == *member)
    }
}

fn summary<'a>(
    extractor: &Extractor,
    fan: &[&str],
    learned: impl Iterator<Item = &'a FanFact>,
) -> String {
    let words = fan.iter().flat_map(|text| extractor.content_words(text));
    let topics = most_frequent(words, NAMED).join(", ");
    let facts: Vec<String> = learned
        .filter(|fact| !fact.replaced)
        .take(NAMED)
        .map(|fact| format!("{}={}", fact.key, fact.value))
        .collect();
    let parts = [topics, facts.join("; ")];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    clipped(&parts.join(" | "), MAX_SUMMARY)
}

/// The most frequent of all, those that came first before others.
fn most_frequent<T: Eq + std::hash::Hash + Clone>(
    all: impl Iterator<Item = T>,
    most: usize,
) -> Vec<T> {
    let (mut order, mut counts) = (Vec::new(), HashMap::<T, usize>::new());
    for one in all {
        let count = counts.entry(one.clone()).or_default();
        if *count == 0 {
            order.push(one);
        }
        *count += 1;
    }
    order.sort_by_key(|one| std::cmp::Reverse(counts.get(one).copied().unwrap_or(0)));
    order.truncate(most);
    order
}
