//! When forms that were found give a secret away.

use std::{collections::BTreeMap, sync::Arc};

use super::{cloaks::Cloak, patterns::Role, strand::Hit};
use crate::{mind::Standing, persona::PersonaId};

/// Groups of words, one bit each.
pub(super) type Groups = u64;

/// What is known of a secret, without the forms themselves.
#[derive(Debug)]
pub(super) struct Secret {
    pub(super) id: Arc<str>,
    pub(super) subject: Arc<str>,
    pub(super) members: Vec<PersonaId>,
    /// The scene after which its members may tell it, if there is one.
    pub(super) unlock: Option<String>,
    /// Groups that give it away together.
    pub(super) combine: Vec<Groups>,
    /// More of them, when that member speaks.
    pub(super) combine_for: BTreeMap<PersonaId, Vec<Groups>>,
    /// For each phrase that is harmless under a condition: the groups that must not be there.
    pub(super) unless: Vec<Groups>,
    /// The groups that must not be there for everyday words to make it harmless.
    pub(super) everyday_unless: Groups,
}

impl Secret {
    /// Whether it must not be told.
    pub(super) fn is_locked(&self, standing: &Standing<'_>) -> bool {
        let finished = self.unlock.as_ref().is_some_and(|scene| standing.unlocked.contains(scene));
        !(finished && self.members.contains(standing.member))
    }
}

/// What a fan's message brings into the conversation, for one secret.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Brought {
    pub(super) groups: Groups,
    pub(super) everyday: bool,
}

/// How the hits are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) speaker: Option<&'a PersonaId>,
    /// How far apart words of a combination may stand, in characters.
    pub(super) window: u32,
    /// What the fan said before.
    pub(super) brought: Brought,
    /// The fan herself speaks.
    pub(super) of_fan: bool,
    /// What ends behind this place is left out: it may still turn out harmless.
    pub(super) firm: u32,
}

/// Forms that give a secret away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Betrayal {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) combined: bool,
    /// How many forms of the secret were found.
    pub(super) hits: usize,
    pub(super) cloak: Cloak,
}

impl Secret {
    /// Whether the hits, all of this secret, give it away.
    pub(super) fn betrayed(&self, hits: &[Hit], view: View<'_>) -> Option<Betrayal> {
        let mut active = self.active(hits, &view);
        if let Some(from) = self.everyday(hits, &active, &view) {
            active.retain(|hit| hit.start < from);
        }
        certain(&active).or_else(|| self.combined(&active, &view))
    }

    /// The groups of which words are there, and whether everyday words are.
    pub(super) fn brings(&self, hits: &[Hit], view: View<'_>) -> Brought {
        let active = self.active(hits, &view);
        let everyday = hits.iter().any(|hit| hit.one.role == Role::Everyday);
        Brought { groups: groups(&active), everyday }
    }

    /// The hits that nothing makes harmless, in the order in which they end.
    fn active(&self, hits: &[Hit], view: &View<'_>) -> Vec<Hit> {
        let covers = |hit: &&Hit| match hit.one.role {
            Role::Safe => true,
            Role::FansOwn => view.of_fan,
            _ => false,
        };
        let safe: Vec<Hit> = hits.iter().filter(covers).copied().collect();
        let speaks = |hit: &&Hit| {
            let counts = matches!(hit.one.role, Role::Certain | Role::Key(_));
            counts && hit.end <= view.firm && !safe.iter().any(|safe| overlaps(safe, hit))
        };
        let mut active: Vec<Hit> = hits.iter().filter(speaks).copied().collect();
        let present = groups(&active) | view.brought.groups;
        for hit in hits {
            let Role::SafeUnless(index) = hit.one.role else { continue };
            let unless = self.unless.get(usize::from(index)).copied().unwrap_or_default();
            if present & unless == 0 {
                active.retain(|other| !overlaps(hit, other));
            }
        }
        active.sort_by_key(|hit| (hit.end, hit.start));
        active
    }

    /// From where on the talk is of everyday things.
    fn everyday(&self, hits: &[Hit], active: &[Hit], view: &View<'_>) -> Option<u32> {
        let words = hits.iter().filter(|hit| hit.one.role == Role::Everyday);
        let from = words.map(|hit| if view.of_fan { 0 } else { hit.start }).min();
        let from = if view.brought.everyday { Some(0) } else { from };
        let present = groups(active) | view.brought.groups;
        from.filter(|_| present & self.everyday_unless == 0)
    }

    fn combined(&self, active: &[Hit], view: &View<'_>) -> Option<Betrayal> {
        let more = view.speaker.and_then(|speaker| self.combine_for.get(speaker));
        let lists = self.combine.iter().chain(more.into_iter().flatten());
        lists.filter_map(|list| self.combined_in(*list, active, view)).min_by_key(|found| found.end)
    }

    fn combined_in(&self, list: Groups, active: &[Hit], view: &View<'_>) -> Option<Betrayal> {
        // What the fan brought counts too, as if said just before, if the reply adds to it.
        let brought = if list & !view.brought.groups == 0 { 0 } else { view.brought.groups & list };
        let mut latest = [None; 64];
        for (group, place) in latest.iter_mut().enumerate() {
            *place = (brought >> group & 1 == 1).then_some((0, Cloak::Plain));
        }
        for hit in active {
            let Role::Key(group) = hit.one.role else { continue };
            if list >> group & 1 == 0 {
                continue;
            }
            let place = latest.get_mut(usize::from(group))?;
            if place.is_none_or(|(start, _)| start <= hit.start) {
                *place = Some((hit.start, hit.cloak));
            }
            let mut needed =
                (0..64).filter(|group| list >> group & 1 == 1).map(|group| latest[group]);
            let first = needed.try_fold((u32::MAX, Cloak::Plain), |(start, cloak), place| {
                let (at, how) = place?;
                Some((start.min(at), if cloak == Cloak::Plain { how } else { cloak }))
            });
            if let Some((start, cloak)) = first
                && hit.end.saturating_sub(start) <= view.window
            {
                let hits = active.len();
                return Some(Betrayal { start, end: hit.end, combined: true, hits, cloak });
            }
        }
        None
    }
}

/// The first form that gives the secret away alone.
fn certain(active: &[Hit]) -> Option<Betrayal> {
    let hit = active.iter().find(|hit| hit.one.role == Role::Certain)?;
    let Hit { start, end, cloak, .. } = *hit;
    Some(Betrayal { start, end, combined: false, hits: active.len(), cloak })
}

fn overlaps(one: &Hit, other: &Hit) -> bool {
    one.start < other.end && other.start < one.end
}

fn groups(hits: &[Hit]) -> Groups {
    hits.iter().fold(0, |groups, hit| match hit.one.role {
        Role::Key(group) => groups | 1 << (group & 63),
        _ => groups,
    })
}
