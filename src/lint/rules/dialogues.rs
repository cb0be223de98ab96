//! Dialogues: who talks, which facts they tell, after which scenes.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{Code, check::Check, kind::Kind, piece::Piece, secrets::Open, source::Source},
    lines, told,
};
use crate::mind::{
    Emotion, Palette,
    exemplars::{Exemplar, Exemplars},
};

/// Where a dialogue stands: its file and its byte.
type Seen<'a> = BTreeMap<String, (&'a Source, usize)>;

pub(super) fn run(check: &mut Check<'_>) {
    for kind in [Kind::Dialogues, Kind::Training] {
        let mut seen = Seen::new();
        for file in check.all(kind) {
            for (number, line) in (1..).zip(file.whole().lines()) {
                let palette = palette(line);
                let read = Exemplars::from_line(&file.name, number, line.text, &palette);
                if let Ok(dialogue) = read {
                    doubles(check, file, line, &dialogue, &mut seen);
                    if file.asked {
                        names(check, file, line, &dialogue);
                        secrets(check, file, line, &dialogue);
                    }
                }
            }
        }
    }
}

/// Every feeling that is written there, so that an unknown one is no reason not to read it.
fn palette(line: Piece<'_>) -> Palette {
    let words = replies(line).into_iter().flat_map(|reply| reply.text.split('[').skip(1));
    let words = words.filter_map(|tag| tag.split([']', ':']).next()?.trim().parse().ok());
    let words: BTreeSet<Emotion> = words.chain(Emotion::BUILT_IN).collect();
    Palette::new(words).unwrap_or_default()
}

fn doubles<'a>(
    check: &mut Check<'_>,
    file: &'a Source,
    line: Piece<'_>,
    dialogue: &Exemplar,
    seen: &mut Seen<'a>,
) {
    if let Some((first, byte)) = seen.get(&dialogue.id) {
        let place = first.place_for(*byte, file);
        let message = format!("`{}` is already the id of a dialogue {place}", dialogue.id);
        let help = "choose another id for one of them";
        check.report(file, quoted(line, &dialogue.id), Code::DuplicateId, message, help);
    } else {
        seen.insert(dialogue.id.clone(), (file, line.at));
    }
}

fn names(check: &mut Check<'_>, file: &Source, line: Piece<'_>, dialogue: &Exemplar) {
    let member = dialogue.member.as_str();
    check.member(file, quoted(line, member), member);
    for fact in &dialogue.facts {
        check.fact(file, quoted(line, fact), fact);
    }
    for scene in dialogue.scenes() {
        let at = line.find(&format!("scene_done={scene}"));
        let at = at.start + "scene_done=".len()..at.end;
        check.scene(file, at, scene);
    }
    for reply in replies(line) {
        lines::tags(check, file, reply, Some(member));
    }
}

/// What she says, as it stands in JSON, where tags look as they do elsewhere.
fn replies(line: Piece<'_>) -> Vec<Piece<'_>> {
    let said =
        line.text.match_indices("\"assistant\"").map(|(at, role)| line.from(at + role.len()));
    said.map(|reply| reply.to(reply.text.find("\"role\"").unwrap_or(reply.text.len()))).collect()
}

fn secrets(check: &mut Check<'_>, file: &Source, line: Piece<'_>, dialogue: &Exemplar) {
    let world = check.world;
    let mut open: Open = dialogue.facts.iter().cloned().collect();
    for scene in dialogue.scenes() {
        open.extend(world.secrets.opened_by(scene).map(ToOwned::to_owned));
    }
    for turn in &dialogue.turns {
        let context = (Some(&dialogue.member), &open);
        told::somewhere(check, file, line.range(), &turn.fan, &turn.idol, context);
    }
}

/// Where a text stands in quotes, without them.
fn quoted(line: Piece<'_>, text: &str) -> std::ops::Range<usize> {
    let at = line.find(&format!("\"{text}\""));
    if at.len() == text.len() + 2 { at.start + 1..at.end - 1 } else { at }
}
