//! Regular expressions of a category, compiled.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use toml::Spanned;

use super::file::Patterns;
use crate::{
    mind::content::fault,
    persona::{AssetFileError, Language, Place},
};

/// More than any list of patterns needs; a pattern beyond it is a mistake.
const SIZE_LIMIT: usize = 64 << 20;

/// What to do about a broken pattern.
const ADVICE: &str =
    "write it for the Rust crate `regex`, which has no look-around and no back-references";

/// Where patterns come from, for errors, and what they are written with.
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    /// What `{name}` stands for in a pattern.
    pub(super) shorthand: &'a BTreeMap<String, String>,
}

/// Patterns, without what their mask blanks.
#[derive(Debug)]
pub(super) struct Rules {
    masks: Vec<Regex>,
    patterns: Vec<Regex>,
}

impl Rules {
    /// Compiles the patterns of a category; `field` is its name in errors.
    pub(super) fn new(
        source: &Source<'_>,
        field: &str,
        mask: &Patterns,
        patterns: &Patterns,
    ) -> Result<Self, AssetFileError> {
        let compile = |list: &Patterns, name: &str| -> Result<Vec<Regex>, AssetFileError> {
            let filled = list.iter().filter(|(_, patterns)| !patterns.is_empty());
            filled
                .map(|(language, patterns)| {
                    source.compile(patterns, &format!("{field}{name}.{language}"), *language)
                })
                .collect()
        };
        Ok(Self { masks: compile(mask, "mask")?, patterns: compile(patterns, "patterns")? })
    }

    /// Whether a pattern is found once the masks have blanked what is innocent.
    pub(super) fn find(&self, plain: &str) -> bool {
        let found = |text: &str| self.patterns.iter().any(|pattern| pattern.is_match(text));
        if !found(plain) {
            return false;
        }
        if !self.masks.iter().any(|mask| mask.is_match(plain)) {
            return true;
        }
        // A line break, as no pattern reaches across it.
        let blanked = self
            .masks
            .iter()
            .fold(plain.to_owned(), |text, mask| mask.replace_all(&text, "\n").into_owned());
        found(&blanked)
    }
}

impl Source<'_> {
    /// All patterns of a language as one.
    fn compile(
        &self,
        patterns: &[Spanned<String>],
        field: &str,
        language: Language,
    ) -> Result<Regex, AssetFileError> {
        let fail = |number: usize, problem: String| {
            let span = patterns.get(number).map_or(0..0, Spanned::span);
            let place = Place::of_byte(self.text, span.start);
            let which = format!("pattern {} of {}: ", number + 1, language.name());
            fault(self.file, place, field, which + &problem)
        };
        let mut expanded = Vec::with_capacity(patterns.len());
        for (number, pattern) in patterns.iter().enumerate() {
            let pattern = self.expand(pattern.as_ref()).map_err(|problem| fail(number, problem))?;
            expanded.push(format!("(?:{pattern})"));
        }
        build(&expanded.join("|")).map_err(|problem| {
            let broken = expanded.iter().enumerate();
            let mut each = broken.filter_map(|(number, one)| Some((number, build(one).err()?)));
            match each.next() {
                Some((number, error)) => fail(number, format!("{error}; {ADVICE}")),
                None => fail(0, format!("{problem}; use fewer or shorter patterns")),
            }
        })
    }

    /// A pattern with its shorthands written out, and with word boundaries and word characters
    /// that are those of Latin letters: a Korean ending ends an English word.
    fn expand(&self, pattern: &str) -> Result<String, String> {
        let mut out = String::with_capacity(pattern.len() * 2);
        let mut rest = pattern;
        let mut in_class = false;
        while let Some(c) = rest.chars().next() {
            let mut taken = c.len_utf8();
            match c {
                '\\' => {
                    let escaped = rest[1..].chars().next().unwrap_or('\\');
                    taken = (1 + escaped.len_utf8()).min(rest.len());
                    match (escaped, in_class) {
                        ('b', false) => out.push_str(r"(?-u:\b)"),
                        ('w', false) => out.push_str("[0-9a-z_]"),
                        ('w', true) => out.push_str("0-9a-z_"),
                        ('d', false) => out.push_str("[0-9]"),
                        ('d', true) => out.push_str("0-9"),
                        _ => out.push_str(&rest[..taken]),
                    }
                }
                '{' if rest[1..].starts_with(|c: char| c.is_ascii_lowercase()) => {
                    let (name, _) = rest[1..].split_once('}').unwrap_or((&rest[1..], ""));
                    let Some(meant) = self.shorthand.get(name) else {
                        return Err(format!("`{{{name}}}` is not in [shorthand]: write it there"));
                    };
                    taken = (name.len() + 2).min(rest.len());
                    out.push_str(&format!("(?:{meant})"));
                }
                _ => {
                    in_class = (in_class || c == '[') && c != ']';
                    out.push(c);
                }
            }
            rest = &rest[taken..];
        }
        Ok(out)
    }
}

fn build(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(SIZE_LIMIT)
        .build()
        .map_err(|error| error.to_string().lines().last().unwrap_or_default().trim().to_owned())
}
