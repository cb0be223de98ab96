//! The rules, a family each.

mod beats;
mod commands;
mod compile;
mod conduct;
mod cues;
mod dialogues;
mod disclosure;
mod early;
mod feelings;
mod flow;
mod headers;
mod ids;
mod languages;
mod length;
mod lines;
mod lore;
mod parse;
mod persona;
mod questions;
mod said;
mod stage;
mod told;
mod translations;
mod unlocks;
mod variables;

use super::check::Check;

/// Checks everything. What a rule finds in a line keeps later ones from telling the same less well.
pub(super) fn run(check: &mut Check<'_>) {
    let rules = [
        persona::run,
        cues::run,
        lines::run,
        dialogues::run,
        lore::run,
        questions::run,
        conduct::run,
        disclosure::run,
        feelings::run,
        headers::run,
        ids::run,
        said::run,
        beats::run,
        commands::run,
        flow::run,
        unlocks::run,
        variables::run,
        length::run,
        translations::run,
        stage::run,
        early::run,
        compile::run,
        parse::run,
    ];
    for rule in rules {
        rule(check);
    }
}
