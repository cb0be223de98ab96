//! The values of a TOML text with their places, whatever they are meant to be.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::piece::Piece;

/// A step on the way to a value: the name of a field, or the number of an item from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) at: Range<usize>,
}

/// A value, as text, and the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) path: Vec<Step>,
    pub(super) text: String,
    /// Its bytes in the file, without quotes.
    pub(super) at: Range<usize>,
}

impl Entry {
    /// The names on the way.
    pub(super) fn names(&self) -> Vec<&str> {
        self.path.iter().map(|step| step.name.as_str()).collect()
    }
}

/// All texts, numbers and truth values of a piece of TOML, in the order of their places. What is
/// broken is passed over.
pub(super) fn entries(piece: Piece<'_>) -> Vec<Entry> {
    let (table, _) = DeTable::parse_recoverable(piece.text);
    let mut entries = Vec::new();
    read_table(table.get_ref(), &mut Vec::new(), &mut entries);
    let moved = |at: &Range<usize>| at.start + piece.at..at.end + piece.at;
    for entry in &mut entries {
        entry.at = inside_quotes(piece.text, &entry.at);
        entry.at = moved(&entry.at);
        entry.path.iter_mut().for_each(|step| step.at = moved(&step.at));
    }
    entries.sort_by_key(|entry| entry.at.start);
    entries
}

fn read_table(table: &DeTable<'_>, path: &mut Vec<Step>, entries: &mut Vec<Entry>) {
    for (key, value) in table {
        path.push(Step { name: key.get_ref().to_string(), at: key.span() });
        read_value(value, path, entries);
        path.pop();
    }
}

fn read_value(value: &Spanned<DeValue<'_>>, path: &mut Vec<Step>, entries: &mut Vec<Entry>) {
    let text = match value.get_ref() {
        DeValue::Table(table) => return read_table(table, path, entries),
        DeValue::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                path.push(Step { name: number.to_string(), at: item.span() });
                read_value(item, path, entries);
                path.pop();
            }
            return;
        }
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Datetime(time) => time.to_string(),
    };
    entries.push(Entry { path: path.clone(), text, at: value.span() });
}

/// The bytes between the quotes of a text; those of the value, where it has none.
fn inside_quotes(text: &str, at: &Range<usize>) -> Range<usize> {
    let written = text.get(at.clone()).unwrap_or_default();
    for quotes in ["\"\"\"", "'''", "\"", "'"] {
        let inside = written.strip_prefix(quotes).and_then(|rest| rest.strip_suffix(quotes));
        if inside.is_some() {
            return at.start + quotes.len()..at.end - quotes.len();
        }
    }
    at.clone()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_have_ways_and_places() {
        let text = "a = \"x\"\n[b.c]\nd = [1, { e = '''두''' }]\n";
        let entries = entries(Piece { text, at: 10 });
        let read: Vec<_> =
            entries.iter().map(|entry| (entry.names().join("."), &*entry.text)).collect();
        assert_eq!(read, [("a".into(), "x"), ("b.c.d.0".into(), "1"), ("b.c.d.1.e".into(), "두")]);
        for entry in &entries {
            assert_eq!(text[entry.at.start - 10..entry.at.end - 10], entry.text);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_far_as_it_goes(text in "(\\PC|\n|=|\\[|\\]|\"|'|\\{|\\}){0,60}") {
            for entry in entries(Piece::whole(&text)) {
                prop_assert!(text.get(entry.at).is_some());
            }
        }
    }
}
