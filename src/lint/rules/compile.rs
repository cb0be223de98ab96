//! What the compiler of scenes refuses.

use super::{
    super::{Code, check::Check, kind::Kind, source::Source},
    parse::apart,
};
use crate::scene::Scenes;

pub(super) fn run(check: &mut Check<'_>) {
    let scenes: Vec<&Source> = check.all(Kind::Scene).chain(check.all(Kind::Stage)).collect();
    let strings = check.world.tables.iter().map(|table| table.file);
    let files: Vec<&Source> =
        scenes.into_iter().chain(strings.filter(|file| file.not_text.is_none())).collect();
    let Err(errors) = Scenes::from_files(files.iter().map(|file| (&file.name, &file.text))) else {
        return;
    };
    for error in errors.0 {
        let Some(file) = check.file(&error.file) else { continue };
        let line = error.place.map_or(1, |place| place.line);
        if check.found.iter().any(|f| f.file == error.file && f.place.line == line) {
            continue;
        }
        let at = error.place.map_or(0..0, |place| file.word_at(place));
        let (message, help) = apart(&error.problem);
        check.report(file, at, Code::DoesNotParse, message, help);
    }
}
