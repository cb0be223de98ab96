//! Tables as CSV.

use csv::{ReaderBuilder, StringRecord, Trim, WriterBuilder};

use super::Row;
use crate::persona::Place;

/// The columns that a table has.
const COLUMNS: [&str; 3] = ["id", "text", "comment"];

type Fault = (Option<usize>, String);

/// Reads the rows of a table; `comment` may lack, other columns are passed over.
pub(crate) fn read(text: &str) -> Result<Vec<Row>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        ReaderBuilder::new().trim(Trim::Headers).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| fault(text, &error))?.clone();
    let column = |name| headers.iter().position(|header| header == name);
    let (Some(id), Some(words)) = (column(COLUMNS[0]), column(COLUMNS[1])) else {
        return Err((Some(1), "the first line names the columns: `id,text,comment`".into()));
    };
    let comment = column(COLUMNS[2]);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| fault(text, &error))?;
        let line = record.position().map(|position| line_at(text, position));
        let field = |index: usize| record.get(index).unwrap_or_default().to_owned();
        if record.len() > headers.len() {
            let problem = "there are more columns than names: put texts with commas in quotes";
            return Err((line, problem.into()));
        }
        let row = Row {
            id: field(id).trim().into(),
            text: field(words),
            comment: comment.map(field).unwrap_or_default(),
            line: line.unwrap_or(1),
        };
        if row.id.is_empty() {
            return Err((line, "the id is missing".into()));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn fault(text: &str, error: &csv::Error) -> Fault {
    let line = error.position().map(|position| line_at(text, position));
    (line, format!("this is no CSV: {error}"))
}

/// The reader counts a record from the second half of the `\r\n` before it.
fn line_at(text: &str, position: &csv::Position) -> usize {
    let byte = usize::try_from(position.byte()).unwrap_or(text.len());
    let rest = text.get(byte..).unwrap_or_default();
    let skipped = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    Place::of_byte(text, byte + skipped).line
}

/// Writes rows as a table.
pub(crate) fn write(rows: &[Row]) -> String {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    let header = StringRecord::from(COLUMNS.to_vec());
    let mut written = writer.write_record(&header);
    for row in rows {
        written = written.and_then(|()| writer.write_record([&row.id, &row.text, &row.comment]));
    }
    // Memory does not run out of space, and all rows have three columns.
    let bytes = written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row() -> impl Strategy<Value = Row> {
        ("[a-z0-9_]{1,12}", any::<String>(), any::<String>()).prop_map(|(id, text, comment)| Row {
            id,
            text,
            comment,
            line: 0,
        })
    }

    proptest! {
        #[test]
        fn rows_read_back_from_their_text(rows in prop::collection::vec(row(), 0..8)) {
            let read = read(&write(&rows)).unwrap();
            let read: Vec<_> = read.into_iter().map(|row| Row { line: 0, ..row }).collect();
            prop_assert_eq!(read, rows);
        }

        #[test]
        fn no_text_panics(text in any::<String>(), rows in "(id|text|,|\"|\n|x){0,20}") {
            let _ = read(&text);
            let _ = read(&format!("id,text\n{rows}"));
        }
    }

    #[test]
    fn a_spreadsheets_own_columns_and_order_are_taken() {
        let text = "\u{feff}comment,id,when,text\r\nwhy,a1,now,\"yes, \"\"you\"\"\"\r\n";
        let row =
            Row { id: "a1".into(), text: "yes, \"you\"".into(), comment: "why".into(), line: 2 };
        assert_eq!(read(text), Ok(vec![row]));
        assert_eq!(read("a,b\n").unwrap_err().0, Some(1));
    }
}
