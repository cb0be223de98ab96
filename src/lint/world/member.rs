//! A character, as far as other files name her.

use crate::{
    lint::source::Source,
    mind::Palette,
    persona::{PersonaId, PersonaSheet},
};

/// A character.
#[derive(Debug)]
pub(in crate::lint) struct Member {
    pub(in crate::lint) id: String,
    /// The id, if it can be one.
    pub(in crate::lint) persona: Option<PersonaId>,
    pub(in crate::lint) name: String,
    /// In lower case.
    names: Vec<String>,
    pub(in crate::lint) palette: Palette,
}

impl Member {
    /// Who a file is about; of a broken file, what its name says.
    pub(super) fn read(file: &Source) -> Self {
        match PersonaSheet::from_ron(&file.name, &file.text) {
            Ok(sheet) => Self {
                id: sheet.id.to_string(),
                names: sheet.names.values().map(|name| name.to_lowercase()).collect(),
                name: sheet.name,
                palette: sheet.emotions,
                persona: Some(sheet.id),
            },
            Err(_) => Self {
                id: file.stem().to_owned(),
                persona: file.stem().parse().ok(),
                name: file.stem().to_owned(),
                names: Vec::new(),
                palette: Palette::default(),
            },
        }
    }

    /// Whether she has this name; `name` is in lower case.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.id == name
            || self.name.to_lowercase() == name
            || self.names.iter().any(|own| own == name)
    }
}
