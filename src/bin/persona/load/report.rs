//! What came of it, for people and for programs.

mod shown;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

use super::{
    args::LoadArgs,
    plan::Plan,
    tally::{Example, LostTurn, Reply, Tally},
    times::Times,
    watch::Memory,
};
use crate::bench::statistics::{percentile, rounded};

/// What came of a run; `docs/load.md` says what each field means.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether there was no error, no cross-talk and no lost turn, and at least one reply.
    pub ok: bool,
    /// Whether Ctrl-C ended the run.
    pub interrupted: bool,
    fans: usize,
    seconds: f64,
    messages: u64,
    replies: usize,
    replies_per_second: f64,
    first_words: Times,
    whole_reply: Times,
    errors: u64,
    errors_by_kind: BTreeMap<String, u64>,
    examples: Vec<Example>,
    connections: Connections,
    facts: Facts,
    cross_talk: Vec<CrossTalk>,
    turns: Turns,
    memory: Option<Memory>,
    flood: Option<Flood>,
}

/// How fans came in.
#[derive(Debug, Serialize)]
struct Connections {
    entered: u64,
    reentered: u64,
}

/// How well the members remember.
#[derive(Debug, Serialize)]
struct Facts {
    told: u64,
    asked: u64,
    remembered: u64,
}

/// A word that came to the wrong fan.
#[derive(Debug, Serialize)]
struct CrossTalk {
    fan: usize,
    of_fan: usize,
    word: String,
    seconds: Option<f64>,
    text: String,
}

/// What histories still hold.
#[derive(Debug, Serialize)]
struct Turns {
    found: u64,
    lost: Vec<LostTurn>,
}

/// What those who flood did to the others.
#[derive(Debug, Serialize)]
struct Flood {
    fans: u32,
    sent: u64,
    answered: u64,
    by_kind: BTreeMap<String, u64>,
    first_words_without: Times,
    first_words_meanwhile: Times,
    ratio_p50: Option<f64>,
    ratio_p95: Option<f64>,
}

impl Report {
    /// Of all that was counted.
    pub fn of(
        args: &LoadArgs,
        plan: &Plan,
        tally: Tally,
        memory: Option<Memory>,
        long: Duration,
        interrupted: bool,
    ) -> Self {
        let errors = errors(args, &tally);
        let clean = errors == 0 && tally.cross_talk.is_empty() && tally.lost.is_empty();
        let seconds = long.as_secs_f64();
        let whole: Vec<f64> = tally.replies.iter().map(|reply| reply.whole.as_secs_f64()).collect();
        let crossed = tally.cross_talk.iter().map(|crossed| CrossTalk {
            fan: crossed.fan,
            of_fan: crossed.owner.fan,
            word: plan.markers.word(crossed.owner).into(),
            seconds: crossed.seconds,
            text: crossed.text.clone(),
        });
        Self {
            ok: clean && !tally.replies.is_empty(),
            interrupted,
            fans: plan.fans,
            seconds: rounded(seconds, 1),
            messages: tally.sent,
            replies: tally.replies.len(),
            replies_per_second: rounded(tally.replies.len() as f64 / seconds.max(1e-3), 2),
            first_words: Times::of(&first_words(&tally.replies, |_| true)),
            whole_reply: Times::of(&whole),
            errors,
            connections: Connections { entered: tally.entered, reentered: tally.reentered },
            facts: Facts { told: tally.told, asked: tally.asked, remembered: tally.remembered },
            cross_talk: crossed.collect(),
            turns: Turns { found: tally.checked, lost: tally.lost.clone() },
            memory,
            flood: (args.flood > 0).then(|| Flood::of(args.flood, plan, &tally)),
            errors_by_kind: tally.faults,
            examples: tally.examples,
        }
    }
}

impl Flood {
    fn of(fans: u32, plan: &Plan, tally: &Tally) -> Self {
        let without = first_words(&tally.replies, |reply| !plan.floods_at(reply.sent));
        let meanwhile = first_words(&tally.replies, |reply| plan.floods_at(reply.sent));
        let ratio = |percent| {
            let (with, base) = (percentile(&meanwhile, percent), percentile(&without, percent));
            (with > 0.0 && base > 0.0).then(|| rounded(with / base, 2))
        };
        Self {
            fans,
            sent: tally.flood.sent,
            answered: tally.flood.answered,
            by_kind: tally.flood.faults.clone(),
            ratio_p50: ratio(50.0),
            ratio_p95: ratio(95.0),
            first_words_without: Times::of(&without),
            first_words_meanwhile: Times::of(&meanwhile),
        }
    }
}

/// The seconds to the first words of some replies.
fn first_words(replies: &[Reply], counts: impl Fn(&Reply) -> bool) -> Vec<f64> {
    let those = replies.iter().filter(|reply| counts(reply));
    those.filter_map(|reply| Some(reply.first?.as_secs_f64())).collect()
}

/// How many faults are none that were to be expected.
fn errors(args: &LoadArgs, tally: &Tally) -> u64 {
    let expected = if args.allow_disconnects { tally.away } else { 0 };
    let is_error = |kind: &str| {
        let is_harmless = ["refused_", "bye_", "turned_away_", "disconnected", "unreachable"];
        !args.allow_refusals || !is_harmless.iter().any(|start| kind.starts_with(start))
    };
    let flood = tally.flood.faults.iter().filter(|(kind, _)| is_error(kind));
    tally.faulty() - expected + flood.map(|(_, count)| count).sum::<u64>()
}
