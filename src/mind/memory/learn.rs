//! How facts come into memory, change and go.

use super::{
    FanMemory,
    facts::{FactId, FactKey, FactKind, FanFact, MAX_VALUE, clipped},
    likeness::tokens,
    time::Timestamp,
};
use crate::mind::text::fold;

/// How much surer a repeated fact gets: this part of what is missing.
const SURER: f32 = 0.3;
/// How much less sure a fact may be than the one it replaces.
const LESS_SURE: f32 = 0.16;
/// How many facts that were replaced are kept for the record.
const MAX_REPLACED: usize = 60;
/// How many facts there can be in all.
pub(super) const MAX_FACTS: usize = 400;

/// What happened to a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Learned(FactId),
    /// It was known, and was said again.
    Confirmed(FactId),
    /// It took the place of another.
    Replaced {
        /// The one that no longer holds.
        old: FactId,
        /// The one that holds.
        new: FactId,
    },
    /// The fan corrected it.
    Corrected(FactId),
    /// It stays with one member from now on.
    MadePrivate(FactId),
    /// It is gone.
    Forgotten(FactId),
}

impl Change {
    /// The fact that is new, different or gone.
    #[must_use]
    pub const fn id(&self) -> FactId {
        match self {
            Self::Learned(id)
            | Self::Confirmed(id)
            | Self::Corrected(id)
            | Self::MadePrivate(id)
            | Self::Forgotten(id)
            | Self::Replaced { new: id, .. } => *id,
        }
    }
}

impl FanMemory {
    /// Takes in what was found. What is said again gets surer; of what there can be only one, the
    /// new takes the place of the old, which is kept for the record.
    pub fn learn(&mut self, facts: Vec<FanFact>) -> Vec<Change> {
        let changes = facts.into_iter().filter_map(|fact| self.learn_one(fact)).collect();
        self.bound();
        changes
    }

    fn learn_one(&mut self, mut fact: FanFact) -> Option<Change> {
        fact.value = clipped(&fact.value, MAX_VALUE);
        if fact.value.is_empty() {
            return None;
        }
        if let Some(known) = self.facts.iter_mut().find(|known| is_same(known, &fact)) {
            confirm(known, fact);
            return Some(Change::Confirmed(known.id));
        }
        if self.is_outweighed(&fact) {
            return None;
        }
        let new = self.next_id();
        let mut change = Change::Learned(new);
        for old in self.facts.iter_mut().filter(|old| gives_way(old, &fact)) {
            old.replaced = true;
            change = Change::Replaced { old: old.id, new };
        }
        fact.id = new;
        self.facts.push(fact);
        Some(change)
    }

    /// Whether something surer speaks against it: "I'm Sparkles", after "my name is Mina".
    fn is_outweighed(&self, fact: &FanFact) -> bool {
        let against = |known: &&FanFact| {
            !known.replaced && known.key == fact.key && known.private_to == fact.private_to
        };
        let mut known = self.facts.iter().filter(against);
        fact.key.is_single() && known.any(|known| fact.confidence + LESS_SURE < known.confidence)
    }

    /// Keeps the number of facts bounded: the weakest go first, records before facts.
    fn bound(&mut self) {
        let now = self.facts.iter().map(|fact| fact.used).max().unwrap_or_default();
        while self.facts.iter().filter(|fact| fact.replaced).count() > MAX_REPLACED {
            let Some(at) = self.facts.iter().position(|fact| fact.replaced) else { break };
            self.facts.remove(at);
        }
        let keys: std::collections::BTreeSet<FactKey> =
            self.facts.iter().map(|fact| fact.key.clone()).collect();
        for key in keys {
            self.drop_weakest(cap(&key), now, |fact| fact.key == key && !fact.replaced);
        }
        self.drop_weakest(MAX_FACTS, now, |_| true);
    }

    fn drop_weakest(&mut self, most: usize, now: Timestamp, of: impl Fn(&FanFact) -> bool) {
        while self.facts.iter().filter(|fact| of(fact)).count() > most {
            let weakest = self
                .facts
                .iter()
                .enumerate()
                .filter(|(_, fact)| of(fact))
                .min_by(|(_, a), (_, b)| strength(a, now).total_cmp(&strength(b, now)));
            let Some((at, _)) = weakest else { return };
            self.facts.remove(at);
        }
    }

    /// Lets what does not matter fade: notes, moods and old plans go once they are weak; who the
    /// fan is and what was promised stays. Gives what went.
    pub fn decay(&mut self, now: Timestamp) -> Vec<FactId> {
        let fades = |fact: &FanFact| {
            let fleeting = [FactKind::Event, FactKind::Note].contains(&fact.kind);
            let lasting = fact.key.is_lasting() && !fleeting;
            !lasting && strength(fact, now) < FLOOR
        };
        let gone = self.facts.iter().filter(|fact| fades(fact)).map(|fact| fact.id).collect();
        self.facts.retain(|fact| !fades(fact));
        gone
    }
}

/// A fact weaker than this fades.
const FLOOR: f32 = 0.06;

/// How many facts of a key there can be.
fn cap(key: &FactKey) -> usize {
    match key.as_str() {
        "note" => 150,
        "promise" | "her_promise" | "likes" | "dislikes" => 30,
        "mood" => 8,
        _ if key.is_single() => 4,
        _ => 16,
    }
}

/// How strong a fact is: its confidence, halved with time, longer if it was used often.
pub(super) fn strength(fact: &FanFact, now: Timestamp) -> f32 {
    let half_life = match fact.key.as_str() {
        "mood" => 7.0,
        "note" | "plan" => 45.0,
        _ if [FactKind::Event, FactKind::Note].contains(&fact.kind) => 60.0,
        _ => 720.0,
    };
    let uses = (1.0 + fact.uses.min(100) as f32).ln();
    fact.confidence * 0.5_f32.powf(now.days_since(fact.used) / (half_life * (1.0 + 0.5 * uses)))
}

/// Whether a fact says what is known.
fn is_same(known: &FanFact, fact: &FanFact) -> bool {
    let is_open = known.private_to == fact.private_to || known.private_to.is_none();
    !known.replaced && known.key == fact.key && is_open && fold(&known.value) == fold(&fact.value)
}

fn confirm(known: &mut FanFact, again: FanFact) {
    known.confidence += (1.0 - known.confidence) * SURER;
    known.uses = known.uses.saturating_add(1);
    known.used = known.used.max(again.used);
    if again.when.is_some() {
        known.when = again.when;
    }
}

/// Whether a fact that is known no longer holds because of a new one.
fn gives_way(old: &FanFact, new: &FanFact) -> bool {
    if old.replaced || old.private_to != new.private_to {
        return false;
    }
    if old.key == new.key {
        return new.key.is_single() || is_completed(old, new);
    }
    let opposite = matches!(
        (old.kind, new.kind),
        (FactKind::Like, FactKind::Dislike) | (FactKind::Dislike, FactKind::Like)
    );
    opposite && fold(&old.value) == fold(&new.value)
}

/// "a rabbit", once it has a name.
fn is_completed(old: &FanFact, new: &FanFact) -> bool {
    if !["pet", "family", "friend", "partner"].contains(&new.key.as_str()) {
        return false;
    }
    let (old, new) = (tokens(&old.value), tokens(&new.value));
    let counts = ["a", "an", "my", "the", "one", "two", "three"];
    old.len() < new.len() + 1
        && old.iter().filter(|word| !counts.contains(&word.as_str())).all(|word| new.contains(word))
}
