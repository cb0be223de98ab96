//! String tables for translators: one per script and language, as CSV.
//!
//! Columns: `id`, `text` (the translation, empty where there is none yet) and `comment`. Lines keep
//! their speaker in front, as in the script; `{0}` stands for the first value of the line. What an
//! improvised beat falls back to, and what the fan is asked, have rows of their own, whose comment
//! is exactly the English text.

use std::collections::BTreeSet;

use super::{
    NodeInfo, SceneCommand, SceneError, SceneErrors, Scenes, Written, WrittenLine,
    table::{Row, Table, check_row, is_beat, write_csv},
};
use crate::persona::Language;

/// The tables of all scripts in a language, by file name; translations that exist are kept.
///
/// # Example
/// ```
/// use bevy_persona::{persona::Language, scene::{Scenes, strings}};
///
/// let text = "title: hello\n---\nSiwoo: You came. #line:hello_1\n===\n";
/// let scenes = Scenes::from_files([("hello.yarn", text)])?;
/// let (file, csv) = strings::export(&scenes, Language::Korean).remove(0);
/// assert_eq!(file, "hello.ko.csv");
/// assert_eq!(csv, "id,text,comment\nhello_1,,Siwoo; hello; You came.\n");
///
/// let done = csv.replace(",,", ",Siwoo: 왔네요.,");
/// let kept = strings::import(&scenes, Language::Korean, &file, &done)?;
/// assert_eq!(kept, done);
/// # Ok::<(), bevy_persona::scene::SceneErrors>(())
/// ```
#[must_use]
pub fn export(scenes: &Scenes, language: Language) -> Vec<(String, String)> {
    let files: BTreeSet<_> = scenes.nodes().map(|node| &*node.file).collect();
    let table = |script: &str| {
        let file = table_of(script, language);
        let csv = write_csv(&rows(scenes, script, &file));
        (file, csv)
    };
    files.into_iter().map(table).collect()
}

/// Takes over what a translator has written: gives the whole table, in the order of the script.
///
/// Rows that lack, or have no text, keep what they had.
///
/// # Errors
/// If the file is no table of the scenes, a row belongs to no line, its English has changed, or the
/// translation does not fit: another speaker, other values, other options.
pub fn import(
    scenes: &Scenes,
    language: Language,
    file: &str,
    csv: &str,
) -> Result<String, SceneErrors> {
    let table = Table::read(file, csv)?;
    let script = Table::script_of(file);
    if table.language != language || !scenes.nodes().any(|node| node.file == script) {
        let known = table_of("<scene>.yarn", language);
        let problem = format!("it is no table of these scenes: name it as in `{known}`");
        return Err(SceneErrors(vec![SceneError::new(file, None, problem)]));
    }
    let mut rows = rows(scenes, &script, file);
    let mut faults = Vec::new();
    for Row { id, text, comment, line } in table.rows {
        let Some(row) = rows.iter_mut().find(|row| row.id == id) else {
            let problem = format!("there is no line `{id}` in {script}: take the row out");
            faults.push(SceneError::at_line(file, line, problem));
            continue;
        };
        if text.trim().is_empty() {
            continue;
        }
        let is_line = scenes.line(&id).is_some();
        if !is_line && comment != row.comment {
            let problem = format!("the English of `{id}` has changed: it is now “{}”", row.comment);
            faults.push(SceneError::at_line(file, line, problem));
        }
        row.text = text;
        if is_line && !comment.trim().is_empty() {
            row.comment = comment;
        }
        if let Err(problem) = check_row(row, scenes.script()) {
            faults.push(SceneError::at_line(file, line, problem));
        }
    }
    SceneErrors::unless(faults, rows).map(|rows| write_csv(&rows))
}

/// What is not translated, or translated though it is gone: nothing that would hinder a scene.
///
/// # Example
/// ```
/// use bevy_persona::{persona::Language, scene::{Scenes, strings}};
///
/// let text = "title: hello\n---\nSiwoo: You came. #line:hello_1\n===\n";
/// let scenes = Scenes::from_files([("hello.yarn", text)])?;
/// let gaps = strings::gaps(&scenes, Language::Korean);
/// assert_eq!(gaps[0].to_string(), "hello.yarn:3:1: `hello_1` has no Korean text");
/// # Ok::<(), bevy_persona::scene::SceneErrors>(())
/// ```
#[must_use]
pub fn gaps(scenes: &Scenes, language: Language) -> Vec<SceneError> {
    let files: BTreeSet<_> = scenes.nodes().map(|node| &*node.file).collect();
    let mut gaps = Vec::new();
    for script in files {
        let file = table_of(script, language);
        let rows = rows(scenes, script, &file);
        for row in rows.iter().filter(|row| row.text.trim().is_empty()) {
            let problem = format!("`{}` has no {} text", row.id, language.name());
            gaps.push(SceneError::at_line(script, row.line, problem));
        }
        let table = scenes.tables().all.iter().filter(|table| table.file == file);
        for row in table.flat_map(|table| &table.rows) {
            let known = rows.iter().any(|known| known.id == row.id && known.text == row.text);
            if !known && !row.text.trim().is_empty() {
                let problem = format!("`{}` translates what is gone, or has changed", row.id);
                gaps.push(SceneError::at_line(&file, row.line, problem));
            }
        }
    }
    gaps
}

/// The rows of a script, with the translations that exist; `line` is that of the script.
fn rows(scenes: &Scenes, script: &str, file: &str) -> Vec<Row> {
    let known = scenes.tables().all.iter().find(|table| table.file == file);
    let known = known.map(|table| &*table.rows).unwrap_or_default();
    let mut nodes: Vec<_> = scenes.nodes().filter(|node| node.file == script).collect();
    nodes.sort_by_key(|node| node.line);
    let mut rows = Vec::new();
    let mut beats = Beats { prefix: prefix(&nodes), count: 0 };
    for node in nodes {
        for step in &node.steps {
            let new = match &step.what {
                Written::Line(line) => line_row(line, who(line), node),
                Written::Option(line) => line_row(line, "fan option".into(), node),
                Written::Command(command) => beats.rows(command),
                Written::Template(_) => Vec::new(),
            };
            rows.extend(
                new.into_iter().map(|row| Row { line: step.line, ..translated(row, known) }),
            );
        }
    }
    rows
}

fn translated(row: Row, known: &[Row]) -> Row {
    let part = |row: &Row| row.id.rsplit('_').next().map(String::from);
    let found = known.iter().find(|known| match is_beat(&row.id) {
        true => known.comment == row.comment && part(known) == part(&row),
        false => known.id == row.id,
    });
    let Some(found) = found else { return row };
    let comment = if found.comment.is_empty() { row.comment } else { found.comment.clone() };
    Row { text: found.text.clone(), comment, ..row }
}

fn who(line: &WrittenLine) -> String {
    let Some(speaker) = &line.speaker else { return "narration".into() };
    let mut letters = speaker.as_str().chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn line_row(line: &WrittenLine, who: String, node: &NodeInfo) -> Vec<Row> {
    let emotion = line.emotion.as_ref().map(|tag| format!("{}; ", tag.emotion));
    let (emotion, name, english) = (emotion.unwrap_or_default(), &node.name, &line.text);
    let comment = format!("{who}; {emotion}{name}; {english}");
    let row = Row { id: line.id.clone(), comment, ..Row::default() };
    line.has_own_id.then_some(row).into_iter().collect()
}

/// Gives the beats of a script their ids, in their order.
struct Beats {
    prefix: String,
    count: usize,
}

impl Beats {
    fn rows(&mut self, command: &SceneCommand) -> Vec<Row> {
        if !command.lasts() {
            return Vec::new();
        }
        self.count += 1;
        let row = |part: &str, english: &str| Row {
            id: format!("{}_b{:02}_{part}", self.prefix, self.count),
            comment: english.into(),
            ..Row::default()
        };
        match command {
            SceneCommand::Improvise(improvise) => vec![row("fallback", &improvise.fallback)],
            SceneCommand::AskFan(ask) => {
                vec![row("question", &ask.question), row("options", &ask.options.join("|"))]
            }
            _ => Vec::new(),
        }
    }
}

/// What the ids of a script begin with: `tower` of `tower_001`.
fn prefix(nodes: &[&NodeInfo]) -> String {
    let line = nodes.iter().flat_map(|node| &node.steps).find_map(|step| match &step.what {
        Written::Line(line) | Written::Option(line) if line.has_own_id => line.id.rsplit_once('_'),
        _ => None,
    });
    let scene = nodes.first().map_or("scene", |node| &node.scene);
    line.map_or(scene, |(prefix, _)| prefix).into()
}

/// `echo_tower.ko.csv` of `echo_tower.yarn`
fn table_of(script: &str, language: Language) -> String {
    let stem = script.strip_suffix(".yarn").unwrap_or(script);
    format!("{stem}.{}.csv", language.code())
}

#[cfg(test)]
mod tests;
