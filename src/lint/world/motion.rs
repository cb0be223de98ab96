//! What characters can do with their bodies.

use std::collections::{BTreeMap, BTreeSet};

use super::Member;
use crate::lint::source::Source;

/// The motions of the sample avatars, where no list of motions is given.
const USUAL: [&str; 19] = [
    "angry",
    "bow",
    "cheer",
    "clap",
    "cry",
    "dance",
    "heart",
    "idle",
    "laugh",
    "listen",
    "nod",
    "point",
    "shake",
    "shy",
    "sit",
    "surprised",
    "talk",
    "think",
    "wave",
];

/// The names of motions in lists of motions. `talk_a` is `talk`, and `idle_siwoo` is `idle`, too.
pub(super) fn gestures<'f>(
    lists: impl Iterator<Item = &'f Source>,
    members: &BTreeMap<String, Member>,
) -> BTreeSet<String> {
    let lists = lists.filter_map(|file| serde_json::from_str::<serde_json::Value>(&file.text).ok());
    let mut names: BTreeSet<String> = BTreeSet::new();
    for list in lists {
        names.extend(list.as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    }
    if names.is_empty() {
        return USUAL.iter().map(ToString::to_string).collect();
    }
    let is_variant = |end: &str| end.len() == 1 || end == "group" || members.contains_key(end);
    let bases = names.iter().filter_map(|name| name.rsplit_once('_'));
    let bases: Vec<String> =
        bases.filter(|(_, end)| is_variant(end)).map(|(base, _)| base.to_owned()).collect();
    names.extend(bases);
    names
}
