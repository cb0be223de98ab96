//! A persona file that is being edited.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use bevy::{
    asset::{
        AssetPath,
        io::{AssetSourceId, file::FileAssetReader},
    },
    prelude::Resource,
};

use crate::persona::{AssetFileError, PersonaFolder, PersonaSheet};

/// The persona file of the chosen character, as text.
#[derive(Debug, Default, Resource)]
pub(super) struct Editor {
    file: Option<PathBuf>,
    /// As it is in the field.
    pub(super) text: String,
    /// As it is in the file.
    saved: String,
    /// What the parser says of the text it has checked.
    checked: Option<(String, Result<(), AssetFileError>)>,
    /// What was not saved of other files.
    drafts: HashMap<PathBuf, String>,
    /// Why the file cannot be read or written.
    trouble: Option<String>,
}

impl Editor {
    /// Opens the file of a persona, unless it is open. What was not saved of another one is there
    /// again when that one is opened.
    pub(super) fn open(&mut self, asset: Option<&AssetPath<'_>>, folder: Option<&PersonaFolder>) {
        let file = asset.and_then(|path| file_of(path, folder));
        if file == self.file {
            return;
        }
        let mut drafts = std::mem::take(&mut self.drafts);
        if self.is_changed()
            && let Some(left) = self.file.take()
        {
            drafts.insert(left, std::mem::take(&mut self.text));
        }
        let draft = file.as_ref().and_then(|file| drafts.remove(file));
        *self = Self { file, drafts, ..Self::default() };
        self.revert();
        if let Some(draft) = draft {
            self.text = draft;
        }
    }

    /// Reads the file again.
    pub(super) fn revert(&mut self) {
        let Some(file) = &self.file else {
            self.trouble = Some("This persona was not read from a file.".into());
            return;
        };
        match std::fs::read_to_string(file) {
            Ok(text) => {
                self.text.clone_from(&text);
                self.saved = text;
                self.trouble = None;
            }
            Err(error) => self.trouble = Some(format!("{}: {error}", file.display())),
        }
    }

    /// The name of the file.
    pub(super) fn name(&self) -> String {
        let name = self.file.as_deref().and_then(Path::file_name);
        name.unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Whether the text differs from the file.
    pub(super) fn is_changed(&self) -> bool {
        self.text != self.saved
    }

    /// What is wrong with the text: the line, from 1, where it is known, and what to do.
    pub(super) fn fault(&mut self) -> Option<(Option<usize>, String)> {
        if let Some(trouble) = &self.trouble {
            return Some((None, trouble.clone()));
        }
        if self.checked.as_ref().is_none_or(|(text, _)| *text != self.text) {
            let checked = PersonaSheet::from_ron(&self.name(), &self.text).map(drop);
            self.checked = Some((self.text.clone(), checked));
        }
        let (_, checked) = self.checked.as_ref()?;
        let error = checked.as_ref().err()?;
        let line = match error {
            AssetFileError::Content { place, .. } | AssetFileError::NotText { place, .. } => {
                Some(place.line)
            }
            AssetFileError::Io { .. } => None,
        };
        Some((line, error.to_string()))
    }

    /// Saves a text without faults; gives whether it was saved. One with faults stays in the field
    /// and the file stays as it was.
    pub(super) fn save(&mut self) -> bool {
        let Some(file) = self.file.clone() else { return false };
        if self.fault().is_some() {
            return false;
        }
        match write_whole(&file, &self.text) {
            Ok(()) => {
                self.saved.clone_from(&self.text);
                true
            }
            Err(error) => {
                self.trouble = Some(format!("{}: {error}", file.display()));
                false
            }
        }
    }
}

/// Writes a file whole or not at all.
fn write_whole(file: &Path, text: &str) -> std::io::Result<()> {
    let beside = file.with_extension("ron.new");
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, file)
}

/// Where a persona's file is; nothing for sources that are no folders we know.
fn file_of(path: &AssetPath<'_>, folder: Option<&PersonaFolder>) -> Option<PathBuf> {
    let folder = match path.source() {
        AssetSourceId::Default => FileAssetReader::get_base_path().join("assets"),
        AssetSourceId::Name(name) if &**name == "personas" => folder?.0.clone(),
        AssetSourceId::Name(_) => return None,
    };
    Some(folder.join(path.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "Persona(id: \"otto\", name: \"Otto\", role: \"a guard\")";

    #[test]
    fn only_a_text_without_faults_reaches_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("otto.persona.ron");
        std::fs::write(&file, GOOD).unwrap();
        let mut editor = Editor::default();
        let path = AssetPath::parse("personas://otto.persona.ron");
        editor.open(Some(&path), Some(&PersonaFolder(folder.path().into())));
        assert_eq!((editor.text.as_str(), editor.is_changed()), (GOOD, false));

        editor.text = "Persona(\n  id: \"otto\",\n  nmae: \"Otto\",\n)".into();
        let (line, problem) = editor.fault().unwrap();
        assert_eq!(line, Some(3));
        assert!(problem.contains("did you mean `name`"), "{problem}");
        assert!(!editor.save());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), GOOD);

        editor.text = GOOD.replace("a guard", "a baker");
        assert!(editor.is_changed() && editor.save() && !editor.is_changed());
        assert!(std::fs::read_to_string(&file).unwrap().contains("a baker"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_not_there_is_told_and_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut editor = Editor::default();
        let path = AssetPath::parse("personas://nobody.persona.ron");
        editor.open(Some(&path), Some(&PersonaFolder(folder.path().into())));
        assert!(editor.fault().unwrap().1.contains("nobody.persona.ron"));
        assert!(!editor.save());
        editor.text = "a draft".into();
        editor.open(None, None);
        editor.open(Some(&path), Some(&PersonaFolder(folder.path().into())));
        assert_eq!(editor.text, "a draft");
        editor.open(None, None);
        assert!(editor.fault().is_some());
    }
}
