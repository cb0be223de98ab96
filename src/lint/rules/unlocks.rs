//! What scenes unlock, and what they say that they do.

use std::{collections::BTreeSet, ops::Range};

use super::super::{
    Code,
    check::Check,
    graph::Graph,
    piece::Piece,
    script::{Part, each},
    source::Source,
};

pub(super) fn run(check: &mut Check<'_>) {
    let world = check.world;
    let graph = Graph::new(&world.scripts);
    for script in &world.scripts {
        for node in &script.nodes {
            each(&node.body, &mut |part| match part {
                Part::Command(command) if command.name.text == "unlock" => {
                    let word = command.word(0);
                    word.into_iter()
                        .for_each(|word| secret(check, script.file, word.range(), word.text));
                }
                Part::If(condition) => super::headers::asked(check, script.file, condition),
                Part::Line(said) | Part::Option(said) => {
                    let conditions = said.condition.into_iter().chain(said.placeholders());
                    conditions.for_each(|at| super::headers::asked(check, script.file, at));
                }
                Part::Command(_) => {}
            });
            if node.is_start() {
                let says = node.header("unlocks");
                for word in says.into_iter().flat_map(listed) {
                    secret(check, script.file, word.range(), word.text);
                }
                compare(check, script.file, says.unwrap_or(node.title), (says, &graph, node.scene));
            }
        }
    }
}

/// A secret must be one of those of the rules of disclosure, if there are any.
pub(super) fn secret(check: &mut Check<'_>, file: &Source, at: Range<usize>, id: &str) {
    let secrets = &check.world.secrets;
    if secrets.ids().next().is_some() && !secrets.has(id) {
        check.unknown(file, at, Code::UnknownSecret, "secret", id, secrets.ids());
    }
}

/// The secrets of a header; `none` is none.
fn listed(header: Piece<'_>) -> impl Iterator<Item = Piece<'_>> {
    let words = header.split(',').flat_map(Piece::words);
    words.filter(|word| word.text != "none")
}

/// The header must say what the commands of the scene do.
fn compare(
    check: &mut Check<'_>,
    file: &Source,
    at: Piece<'_>,
    (says, graph, scene): (Option<Piece<'_>>, &Graph<'_, '_>, &str),
) {
    let says: BTreeSet<&str> = says.into_iter().flat_map(listed).map(|word| word.text).collect();
    let mut does = BTreeSet::new();
    for place in graph.nodes().filter(|place| place.node.scene == scene) {
        each(&place.node.body, &mut |part| match part {
            Part::Command(command) if command.name.text == "unlock" => {
                does.extend(command.word(0).map(|word| word.text));
            }
            _ => {}
        });
    }
    // Of those that do not exist has been told.
    let secrets = &check.world.secrets;
    let is_clear = says.union(&does).all(|id| secrets.ids().next().is_none() || secrets.has(id));
    if says != does && is_clear {
        let list = |ids: &BTreeSet<&str>| match ids.len() {
            0 => "none".to_owned(),
            _ => ids.iter().copied().collect::<Vec<_>>().join(", "),
        };
        let (says, does) = (list(&says), list(&does));
        let message = format!(
            "the header says that `{scene}` unlocks {says}, and its commands unlock {does}"
        );
        let help = format!("write `unlocks: {does}`, or change the commands `<<unlock …>>`");
        check.report(file, at.range(), Code::UnlocksDiffer, message, help);
    }
}
