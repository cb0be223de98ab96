//! What the stage has, with the places where it says so.

use std::ops::Range;

use crate::lint::{source::Source, toml::entries};

/// The names of `stage.toml`.
#[derive(Debug, Default)]
pub(in crate::lint) struct StageNames {
    pub(in crate::lint) marks: Entries,
    pub(in crate::lint) lights: Entries,
    pub(in crate::lint) music: Entries,
}

/// Names, each with its file and its bytes there.
#[derive(Debug, Default)]
pub(in crate::lint) struct Entries(pub(in crate::lint) Vec<(String, String, Range<usize>)>);

impl Entries {
    pub(in crate::lint) fn has(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    pub(in crate::lint) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, ..)| name.as_str())
    }
}

impl StageNames {
    /// What the files say together; nothing, if there is none.
    pub(super) fn read<'f>(files: impl Iterator<Item = &'f Source>) -> Option<Self> {
        let mut stage = None;
        for file in files {
            let stage = stage.get_or_insert_with(Self::default);
            for entry in entries(file.whole()) {
                let list = match entry.names().first() {
                    Some(&"marks") => &mut stage.marks,
                    Some(&"lights") => &mut stage.lights,
                    Some(&"music") => &mut stage.music,
                    _ => continue,
                };
                list.0.push((entry.text, file.name.clone(), entry.at));
            }
        }
        stage
    }
}
