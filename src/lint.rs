//! Finds mistakes in what was written for the characters, before a fan does.
//!
//! The readers of content stop at the first fault of a file, and know that file alone. This looks at all
//! files together: whether a scene names a member that exists, whether a secret is told before it is
//! unlocked, whether every line is translated. Plain functions on plain data, without a game.
//!
//! `persona lint` shows what is found; the guide is `docs/writing/lint.md`.

mod blocks;
mod check;
mod code;
mod content;
mod disk;
mod finding;
mod graph;
mod kind;
mod nearest;
mod piece;
mod quoted;
mod rules;
mod script;
mod secrets;
mod source;
mod table;
mod toml;
mod world;

pub use code::Code;
pub use content::Content;
pub use disk::UnreadablePath;
pub use finding::{Finding, Severity};

use check::Check;
use world::World;

/// Everything that is wrong with the files that were asked for, in the order of files and lines.
///
/// # Example
/// ```
/// use bevy_persona::lint::{Code, Content, lint};
///
/// let mut content = Content::default();
/// content.add("otto.persona.ron", "Persona(id: \"otto\", name: \"Otto\", role: \"a guard\")");
/// content.add("gate.yarn", "title: gate\n---\nOtto: Halt! #line:gate_1 #emotion:angy\n===\n");
/// let findings = lint(&content);
/// assert_eq!(findings.len(), 1);
/// assert_eq!((findings[0].code, findings[0].place.line), (Code::UnknownEmotion, 3));
/// assert_eq!(findings[0].help, "did you mean `angry`?");
/// ```
#[must_use]
pub fn lint(content: &Content) -> Vec<Finding> {
    let world = World::new(content);
    let mut check = Check::new(content, &world);
    rules::run(&mut check);
    let mut found = check.found;
    found.sort_by(|a, b| (&a.file, a.place, a.code).cmp(&(&b.file, b.place, b.code)));
    found.dedup();
    found
}
