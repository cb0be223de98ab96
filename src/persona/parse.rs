//! Reads a sheet from RON and says precisely what is wrong with it.
//!
//! Format: <https://github.com/ron-rs/ron/blob/master/docs/grammar.md>, with `Some(…)` left out.

use ron::{Error as RonError, Options, de::Deserializer, extensions::Extensions};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::{AssetFileError, Language, PersonaSheet, check::check, error::Place};

impl PersonaSheet {
    /// Reads a sheet; `file` is its name in errors.
    ///
    /// # Errors
    /// If the text is not RON, a field is unknown, missing or of the wrong type, or a value is out
    /// of its range. The error names file, line, column and field.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::persona::PersonaSheet;
    ///
    /// let text = "Persona(\n    id: \"otto\",\n    nmae: \"Otto\",\n    role: \"a guard\",\n)";
    /// let error = PersonaSheet::from_ron("otto.persona.ron", text).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "otto.persona.ron:3:5: there is no field `nmae`: did you mean `name`?"
    /// );
    /// ```
    pub fn from_ron(file: &str, text: &str) -> Result<Self, AssetFileError> {
        let sheet: Self = read(file, text)?;
        check(&sheet).map_err(|fault| AssetFileError::Content {
            file: file.into(),
            place: find_field(text, &fault.path),
            field: fault.path.join("."),
            problem: fault.problem,
        })?;
        Ok(sheet)
    }

    /// Reads a sheet from the bytes of a file.
    ///
    /// # Errors
    /// As [`from_ron`](Self::from_ron), and if the bytes are not UTF-8.
    pub fn from_bytes(file: &str, bytes: &[u8]) -> Result<Self, AssetFileError> {
        Self::from_ron(file, text(file, bytes)?)
    }
}

/// The text that the bytes of a file are, without a byte order mark.
pub(crate) fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, AssetFileError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let place = Place::of_byte(&valid, valid.len());
        AssetFileError::NotText { file: file.into(), place }
    })
}

/// Reads RON with errors that name file, line, column and field.
pub(crate) fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, AssetFileError> {
    let options = Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let content = |spanned: &ron::error::SpannedError, field: String| AssetFileError::Content {
        file: file.into(),
        place: Place { line: spanned.span.start.line, column: spanned.span.start.col },
        field,
        problem: explain(&spanned.code),
    };
    let mut ron = Deserializer::from_str_with_options(text, &options)
        .map_err(|spanned| content(&spanned, String::new()))?;
    let sheet = serde_path_to_error::deserialize(&mut ron).map_err(|error| {
        let mut path: Vec<String> = error.path().iter().filter_map(segment).collect();
        let code = error.into_inner();
        if matches!(&code, RonError::NoSuchStructField { found, .. } if path.last() == Some(found))
        {
            path.pop();
        }
        content(&ron.span_error(code), path.join("."))
    })?;
    ron.end().map_err(|code| content(&ron.span_error(code), String::new()))?;
    Ok(sheet)
}

fn segment(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Seq { index } => Some((index + 1).to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { variant } => Some(variant.clone()),
        Segment::Unknown => None,
    }
}

/// What a writer can do about an error of the format.
fn explain(error: &RonError) -> String {
    match error {
        RonError::NoSuchStructField { expected, found, .. } => {
            format!("there is no field `{found}`: {}", nearest(found, expected))
        }
        RonError::NoSuchEnumVariant { expected, found, .. } => {
            let meant = Language::meant_by(found).map(Language::code);
            match meant.filter(|code| expected.contains(code)) {
                Some(code) => format!("`{found}` is not known here: did you mean `{code}`?"),
                None => format!("`{found}` is not known here: {}", nearest(found, expected)),
            }
        }
        RonError::MissingStructField { field, .. } => {
            format!("the field `{field}` is missing: add `{field}: …,`")
        }
        RonError::DuplicateStructField { field, .. } => {
            format!("the field `{field}` stands here twice: keep one")
        }
        RonError::InvalidValueForType { expected, found } => {
            format!("this should be {expected}, not {found}")
        }
        RonError::Message(text) => text.clone(),
        other => format!("{other}; look for a missing comma, quote or bracket just before"),
    }
}

/// Advice for a word that is none of `known`.
fn nearest(word: &str, known: &[&str]) -> String {
    let similarity = |candidate: &&&str| strsim::jaro_winkler(word, candidate);
    let best = known.iter().max_by(|a, b| similarity(a).total_cmp(&similarity(b)));
    match best {
        Some(best) if similarity(&best) > 0.75 => format!("did you mean `{best}`?"),
        _ => format!("there are {}", known.join(", ")),
    }
}

/// Where the value of a field stands: each step of the path is looked for behind the one before.
fn find_field(text: &str, path: &[String]) -> Place {
    let plain = without_strings(text);
    let mut at = 0;
    for step in path {
        let found = match step.parse::<usize>() {
            Ok(nth) => nth_item(&plain[at..], nth),
            Err(_) => key(&plain[at..], step),
        };
        at += found.unwrap_or(0);
    }
    Place::of_byte(text, at)
}

/// The text with strings and comments blanked out; every other byte keeps its place.
fn without_strings(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = match c {
            '"' => string_len(rest),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            _ => {
                plain.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            }
        };
        plain.extend(std::iter::repeat_n(' ', len));
        rest = &rest[len..];
    }
    plain
}

/// The bytes of the string with which `text` begins, quotes included.
fn string_len(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// The byte at which the key `name` stands.
fn key(text: &str, name: &str) -> Option<usize> {
    text.match_indices(name).map(|(at, _)| at).find(|&at| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].trim_start();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_') && after.starts_with(':')
    })
}

/// The byte at which the `nth` item in round brackets stands, from 1.
fn nth_item(text: &str, nth: usize) -> Option<usize> {
    let list = text.find('[')?;
    text[list..].match_indices('(').nth(nth.checked_sub(1)?).map(|(at, _)| list + at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn error(text: &str) -> String {
        PersonaSheet::from_ron("a.persona.ron", text).unwrap_err().to_string()
    }

    fn with(fields: &str) -> String {
        format!(
            "Persona(\n    id: \"a\",\n    name: \"A\",\n    role: \"a singer\",\n    {fields}\n)"
        )
    }

    #[test]
    fn errors_name_place_and_field_and_say_what_to_do() {
        let errors = [
            (
                "speech: { en: (maner: \"dry\") },",
                "a.persona.ron:5:20: in `speech`: there is no field `maner`: did you mean `manner`?",
            ),
            ("mbti: INFX,", "5:11: in `mbti`: `INFX` is not known here: did you mean `INFP`?"),
            ("speech: { kr: (manner: \"dry\") },", "did you mean `ko`?"),
            ("colour: \"blue\",", "in `colour`: `blue` is not a colour: write it as `#rrggbb`"),
            (
                "sampling: (top_p: 2.0),",
                "5:16: in `sampling.top_p`: it is 2; it must be from 0 to 1",
            ),
            ("birthday: (month: 2, day: 30),", "in `birthday.day`: February has at most 29 days"),
            ("emotions: [\"joy\", \"joy\"],", "`joy` stands twice in the emotion palette"),
            ("likes: \"tea\",", "a.persona.ron:5:"),
        ];
        for (fields, expected) in errors {
            let error = error(&with(fields));
            assert!(error.contains(expected), "{fields}\n{error}\nlacks: {expected}");
        }
    }

    #[test]
    fn what_is_missing_or_left_open_is_said() {
        let missing = error("Persona(id: \"a\", name: \"A\")");
        assert!(missing.contains("the field `role` is missing: add `role: …,`"), "{missing}");
        let open = error("Persona(\n    id: \"a\",\n    name: \"A");
        assert!(open.starts_with("a.persona.ron:3:"), "{open}");
        let after = error(&format!("{} and more", with("")));
        assert!(after.contains(":6:"), "{after}");
    }

    #[test]
    fn an_example_with_a_foreign_tag_is_refused() {
        let text = with(
            "examples: [\n        (fan: \"Hi (again)\", idol: \"[joy] Hi.\"), // (fan: …\n        (fan: \"Hi\", idol: \"[smug] Hi.\"),\n    ],",
        );
        assert!(error(&text).contains("a.persona.ron:7:"), "{}", error(&text));
    }

    #[test]
    fn bytes_that_are_no_text_have_a_place() {
        let error = PersonaSheet::from_bytes("a.persona.ron", b"Persona(\n  \xff").unwrap_err();
        assert_eq!(
            error.to_string(),
            "a.persona.ron:2:3: not UTF-8 text; save it as UTF-8 in your editor"
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".*") {
            let _ = PersonaSheet::from_ron("a.persona.ron", &text);
        }

        #[test]
        fn no_damage_makes_the_reader_panic(at in any::<prop::sample::Index>(), c in any::<char>()) {
            let whole = with("birthday: (month: 2, day: 3), examples: [(fan: \"Hi\", idol: \"[joy] Hi.\")],");
            let at = at.index(whole.len());
            let damaged = format!("{}{c}{}", &whole[..at], &whole[at..]);
            let _ = PersonaSheet::from_ron("a.persona.ron", &damaged);
        }
    }
}
