//! String tables: that they say all that scripts say, and no more.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    Code,
    check::Check,
    kind::Kind,
    nearest::nearest,
    piece::Piece,
    script::{Command, Part, Said, Script, each, placeholders},
    source::Source,
    table::{Row, Table},
};
use crate::persona::Language;

/// The rows of all tables of a language, by id.
type Rows<'w, 'a> = BTreeMap<&'w str, (&'w Table<'a>, &'w Row)>;

pub(super) fn run(check: &mut Check<'_>) {
    let world = check.world;
    let languages: BTreeSet<Language> = world.tables.iter().map(|table| table.language).collect();
    for language in languages {
        let tables = || world.tables.iter().filter(|table| table.language == language);
        let mut rows = Rows::new();
        for table in tables() {
            for row in &table.rows {
                rows.entry(&row.id).or_insert((table, row));
            }
        }
        for script in &world.scripts {
            match tables().find(|table| table.file.stem() == script.file.stem()) {
                Some(table) => translated(check, script, table, &rows),
                // A table that cannot be read is another rule's.
                None if check.all(Kind::Strings(language)).any(is_of(script)) => {}
                None => no_table(check, script, language),
            }
        }
        tables().for_each(|table| stale(check, table));
    }
}

/// Whether a table is that of a script.
fn is_of(script: &Script<'_>) -> impl Fn(&Source) -> bool {
    move |file| file.stem() == script.file.stem()
}

fn no_table(check: &mut Check<'_>, script: &Script<'_>, language: Language) {
    let stem = script.file.stem();
    let name = format!("{stem}.{}.csv", language.code());
    let at = script.nodes.first().map_or(0..0, |node| node.title.range());
    let message = format!("there is no `{name}`, and other scenes have one");
    let help = format!("write `{name}` with the columns id, text, comment");
    check.report(script.file, at, Code::MissingTranslation, message, help);
}

fn translated(check: &mut Check<'_>, script: &Script<'_>, table: &Table<'_>, rows: &Rows<'_, '_>) {
    for node in &script.nodes {
        each(&node.body, &mut |part| match part {
            Part::Line(said) | Part::Option(said) => {
                let Some(id) = said.id() else { return };
                match rows.get(id.text) {
                    Some((table, row)) if !row.text.trim().is_empty() => {
                        compare(check, table, row, said);
                    }
                    _ => missing(check, script, table, id),
                }
            }
            Part::Command(command) => {
                for (_, words) in spoken(command) {
                    match table.rows.iter().find(|row| row.comment == words.text) {
                        Some(row) if !row.text.trim().is_empty() => {
                            options(check, table, row, command);
                        }
                        _ => missing(check, script, table, words),
                    }
                }
            }
            Part::If(_) => {}
        });
    }
}

fn missing(check: &mut Check<'_>, script: &Script<'_>, table: &Table<'_>, at: Piece<'_>) {
    let words: String = at.text.chars().take(30).collect();
    let message = format!("`{words}` is not translated into {}", table.language.code());
    let help = format!("add a row for it to `{}`", table.file.short_name());
    check.report(script.file, at.range(), Code::MissingTranslation, message, help);
}

/// The words of a command that a fan hears or reads, by the end of their row's id.
fn spoken<'a>(command: &Command<'a>) -> Vec<(&'static str, Piece<'a>)> {
    let of = |end, words: Option<Piece<'a>>| words.map(|words| (end, words));
    let found = match command.name.text {
        "improvise" | "talk" => vec![of("fallback", command.value("fallback"))],
        "ask_fan" => {
            vec![of("question", command.word(1)), of("options", command.value("options"))]
        }
        _ => Vec::new(),
    };
    found.into_iter().flatten().filter(|(_, words)| !words.text.trim().is_empty()).collect()
}

/// A translation has the speaker and the placeholders of its line.
fn compare(check: &mut Check<'_>, table: &Table<'_>, row: &Row, said: &Said<'_>) {
    if let Some(speaker) = said.speaker
        && !row.text.strip_prefix(speaker.text).is_some_and(|rest| rest.starts_with(':'))
    {
        let message = format!("`{}` is said by {}", row.id, speaker.text);
        let help = format!("begin the text with `{}: `, as the script does", speaker.text);
        let at = table.find(row, &row.text);
        check.report(table.file, at, Code::SpeakerDiffers, message, help);
    }
    let slots = said.placeholders().len();
    let has: BTreeSet<String> =
        placeholders(Piece::whole(&row.text)).iter().map(|inside| inside.text.to_owned()).collect();
    let needs: BTreeSet<String> = (0..slots).map(|number| number.to_string()).collect();
    if has != needs {
        let list = |numbers: &BTreeSet<String>| match numbers.len() {
            0 => "none".to_owned(),
            _ => numbers.iter().map(|n| format!("{{{n}}}")).collect::<Vec<_>>().join(" "),
        };
        let message =
            format!("the line has the placeholders {}, and this has {}", list(&needs), list(&has));
        let help = match slots {
            0 => "take the braces out".to_owned(),
            _ => format!("write {} where the script has its braces, in their order", list(&needs)),
        };
        let at = table.find(row, &row.text);
        check.report(table.file, at, Code::PlaceholdersDiffer, message, help);
    }
}

/// Labels stand in the order of the options.
fn options(check: &mut Check<'_>, table: &Table<'_>, row: &Row, command: &Command<'_>) {
    let Some(options) = command.value("options").filter(|options| options.text == row.comment)
    else {
        return;
    };
    let count = |list: &str| list.split('|').filter(|option| !option.trim().is_empty()).count();
    let (needs, has) = (count(options.text), count(&row.text));
    if needs != has {
        let message = format!("the question has {needs} options, and this has {has}");
        let help = format!("write {needs} labels in the order of `{}`", options.text);
        let at = table.find(row, &row.text);
        check.report(table.file, at, Code::OptionsDiffer, message, help);
    }
}

/// Rows that belong to no line and to no command.
fn stale(check: &mut Check<'_>, table: &Table<'_>) {
    let world = check.world;
    let (mut ids, mut words) = (BTreeSet::new(), Vec::new());
    let mut has_script = false;
    for script in &world.scripts {
        let is_own = script.file.stem() == table.file.stem();
        has_script |= is_own;
        for node in &script.nodes {
            each(&node.body, &mut |part| match part {
                Part::Line(said) | Part::Option(said) => ids.extend(said.id().map(|id| id.text)),
                Part::Command(command) if is_own => {
                    words.extend(spoken(command).into_iter().map(|(_, words)| words.text));
                }
                _ => {}
            });
        }
    }
    if !has_script {
        let stem = table.file.stem();
        let message = format!("there is no `{stem}.yarn` for this table");
        let help = "name the table as its script, or take it out";
        return check.report(table.file, 0..0, Code::StaleTranslation, message, help);
    }
    for row in &table.rows {
        if ids.contains(row.id.as_str()) || words.contains(&row.comment.as_str()) {
            continue;
        }
        let known: Vec<&str> = ids.iter().copied().collect();
        let help = match (nearest(&row.comment, &words), nearest(&row.id, &known)) {
            (Some(now), _) => {
                format!("the words are now `{now}`: translate them, and put them into `comment`")
            }
            (None, Some(near)) => format!("did you mean `{near}`?"),
            _ => "take the row out".into(),
        };
        let message = format!("`{}` translates no words of the script", row.id);
        check.report(table.file, table.find(row, &row.id), Code::StaleTranslation, message, help);
    }
}
