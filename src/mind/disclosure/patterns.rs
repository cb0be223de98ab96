//! All forms of all secrets, made ready to be looked for at once.

use std::collections::HashMap;

use super::{
    automaton::{Automaton, Builder},
    canon,
    cloaks::{Cloak, disguises},
    numerals::other_numerals,
};
use crate::hangul;

/// What it means that a form is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// Gives the secret away.
    Certain,
    /// A word of this group.
    Key(u16),
    /// Makes harmless what it covers.
    Safe,
    /// Makes harmless what it covers, under the condition of this number.
    SafeUnless(u16),
    /// Makes harmless what is said of everyday things.
    Everyday,
    /// Makes harmless what it covers when the fan says it.
    FansOwn,
}

/// What a form is to a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) secret: u16,
    pub(super) role: Role,
}

/// One way to write a form.
#[derive(Debug)]
pub(super) struct Pattern {
    /// In characters.
    pub(super) len: usize,
    /// How hard it is to meet it by chance: letters, with those of syllabic scripts counted twice.
    pub(super) weight: usize,
    /// Whether it is so long that it does not come about by chance, even across words.
    pub(super) long: bool,
    pub(super) cloak: Cloak,
    pub(super) uses: Vec<Use>,
}

/// Several words as heavy as this do not come about by chance, even across other words.
const LONG: usize = 8;
/// And single words as heavy as this: `linterna` stands in `small internal`.
const LONG_WORD: usize = 11;

/// Mark of the beginnings of forms that give a secret away.
pub(super) const BEGINS_SECRET: u8 = 1;
/// Mark of the beginnings of phrases that make something harmless.
pub(super) const BEGINS_SAFE: u8 = 2;

/// Patterns to be looked for in one kind of text.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) automaton: Automaton,
    pub(super) patterns: Vec<Pattern>,
}

/// All patterns: as words with spaces between them, and as letters alone.
#[derive(Debug, Default)]
pub(super) struct Books {
    pub(super) spaced: Book,
    pub(super) compact: Book,
}

/// Collects forms.
#[derive(Debug, Default)]
pub(super) struct Collector {
    spaced: Half,
    compact: Half,
}

/// Patterns of one kind of text.
#[derive(Debug, Default)]
struct Half {
    builder: Builder,
    patterns: Vec<Pattern>,
    known: HashMap<String, usize>,
}

impl Half {
    /// Adds a way to write a form, which stands in `text` as letters alone or with its spaces.
    fn add(&mut self, text: &str, form: &str, cloak: Cloak, one: Use) {
        if text.is_empty() {
            return;
        }
        let marks = match (one.role, cloak) {
            (Role::Certain, Cloak::Plain) => BEGINS_SECRET,
            (Role::Safe | Role::SafeUnless(_) | Role::FansOwn, _) => BEGINS_SAFE,
            _ => 0,
        };
        let next = self.patterns.len();
        let at = *self.known.entry(text.into()).or_insert(next);
        self.builder.add(text, u32::try_from(at).unwrap_or(0), marks, at == next);
        if at == next {
            let (len, weight) = (text.chars().count(), weight(text));
            let long = weight >= if form.contains(' ') { LONG } else { LONG_WORD };
            self.patterns.push(Pattern { len, weight, long, cloak, uses: Vec::new() });
        }
        if !self.patterns[at].uses.contains(&one) {
            self.patterns[at].uses.push(one);
        }
    }

    fn book(self) -> Book {
        Book { automaton: self.builder.build(), patterns: self.patterns }
    }
}

impl Collector {
    /// Adds a form as it stands in the file.
    pub(super) fn add(&mut self, form: &str, one: Use) {
        let form = canon::words(form);
        let mut plain = vec![form.clone()];
        if one.role == Role::Certain {
            plain.extend(other_numerals(&form));
            plain.extend(without_particles(&form));
        }
        if form.chars().any(|c| hangul::is_syllable(c) || canon::is_unspaced(c)) {
            let together = plain.iter().map(|form| form.replace(' ', "")).collect::<Vec<_>>();
            plain.extend(together);
        }
        for form in &plain {
            self.spaced.add(form, form, Cloak::Plain, one);
        }
        let is_hidden = matches!(one.role, Role::Certain | Role::Key(_));
        for form in plain.iter().filter(|_| is_hidden) {
            self.compact.add(&compact(form), form, Cloak::Plain, one);
            for hidden in disguises(form, one.role == Role::Certain) {
                self.spaced.add(&hidden.text, form, hidden.cloak, one);
                self.compact.add(&compact(&hidden.text), form, hidden.cloak, one);
            }
        }
    }

    pub(super) fn books(self) -> Books {
        Books { spaced: self.spaced.book(), compact: self.compact.book() }
    }
}

/// The letters and digits alone; nothing of a form that has no letter.
fn compact(form: &str) -> String {
    let letters: String = form.chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.chars().all(|c| c.is_ascii_digit()) { String::new() } else { letters }
}

fn weight(text: &str) -> usize {
    let of = |c: char| if c.is_ascii() { usize::from(c != ' ') } else { 2 };
    text.chars().map(of).sum()
}

/// A Korean form without the particles that are left out in speech: `판도라가 사라` → `판도라 사라`.
fn without_particles(form: &str) -> Option<String> {
    let bare = |word: &str| -> String {
        let cut = word.char_indices().next_back().filter(|(_, c)| "을를이가은는의".contains(*c));
        match cut {
            Some((at, _)) if word.chars().count() > 2 => word[..at].into(),
            _ => word.into(),
        }
    };
    let (rest, last) = form.rsplit_once(' ')?;
    let rest = rest.split(' ').map(bare).collect::<Vec<_>>().join(" ");
    Some(format!("{rest} {last}")).filter(|changed| changed != form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_collected_in_all_its_ways() {
        let mut collector = Collector::default();
        let one = Use { secret: 0, role: Role::Certain };
        collector.add("왜가리가 일곱", one);
        for form in ["왜가리가 일곱", "왜가리 일곱", "왜가리가 7", "왜가리가일곱"]
        {
            assert!(collector.spaced.known.contains_key(form), "{form}");
        }
        let books = collector.books();
        assert!(books.spaced.patterns.iter().any(|pattern| pattern.cloak == Cloak::Keyboard));
        assert!(books.compact.patterns.iter().all(|pattern| pattern.weight > 5));
    }
}
