//! Improvised moments and questions to the fan: what is said if nothing better is found.

use super::super::{
    Code,
    check::Check,
    piece::Piece,
    script::{Command, Part, each},
    source::Source,
    table::Table,
};
use crate::mind::Demands;

pub(super) fn run(check: &mut Check<'_>) {
    for script in &check.world.scripts {
        for node in &script.nodes {
            each(&node.body, &mut |part| {
                let Part::Command(command) = part else { return };
                match command.name.text {
                    "improvise" => improvise(check, script.file, command),
                    "ask_fan" => ask_fan(check, script.file, command),
                    _ => {}
                }
            });
        }
    }
}

fn fallback<'a>(check: &mut Check<'_>, file: &Source, command: &Command<'a>) -> Option<Piece<'a>> {
    let fallback = command.value("fallback").filter(|words| !words.text.trim().is_empty());
    if fallback.is_none() {
        let (message, help) = if command.name.text == "improvise" {
            (
                "nothing is said here if the model finds no good words",
                "write them: `fallback=\"…\"`",
            )
        } else {
            (
                "nothing is chosen here if the answer fits no option",
                "name an option: `fallback=\"…\"`",
            )
        };
        check.report(file, command.whole.range(), Code::MissingFallback, message, help);
    }
    fallback
}

fn ask_fan(check: &mut Check<'_>, file: &Source, command: &Command<'_>) {
    let (Some(fallback), Some(options)) =
        (fallback(check, file, command), command.value("options"))
    else {
        return;
    };
    let options: Vec<&str> = options.text.split('|').map(str::trim).collect();
    if !options.contains(&fallback.text) {
        let message = format!("`{}` is none of the options", fallback.text);
        let help = super::super::nearest::advice(fallback.text, options);
        check.report(file, fallback.range(), Code::FallbackNotAnOption, message, help);
    }
}

fn improvise(check: &mut Check<'_>, file: &Source, command: &Command<'_>) {
    let Some(fallback) = fallback(check, file, command) else { return };
    bounds(check, file, command, fallback);
    let world = check.world;
    for table in world.tables.iter().filter(|table| table.file.stem() == file.stem()) {
        translated(check, table, command, fallback.text);
    }
}

/// The translation of written words must keep to the same bounds.
fn translated(check: &mut Check<'_>, table: &Table<'_>, command: &Command<'_>, english: &str) {
    for row in table.rows.iter().filter(|row| row.comment == english && !row.text.is_empty()) {
        let at = table.find(row, &row.text);
        let words = Piece { text: &row.text, at: at.start };
        // Words that are written in another way than they are read have no places of their own.
        let is_plain = at.len() == row.text.len();
        let before = check.found.len();
        bounds(check, table.file, command, words);
        if !is_plain {
            for found in check.found.iter_mut().skip(before) {
                found.at = at.clone();
            }
        }
    }
}

fn bounds(check: &mut Check<'_>, file: &Source, command: &Command<'_>, words: Piece<'_>) {
    let avoid = command.value("avoid");
    for form in avoid.into_iter().flat_map(|avoid| avoid.split('|')).map(Piece::trim) {
        let demands = Demands { must: None, avoid: vec![form.text.to_owned()] };
        if !form.text.is_empty() && !demands.are_met_by(words.text) {
            let message = format!("these words say `{}`, which is to be avoided", form.text);
            let help = format!("say it without `{}`, or take it out of `avoid`", form.text);
            check.report(file, words.find(form.text), Code::FallbackSaysAvoided, message, help);
        }
    }
    let Some(must) = command.value("must").map(|must| must.text) else { return };
    let demands = Demands { must: Some(must.to_owned()), avoid: Vec::new() };
    if !demands.are_met_by(words.text) {
        let message = format!("these words are without {must}, and must have it");
        let help = match must {
            "a question" => "end them with a question mark".to_owned(),
            must => format!("write words that are or hold {must}, or take `must` out"),
        };
        check.report(file, words.range(), Code::FallbackMissesMust, message, help);
    }
}
