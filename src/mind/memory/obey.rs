//! What the fan wants done with what is known: forgotten, corrected, kept secret.

use super::{
    Change, FanMemory,
    extract::Command,
    facts::{FactId, FactKey, FanFact, MAX_VALUE, clipped},
    likeness::{same, tokens},
    time::Timestamp,
};
use crate::{mind::text::fold, persona::PersonaId};

impl FanMemory {
    /// Does what the fan asked of `member`; gives what changed.
    pub fn obey(&mut self, command: &Command, member: &PersonaId, now: Timestamp) -> Vec<Change> {
        match command {
            Command::Forget(key) => self.forget_where(|fact| {
                let prefix = key.as_str();
                let fits = fact.key == *key
                    || (prefix.ends_with('_') && fact.key.as_str().starts_with(prefix));
                fits && fact.is_known_to(member)
            }),
            Command::ForgetAbout(words) => {
                let about: Vec<String> = words.iter().flat_map(|word| tokens(word)).collect();
                self.forget_where(|fact| {
                    let said = tokens(&format!("{} {}", fact.key, fact.value));
                    fact.is_known_to(member)
                        && about.iter().any(|word| said.iter().any(|other| same(word, other)))
                })
            }
            Command::ForgetAll => {
                self.episodes.clear();
                self.forget_where(|_| true)
            }
            Command::KeepSecret { member, turn } => self.keep_secret(member, *turn),
            Command::Correct { old, new } => self.correct_word(old, new, member, now),
        }
    }

    fn forget_where(&mut self, is_meant: impl Fn(&FanFact) -> bool) -> Vec<Change> {
        let meant: Vec<FactId> =
            self.facts.iter().filter(|fact| is_meant(fact)).map(|fact| fact.id).collect();
        meant.into_iter().filter(|id| self.forget(*id)).map(Change::Forgotten).collect()
    }

    fn keep_secret(&mut self, member: &PersonaId, turn: u64) -> Vec<Change> {
        let is_meant = |fact: &&mut FanFact| {
            fact.member == *member
                && fact.source.turn == turn
                && fact.private_to.is_none()
                && ![FactKey::NAME, FactKey::NICKNAME].contains(&fact.key)
        };
        let meant = self.facts.iter_mut().filter(is_meant);
        meant
            .map(|fact| {
                fact.private_to = Some(member.clone());
                Change::MadePrivate(fact.id)
            })
            .collect()
    }

    fn correct_word(
        &mut self,
        old: &str,
        new: &str,
        member: &PersonaId,
        now: Timestamp,
    ) -> Vec<Change> {
        let old = fold(old);
        let is_meant = |fact: &FanFact| {
            let value = fold(&fact.value);
            let ends = [format!(" {old}"), format!("named {old}")];
            let fits = value == old || ends.iter().any(|end| value.ends_with(end.as_str()));
            !fact.replaced && fact.is_known_to(member) && fits
        };
        let meant: Vec<(FactId, String)> = self
            .facts
            .iter()
            .filter(|fact| is_meant(fact))
            .map(|fact| {
                let kept = fact.value.len().saturating_sub(old.len());
                (fact.id, format!("{}{new}", fact.value.get(..kept).unwrap_or_default()))
            })
            .collect();
        meant.into_iter().filter_map(|(id, value)| self.correct(id, &value, now)).collect()
    }

    /// Gives a fact another value; what was believed is kept for the record. Nothing if there is
    /// no such fact.
    pub fn correct(&mut self, id: FactId, value: &str, now: Timestamp) -> Option<Change> {
        let value = clipped(value, MAX_VALUE);
        let new = FactId(self.last_fact.0 + 1);
        let fact = self.facts.iter_mut().find(|fact| fact.id == id && !fact.replaced)?;
        if value.is_empty() || fact.value == value {
            return None;
        }
        let corrected =
            FanFact { id: new, value, confidence: 1.0, learned: now, used: now, ..fact.clone() };
        fact.replaced = true;
        self.last_fact = new;
        self.facts.push(corrected);
        Some(Change::Replaced { old: id, new })
    }

    /// Forgets a fact for good, and its value in the quotes of others; gives whether there was one.
    pub fn forget(&mut self, id: FactId) -> bool {
        let Some(at) = self.facts.iter().position(|fact| fact.id == id) else { return false };
        let gone = fold(&self.facts.remove(at).value);
        for fact in &mut self.facts {
            if !gone.is_empty() && fold(&fact.source.quote).contains(&gone) {
                fact.source.quote.clear();
            }
        }
        for episode in &mut self.episodes {
            if !gone.is_empty() && fold(&episode.summary).contains(&gone) {
                episode.summary.clear();
            }
        }
        true
    }

    /// Forgets everything for good.
    pub fn forget_all(&mut self) {
        self.facts.clear();
        self.episodes.clear();
    }
}
