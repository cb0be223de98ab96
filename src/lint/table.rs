//! String tables: what scenes say in another language.

use std::ops::Range;

use super::source::Source;
use crate::persona::Language;

/// The string table of a script, as it is written.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub(super) file: &'a Source,
    pub(super) language: Language,
    pub(super) rows: Vec<Row>,
}

/// A row of a string table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) text: String,
    /// For words of commands: the English ones.
    pub(super) comment: String,
    /// Its bytes, or at least those with which it begins.
    pub(super) at: Range<usize>,
}

impl<'a> Table<'a> {
    /// Reads a table as far as it can be read; nothing, where it does not name its columns.
    pub(super) fn read(file: &'a Source, language: Language) -> Option<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::Headers)
            .flexible(true)
            .from_reader(file.text.as_bytes());
        let headers = reader.headers().ok()?.clone();
        let column = |name| headers.iter().position(|at| at == name);
        let columns = [Some(column("id")?), Some(column("text")?), column("comment")];
        let mut rows = Vec::new();
        for record in reader.records().filter_map(Result::ok) {
            let cell = |number: usize| {
                columns[number].and_then(|at| record.get(at)).unwrap_or_default().to_owned()
            };
            let byte = record.position().map_or(0, csv::Position::byte);
            let from = file.whole().from(usize::try_from(byte).unwrap_or(usize::MAX));
            // Line ends before a row count to it.
            let blank = from.text.len() - from.text.trim_start().len();
            let line = from.from(blank).lines().next().unwrap_or(from);
            rows.push(Row { id: cell(0), text: cell(1), comment: cell(2), at: line.range() });
        }
        rows.retain(|row| !row.id.trim().is_empty());
        Some(Self { file, language, rows })
    }

    /// Where words of a row stand; the row, where they are written in another way.
    pub(super) fn find(&self, row: &Row, words: &str) -> Range<usize> {
        let from = self.file.whole().from(row.at.start);
        match from.text.find(words).filter(|at| !words.is_empty() && *at < 4_000) {
            Some(at) => from.at + at..from.at + at + words.len(),
            None => row.at.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lint::kind::Kind;

    fn file(text: &str) -> Source {
        Source::new("a.ko.csv".into(), Kind::Strings(Language::Korean), text.as_bytes(), true)
    }

    #[test]
    fn rows_know_their_lines() {
        let file = file("id,text,comment\na1,\"Otto: 네, 그래요.\",Otto\n\na2,셋\n");
        let table = Table::read(&file, Language::Korean).unwrap();
        assert_eq!(table.rows.len(), 2);
        assert_eq!(&file.text[table.rows[1].at.clone()], "a2,셋");
        assert_eq!(&file.text[table.find(&table.rows[0], "그래요")], "그래요");
        assert_eq!(table.rows[1].comment, "");
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_far_as_it_goes(text in "(id,text|[\",\n\ra네])*") {
            let file = file(&text);
            for row in Table::read(&file, Language::Korean).into_iter().flat_map(|table| table.rows) {
                prop_assert!(file.text.get(row.at).is_some());
            }
        }
    }
}
