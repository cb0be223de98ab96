//! Facts: who knows them, who says them, and that no fact tells another's secret.

use super::{
    super::{
        Code,
        blocks::blocks,
        check::Check,
        kind::Kind,
        piece::Piece,
        source::Source,
        toml::{Entry, entries},
    },
    languages, lines, told,
};

pub(super) fn run(check: &mut Check<'_>) {
    for file in check.asked(Kind::Lore) {
        let mut written = Vec::new();
        for block in blocks(file.whole()) {
            let mut entries = entries(block);
            fact(check, file, &entries);
            let id = value(&entries, "id").unwrap_or_default().to_owned();
            // So that the same field of two facts is not taken for one.
            for entry in &mut entries {
                let at = entry.path.first().map_or(0..0, |step| step.at.clone());
                entry.path.insert(0, super::super::toml::Step { name: id.clone(), at });
            }
            written.extend(entries);
        }
        languages::check(check, file, &written, |names| match names {
            [_, "text", _] => Some(2),
            [_, "say" | "say_instead", _, _] => Some(3),
            _ => None,
        });
    }
}

fn value<'e>(entries: &'e [Entry], field: &str) -> Option<&'e str> {
    entries.iter().find(|entry| entry.names() == [field]).map(|entry| entry.text.as_str())
}

fn fact(check: &mut Check<'_>, file: &Source, entries: &[Entry]) {
    let id = value(entries, "id").unwrap_or_default();
    let unlock = value(entries, "unlock").unwrap_or("none");
    let is_secret = value(entries, "audience") == Some("secret");
    let mut open: Vec<&str> = check.world.secrets.opened_by(unlock).collect();
    if is_secret {
        open.push(id);
    }
    let mut told_of: Vec<(String, usize)> = Vec::new();
    for entry in entries {
        let words = Piece { text: &file.text[entry.at.clone()], at: entry.at.start };
        match entry.names().as_slice() {
            ["known_by", _] => {
                check.member(file, entry.at.clone(), &entry.text);
            }
            ["unlock"] if !["", "none", "never"].contains(&unlock) => {
                check.scene(file, entry.at.clone(), unlock);
            }
            ["text", _] if !is_secret => told::verbatim(check, file, words, None, &open),
            [field @ ("say" | "say_instead"), member, _] => {
                let key = &entry.path[1];
                let seen = (key.name.clone(), key.at.start);
                if !told_of.contains(&seen) {
                    told_of.push(seen);
                    check.member(file, key.at.clone(), member);
                }
                said(check, file, words, member);
                let speaker = check.world.members.get(*member);
                let speaker = speaker.and_then(|known| known.persona.clone());
                let open = if *field == "say" { &open[..] } else { &[] };
                told::verbatim(check, file, words, speaker.as_ref(), open);
            }
            _ => {}
        }
    }
}

fn said(check: &mut Check<'_>, file: &Source, words: Piece<'_>, member: &str) {
    lines::tags(check, file, words, Some(member));
    if !words.text.trim().is_empty() && !words.text.starts_with('[') {
        let message = "these words have no tag of a feeling, so her face does not move";
        let help = "begin them with a tag, such as `[neutral]`";
        check.report(file, words.range(), Code::MissingEmotion, message, help);
    }
}
