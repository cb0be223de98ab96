//! What a card says of a character in plain sentences, in our sheet and back.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{CardData, macros::fill, spoken::sentences};

/// What a card says the fan is.
const FAN: &str = "the fan";
/// Who somebody is whose card does not say it in our form.
pub(super) const NO_ROLE: &str = "a character in a story";
/// The longest role and the longest nature, in characters.
const SHORT: usize = 240;

/// The field of a card from which a sentence comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    Scenario,
    Description,
    Personality,
    /// An entry of the lorebook that always stands in the prompt.
    Entry(usize),
}

/// What our sheet says in sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct World {
    pub(super) role: String,
    pub(super) temperament: String,
    pub(super) sentences: Vec<(Origin, String)>,
}

impl World {
    /// What becomes of a card.
    pub(super) fn of(data: &CardData) -> Self {
        let name = data.called();
        let mut description = told(&data.description, name);
        let role = description.first().and_then(|first| role_in(first, name));
        if role.is_some() {
            description.remove(0);
        }
        let mut nature = told(&data.personality, name);
        let temperament = nature.first().and_then(|first| nature_in(first, name));
        if temperament.is_some() {
            nature.remove(0);
        }
        let all = |origin, told: Vec<String>| told.into_iter().map(move |told| (origin, told));
        let mut sentences: Vec<_> = all(Origin::Scenario, told(&data.scenario, name)).collect();
        sentences.extend(all(Origin::Description, description));
        sentences.extend(all(Origin::Personality, nature));
        let role = role.unwrap_or_else(|| NO_ROLE.into());
        Self { role, temperament: temperament.unwrap_or_default(), sentences }
    }

    /// Which fields are not what the card made of them any more, with what they say now.
    pub(super) fn changed(&self, now: &[String]) -> BTreeMap<Origin, Vec<String>> {
        let mut places: HashMap<&str, VecDeque<usize>> = HashMap::new();
        for (at, (_, told)) in self.sentences.iter().enumerate() {
            places.entry(told).or_default().push_back(at);
        }
        let known: Vec<_> =
            now.iter().map(|told| places.get_mut(told.as_str())?.pop_front()).collect();
        let mut is_left = vec![true; self.sentences.len()];
        known.iter().flatten().for_each(|at| is_left[*at] = false);
        let mut sorted: BTreeMap<Origin, Vec<String>> =
            self.sentences.iter().map(|(origin, _)| (*origin, Vec::new())).collect();
        let mut next = 0;
        for (told, known) in now.iter().zip(known) {
            // What is new takes the place of what is gone there; else it goes on with what is before it.
            let replaced = is_left.get(next).copied().unwrap_or_default();
            next = known.map_or(next + usize::from(replaced), |at| at + 1);
            let owner = self.sentences.get(next.saturating_sub(1));
            let owner = owner.map_or(Origin::Description, |(origin, _)| *origin);
            sorted.entry(owner).or_default().push(told.clone());
        }
        sorted.retain(|origin, now| *now != self.from(*origin));
        sorted
    }

    fn from(&self, origin: Origin) -> Vec<String> {
        let own = self.sentences.iter().filter(|(from, _)| *from == origin);
        own.map(|(_, told)| told.clone()).collect()
    }

    /// The sentences of a field: as they are now, if they were edited.
    pub(super) fn now(
        &self,
        origin: Origin,
        changed: &BTreeMap<Origin, Vec<String>>,
    ) -> Vec<String> {
        changed.get(&origin).cloned().unwrap_or_else(|| self.from(origin))
    }
}

/// The sentences of a text of a card.
pub(super) fn told(text: &str, name: &str) -> Vec<String> {
    sentences(&fill(text, name, FAN))
}

/// "Nuri is the keeper of a kiosk." says who she is.
fn role_in(sentence: &str, name: &str) -> Option<String> {
    let role = after(sentence, &format!("{name} is "))?.trim_end_matches('.').trim();
    let named = ["a ", "an ", "the "].iter().any(|article| after(role, article).is_some());
    (named && role.chars().count() <= SHORT).then(|| role.to_owned())
}

/// A nature as it follows "You are".
fn nature_in(sentence: &str, name: &str) -> Option<String> {
    let leads = [format!("{name} is "), "She is ".into(), "He is ".into(), "They are ".into()];
    let bare = leads.iter().find_map(|lead| after(sentence, lead)).unwrap_or(sentence);
    let bare = bare.trim_end_matches('.').trim();
    (!bare.is_empty() && bare.chars().count() <= SHORT).then(|| bare.to_owned())
}

/// What comes after a beginning, whatever the case of its letters.
fn after<'a>(text: &'a str, begin: &str) -> Option<&'a str> {
    let start = text.get(..begin.len())?;
    start.eq_ignore_ascii_case(begin).then(|| &text[begin.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> World {
        let (scenario, description) = (Origin::Scenario, Origin::Description);
        let sentences =
            [(scenario, "S1"), (scenario, "S2"), (description, "D1"), (description, "S1")];
        let sentences = sentences.map(|(origin, told)| (origin, told.to_owned())).to_vec();
        World { role: "a".into(), temperament: "b".into(), sentences }
    }

    #[test]
    fn only_the_field_of_an_edited_sentence_is_changed() {
        for (now, changed) in [
            (vec!["S1", "S2", "D1", "S1"], vec![]),
            (vec!["S1", "X", "D1", "S1"], vec![(Origin::Scenario, vec!["S1", "X"])]),
            (vec!["S1", "S2", "D1", "S1", "X"], vec![(Origin::Description, vec!["D1", "S1", "X"])]),
            (vec!["S1", "S2"], vec![(Origin::Description, vec![])]),
            (vec!["S1", "S2", "X", "S1"], vec![(Origin::Description, vec!["X", "S1"])]),
            (vec!["X", "S1", "S2", "D1", "S1"], vec![(Origin::Scenario, vec!["X", "S1", "S2"])]),
            (vec!["S2", "S1", "D1", "S1"], vec![(Origin::Scenario, vec!["S2", "S1"])]),
        ] {
            let now: Vec<String> = now.into_iter().map(Into::into).collect();
            let found: Vec<_> = world().changed(&now).into_iter().collect();
            assert_eq!(format!("{found:?}"), format!("{changed:?}"));
        }
    }

    #[test]
    fn a_role_is_found_where_it_is_said_plainly() {
        let role = |sentence| role_in(sentence, "Nuri");
        assert_eq!(role("nuri is The keeper.").as_deref(), Some("The keeper"));
        assert_eq!(role("Nuri is sleepy."), None);
        assert_eq!(role("Nuris is a cat."), None);
        assert_eq!(nature_in("She is sleepy, kind.", "Nuri").as_deref(), Some("sleepy, kind"));
    }
}
