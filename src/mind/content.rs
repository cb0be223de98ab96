//! What all content files have in common: how they are read and how their faults are told.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::persona::{AssetFileError, Language, Place};

/// The same thing in several languages.
pub type ByLanguage<T> = BTreeMap<Language, T>;

/// Reads TOML; `file` is its name in errors, and `line` the line of the file on which `text` begins
/// (1 for a whole file).
///
/// # Errors
/// If it is no TOML or does not say what it should. The error names file, line, column and field.
pub fn read_toml<T: DeserializeOwned>(
    file: &str,
    line: usize,
    text: &str,
) -> Result<T, AssetFileError> {
    let content = |error: &toml::de::Error, field: String| {
        let mut place = Place::of_byte(text, error.span().map_or(0, |span| span.start));
        place.line += line - 1;
        fault(file, place, field, format!("{}; see the guide in docs/writing", error.message()))
    };
    let value = toml::Deserializer::parse(text).map_err(|error| content(&error, String::new()))?;
    serde_path_to_error::deserialize(value)
        .map_err(|error| content(error.inner(), error.path().to_string()))
}

/// A fault of what a content file says.
pub fn fault(
    file: &str,
    place: Place,
    field: impl Into<String>,
    problem: impl Into<String>,
) -> AssetFileError {
    let field = field.into();
    let field = if field == "." { String::new() } else { field };
    AssetFileError::Content { file: file.into(), place, field, problem: problem.into() }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Colours {
        #[expect(dead_code, reason = "only read")]
        marty: ByLanguage<String>,
    }

    #[test]
    fn a_fault_names_file_line_and_field() {
        let text = "[marty]\nen = \"pink\"\nko = 3\n";
        let error = read_toml::<Colours>("a.toml", 11, text).unwrap_err().to_string();
        assert!(error.starts_with("a.toml:13:6: in `marty."), "{error}");
        let error = read_toml::<Colours>("a.toml", 1, "marty = [").unwrap_err().to_string();
        assert!(error.starts_with("a.toml:1:"), "{error}");
    }
}
