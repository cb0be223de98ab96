//! String tables: the lines of a script in another language.

use std::collections::{BTreeMap, HashMap};

use super::{SceneError, SceneErrors, script::Script, text};
use crate::persona::{Language, Place};

mod check;
mod csv_text;

pub(crate) use check::{is_beat, row as check_row};
pub(crate) use csv_text::{read as read_csv, write as write_csv};

/// `echo_tower.ko.csv`: columns `id`, `text`, `comment`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub(crate) file: String,
    pub(crate) language: Language,
    pub(crate) rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Row {
    /// Of the line, or of a part of a beat: `tower_b02_fallback`.
    pub(crate) id: String,
    /// The translation; empty if there is none yet.
    pub(crate) text: String,
    /// For the translator; of a beat, exactly the English text.
    pub(crate) comment: String,
    pub(crate) line: usize,
}

impl Table {
    /// `ko` of `echo_tower.ko.csv`.
    pub(crate) fn language_of(file: &str) -> Option<Language> {
        let stem = file.strip_suffix(".csv")?;
        let (_, code) = stem.rsplit_once('.')?;
        code.parse().ok()
    }

    /// The script it belongs to: `echo_tower.yarn`.
    pub(crate) fn script_of(file: &str) -> String {
        let stem = file.strip_suffix(".csv").and_then(|stem| stem.rsplit_once('.'));
        stem.map_or_else(|| file.into(), |(stem, _)| format!("{stem}.yarn"))
    }

    pub(crate) fn read(file: &str, csv: &str) -> Result<Self, SceneErrors> {
        let Some(language) = Self::language_of(file) else {
            let problem = "name the table by its language, as in `echo_tower.ko.csv`";
            return Err(SceneErrors(vec![SceneError::new(file, None, problem)]));
        };
        let rows = read_csv(csv).map_err(|(line, problem)| {
            let place = line.map(|line| Place { line, column: 1 });
            SceneErrors(vec![SceneError::new(file, place, problem)])
        })?;
        let mut faults = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            if rows[..index].iter().any(|before| before.id == row.id) {
                let problem = format!("`{}` stands twice: keep one of the rows", row.id);
                faults.push(SceneError::at_line(file, row.line, problem));
            }
        }
        SceneErrors::unless(faults, Self { file: file.into(), language, rows })
    }
}

/// All tables, to look texts up.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) all: Vec<Table>,
    lines: HashMap<(Language, String), String>,
    /// By script and English text: beats have no ids of their own.
    beats: HashMap<(Language, String), BTreeMap<String, String>>,
}

impl Tables {
    /// Adds a table; what does not fit its script is a fault.
    pub(crate) fn add(&mut self, table: Table, script: &Script, faults: &mut Vec<SceneError>) {
        let language = table.language;
        let file = Table::script_of(&table.file);
        if !script.nodes.values().any(|code| code.info.file == file) {
            let problem = format!("there is no `{file}` that it could translate");
            faults.push(SceneError::new(&table.file, None, problem));
        }
        for row in table.rows.iter().filter(|row| !row.text.trim().is_empty()) {
            if let Err(problem) = check_row(row, script) {
                faults.push(SceneError::at_line(&table.file, row.line, problem));
            }
            if script.lines.contains_key(&row.id) {
                let (_, spoken) = text::split_speaker(&row.text);
                self.lines.insert((language, row.id.clone()), spoken.into());
            } else if is_beat(&row.id) {
                let beats = self.beats.entry((language, file.clone())).or_default();
                beats.insert(row.comment.clone(), row.text.trim().into());
            }
        }
        self.all.push(table);
    }

    pub(crate) fn line(&self, id: &str, language: Language) -> Option<&str> {
        if language == Language::English && self.lines.is_empty() {
            return None;
        }
        self.lines.get(&(language, id.to_owned())).map(String::as_str)
    }

    pub(crate) fn beat(&self, file: &str, english: &str, language: Language) -> Option<&str> {
        let beats = self.beats.get(&(language, file.to_owned()))?;
        beats.get(english).map(String::as_str)
    }
}
