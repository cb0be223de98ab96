//! Which of several ways to say a word is meant: *record* it, or the *record*.

use std::{collections::HashMap, sync::LazyLock};

/// The small words around a word, in lower case; a pause is an empty one.
pub(super) struct Around<'a> {
    pub words: &'a [String],
    pub at: usize,
}

impl Around<'_> {
    fn before(&self, distance: usize) -> &str {
        self.at.checked_sub(distance).and_then(|at| self.words.get(at)).map_or("", String::as_str)
    }

    fn after(&self, distance: usize) -> &str {
        self.words.get(self.at + distance).map_or("", String::as_str)
    }

    fn near(&self) -> impl Iterator<Item = &str> {
        let before =
            (1..=5).map(|distance| self.before(distance)).take_while(|word| !word.is_empty());
        before
            .chain((1..=6).map(|distance| self.after(distance)).take_while(|word| !word.is_empty()))
    }
}

/// What the data says of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// A part of speech, as the lexicon calls it.
    Part(&'static str),
    Phones(&'static str),
}

struct Line {
    place: Place,
    words: Vec<&'static str>,
    sense: Sense,
}

enum Place {
    Before,
    After,
    Near,
    Anywhere,
}

#[derive(Default)]
struct Table {
    groups: HashMap<&'static str, Vec<&'static str>>,
    lines: HashMap<&'static str, Vec<Line>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    for line in include_str!("senses.tsv").lines().filter(|line| !line.starts_with('#')) {
        match line.split('\t').collect::<Vec<_>>()[..] {
            [group, words] => {
                table.groups.insert(group, words.split(' ').collect());
            }
            [word, place, words, sense] => {
                let place = match place {
                    "before" => Place::Before,
                    "after" => Place::After,
                    "near" => Place::Near,
                    _ => Place::Anywhere,
                };
                let mut all = Vec::new();
                for word in words.split(' ') {
                    all.extend(table.groups.get(word).cloned().unwrap_or_else(|| vec![word]));
                }
                let sense = match sense.trim_matches('/') {
                    phones if phones.len() < sense.len() => Sense::Phones(phones),
                    part => Sense::Part(part),
                };
                table.lines.entry(word).or_default().push(Line { place, words: all, sense });
            }
            _ => {}
        }
    }
    table
});

fn in_group(group: &str, word: &str) -> bool {
    TABLE.groups.get(group).is_some_and(|words| words.contains(&word))
}

/// What is meant by a word that stands in the table, written as there.
pub(super) fn listed(word: &str, around: &Around) -> Option<Sense> {
    let lines = TABLE.lines.get(word)?;
    let is = |line: &Line, word: &str, nothing: &str| {
        line.words.contains(&if word.is_empty() { nothing } else { word })
    };
    let fits = |line: &&Line| match line.place {
        Place::Before => is(line, around.before(1), "^"),
        Place::After => is(line, around.after(1), "$"),
        Place::Near => around.near().any(|word| is(line, word, "")),
        Place::Anywhere => true,
    };
    lines.iter().find(fits).map(|line| line.sense)
}

/// A guess at the part of speech of any word, by its neighbours.
pub(super) fn guessed(around: &Around) -> &'static str {
    let (before, after) = (around.before(1), around.after(1));
    let named = in_group("@determiner", before) || in_group("@praise", before);
    if in_group("@verb-next", before) {
        "VERB"
    } else if named {
        "NOUN"
    } else if in_group("@be", before) {
        "ADJ"
    } else if in_group("@of", before) {
        "NOUN"
    } else if in_group("@object", after) {
        "VERB"
    } else {
        "DEFAULT"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_around_tell() {
        for (sentence, word, sense) in [
            ("i want to record it", "record", "VERB"),
            ("the new record is out", "record", "NOUN"),
            ("record it now", "record", "VERB"),
            ("an object of love", "object", "NOUN"),
            ("they object to it", "object", "VERB"),
        ] {
            let words: Vec<String> = sentence.split(' ').map(str::to_owned).collect();
            let at = words.iter().position(|other| other == word).unwrap();
            assert_eq!(guessed(&Around { words: &words, at }), sense, "{sentence}");
        }
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = include_str!("senses.tsv").lines();
        let lines = lines.filter(|line| !line.starts_with(['#', '@']) && !line.is_empty()).count();
        assert_eq!(TABLE.lines.values().map(Vec::len).sum::<usize>(), lines);
        for line in TABLE.lines.values().flatten() {
            assert!(line.words.iter().all(|word| !word.starts_with('@')));
        }
    }
}
