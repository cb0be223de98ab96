//! Personas: who they stand to, and that nothing in them is secret.

use super::{
    super::{Code, check::Check, kind::Kind, nearest::advice, quoted::quoted, source::Source},
    told,
};
use crate::persona::PersonaSheet;

pub(super) fn run(check: &mut Check<'_>) {
    for file in check.asked(Kind::Persona) {
        if let Ok(sheet) = PersonaSheet::from_ron(&file.name, &file.text) {
            name(check, file, &sheet);
            relations(check, file, &sheet);
        }
        for words in quoted(file.whole()) {
            told::verbatim(check, file, words, None, &[]);
        }
    }
}

/// The file must be named as she is: her lines and dialogues are found by it.
fn name(check: &mut Check<'_>, file: &Source, sheet: &PersonaSheet) {
    let (stem, id) = (file.stem(), sheet.id.as_str());
    if stem == id {
        return;
    }
    let quoted = format!("\"{id}\"");
    let at = file.whole().find(&quoted);
    let message = format!("the id is `{id}`, and the file is named `{stem}`");
    let help = format!("name it `{id}.persona.ron`, or write `id: \"{stem}\"`");
    check.report(file, at, Code::NameDiffers, message, help);
}

fn relations(check: &mut Check<'_>, file: &Source, sheet: &PersonaSheet) {
    let members = &check.world.members;
    for other in sheet.relations.keys().filter(|other| !members.contains_key(other.as_str())) {
        let others = members.keys().filter(|id| *id != sheet.id.as_str());
        let help = advice(other.as_str(), others.map(String::as_str));
        let at = file.whole().find(&format!("\"{other}\""));
        let message = format!("there is no member `{other}`");
        check.report(file, at, Code::UnknownMember, message, help);
    }
}
