//! Feelings of fans: whose appraisals they are, and which tags they name.

use super::super::{
    Code,
    check::Check,
    kind::Kind,
    source::Source,
    toml::{Entry, entries},
};
use crate::mind::conduct::ConductKind;

pub(super) fn run(check: &mut Check<'_>) {
    for file in check.asked(Kind::Feelings) {
        let mut seen = Vec::new();
        for entry in entries(file.whole()) {
            match entry.names().as_slice() {
                ["appraisal", member, _, tag] => {
                    let at = entry.path[1].at.clone();
                    if *member != "default" && !seen.contains(&at) {
                        seen.push(at.clone());
                        check.member(file, at, member);
                    }
                    let of = Some(*member).filter(|member| *member != "default");
                    check.emotion(file, entry.path[3].at.clone(), tag, of);
                }
                ["tags", tag, _] => {
                    let at = entry.path[1].at.clone();
                    if !seen.contains(&at) {
                        seen.push(at.clone());
                        check.emotion(file, at, tag, None);
                    }
                }
                ["override", _, "never", _] => {
                    check.emotion(file, entry.at.clone(), &entry.text, None);
                }
                ["override", "crisis", "from_conduct", _] => category(check, file, &entry),
                _ => {}
            }
        }
    }
}

fn category(check: &mut Check<'_>, file: &Source, entry: &Entry) {
    let known = || ConductKind::ALL.iter().map(|kind| kind.as_str());
    if !known().any(|kind| kind == entry.text) {
        let (at, word) = (entry.at.clone(), &entry.text);
        check.unknown(file, at, Code::UnknownCategory, "category of conduct", word, known());
    }
}
