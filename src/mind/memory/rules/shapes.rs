//! Turns patterns as they are written into regular expressions.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};

use crate::{
    mind::content::fault,
    persona::{AssetFileError, Place},
};

/// How large a compiled pattern may be, in bytes.
const SIZE: usize = 1 << 22;
/// How deep shapes may stand in shapes.
const DEPTH: usize = 6;

/// Writes out `<shape>`s and compiles patterns; knows where in the file a faulty one stands.
pub(super) struct Compiler<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub shapes: &'a BTreeMap<String, String>,
}

impl Compiler<'_> {
    pub fn all(&self, field: &str, patterns: &[String]) -> Result<Vec<Regex>, AssetFileError> {
        patterns.iter().map(|pattern| self.one(field, pattern)).collect()
    }

    pub fn one(&self, field: &str, pattern: &str) -> Result<Regex, AssetFileError> {
        let written_out = self.written_out(pattern, 0);
        let compiled =
            RegexBuilder::new(&written_out).case_insensitive(true).size_limit(SIZE).build();
        compiled.map_err(|error| {
            let place = Place::of_byte(self.text, self.text.find(pattern).unwrap_or(0));
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or("not understood").trim().to_owned();
            let problem = format!(
                "`{pattern}` is no pattern: {reason}; see docs/writing/memory.md for what may \
                 stand in one"
            );
            fault(self.file, place, field, problem)
        })
    }

    /// The pattern with every known `<shape>` in its place.
    fn written_out(&self, pattern: &str, depth: usize) -> String {
        let (mut out, mut rest) = (String::with_capacity(pattern.len() * 2), pattern);
        while let Some(open) = rest.find('<') {
            let (before, from) = rest.split_at(open);
            out.push_str(before);
            let shape = from[1..].find('>').and_then(|close| {
                Some((close, self.shapes.get(&from[1..=close])?)).filter(|_| !before.ends_with('P'))
            });
            match shape {
                Some((close, shape)) if depth < DEPTH => {
                    out.push_str("(?:");
                    out.push_str(&self.written_out(shape, depth + 1));
                    out.push(')');
                    rest = &from[close + 2..];
                }
                _ => {
                    out.push('<');
                    rest = &from[1..];
                }
            }
        }
        out + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes() -> BTreeMap<String, String> {
        [("w", r"\w+"), ("two", "<w> <w>"), ("loop", "<loop>")]
            .map(|(name, shape)| (name.to_owned(), shape.to_owned()))
            .into()
    }

    #[test]
    fn shapes_are_written_out_and_groups_stay_groups() {
        let compiler = Compiler { file: "m.toml", text: "", shapes: &shapes() };
        let pattern = compiler.one("rules", "(?P<w><two>)<<x>").unwrap();
        assert_eq!(pattern.as_str(), r"(?P<w>(?:(?:\w+) (?:\w+)))<<x>");
        assert!(compiler.one("rules", "<loop>").is_ok());
    }

    #[test]
    fn a_faulty_pattern_is_shown_where_it_stands() {
        let text = "a = 1\npatterns = ['''(x''']";
        let compiler = Compiler { file: "m.toml", text, shapes: &shapes() };
        let error = compiler.one("skip.en", "(x").unwrap_err().to_string();
        assert!(error.starts_with("m.toml:2:16: in `skip.en`: `(x` is no pattern"), "{error}");
    }
}
