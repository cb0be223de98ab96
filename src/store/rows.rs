//! How values become columns, and columns values.

use rusqlite::Row;
use serde::{Serialize, de::DeserializeOwned};

use super::StoreError;

/// A value as JSON.
pub(super) fn encode<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Import { problem: format!("it is no JSON: {error}") })
}

/// A value that was written by [`encode`]; what cannot be read is noted and left out.
pub(super) fn decode<T: DeserializeOwned>(
    json: &str,
    what: impl FnOnce() -> String,
    unreadable: &mut Vec<String>,
) -> Option<T> {
    serde_json::from_str(json).map_err(|error| unreadable.push(format!("{}: {error}", what()))).ok()
}

/// A number as SQLite has it.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number that is never negative; one that is counts as its distance from 0.
pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.unsigned_abs())
}
