//! What members remember of a fan: facts with their source, and episodes.
//!
//! What the fan says becomes facts by rules, which a file holds ([`Extractor`]); questions about
//! them are known by rules too. [`FanMemory`] keeps the facts of one fan, for all members: what was
//! told in confidence stays with the member who was told.

mod episode;
mod extract;
mod facts;
mod json;
mod korean;
mod learn;
mod likeness;
mod obey;
mod promise;
mod question;
mod recall;
mod rules;
mod sentence;
mod speak;
mod time;
mod when;

#[cfg(test)]
mod tests;

pub use episode::Talk;
pub use extract::{Command, Extraction, Extractor, Said};
pub use facts::{
    Episode, FactId, FactKey, FactKind, FanFact, MAX_QUOTE, MAX_SUMMARY, MAX_VALUE,
    ParseFactKeyError, SourceTurn, When,
};
pub use json::MemoryJsonError;
pub use korean::josa;
pub use learn::Change;
pub use question::Asked;
pub use time::{Day, Timestamp};

/// What is known of one fan, by all members together.
///
/// # Example
/// ```
/// use bevy_persona::{
///     mind::memory::{Extractor, FanMemory, Said, Timestamp},
///     persona::{Language, PersonaId},
/// };
///
/// let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/conduct/memory.toml");
/// let extractor = Extractor::from_toml("memory.toml", &std::fs::read_to_string(rules)?)?;
/// let (marty, jena): (PersonaId, PersonaId) = ("marty".parse()?, "jena".parse()?);
/// let now = Timestamp(1_795_643_107);
///
/// let mut memory = FanMemory::default();
/// let text = "just between us, im scared of thunder";
/// let said = Said::new(text, Language::English, &marty, 0, now);
/// memory.learn(extractor.extract(&said).facts);
///
/// let asked = extractor.question("what am i afraid of?").unwrap();
/// assert_eq!(memory.answer(&extractor, &asked, &marty, now).unwrap()[0].value, "thunder");
/// assert_eq!(memory.answer(&extractor, &asked, &jena, now), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FanMemory {
    facts: Vec<FanFact>,
    episodes: Vec<Episode>,
    last_fact: FactId,
}

impl FanMemory {
    /// All facts, those that were replaced too, in the order in which they were learned.
    #[must_use]
    pub fn facts(&self) -> &[FanFact] {
        &self.facts
    }

    /// All episodes of all members.
    #[must_use]
    pub fn episodes(&self) -> &[Episode] {
        &self.episodes
    }

    /// One fact.
    #[must_use]
    pub fn fact(&self, id: FactId) -> Option<&FanFact> {
        self.facts.iter().find(|fact| fact.id == id)
    }

    /// Marks facts as used just now: they fade later.
    pub fn touch(&mut self, ids: &[FactId], now: Timestamp) {
        for fact in self.facts.iter_mut().filter(|fact| ids.contains(&fact.id)) {
            fact.used = fact.used.max(now);
            fact.uses = fact.uses.saturating_add(1);
        }
    }

    fn next_id(&mut self) -> FactId {
        self.last_fact = FactId(self.last_fact.0 + 1);
        self.last_fact
    }
}
