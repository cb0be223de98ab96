//! What a model's page on the hub says in the head of `README.md`: languages and licence.

use std::{fs, path::Path};

/// What a model's page says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Card {
    /// The codes of the languages, as they are written there.
    pub(super) languages: Vec<String>,
    /// The name of the licence.
    pub(super) licence: Option<String>,
}

impl Card {
    /// That of a folder; it says nothing if there is no such page.
    pub(super) fn read(folder: &Path) -> Self {
        fs::read_to_string(folder.join("README.md")).map(|page| Self::of(&page)).unwrap_or_default()
    }

    fn of(page: &str) -> Self {
        let mut lines = page.lines();
        if lines.next().map(str::trim) != Some("---") {
            return Self::default();
        }
        let head: Vec<&str> = lines.take_while(|line| line.trim_end() != "---").collect();
        let text = |field| value(&head, field).filter(|text| !text.is_empty());
        let licence = match text("license:") {
            // Then it has a name of its own.
            Some("other") => text("license_name:").or(Some("other")),
            licence => licence,
        };
        Self { languages: languages(&head), licence: licence.map(str::to_owned) }
    }
}

/// A text behind a field.
fn value<'a>(head: &[&'a str], field: &str) -> Option<&'a str> {
    let text = head.iter().find_map(|line| line.strip_prefix(field))?;
    Some(text.trim().trim_matches(['"', '\'']))
}

/// A code, a list in brackets, or lines with a dash each.
fn languages(head: &[&str]) -> Vec<String> {
    let mut head = head.iter().peekable();
    let Some(value) = head.find_map(|line| line.strip_prefix("language:")) else {
        return Vec::new();
    };
    let own = value.trim().trim_start_matches('[').trim_end_matches(']');
    let mut codes: Vec<String> = own.split(',').filter_map(code).collect();
    while let Some(item) = head.next_if(|line| line.trim_start().starts_with('-')) {
        codes.extend(code(item.trim_start().trim_start_matches('-')));
    }
    codes
}

fn code(text: &str) -> Option<String> {
    let code = text.trim().trim_matches(['"', '\'']);
    let is_code =
        (2..=8).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    is_code.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn languages_are_read_in_each_way_of_writing_them() {
        for (page, expected) in [
            (
                "---\nlicense: apache-2.0\nlanguage:\n- en\n- 'ko'\ntags:\n- ja\n---\n",
                &["en", "ko"][..],
            ),
            ("---\nlanguage: [en, \"ja\"]\n---\n", &["en", "ja"]),
            ("---\r\nlanguage: en\r\n---\r\n", &["en"]),
            ("---\ntags:\n- en\n---\nlanguage: ko\n", &[]),
            ("language: en\n", &[]),
            ("", &[]),
        ] {
            assert_eq!(Card::of(page).languages, expected, "{page}");
        }
    }

    #[test]
    fn a_licence_is_called_by_its_name() {
        for (page, expected) in [
            ("---\nlicense: apache-2.0\n---\n", Some("apache-2.0")),
            ("---\nlicense: other\nlicense_name: 'lfm1.0'\n---\n", Some("lfm1.0")),
            ("---\nlicense: \"other\"\n---\n", Some("other")),
            ("---\nlicense:\n---\n", None),
            ("---\n---\nlicense: mit\n", None),
        ] {
            assert_eq!(Card::of(page).licence.as_deref(), expected, "{page}");
        }
    }

    proptest! {
        #[test]
        fn no_page_makes_it_panic(page in "(---\n)?(language:?|license:|[-a-z \\[\\],'\"\n]|\\PC){0,40}") {
            for code in Card::of(&page).languages {
                prop_assert!(code.is_ascii());
            }
        }
    }
}
