//! What is written in one language and not in another.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Code, check::Check, source::Source, toml::Entry};

/// Tells of what lacks a language that most of the like in the file have. `language_of` gives, for the
/// names on the way to a value, the number of the one that is its language.
pub(super) fn check(
    check: &mut Check<'_>,
    file: &Source,
    entries: &[Entry],
    language_of: impl Fn(&[&str]) -> Option<usize>,
) {
    let mut groups: BTreeMap<Vec<&str>, (BTreeSet<&str>, &Entry)> = BTreeMap::new();
    for entry in entries {
        let names = entry.names();
        if let Some(at) = language_of(&names).filter(|at| *at < names.len()) {
            let group = groups.entry(names[..at].to_vec());
            group.or_insert((BTreeSet::new(), entry)).0.insert(names[at]);
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for language in groups.values().flat_map(|(languages, _)| languages) {
        *counts.entry(language).or_default() += 1;
    }
    let usual: Vec<&str> =
        counts.iter().filter(|(_, count)| *count * 2 > groups.len()).map(|(of, _)| *of).collect();
    for (way, (languages, entry)) in &groups {
        for missing in usual.iter().filter(|language| !languages.contains(*language)) {
            let name = way.join(".");
            let at = way.len().checked_sub(1).and_then(|last| entry.path.get(last));
            let at = at.map_or_else(|| entry.at.clone(), |step| step.at.clone());
            let message = format!("`{name}` is not written in `{missing}`");
            let help = format!("add `{missing} = …` to `{name}`, as the others here have it");
            check.report(file, at, Code::MissingTranslation, message, help);
        }
    }
}
