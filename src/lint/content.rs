//! The files that are checked, and those around them.

use std::collections::BTreeMap;

use super::{kind::Kind, source::Source};

/// Content files: those that are asked for, and the world around them.
///
/// # Example
/// ```
/// use bevy_persona::lint::{Code, Content, lint};
///
/// let mut content = Content::default();
/// content.add("otto.lines.toml", "[greetings]\nen = [\"[joy] Hello!\"]");
/// let findings = lint(&content);
/// assert_eq!(findings[0].code, Code::DoesNotParse);
/// assert_eq!(findings[0].help, "did you mean `greeting`?");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// By name, so that nothing depends on how they were found.
    files: BTreeMap<String, Source>,
}

impl Content {
    /// Whether a file of this name is content.
    #[must_use]
    pub fn takes(file: &str) -> bool {
        Kind::of(file).is_some()
    }

    /// Adds a file that is to be checked; one of another name is left out.
    pub fn add(&mut self, file: impl Into<String>, bytes: impl AsRef<[u8]>) {
        self.push(file.into(), bytes.as_ref(), true);
    }

    /// Adds a file that is only there for what others name: members, facts, scenes.
    pub fn add_around(&mut self, file: impl Into<String>, bytes: impl AsRef<[u8]>) {
        self.push(file.into(), bytes.as_ref(), false);
    }

    fn push(&mut self, name: String, bytes: &[u8], asked: bool) {
        if self.has(&name) {
            return;
        }
        if let Some(kind) = Kind::of(&name) {
            self.files.insert(name.clone(), Source::new(name, kind, bytes, asked));
        }
    }

    /// Whether there is a file of this name.
    #[must_use]
    pub fn has(&self, file: &str) -> bool {
        self.files.contains_key(file)
    }

    /// How many files are checked.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.files().filter(|file| file.asked).count()
    }

    /// The text of a file.
    #[must_use]
    pub fn text(&self, file: &str) -> Option<&str> {
        self.file(file).map(|file| file.text.as_str())
    }

    /// All files, by name.
    pub(super) fn files(&self) -> impl Iterator<Item = &Source> {
        self.files.values()
    }

    /// A file by its name.
    pub(super) fn file(&self, name: &str) -> Option<&Source> {
        self.files.get(name)
    }
}
