//! Lines: whose they are, which feelings they show, what fills their braces.

use super::{
    super::{Code, check::Check, kind::Kind, piece::Piece, source::Source, toml::entries},
    languages, told,
};

/// The moments in which something is known of the fan.
const FILLED: [&str; 5] = ["noted", "noted_name", "remember", "remember_date", "remember_name"];

/// The moment that is written in languages she does not speak.
const BRIDGE: &str = "bridge";

pub(super) fn run(check: &mut Check<'_>) {
    for file in check.asked(Kind::Lines) {
        let member = file.stem();
        let is_known = check.member(file, file.whole().to(0).range(), member);
        let speaker = check.world.members.get(member).and_then(|known| known.persona.clone());
        let entries = entries(file.whole());
        for entry in &entries {
            let line = Piece { text: &file.text[entry.at.clone()], at: entry.at.start };
            tags(check, file, line, is_known.then_some(member));
            let moment = entry.path.first().map_or("", |step| step.name.as_str());
            placeholders(check, file, line, moment);
            told::verbatim(check, file, line, speaker.as_ref(), &[]);
        }
        languages::check(check, file, &entries, |names| {
            (names.len() == 3 && names[0] != BRIDGE).then_some(1)
        });
    }
}

/// Every tag in brackets is a feeling, and one of hers.
pub(super) fn tags(check: &mut Check<'_>, file: &Source, line: Piece<'_>, member: Option<&str>) {
    let mut rest = line;
    while let Some(at) = rest.text.find('[') {
        rest = rest.from(at + 1);
        let Some(end) = rest.text.find(']') else { break };
        let tag = rest.to(end);
        let word = tag.to(tag.text.find(':').unwrap_or(end)).trim();
        let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
        if !word.text.is_empty() && word.text.chars().all(is_word) {
            check.emotion(file, word.range(), word.text, member);
        }
    }
}

fn placeholders(check: &mut Check<'_>, file: &Source, line: Piece<'_>, moment: &str) {
    for inside in super::super::script::placeholders(line) {
        let at = inside.at - 1..inside.at + inside.text.len() + 1;
        if inside.text != "value" {
            let message = format!("nothing fills `{{{}}}`", inside.text);
            let help = "write `{value}`, which becomes what she knows of the fan";
            check.report(file, at, Code::UnknownPlaceholder, message, help);
        } else if !FILLED.contains(&moment) {
            let message = format!("nothing fills `{{value}}` in `{moment}`");
            let help = format!("take it out; only {} have a value", FILLED.join(", "));
            check.report(file, at, Code::UnknownPlaceholder, message, help);
        }
    }
}
