//! One word, in what stands around it, to phones.

use std::{collections::HashMap, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

use super::{
    Lexicon, inflect, letters,
    phones::{PRIMARY, Weight, is_vowel, stressed, weighed},
    sense::{self, Around, Sense},
    stretched,
};

/// What stands around a word.
pub(super) struct Context<'a> {
    /// Whether the next sound is a vowel; nothing before a pause.
    pub before_vowel: Option<bool>,
    pub around: Around<'a>,
}

type Words = HashMap<&'static str, &'static str>;

fn table(lines: &'static str) -> Words {
    let lines = lines.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).collect()
}

static NAMES: LazyLock<Words> = LazyLock::new(|| table(include_str!("names.tsv")));
/// Words that are said anyway, also without a lexicon.
static COMMON: LazyLock<Words> = LazyLock::new(|| table(include_str!("common.tsv")));

/// How a word is said. Never nothing.
pub(super) fn phones_of(word: &str, context: &Context, lexicon: &Lexicon) -> String {
    let plain = plain_letters(word);
    let weight = match plain.chars().filter(char::is_ascii_alphabetic).count() {
        letters if letters < 2 || plain == plain.to_lowercase() => Weight::Own,
        _ if plain == plain.to_uppercase() => Weight::Full,
        _ => Weight::Some,
    };
    if let Some(said) = small_word(&plain, context) {
        return said;
    }
    let said = match listed(&plain, context, lexicon) {
        Some(said) => said,
        None => one_word(&plain, context, lexicon),
    };
    let said = weighed(&said, weight);
    if said.is_empty() { "ə".into() } else { said }
}

/// Spelled, whatever it is.
pub(super) fn spelled(text: &str) -> String {
    letters::spell(&plain_letters(text))
}

/// Letters a to z, apostrophes and hyphens.
fn plain_letters(word: &str) -> String {
    let mut plain = String::new();
    for c in word.nfkd() {
        match c {
            'a'..='z' | 'A'..='Z' | '\'' | '-' => plain.push(c),
            'ß' => plain.push_str("ss"),
            'æ' | 'Æ' => plain.push_str("ae"),
            'œ' | 'Œ' => plain.push_str("oe"),
            'ø' | 'Ø' | 'ɔ' | 'Ɔ' => plain.push('o'),
            'ł' | 'Ł' => plain.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => plain.push('d'),
            'þ' | 'Þ' => plain.push_str("th"),
            'ı' => plain.push('i'),
            'ŋ' | 'Ŋ' => plain.push_str("ng"),
            _ => {}
        }
    }
    plain.trim_end_matches('-').trim_start_matches('-').to_owned()
}

/// Words whose sound hangs on what follows.
fn small_word(word: &str, context: &Context) -> Option<String> {
    let said = match word {
        "a" | "A" if context.before_vowel.is_some() => "ɐ",
        "a" | "A" => "ˈA",
        "an" | "An" => "ɐn",
        "am" if context.before_vowel.is_some() => "ɐm",
        "I" | "i" => "ˌI",
        "the" | "The" | "THE" => match context.before_vowel {
            Some(true) => "ði",
            _ => "ðə",
        },
        "to" | "To" => match context.before_vowel {
            None => "tu",
            Some(false) => "tə",
            Some(true) => "tʊ",
        },
        "in" | "In" => match context.before_vowel {
            None => "ˈɪn",
            Some(_) => "ɪn",
        },
        _ => return None,
    };
    Some(said.into())
}

/// What the table of senses says.
fn listed(word: &str, context: &Context, lexicon: &Lexicon) -> Option<String> {
    let lower = word.to_lowercase();
    // What a table says of a word in capitals is not said of the word.
    let capitals = word.len() > 1 && word == word.to_uppercase();
    let exact = if capitals { sense::listed(word, &context.around) } else { None };
    match exact.or_else(|| sense::listed(&lower, &context.around))? {
        Sense::Phones(phones) => Some(phones.into()),
        Sense::Part(part) => {
            let variant = lexicon.variant(&lower, part).or_else(|| lexicon.usual(&lower));
            variant.filter(|phones| !phones.is_empty()).map(str::to_owned)
        }
    }
}

fn one_word(word: &str, context: &Context, lexicon: &Lexicon) -> String {
    if let Some(said) = as_written(word, context, lexicon) {
        return said;
    }
    if word.contains('-') {
        return hyphened(word, context, lexicon);
    }
    let lower = word.to_lowercase();
    let stem = |stem: &str| known(stem, lexicon);
    if let Some(said) = stretched::said(&lower, &stem).or_else(|| inflect::derived(&lower, &stem)) {
        return said;
    }
    if let Some(said) = capitals(word, context, lexicon) {
        return said;
    }
    let bare = lower.replace('\'', "");
    match lower.rsplit_once('\'') {
        // A name that nobody knows keeps its ending.
        Some((owner, "s")) if owner.len() > 1 => {
            let said = letters::by_rule(owner);
            inflect::derived(&lower, &|stem| (stem == owner).then(|| said.clone())).unwrap_or(said)
        }
        _ => letters::by_rule(&stretched::shortest(&bare)),
    }
}

/// As names and lexicon have it.
fn as_written(word: &str, context: &Context, lexicon: &Lexicon) -> Option<String> {
    let lower = word.to_lowercase();
    if let Some(said) = NAMES.get(&*lower) {
        return Some((*said).to_owned());
    }
    let capital = capitalised(&lower);
    let forms = [word, &lower, &capital];
    let form = forms.into_iter().find(|form| lexicon.usual(form).is_some());
    let Some(form) = form else {
        return COMMON.get(&*lower).map(|said| (*said).to_owned());
    };
    let before_pause = context.before_vowel.is_none();
    let at_end = before_pause.then(|| lexicon.variant(form, "None")).flatten();
    let special = at_end.or_else(|| lexicon.variant(form, sense::guessed(&context.around)));
    special.filter(|said| !said.is_empty()).or_else(|| lexicon.usual(form)).map(str::to_owned)
}

/// A word by itself, for what is made of it.
fn known(word: &str, lexicon: &Lexicon) -> Option<String> {
    let own = || NAMES.get(word).or_else(|| COMMON.get(word)).copied();
    let own = own().or_else(|| lexicon.usual(word));
    own.or_else(|| lexicon.usual(&capitalised(word)))
        .filter(|said| !said.is_empty())
        .map(str::to_owned)
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `NASA` is a word if it is known, `XYZ` is spelled, `ChefGPT` is two things.
fn capitals(word: &str, context: &Context, lexicon: &Lexicon) -> Option<String> {
    let letters: Vec<char> = word.chars().filter(char::is_ascii_alphabetic).collect();
    let upper = letters.iter().filter(|c| c.is_uppercase()).count();
    let vowels = letters.iter().any(|c| "aeiouyAEIOUY".contains(*c));
    let plural = upper > 1 && upper + 1 == letters.len() && letters.last() == Some(&'s');
    if letters.len() > 1 && (upper == letters.len() || plural) && (letters.len() < 6 || !vowels)
        || letters.len() == 1
        || !vowels && letters.len() < 5 && letters.len() > 1
    {
        return Some(letters::spell(&letters.iter().collect::<String>()));
    }
    if upper == letters.len() {
        return None;
    }
    let inner = letters.iter().zip(letters.iter().skip(1));
    let cut = inner.enumerate().find(|(_, (a, b))| a.is_lowercase() && b.is_uppercase())?.0 + 1;
    let cut = word.char_indices().nth(cut).map(|(at, _)| at).filter(|_| !word.contains('\''))?;
    let (first, second) = word.split_at(cut);
    Some(one_word(first, context, lexicon) + &one_word(second, context, lexicon))
}

/// Each part, the lighter ones with less stress.
fn hyphened(word: &str, context: &Context, lexicon: &Lexicon) -> String {
    let parts = word.split('-').filter(|part| part.contains(|c: char| c.is_ascii_alphabetic()));
    let mut said: Vec<String> = parts.map(|part| one_word(part, context, lexicon)).collect();
    let heaviness = |said: &String| {
        let long = said.chars().map(|c| if "AIOQWYʤʧ".contains(c) { 2 } else { 1 }).sum::<usize>();
        (said.contains(PRIMARY), long)
    };
    let mut order: Vec<usize> = (0..said.len()).collect();
    order.sort_by_key(|at| heaviness(&said[*at]));
    if said.iter().filter(|said| said.contains(PRIMARY)).count() > said.len().div_ceil(2) {
        for &at in &order[..said.len() / 2] {
            said[at] = weighed(&said[at], Weight::Less);
        }
    }
    let whole = said.concat();
    if whole.contains(is_vowel) || whole.is_empty() { whole } else { stressed(&whole, PRIMARY) }
}
