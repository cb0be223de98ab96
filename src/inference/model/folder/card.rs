//! The languages that a model's page on the hub names: `language` in the head of `README.md`.

use std::{fs, path::Path};

/// The codes of the languages, as they are written there; none if there is no such page.
pub(super) fn languages(folder: &Path) -> Vec<String> {
    fs::read_to_string(folder.join("README.md")).map(|page| named(&page)).unwrap_or_default()
}

/// What stands in the YAML between two lines of `---`: a code, a list in brackets, or lines with a
/// dash each.
fn named(page: &str) -> Vec<String> {
    let mut lines = page.lines();
    if lines.next().map(str::trim) != Some("---") {
        return Vec::new();
    }
    let mut head = lines.take_while(|line| line.trim_end() != "---").peekable();
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
            assert_eq!(named(page), expected, "{page}");
        }
    }

    proptest! {
        #[test]
        fn no_page_makes_it_panic(page in "(---\n)?(language:?|[-a-z \\[\\],'\"\n]|\\PC){0,40}") {
            for code in named(&page) {
                prop_assert!(code.is_ascii());
            }
        }
    }
}
