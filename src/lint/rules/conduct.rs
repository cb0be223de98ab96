//! Conduct: who replies, with which feelings, in which languages.

use super::{
    super::{check::Check, kind::Kind, piece::Piece, toml::entries},
    languages, lines, told,
};

pub(super) fn run(check: &mut Check<'_>) {
    for file in check.asked(Kind::Conduct) {
        let entries = entries(file.whole());
        let mut seen = Vec::new();
        for entry in &entries {
            let names = entry.names();
            let [_, "replies", member, ..] = names.as_slice() else { continue };
            let key = entry.path[2].at.clone();
            if !seen.contains(&key) {
                seen.push(key.clone());
                check.member(file, key, member);
            }
            let line = Piece { text: &file.text[entry.at.clone()], at: entry.at.start };
            lines::tags(check, file, line, Some(member));
            let speaker = check.world.members.get(*member);
            let speaker = speaker.and_then(|known| known.persona.clone());
            told::verbatim(check, file, line, speaker.as_ref(), &[]);
        }
        languages::check(check, file, &entries, |names| match names {
            [_, "replies", _, _, _] => Some(3),
            _ => None,
        });
    }
}
