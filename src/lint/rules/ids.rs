//! Ids of lines: by them translations are found.

use std::collections::BTreeMap;

use super::super::{
    Code,
    check::Check,
    script::{Part, each},
    source::Source,
    table::Table,
};

pub(super) fn run(check: &mut Check<'_>) {
    let mut seen: BTreeMap<&str, (&Source, usize)> = BTreeMap::new();
    for script in &check.world.scripts {
        let file = script.file;
        for node in &script.nodes {
            each(&node.body, &mut |part| {
                let (Part::Line(said) | Part::Option(said)) = part else { return };
                let Some(id) = said.id() else {
                    let message = "this has no id, so it cannot be translated";
                    let help = format!(
                        "write `#line:{}_…` behind it, with a number of its own",
                        file.stem()
                    );
                    return check.report(file, said.whole.range(), Code::MissingId, message, help);
                };
                if let Some((first, there)) = seen.get(id.text) {
                    let place = first.place_for(*there, file);
                    let message = format!("`{}` is already the id of a line {place}", id.text);
                    let help = "give one of them another number";
                    check.report(file, id.range(), Code::DuplicateId, message, help);
                } else {
                    seen.insert(id.text, (file, id.at));
                }
            });
        }
    }
    check.world.tables.iter().for_each(|table| rows(check, table));
}

fn rows(check: &mut Check<'_>, table: &Table<'_>) {
    let mut seen = BTreeMap::new();
    for row in &table.rows {
        match seen.get(&row.id) {
            Some(first) => {
                let place = table.file.place_for(*first, table.file);
                let message = format!("`{}` stands {place}, too", row.id);
                let at = table.find(row, &row.id);
                check.report(table.file, at, Code::DuplicateId, message, "keep one of the rows");
            }
            None => {
                seen.insert(&row.id, row.at.start);
            }
        }
    }
}
