//! The dialogues of one member in one language.

use std::collections::BTreeSet;

use super::{Ask, Exemplar, Match, exemplar::untagged};
use crate::mind::retrieval::{Hit, Index};

/// A dialogue for a fan whom she likes so much better is left out.
const TOO_CLOSE: f32 = 25.0;
/// How similar her last words must be to those that a turn follows on, 0..1.
const FOLLOWS: f32 = 0.5;
/// What being meant for a fan who stands as this one does adds to a score; and following on her
/// last words, too.
const BONUS: f32 = 0.03;

/// Every turn of the dialogues of one member in one language.
#[derive(Debug)]
pub(super) struct Shelf {
    /// The fans' messages.
    fans: Index,
    /// Dialogue and turn of each message.
    turns: Vec<(usize, usize)>,
    /// What she said before each message; empty before the first of a dialogue.
    said: Index,
}

impl Shelf {
    /// The dialogues `at` these places of `all`.
    pub(super) fn new(all: &[Exemplar], at: &[usize]) -> Self {
        let turns: Vec<(usize, usize)> = at
            .iter()
            .flat_map(|&at| (0..all[at].turns.len()).map(move |turn| (at, turn)))
            .collect();
        let said = |&(at, turn): &(usize, usize)| match turn.checked_sub(1) {
            Some(before) => untagged(&all[at].turns[before].idol),
            None => String::new(),
        };
        Self {
            fans: Index::new(turns.iter().map(|&(at, turn)| &all[at].turns[turn].fan)),
            said: Index::new(turns.iter().map(said)),
            turns,
        }
    }

    pub(super) fn similar<'a>(
        &'a self,
        all: &'a [Exemplar],
        ask: &Ask<'a>,
        k: usize,
    ) -> Vec<Match<'a>> {
        let follows = self.followed(ask.previous);
        let fits = |doc: usize| {
            let (at, turn) = self.turns[doc];
            (turn == 0 || follows.contains(&doc)) && may_be_shown(&all[at], ask)
        };
        let hits = self.fans.search_where(ask.text, 2 * k + 8, fits);
        let mut ranked: Vec<(f32, Hit)> =
            hits.into_iter().map(|hit| (hit.score + self.bonus(all, ask, hit.doc), hit)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.doc.cmp(&b.1.doc)));
        let mut seen = BTreeSet::new();
        ranked.retain(|(_, hit)| seen.insert(self.turns[hit.doc].0));
        ranked.into_iter().take(k).map(|(_, hit)| self.found(all, ask, hit)).collect()
    }

    /// The turns that follow on words like her last ones.
    fn followed(&self, previous: Option<&str>) -> BTreeSet<usize> {
        let hits = previous.map_or_else(Vec::new, |previous| self.said.search(previous, 16));
        hits.into_iter().filter(|hit| hit.score >= FOLLOWS).map(|hit| hit.doc).collect()
    }

    fn bonus(&self, all: &[Exemplar], ask: &Ask<'_>, doc: usize) -> f32 {
        let (at, turn) = self.turns[doc];
        let apart = (f32::from(all[at].affinity) - ask.standing.affinity).abs();
        let follows = if turn > 0 { BONUS } else { 0.0 };
        BONUS * (1.0 - apart / TOO_CLOSE).max(0.0) + follows
    }

    fn found<'a>(&'a self, all: &'a [Exemplar], ask: &Ask<'a>, hit: Hit) -> Match<'a> {
        let (at, turn) = self.turns[hit.doc];
        let exemplar = &all[at];
        Match {
            exemplar,
            turn,
            score: hit.score,
            agreement: self.fans.agreement(ask.text, &exemplar.turns[turn].fan),
            text: ask.text,
            previous: ask.previous.unwrap_or_default(),
            index: &self.fans,
        }
    }
}

fn may_be_shown(exemplar: &Exemplar, ask: &Ask<'_>) -> bool {
    f32::from(exemplar.affinity) - ask.standing.affinity < TOO_CLOSE
        && exemplar.facts.iter().all(|fact| (ask.may_tell)(fact))
        && exemplar.scenes().all(|scene| ask.standing.unlocked.contains(scene))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mind::{
        Standing, Unlocked,
        exemplars::{Exchange, Exemplars},
    };

    fn exemplar(id: &str, affinity: u8, facts: &[&str], turns: &[(&str, &str)]) -> Exemplar {
        let turn =
            |(fan, idol): &(&str, &str)| Exchange { fan: (*fan).into(), idol: (*idol).into() };
        Exemplar {
            id: id.into(),
            member: "otto".parse().unwrap(),
            language: crate::persona::Language::English,
            topic: "a".into(),
            affinity,
            told: Vec::new(),
            vary: Vec::new(),
            facts: facts.iter().map(|fact| (*fact).into()).collect(),
            memory: Vec::new(),
            turns: turns.iter().map(turn).collect(),
        }
    }

    fn found(all: &[Exemplar], text: &str, previous: Option<&str>) -> Vec<(String, usize)> {
        let (otto, unlocked) = ("otto".parse().unwrap(), Unlocked::new());
        let ask = Ask {
            standing: &Standing { member: &otto, affinity: 20.0, unlocked: &unlocked },
            language: crate::persona::Language::English,
            text,
            previous,
            may_tell: &|fact| fact != "locked",
        };
        let exemplars = Exemplars::new(all.to_vec());
        exemplars.similar(&ask, 9).iter().map(|m| (m.exemplar.id.clone(), m.turn)).collect()
    }

    #[test]
    fn what_this_fan_may_not_hear_is_left_out() {
        let hi = [("hi otto", "[joy] Hi.")];
        let mut scene = exemplar("scene", 10, &[], &hi);
        scene.memory.push(("scene_done".into(), "gate".into()));
        let all = [
            exemplar("close", 45, &[], &hi),
            exemplar("locked", 20, &["free", "locked"], &hi),
            exemplar("far", 44, &[], &hi),
            exemplar("near", 20, &["free"], &hi),
            scene,
        ];
        assert_eq!(found(&all, "hi otto", None), [("near".into(), 0), ("far".into(), 0)]);
    }

    #[test]
    fn a_later_turn_follows_on_her_own_words_only() {
        let turns = [("hi", "[joy] Tea or coffee?"), ("tea please", "[joy] Tea it is.")];
        let all = [exemplar("a", 10, &[], &turns)];
        assert!(found(&all, "tea please", None).is_empty());
        assert!(found(&all, "tea please", Some("Good night.")).is_empty());
        assert_eq!(found(&all, "tea please", Some("Tea or coffee?")), [("a".into(), 1)]);
    }

    proptest! {
        #[test]
        fn a_locked_fact_is_never_shown(
            dialogues in proptest::collection::vec(("[ab ]{1,5}", any::<bool>(), 0u8..100), 0..9),
            text in "[ab ]{0,5}",
        ) {
            let dialogue = |(fan, locked, affinity): &(String, bool, u8)| {
                let (id, fact) = if *locked { ("x", "locked") } else { ("o", "free") };
                exemplar(id, *affinity, &[fact], &[(fan, "[joy] Hi.")])
            };
            let all: Vec<Exemplar> = dialogues.iter().map(dialogue).collect();
            prop_assert!(found(&all, &text, Some(&text)).iter().all(|(id, _)| id == "o"));
        }
    }
}
