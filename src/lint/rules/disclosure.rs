//! Secrets: whose they are, which fact and which scene they belong to.

use std::collections::BTreeSet;

use super::super::{
    Code,
    check::Check,
    kind::Kind,
    script::{Part, each},
    source::Source,
    toml::{Entry, entries},
};

pub(super) fn run(check: &mut Check<'_>) {
    let unlocked = unlocked(check);
    for file in check.asked(Kind::Disclosure) {
        let mut seen = BTreeSet::new();
        for entry in entries(file.whole()) {
            let names = entry.names();
            if names.len() > 1 && names[0] != "confirm" && seen.insert(names[0].to_owned()) {
                check.fact(file, entry.path[0].at.clone(), names[0]);
            }
            match names.as_slice() {
                [_, "members", _] => {
                    check.member(file, entry.at.clone(), &entry.text);
                }
                [_, "combine_for", member, ..] => {
                    let at = entry.path[2].at.clone();
                    if seen.insert(format!("{} {}", names[0], at.start)) {
                        check.member(file, at, member);
                    }
                }
                [_, "unlock"] if entry.text != "never" => scene(check, file, &entry, &unlocked),
                _ => {}
            }
        }
    }
}

fn scene(check: &mut Check<'_>, file: &Source, entry: &Entry, unlocked: &BTreeSet<String>) {
    let (secret, scenes) = (&entry.path[0].name, &check.world.scenes);
    if !scenes.is_empty() && scenes.contains(entry.text.as_str()) && !unlocked.contains(secret) {
        let message = format!("no scene unlocks `{secret}`");
        let help = format!("write `<<unlock {secret}>>` in the scene `{}`", entry.text);
        check.report(file, entry.at.clone(), Code::NeverUnlocked, message, help);
    }
    check.scene(file, entry.at.clone(), &entry.text);
}

/// The secrets for which there is an `unlock`.
fn unlocked(check: &Check<'_>) -> BTreeSet<String> {
    let mut unlocked = BTreeSet::new();
    for node in check.world.scripts.iter().flat_map(|script| &script.nodes) {
        each(&node.body, &mut |part| match part {
            Part::Command(command) if command.name.text == "unlock" => {
                unlocked.extend(command.word(0).map(|secret| secret.text.to_owned()));
            }
            _ => {}
        });
    }
    unlocked
}
