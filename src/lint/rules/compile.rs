//! What the compiler of scenes refuses.

use super::{
    super::{Code, check::Check, kind::Kind, source::Source},
    parse::apart,
};
use crate::scene::{SceneError, Scenes};

pub(super) fn run(check: &mut Check<'_>) {
    let is_of_scenes = |kind| matches!(kind, Kind::Scene | Kind::Stage | Kind::Strings(_));
    let files: Vec<&Source> = check.texts().filter(|file| is_of_scenes(file.kind)).collect();
    let Err(errors) = Scenes::from_files(files.iter().map(|file| (&file.name, &file.text))) else {
        return;
    };
    for error in errors.0 {
        let Some(file) = check.file(&error.file) else { continue };
        if is_told(check, &error) {
            continue;
        }
        let at = error.place.map_or(0..0, |place| file.word_at(place));
        let (message, help) = apart(&error.problem);
        check.report(file, at, Code::DoesNotParse, message, help);
    }
}

/// Whether a rule has told of it already, and better.
fn is_told(check: &Check<'_>, error: &SceneError) -> bool {
    let line = error.place.map_or(1, |place| place.line);
    check.found.iter().any(|found| {
        let is_double = matches!(found.code, Code::DuplicateNode | Code::DuplicateScene);
        let is_here = found.file == error.file && found.place.line == line;
        // The compiler tells of the first of two nodes with one name, and we of the second.
        is_here || (is_double && error.problem.contains("More than one node"))
    })
}
