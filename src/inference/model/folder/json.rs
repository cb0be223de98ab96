//! Typed reading of JSON files, with errors that name file and field. `null` is as good as nothing.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

use super::FolderError;

/// A file that was read.
#[derive(Debug)]
pub(super) struct JsonFile {
    path: PathBuf,
    bytes: Vec<u8>,
    value: Value,
}

impl JsonFile {
    pub(super) fn read(path: &Path) -> Result<Self, FolderError> {
        let bytes = fs::read(path).map_err(|error| FolderError::io(path, error))?;
        let value = serde_json::from_slice(&bytes).map_err(|e| FolderError::json(path, e))?;
        Ok(Self { path: path.into(), bytes, value })
    }

    /// None if there is no such file.
    pub(super) fn read_if_there(path: &Path) -> Result<Option<Self>, FolderError> {
        path.is_file().then(|| Self::read(path)).transpose()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn into_value(self) -> Value {
        self.value
    }

    /// What the file consists of.
    pub(super) fn object(&self) -> Result<Object<'_>, FolderError> {
        match &self.value {
            Value::Object(map) => Ok(Object { path: &self.path, around: String::new(), map }),
            _ => Err(FolderError::json(&self.path, "it is no object")),
        }
    }
}

/// An object of a file.
#[derive(Debug, Clone)]
pub(super) struct Object<'a> {
    pub(super) path: &'a Path,
    /// The names of the objects that it is in, with a point behind each.
    around: String,
    map: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    /// A value that is there.
    pub(super) fn value(&self, field: &str) -> Option<&'a Value> {
        self.map.get(field).filter(|value| !value.is_null())
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.map.iter()
    }

    pub(super) fn object(&self, field: &str) -> Result<Option<Self>, FolderError> {
        let around = format!("{}{field}.", self.around);
        let read = |value: &'a Value| value.as_object();
        let map = self.typed(field, "an object", read)?;
        Ok(map.map(|map| Self { path: self.path, around, map }))
    }

    pub(super) fn text(&self, field: &str) -> Result<Option<&'a str>, FolderError> {
        self.typed(field, "a text", Value::as_str)
    }

    pub(super) fn flag(&self, field: &str) -> Result<Option<bool>, FolderError> {
        self.typed(field, "true or false", Value::as_bool)
    }

    /// A whole number above 0, up to a thousand million.
    pub(super) fn size(&self, field: &str) -> Result<Option<usize>, FolderError> {
        let read = |value: &Value| {
            // So that no product of two of them is too large to be counted.
            let number = usize::try_from(value.as_u64()?).ok()?;
            (1..=1 << 30).contains(&number).then_some(number)
        };
        self.typed(field, "a whole number above 0", read)
    }

    /// A number above 0.
    pub(super) fn number(&self, field: &str) -> Result<Option<f32>, FolderError> {
        self.typed(field, "a number above 0", positive)
    }

    pub(super) fn numbers(&self, field: &str) -> Result<Option<Vec<f32>>, FolderError> {
        let read = |value: &Value| value.as_array()?.iter().map(positive).collect();
        self.typed(field, "a list of numbers above 0", read)
    }

    pub(super) fn texts(&self, field: &str) -> Result<Option<Vec<&'a str>>, FolderError> {
        let read = |value: &'a Value| value.as_array()?.iter().map(Value::as_str).collect();
        self.typed(field, "a list of texts", read)
    }

    /// Whole numbers from 0 on.
    pub(super) fn indices(&self, field: &str) -> Result<Option<Vec<u64>>, FolderError> {
        let read = |value: &Value| value.as_array()?.iter().map(Value::as_u64).collect();
        self.typed(field, "a list of whole numbers", read)
    }

    /// What must be there, of what one of the readers above gives.
    pub(super) fn needed<T>(&self, field: &str, read: Option<T>) -> Result<T, FolderError> {
        read.ok_or_else(|| FolderError::Missing {
            path: self.path.into(),
            field: format!("{}{field}", self.around),
        })
    }

    pub(super) fn needed_size(&self, field: &str) -> Result<usize, FolderError> {
        self.needed(field, self.size(field)?)
    }

    pub(super) fn needed_number(&self, field: &str) -> Result<f32, FolderError> {
        self.needed(field, self.number(field)?)
    }

    /// That a field asks for what we cannot do.
    pub(super) fn unsupported(&self, field: &str, supported: impl Into<String>) -> FolderError {
        let found = self.map.get(field).map_or_else(|| "missing".into(), short);
        let field = format!("{}{field}", self.around);
        FolderError::Unsupported {
            path: self.path.into(),
            field,
            found,
            supported: supported.into(),
        }
    }

    /// That a field does not fit to others.
    pub(super) fn wrong(&self, field: &str, expected: impl Into<String>) -> FolderError {
        let found = self.map.get(field).map_or_else(|| "missing".into(), short);
        let field = format!("{}{field}", self.around);
        FolderError::Field { path: self.path.into(), field, found, expected: expected.into() }
    }

    fn typed<T>(
        &self,
        field: &str,
        expected: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, FolderError> {
        let Some(value) = self.value(field) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| self.wrong(field, expected))
    }
}

fn positive(value: &Value) -> Option<f32> {
    let number = value.as_f64()? as f32;
    (number > 0.0 && number.is_finite()).then_some(number)
}

/// A value as it is shown in errors.
fn short(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}
