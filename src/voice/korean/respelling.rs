//! Marks on written words: what no rule knows, because it depends on the word.
//!
//! The lists in `data/` use the same marks before a syllable, so that an entry is easily read:
//! `'` it is tense (갈'등), `+` it gets a ㄴ (꽃+잎), `*` its ㄹ is ㄴ (의견*란), `|` a part with a
//! meaning of its own begins (겉|옷). An entry that begins with `^` is only found where a word
//! begins. Where a word is spelled as no mark can say, its pronunciation stands behind a tab.

use std::{collections::HashMap, sync::LazyLock};

use super::hangul::{Joint, Syllable, tense};
use crate::hangul::is_syllable;

/// What happens to a syllable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mark {
    /// It is as the rules say.
    #[default]
    None,
    /// Its consonant is tense.
    Tense,
    /// It gets a ㄴ.
    Nieun,
    /// Its ㄹ is ㄴ.
    Nasal,
    /// A part with a meaning of its own begins.
    Compound,
}

impl Mark {
    fn new(character: char) -> Option<Self> {
        Some(match character {
            '\'' => Self::Tense,
            '+' => Self::Nieun,
            '*' => Self::Nasal,
            '|' => Self::Compound,
            _ => return None,
        })
    }
}

/// A written syllable, and what happens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    /// The syllable.
    pub character: char,
    /// What happens to it.
    pub mark: Mark,
}

impl Written {
    /// The syllable in letters, as the rules want it.
    pub(super) fn to_syllable(self, joint: Joint) -> Option<Syllable> {
        let mut syllable = Syllable::new(self.character, joint)?;
        match self.mark {
            Mark::Tense => syllable.onset = tense(syllable.onset).unwrap_or(syllable.onset),
            Mark::Nieun | Mark::Nasal => syllable.onset = 'ㄴ',
            Mark::Compound if joint == Joint::Inside => syllable.joint = Joint::Compound,
            Mark::None | Mark::Compound => {}
        }
        Some(syllable)
    }
}

/// Reads a spelling with marks.
pub(super) fn parse(spelling: &str) -> Vec<Written> {
    let mut written = Vec::new();
    let mut mark = Mark::None;
    for character in spelling.chars() {
        if let Some(next) = Mark::new(character) {
            mark = next;
        } else if is_syllable(character) {
            written.push(Written { character, mark });
            mark = Mark::None;
        }
    }
    written
}

/// An entry of the lists.
struct Entry {
    key: Vec<char>,
    at_start: bool,
    written: Vec<Written>,
}

impl Entry {
    fn new(line: &str) -> Self {
        let at_start = line.starts_with('^');
        let line = line.trim_start_matches('^');
        let (key, spelling) = line.split_once('\t').unwrap_or((line, line));
        let key = parse(key).iter().map(|written| written.character).collect();
        Self { key, at_start, written: parse(spelling) }
    }
}

const LISTS: [&str; 5] = [
    include_str!("data/tensing.txt"),
    include_str!("data/n_insertion.txt"),
    include_str!("data/nasal_rieul.txt"),
    include_str!("data/parts.txt"),
    include_str!("data/irregular.txt"),
];
/// Stems of verbs that make an ending tense (articles 24 and 25), and the endings.
const STEMS: &str = include_str!("data/stems.tsv");

/// The entries by their first syllable, the longest first.
static ENTRIES: LazyLock<HashMap<char, Vec<Entry>>> = LazyLock::new(|| {
    let words = LISTS.iter().flat_map(|list| lines(list)).map(Entry::new);
    let stems =
        lines(STEMS).filter_map(|line| line.split_once('\t')).flat_map(|(stem, endings)| {
            endings.split(' ').map(move |ending| Entry::new(&format!("{stem}'{ending}")))
        });
    let mut entries = HashMap::<char, Vec<Entry>>::new();
    for entry in words.chain(stems) {
        if let Some(&first) = entry.key.first() {
            entries.entry(first).or_default().push(entry);
        }
    }
    for list in entries.values_mut() {
        list.sort_by_key(|entry| std::cmp::Reverse(entry.key.len()));
    }
    entries
});

/// The lines of a data file that are neither empty nor a comment.
pub(super) fn lines(file: &str) -> impl Iterator<Item = &str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Marks what the lists know of a word.
pub(super) fn mark(word: &mut [Written]) {
    let mut index = 0;
    while index < word.len() {
        let found = ENTRIES.get(&word[index].character).into_iter().flatten().find(|entry| {
            (index == 0 || !entry.at_start)
                && word.len() - index >= entry.key.len()
                && entry.key.iter().zip(&word[index..]).all(|(key, have)| *key == have.character)
        });
        let Some(entry) = found else {
            index += 1;
            continue;
        };
        for (have, entry) in word[index..].iter_mut().zip(&entry.written) {
            have.character = entry.character;
            if entry.mark != Mark::None {
                have.mark = entry.mark;
            }
        }
        // The last syllable may begin another entry: 열심|히 does not, 한여름+용 does.
        index += entry.key.len().saturating_sub(1).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_as_long_as_their_pronunciation() {
        for entry in ENTRIES.values().flatten() {
            let key: String = entry.key.iter().collect();
            assert_eq!(entry.key.len(), entry.written.len(), "{key}");
            assert!(entry.key.len() > 1, "{key} is too short to be safe");
        }
    }

    #[test]
    fn no_word_is_listed_twice() {
        let mut keys: Vec<(bool, &Vec<char>)> =
            ENTRIES.values().flatten().map(|entry| (entry.at_start, &entry.key)).collect();
        keys.sort();
        let twice: Vec<String> = keys
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .map(|pair| pair[0].1.iter().collect())
            .collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn a_mark_does_what_it_says() {
        let spoken = |spelling: &str| -> String {
            parse(spelling)
                .iter()
                .filter_map(|written| written.to_syllable(Joint::Inside))
                .map(Syllable::to_char)
                .collect()
        };
        assert_eq!(spoken("갈'등"), "갈뜽");
        assert_eq!(spoken("꽃+잎"), "꽃닢");
        assert_eq!(spoken("의견*란"), "의견난");
        assert_eq!(spoken("겉|옷"), "겉옷");
    }
}
