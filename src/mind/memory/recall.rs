//! What is remembered when it is needed.

use super::{
    Extractor, FanMemory,
    facts::{FactKey, FanFact},
    learn::strength,
    likeness::{group, same, stem, without_josa},
    question::Asked,
    time::Timestamp,
};
use crate::{
    mind::text::{fold, words},
    persona::PersonaId,
};

/// How many facts answer a question.
const ANSWERS: usize = 4;
/// How much of a question a fact must be about if it has another key.
const LIKE_ENOUGH: f32 = 0.34;
/// The same, if it is not sure that this is what the question asks.
const LIKE_ENOUGH_TO_ASK: f32 = 0.45;

impl FanMemory {
    /// What `member` knows: everything but what was told others in confidence, and what no longer
    /// holds. The newest last.
    #[must_use]
    pub fn facts_for(&self, member: &PersonaId) -> Vec<&FanFact> {
        self.facts.iter().filter(|fact| !fact.replaced && fact.is_known_to(member)).collect()
    }

    /// What the fan is called by `member`: the nickname, if there is one.
    #[must_use]
    pub fn name_for(&self, member: &PersonaId) -> Option<&str> {
        let known = self.facts_for(member);
        let of = |key| known.iter().rev().find(|fact| fact.key == key).map(|fact| &*fact.value);
        of(FactKey::NICKNAME).or_else(|| of(FactKey::NAME))
    }

    /// The answer to a question about the fan; nothing if `member` does not know it.
    #[must_use]
    pub fn answer(
        &self,
        extractor: &Extractor,
        asked: &Asked,
        member: &PersonaId,
        now: Timestamp,
    ) -> Option<Vec<&FanFact>> {
        let mut known = self.facts_for(member);
        known.sort_by(|a, b| strength(b, now).total_cmp(&strength(a, now)));
        let mut found: Vec<&FanFact> = if asked.secrets {
            let secret = |fact: &&FanFact| fact.private_to.is_some();
            let mut secrets: Vec<&FanFact> = known.iter().copied().filter(secret).collect();
            let near = about(&secrets, asked, extractor);
            if !near.is_empty() {
                secrets = near;
            }
            secrets
        } else if asked.everything {
            known.sort_by_key(|fact| fact.key == FactKey::NOTE);
            known
        } else {
            keyed(&known, asked, extractor).unwrap_or_else(|| about(&known, asked, extractor))
        };
        found.truncate(ANSWERS);
        (!found.is_empty()).then_some(found)
    }

    /// What is worth knowing for an answer to `ask`, the most relevant first, within `budget`
    /// characters. Who the fan is always comes along.
    #[must_use]
    pub fn recall(
        &self,
        extractor: &Extractor,
        ask: &str,
        member: &PersonaId,
        now: Timestamp,
        budget: usize,
    ) -> Vec<&FanFact> {
        let asked = extractor.asked(&fold(ask));
        let mut known: Vec<(f32, &FanFact)> = self
            .facts_for(member)
            .into_iter()
            .map(|fact| {
                let relevance = overlap(fact, &asked.words, extractor);
                let keyed = asked.keys.contains(&fact.key);
                let base = base_relevance(&fact.key) + relevance + if keyed { 0.8 } else { 0.0 };
                (base * strength(fact, now), fact)
            })
            .filter(|(score, _)| *score > 0.02)
            .collect();
        known.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut left = budget;
        let cost = |fact: &FanFact| {
            fact.key.as_str().chars().count() + fact.value.chars().count() + SEPARATORS
        };
        let fits = |fact: &&FanFact| {
            let cost = cost(fact);
            let fits = cost <= left;
            left -= if fits { cost } else { 0 };
            fits
        };
        known.into_iter().map(|(_, fact)| fact).filter(fits).collect()
    }

    /// What is worth knowing, as the dialogues write it: `fan_name=Mina; pet=a turtle named Gus`.
    /// At most `budget` characters.
    #[must_use]
    pub fn note_for_prompt(
        &self,
        extractor: &Extractor,
        ask: &str,
        member: &PersonaId,
        now: Timestamp,
        budget: usize,
    ) -> String {
        let facts = self.recall(extractor, ask, member, now, budget);
        let parts: Vec<String> = facts.into_iter().map(written).collect();
        parts.join("; ")
    }
}

/// "fan_", "=", "; " and a time in brackets, in characters.
const SEPARATORS: usize = 8;

fn written(fact: &FanFact) -> String {
    let prefix = if fact.key == FactKey::NAME { "fan_" } else { "" };
    format!("{prefix}{}={}", fact.key, fact.value.replace([';', '\n'], ","))
}

/// How much a fact matters whatever is asked.
fn base_relevance(key: &FactKey) -> f32 {
    match key.as_str() {
        "name" | "nickname" => 5.0,
        "note" => 0.0,
        "mood" => 0.1,
        _ => 0.3,
    }
}

/// The facts under the first key that has any; nothing if there are none.
fn keyed<'a>(
    known: &[&'a FanFact],
    asked: &Asked,
    extractor: &Extractor,
) -> Option<Vec<&'a FanFact>> {
    for key in &asked.keys {
        let prefix = key.as_str();
        let mut under: Vec<&FanFact> = known
            .iter()
            .copied()
            .filter(|fact| {
                let fits = prefix.ends_with('_') && fact.key.as_str().starts_with(prefix);
                (fact.key == *key || fits) && is_the_one(fact, asked, extractor)
            })
            .collect();
        let best: Vec<&FanFact> = under
            .iter()
            .copied()
            .filter(|fact| overlap(fact, &asked.words, extractor) > 0.0)
            .collect();
        if !best.is_empty() {
            under = best;
        }
        if !under.is_empty() {
            return Some(under);
        }
    }
    None
}

/// Whether a fact can be the one of several that is asked for: not the cat, if it is the dog.
fn is_the_one(fact: &FanFact, asked: &Asked, extractor: &Extractor) -> bool {
    if asked.specific.is_empty() {
        return true;
    }
    let folded = fold(&fact.value);
    let mut groups = words(&folded)
        .filter_map(|word| group(&extractor.rules.alike, word))
        .filter(|group| *group < extractor.rules.specific)
        .peekable();
    asked
        .words
        .iter()
        .any(|word| group(&extractor.rules.alike, word).is_some() && folded.contains(word.as_str()))
        || groups.peek().is_none() && fact.key == FactKey::PET_NAME
        || groups.any(|group| asked.specific.contains(&group))
}

/// Facts that speak of what is asked, whatever their key.
fn about<'a>(known: &[&'a FanFact], asked: &Asked, extractor: &Extractor) -> Vec<&'a FanFact> {
    let least = if asked.sure { LIKE_ENOUGH } else { LIKE_ENOUGH_TO_ASK };
    let mut scored: Vec<(f32, &FanFact)> =
        known.iter().map(|fact| (overlap(fact, &asked.words, extractor), *fact)).collect();
    scored.retain(|(score, _)| *score >= least);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    scored.retain(|(score, _)| *score > best * 0.75);
    scored.into_iter().map(|(_, fact)| fact).collect()
}

/// Which part of the words a fact speaks of, 0..1.
fn overlap(fact: &FanFact, words: &[String], extractor: &Extractor) -> f32 {
    let said_when = fact.when.as_ref().map_or("", |when| &when.said);
    let said = format!("{} {} {said_when} {}", fact.key, fact.value, fact.source.quote);
    part_said(&said, words, extractor)
}

/// Which part of the words a text has, 0..1.
pub(super) fn part_said(said: &str, wanted: &[String], extractor: &Extractor) -> f32 {
    if wanted.is_empty() {
        return 0.0;
    }
    let rules = &extractor.rules;
    let particles = rules.trim.get("ko_particles").map_or(&[][..], Vec::as_slice);
    let comparable = |word: &str| {
        let bare = if word.is_ascii() { word } else { without_josa(word, particles) };
        (stem(bare), group(&rules.alike, bare))
    };
    let folded = fold(said);
    let known: Vec<(String, Option<usize>)> = words(&folded).map(comparable).collect();
    let is_said = |word: &&String| {
        let (stem, group) = comparable(word);
        known.iter().any(|(other, other_group)| {
            same(&stem, other) || (group.is_some() && group == *other_group)
        })
    };
    wanted.iter().filter(is_said).count() as f32 / wanted.len() as f32
}
