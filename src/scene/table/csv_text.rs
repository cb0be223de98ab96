//! Tables as CSV.

use csv::{ReaderBuilder, StringRecord, Trim, WriterBuilder};

use super::Row;

/// The columns that a table has.
const COLUMNS: [&str; 3] = ["id", "text", "comment"];

type Fault = (Option<usize>, String);

/// Reads the rows of a table; `comment` may lack, other columns are passed over.
pub(crate) fn read(text: &str) -> Result<Vec<Row>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        ReaderBuilder::new().trim(Trim::Headers).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| fault(&error))?.clone();
    let column = |name| headers.iter().position(|header| header == name);
    let (Some(id), Some(words)) = (column(COLUMNS[0]), column(COLUMNS[1])) else {
        return Err((Some(1), "the first line names the columns: `id,text,comment`".into()));
    };
    let comment = column(COLUMNS[2]);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| fault(&error))?;
        let line = record.position().and_then(|position| usize::try_from(position.line()).ok());
        let field = |index: usize| record.get(index).unwrap_or_default().to_owned();
        if record.len() > headers.len() {
            let problem = "there are more columns than names: put texts with commas in quotes";
            return Err((line, problem.into()));
        }
        let row = Row {
            id: field(id).trim().into(),
            text: field(words),
            comment: comment.map(field).unwrap_or_default(),
            line: line.unwrap_or_default(),
        };
        if row.id.is_empty() {
            return Err((line, "the id is missing".into()));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn fault(error: &csv::Error) -> Fault {
    let line = error.position().and_then(|position| usize::try_from(position.line()).ok());
    (line, format!("this is no CSV: {error}"))
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
