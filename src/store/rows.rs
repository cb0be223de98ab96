//! How SQLite has what is no text.

use rusqlite::Row;

/// A number that is never negative; one that is counts as its distance from 0.
pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.unsigned_abs())
}
