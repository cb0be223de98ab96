//! What a question presumes, held against a fact.

use std::collections::BTreeMap;

use super::Fact;
use super::guide::{Ask, Claims, Guide, Numbers, Sign};
use super::reading::Reading;
use crate::persona::PersonaId;

/// From here on a number counts things nobody counts by hand: "more than" may be said of it.
const MANY: u64 = 1_000;

/// What facts say, in a form that can be contradicted.
#[derive(Debug, Default)]
pub(super) struct Premises {
    claims: BTreeMap<String, Claims>,
    numbers: Numbers,
    about: BTreeMap<String, Vec<PersonaId>>,
}

impl Premises {
    pub(super) fn new(guide: &Guide) -> Self {
        let Guide { claims, numbers, about, .. } = guide.clone();
        Self { claims, numbers, about }
    }

    /// Whether a question for yes or no presumes what this fact says is otherwise.
    pub(super) fn contradicted(&self, fact: &Fact, reading: &Reading<'_>, you: &PersonaId) -> bool {
        (reading.ask == Ask::YesNo || reading.has(Sign::Premise))
            && (self.by_value(fact, reading)
                || self.by_number(fact, reading)
                || self.by_member(fact, reading, you))
    }

    fn by_value(&self, fact: &Fact, reading: &Reading<'_>) -> bool {
        self.claims.iter().any(|(kind, claims)| {
            claims.facts.get(&fact.id).is_some_and(|true_ones| {
                let said = reading.values(kind);
                !said.is_empty() && !said.iter().any(|said| true_ones.iter().any(|v| v == said))
            })
        })
    }

    fn by_number(&self, fact: &Fact, reading: &Reading<'_>) -> bool {
        let Some(true_ones) = self.numbers.facts.get(&fact.id) else { return false };
        let said = self.numbers_in(reading);
        let so = |said: &u64| {
            let above = |number: &u64| reading.has(Sign::Above) && *said >= MANY && said <= number;
            true_ones.iter().any(|number| number == said || above(number))
        };
        !said.is_empty() && !said.iter().all(so)
    }

    fn by_member(&self, fact: &Fact, reading: &Reading<'_>, you: &PersonaId) -> bool {
        let Some(about) = self.about.get(&fact.id) else { return false };
        let mut said = reading.named();
        if about.len() == 1 && about.contains(you) && reading.has(Sign::You) {
            return false;
        }
        if said.len() > 1 && !about.contains(you) {
            said.retain(|name| name != you);
        }
        if said.len() < about.len() && reading.has(Sign::You) {
            said.push(you.clone());
        }
        said.iter().any(|name| !about.contains(name))
    }

    /// The numbers of a sentence: digits and words, with the units that follow them.
    fn numbers_in(&self, reading: &Reading<'_>) -> Vec<u64> {
        let mut numbers: Vec<u64> = Vec::new();
        let mut open = false;
        for unit in &reading.line.units {
            let (number, rest) = self.number(&unit.text);
            if let Some(number) = number {
                numbers.push(number);
                open = true;
            }
            match self.unit(if number.is_some() { &rest } else { &unit.text }) {
                Some(times) if open => {
                    if let Some(last) = numbers.last_mut() {
                        *last = last.saturating_mul(times);
                    }
                }
                _ => open = number.is_some() && rest.is_empty(),
            }
        }
        numbers
    }

    /// The number with which a word begins, and the rest of the word.
    fn number(&self, word: &str) -> (Option<u64>, String) {
        let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
        if let Ok(number) = word[..digits].parse() {
            return (Some(number), word[digits..].into());
        }
        (self.numbers.words.get(word).copied(), String::new())
    }

    fn unit(&self, word: &str) -> Option<u64> {
        let begins = |unit: &&String| {
            word == unit.as_str() || (!unit.is_ascii() && word.starts_with(unit.as_str()))
        };
        let longest = self.numbers.units.keys().filter(begins).max_by_key(|unit| unit.len())?;
        self.numbers.units.get(longest).copied()
    }
}
