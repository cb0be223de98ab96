//! What the stage has and no scene uses.

use std::collections::BTreeSet;

use super::super::{
    Code,
    check::Check,
    script::{Part, each},
};

pub(super) fn run(check: &mut Check<'_>) {
    let Some(stage) = check.world.stage.as_ref().filter(|_| !check.world.scripts.is_empty()) else {
        return;
    };
    let mut used = BTreeSet::new();
    for node in check.world.scripts.iter().flat_map(|script| &script.nodes) {
        each(&node.body, &mut |part| {
            let Part::Command(command) = part else { return };
            let number = match command.name.text {
                "light" => 0,
                "music" => 1,
                "look" | "move" => 2,
                _ => return,
            };
            used.extend(command.word(number).map(|word| word.text));
        });
    }
    for (what, list) in [("mark", &stage.marks), ("light", &stage.lights), ("music", &stage.music)]
    {
        for (name, file, at) in &list.0 {
            let Some(file) = check.file(file).filter(|_| !used.contains(name.as_str())) else {
                continue;
            };
            let message = format!("no scene uses the {what} `{name}`");
            check.report(
                file,
                at.clone(),
                Code::UnusedStageEntry,
                message,
                "take it out, if no game code uses it",
            );
        }
    }
}
