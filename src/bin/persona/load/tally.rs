//! All that fans note, counted.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde::Serialize;

use super::{
    markers::Owner,
    note::{Fault, Flooded, News, Note},
};
use crate::bench::statistics::rounded;

/// How many faults of a kind are told in full.
const EXAMPLES: u64 = 5;

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reply {
    /// When the message was sent.
    pub sent: Duration,
    /// How long it took to the first words.
    pub first: Option<Duration>,
    /// How long it took to the end.
    pub whole: Duration,
}

/// A fault in full.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Example {
    /// The kind.
    pub kind: String,
    /// Which fan noted it, by number.
    pub fan: usize,
    /// When, in seconds since the run began.
    pub seconds: f64,
    /// What is known of it.
    pub detail: String,
}

/// A turn that the server has lost.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LostTurn {
    /// Whose.
    pub fan: usize,
    /// When it was missed, in seconds since the run began.
    pub seconds: f64,
    /// With whom.
    pub member: String,
    /// What the fan said.
    pub said: String,
}

/// A word in the wrong place.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossed {
    /// Who got it.
    pub fan: usize,
    /// Whose it is.
    pub owner: Owner,
    /// When, in seconds since the run began; none for those who flood.
    pub seconds: Option<f64>,
    /// What it stands in.
    pub text: String,
}

/// All that fans have noted so far.
#[derive(Debug, Default)]
pub struct Tally {
    /// Who is in.
    pub inside: BTreeSet<usize>,
    /// How often fans came in for the first time.
    pub entered: u64,
    /// How often they came in again.
    pub reentered: u64,
    /// How many messages they sent.
    pub sent: u64,
    /// The answers that ended.
    pub replies: Vec<Reply>,
    /// How many facts were told.
    pub told: u64,
    /// How many were asked for.
    pub asked: u64,
    /// How many of those were in the answer.
    pub remembered: u64,
    /// How many turns were found in histories.
    pub checked: u64,
    /// Which were not.
    pub lost: Vec<LostTurn>,
    /// Words in the wrong place.
    pub cross_talk: Vec<Crossed>,
    /// Faults by kind.
    pub faults: BTreeMap<String, u64>,
    /// How many of them come from the server's being away.
    pub away: u64,
    /// Some of them in full.
    pub examples: Vec<Example>,
    /// What happened to those who flood.
    pub flood: Flooded,
}

impl Tally {
    /// Counts what comes from a thread.
    pub fn add(&mut self, news: News) {
        match news {
            News::Fan { fan, at, note } => {
                self.note(fan, rounded(at.as_secs_f64(), 1), note);
            }
            News::Flood(flooded) => self.flooded(flooded),
        }
    }

    /// Counts threads that panicked: a fault of this program, after which nothing is proved.
    pub fn panicked(&mut self, threads: u64) {
        if threads > 0 {
            self.faults.insert("panicked".into(), threads);
        }
    }

    /// How many faults there were.
    pub fn faulty(&self) -> u64 {
        self.faults.values().sum()
    }

    fn note(&mut self, fan: usize, seconds: f64, note: Note) {
        match note {
            Note::Entered { again } => {
                self.inside.insert(fan);
                *if again { &mut self.reentered } else { &mut self.entered } += 1;
            }
            Note::Left => {
                self.inside.remove(&fan);
            }
            Note::Sent => self.sent += 1,
            Note::Replied { sent, first, whole } => self.replies.push(Reply { sent, first, whole }),
            Note::Told => self.told += 1,
            Note::Asked { remembered } => {
                self.asked += 1;
                self.remembered += u64::from(remembered);
            }
            Note::Checked(found) => self.checked += found as u64,
            Note::Lost { member, said } => {
                self.lost.push(LostTurn { fan, seconds, member: member.to_string(), said });
            }
            Note::CrossTalk { owner, text } => {
                self.cross_talk.push(Crossed { fan, owner, seconds: Some(seconds), text });
            }
            Note::Fault(fault) => self.fault(fan, seconds, &fault),
        }
    }

    fn fault(&mut self, fan: usize, seconds: f64, fault: &Fault) {
        let kind = fault.kind();
        self.away += u64::from(fault.is_away());
        if matches!(fault, Fault::Disconnected(_) | Fault::Hung(_) | Fault::Bye(_)) {
            self.inside.remove(&fan);
        }
        let count = self.faults.entry(kind.clone()).or_default();
        *count += 1;
        if *count <= EXAMPLES {
            let detail = fault.detail().into();
            self.examples.push(Example { kind, fan, seconds, detail });
        }
    }

    fn flooded(&mut self, flooded: Flooded) {
        self.flood.sent += flooded.sent;
        self.flood.answered += flooded.answered;
        for (kind, count) in flooded.faults {
            *self.flood.faults.entry(kind).or_default() += count;
        }
        for (fan, owner, text) in flooded.cross_talk {
            let is_known = |crossed: &Crossed| (crossed.fan, crossed.owner) == (fan, owner);
            if !self.cross_talk.iter().any(is_known) {
                self.cross_talk.push(Crossed { fan, owner, seconds: None, text });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(notes: impl IntoIterator<Item = (usize, Note)>) -> Tally {
        let mut tally = Tally::default();
        for (fan, note) in notes {
            tally.add(News::Fan { fan, at: Duration::from_secs(1), note });
        }
        tally
    }

    #[test]
    fn who_is_in_is_known() {
        let lost = || Note::Fault(Fault::Disconnected("reset".into()));
        let entered = |again| Note::Entered { again };
        let tally = tally([
            (1, entered(false)),
            (2, entered(false)),
            (3, entered(false)),
            (1, lost()),
            (2, lost()),
            (2, entered(true)),
            (3, Note::Left),
        ]);
        assert_eq!(tally.inside, BTreeSet::from([2]));
        assert_eq!((tally.entered, tally.reentered, tally.away), (3, 1, 2));
    }

    #[test]
    fn all_faults_are_counted_and_some_are_told() {
        let fault = |n: u64| (7, Note::Fault(Fault::Failed(format!("{n}"))));
        let tally = tally((0..30).map(fault).chain([(7, Note::Fault(Fault::CutOff))]));
        assert_eq!(tally.faults["failed"], 30);
        assert_eq!((tally.faulty(), tally.away), (31, 1));
        assert_eq!(tally.examples.len() as u64, EXAMPLES + 1);
    }

    #[test]
    fn those_who_flood_are_summed_up_and_cross_talk_counts_once() {
        let mut tally = Tally::default();
        let mut flooded = Flooded { sent: 3, answered: 1, ..Flooded::default() };
        flooded.fault(&Fault::TurnedAway(429));
        flooded.cross_talk.push((9, Owner { fan: 1, word: 0 }, "oh".into()));
        tally.add(News::Flood(flooded.clone()));
        tally.add(News::Flood(flooded));
        assert_eq!((tally.flood.sent, tally.flood.faults["turned_away_429"]), (6, 2));
        assert_eq!(tally.cross_talk.len(), 1);
    }
}
