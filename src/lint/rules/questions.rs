//! The guide to questions: whom it names.

use super::super::{check::Check, kind::Kind, toml::entries};

pub(super) fn run(check: &mut Check<'_>) {
    for file in check.asked(Kind::Questions) {
        let mut seen = Vec::new();
        for entry in entries(file.whole()) {
            match entry.names().as_slice() {
                ["members", member, ..] => {
                    let at = entry.path[1].at.clone();
                    if !seen.contains(&at) {
                        seen.push(at.clone());
                        check.member(file, at, member);
                    }
                }
                ["rule", _, "of", _] | ["about", _, _] => {
                    check.member(file, entry.at.clone(), &entry.text);
                }
                _ => {}
            }
        }
    }
}
