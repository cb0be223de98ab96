//! What scenes may ask of the world.

use std::collections::BTreeMap;

use jiff::Zoned;

use super::HourOfDay;
use crate::{
    dialogue::Fan,
    mind::{
        Library,
        lore::Unlock,
        memory::{FactKey, FanFact},
    },
    persona::{Language, PersonaId},
    scene::SceneWorld,
};

/// The world at one moment.
#[derive(Debug)]
pub(super) struct WorldNow<'a> {
    pub(super) language: Language,
    pub(super) hour: f32,
    pub(super) fan: &'a Fan,
    pub(super) library: &'a Library,
    /// How close each member who is there is to the fan.
    pub(super) closeness: BTreeMap<PersonaId, f32>,
}

impl SceneWorld for WorldNow<'_> {
    fn language(&self) -> Language {
        self.language
    }

    fn affinity(&self, member: &str) -> f32 {
        let found = self.closeness.iter().find(|(id, _)| id.as_str() == member);
        found.map_or(0.0, |(_, closeness)| *closeness)
    }

    fn knows(&self, secret: &str) -> bool {
        lock_of(self.library, secret).is_some_and(|lock| self.fan.unlocked.contains(&lock))
    }

    fn fan(&self, key: &str) -> String {
        let Ok(key) = key.parse::<FactKey>() else { return String::new() };
        // What was told to one of them in confidence is not said before the others.
        let is_open =
            |fact: &&FanFact| fact.key == key && !fact.replaced && fact.private_to.is_none();
        let facts = self.fan.memory.facts().iter().rev();
        facts.filter(is_open).map(|fact| fact.value.clone()).next().unwrap_or_default()
    }

    fn hour(&self) -> f32 {
        self.hour
    }
}

/// The name under which a secret is locked: that of its fact in the lore, or its own, if the lore does not
/// know it. Nothing, if it is never told.
pub(super) fn lock_of(library: &Library, secret: &str) -> Option<String> {
    match library.lore.get(secret).map(|fact| &fact.unlock) {
        Some(Unlock::Scene(lock)) => Some(lock.clone()),
        Some(Unlock::Never) => None,
        Some(Unlock::None) | None => Some(secret.into()),
    }
}

/// The hour of the fan's day.
pub(super) fn hour_of(set: HourOfDay) -> f32 {
    let by_the_clock = || {
        let now = Zoned::now();
        f32::from(now.hour()) + f32::from(now.minute()) / 60.0
    };
    set.0.filter(|hour| hour.is_finite()).map_or_else(by_the_clock, |hour| hour.rem_euclid(24.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_lies_within_a_day() {
        assert_eq!(hour_of(HourOfDay(Some(-1.0))), 23.0);
        assert_eq!(hour_of(HourOfDay(Some(18.5))), 18.5);
        for set in [None, Some(f32::NAN), Some(f32::INFINITY)] {
            assert!((0.0..24.0).contains(&hour_of(HourOfDay(set))));
        }
    }

    #[test]
    fn a_secret_that_the_lore_does_not_know_is_locked_under_its_own_name() {
        assert_eq!(lock_of(&Library::default(), "cellar"), Some("cellar".into()));
    }
}
