//! Abbreviations, initials, addresses, covered words.

use std::{collections::HashMap, sync::LazyLock};

use regex::Captures;

use super::{Place, Say, number};

pub(super) const RULES: &[(&str, Say)] = &[
    (r"^([\w.+-]+)@((?:[\w-]+\.)+[A-Za-z]{2,})\b", |found, _| {
        Some(format!("{} at {}", dotted(&found[1]), dotted(&found[2])))
    }),
    (
        r"^(?:[A-Za-z0-9][\w-]*\.)+(?:com|net|org|io|kr|jp|tv|gg|co|ai|dev|app|me)\b",
        |found, place| (!place.within_word()).then(|| dotted(&found[0])),
    ),
    // What somebody covered with stars.
    (r"^\p{L}+\*+[\p{L}*]*", |_, _| Some("bleep".into())),
    (r"^(?:[A-Za-z]\.)+[A-Za-z]\b\.?", initials),
    (r"^w/o\b", |_, _| Some("without".into())),
    (r"^w/", |_, place| (!place.within_word()).then(|| "with".into())),
    (
        r"^((?:Chapter|Part|Act|Volume|Vol|Book|Episode|Phase|Level|War|Fantasy|Type|Season|Round|Stage|Class|Super Bowl) )([IVX]+)\b",
        |found, _| Some(format!("{}{}", &found[1], number::count(number::roman(&found[2])?))),
    ),
    (r"^(\p{Lu}\p{Ll}+) (II|III|IV|VI|VII|VIII|IX|XI|XII|XIII|XIV|XV|XVI)\b", |found, place| {
        let ordinal = number::ordinal(&number::roman(&found[2])?.to_string());
        (!place.within_word()).then(|| format!("{} the {ordinal}", &found[1]))
    }),
    (r"^(?:XX[IVX]*|X[IVX]+|V?III?|IV|IX|VI)\b", |found, place| {
        (!place.within_word()).then(|| number::roman(&found[0]).map(number::count))?
    }),
    (r"^[A-Za-z]+\.", abbreviation),
    (r"^[A-Za-z]+", abbreviation),
    // A word, with what is glued to it by hyphens and apostrophes.
    (
        r"^(?:'(?:cause|em|til|bout|tis|twas)\b|\p{L}[\p{L}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]*)*)(?:-\p{L}[\p{L}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]*)*)*",
        |found, _| Some(found[0].replace('’', "'")),
    ),
];

/// A form, and before what it is meant.
type Entry = (&'static str, &'static str);

/// Written forms and what they stand for: `form <tab> words <tab> before what`.
static ABBREVIATIONS: LazyLock<HashMap<&'static str, Vec<Entry>>> = LazyLock::new(|| {
    let mut table: HashMap<&str, Vec<Entry>> = HashMap::new();
    for line in include_str!("abbreviations.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        if let (Some(form), Some(words)) = (fields.next(), fields.next()) {
            table.entry(form).or_default().push((words, fields.next().unwrap_or_default()));
        }
    }
    table
});

fn abbreviation(found: &Captures, place: &Place) -> Option<String> {
    let form = &found[0];
    let rest = place.after(found);
    if place.within_word()
        || rest.starts_with(|c: char| c.is_alphanumeric() || c == '\'' || c == '-')
    {
        return None;
    }
    let entries = ABBREVIATIONS.get(form)?;
    let next = rest.trim_start();
    let fits = |before: &str| match before {
        "name" => next.starts_with(char::is_uppercase),
        "number" => next.starts_with(|c: char| c.is_ascii_digit()),
        // `Maple Dr.`
        "street" => {
            let word = place.before.split_whitespace().next_back().unwrap_or_default();
            word.starts_with(char::is_uppercase) && !next.starts_with(char::is_uppercase)
        }
        _ => true,
    };
    entries.iter().find(|(_, before)| fits(before)).map(|(words, _)| (*words).to_owned())
}

/// `U.S.A.`, `e.g.`
fn initials(found: &Captures, place: &Place) -> Option<String> {
    if place.within_word() {
        return None;
    }
    let letters: String = found[0].chars().filter(char::is_ascii_alphabetic).collect();
    let listed = ABBREVIATIONS.get(&found[0]).and_then(|entries| entries.first());
    match listed {
        Some((words, _)) => Some((*words).to_owned()),
        None => Some(format!("~{letters}")),
    }
}

/// An address: `.` is said dot, the rest as words.
fn dotted(address: &str) -> String {
    let mut said = String::new();
    for part in address.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = part.trim_end_matches(|c: char| !c.is_alphanumeric());
        let digits = word.chars().all(|c| c.is_ascii_digit()) && !word.is_empty();
        said += &if digits { number::cardinal(word) } else { spelled_if_short(word) };
        said += match part.chars().next_back() {
            Some('.') => " dot ",
            Some('-') => " dash ",
            Some('+') => " plus ",
            _ => " ",
        };
    }
    said
}

fn spelled_if_short(word: &str) -> String {
    let (letters, digits): (Vec<char>, Vec<char>) = word.chars().partition(|c| c.is_alphabetic());
    let digits: String = digits.into_iter().collect();
    let letters: String = letters.into_iter().collect();
    let spelled = letters.len() == 2 && !["me", "my", "go", "we", "it"].contains(&&*letters);
    let letters = if spelled { format!("~{letters}") } else { letters };
    if digits.is_empty() { letters } else { format!("{letters} {}", number::one_by_one(&digits)) }
}
