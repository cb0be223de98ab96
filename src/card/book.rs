//! Entries of a lorebook, as facts of our lore and back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Book, Entry, macros::fill, spoken::Voice, world::told};
use crate::{
    mind::{
        Audience,
        lore::{Fact, Unlock},
    },
    persona::{Language, PersonaId},
};

/// A fact that is longer is not said word for word.
const SAYABLE: usize = 240;
/// How fans ask for somebody or something with a name, in English; and for a thing.
const BY_NAME: [&str; 3] = ["what is ", "who is ", "where is "];
const AS_THING: [&str; 2] = ["what is the ", "where is the "];

/// A fact that an entry became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// The place of the entry in the book.
    pub(super) entry: usize,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) keys: Vec<String>,
    pub(super) text: String,
    /// The fact as the character says it, if it can be said as it stands.
    pub(super) say: Option<String>,
}

/// What the entries of a book become: facts, and sentences that always stand in the prompt.
pub(super) fn facts(book: &Book, id: &PersonaId, voice: &Voice<'_>) -> Vec<Told> {
    let entries = book.entries.iter().enumerate();
    let used = entries.filter(|(_, entry)| entry.enabled && !always(entry) && !entry.use_regex);
    used.filter_map(|(at, entry)| fact(at, entry, id, voice)).collect()
}

/// What always stands in the prompt, with the places of the entries.
pub(super) fn constants(book: &Book, name: &str) -> Vec<(usize, Vec<String>)> {
    let entries = book.entries.iter().enumerate();
    let always = entries.filter(|(_, entry)| entry.enabled && always(entry));
    always.map(|(at, entry)| (at, told(without_decorators(&entry.content), name))).collect()
}

fn always(entry: &Entry) -> bool {
    entry.constant && !entry.use_regex
}

fn fact(at: usize, entry: &Entry, id: &PersonaId, voice: &Voice<'_>) -> Option<Told> {
    let content = without_decorators(&entry.content);
    let text = told(content, voice.name).join(" ");
    let named = if entry.name.trim().is_empty() { &entry.comment } else { &entry.name };
    let keys = keys(&entry.keys, voice);
    if text.is_empty() || keys.is_empty() {
        return None;
    }
    let is_about_them = text.to_lowercase().contains(&voice.name.to_lowercase())
        || fill(content, "\u{e000}", "\u{e000}").contains('\u{e000}');
    let say = (!is_about_them && text.chars().count() <= SAYABLE).then(|| voice.reply(content));
    Some(Told {
        entry: at,
        id: format!("{id}-book-{}", at + 1),
        title: line(named),
        keys,
        text,
        say: say.flatten(),
    })
}

/// The keys, and in English how fans ask for them.
fn keys(keys: &[String], voice: &Voice<'_>) -> Vec<String> {
    let mut known = BTreeSet::new();
    let keys = keys.iter().map(|key| line(&fill(key, voice.name, "")));
    let keys = keys.filter(|key| key.contains(char::is_alphanumeric) && known.insert(key.clone()));
    let mut all: Vec<String> = keys.collect();
    if voice.language == Language::English {
        let asks: Vec<String> = all.iter().flat_map(|key| asked(key)).collect();
        all.extend(asks);
    }
    all
}

fn asked(key: &str) -> impl Iterator<Item = String> {
    let has_name = key.starts_with(char::is_uppercase) || key.starts_with("the ");
    let asks = if has_name { &BY_NAME[..] } else { &AS_THING[..] };
    asks.iter().map(move |ask| format!("{ask}{key}"))
}

/// The keys without how fans ask for them.
fn plain_keys(keys: &[String]) -> Vec<&String> {
    let known: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
    let is_ask = |key: &String| {
        let mut asks = BY_NAME.iter().chain(&AS_THING);
        asks.any(|ask| key.strip_prefix(ask).is_some_and(|rest| known.contains(rest)))
    };
    keys.iter().filter(|key| !is_ask(key)).collect()
}

fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of V3 may begin with lines that direct the program: `@@depth 4`.
pub(super) fn without_decorators(content: &str) -> &str {
    let mut rest = content;
    while rest.trim_start().starts_with("@@") {
        rest = rest.trim_start().split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest
}

/// Brings a book up to date with what our lore says now; `made` is what its entries became. Gives how
/// many facts are not for everybody: no card may tell them.
pub(super) fn update(
    book: &mut Value,
    made: &[Told],
    facts: &[&Fact],
    language: Language,
) -> usize {
    let is_public =
        |fact: &&&Fact| fact.audience == Audience::Public && fact.unlock == Unlock::None;
    let public: Vec<&Fact> = facts.iter().filter(is_public).copied().collect();
    let kept_back = facts.len() - public.len();
    let Some(entries) = book.get_mut("entries").and_then(Value::as_array_mut) else {
        return kept_back;
    };
    let mut left: BTreeMap<&str, &Fact> = public.iter().map(|fact| (&*fact.id, *fact)).collect();
    for told in made.iter().rev() {
        match left.remove(&*told.id) {
            Some(fact) => {
                if let Some(Value::Object(entry)) = entries.get_mut(told.entry) {
                    edit(entry, told, fact, language);
                }
            }
            None if told.entry < entries.len() => drop(entries.remove(told.entry)),
            None => {}
        }
    }
    let new = public.into_iter().filter(|fact| left.contains_key(&*fact.id));
    for (order, fact) in (entries.len()..).zip(new) {
        entries.extend(entry(fact, language, order));
    }
    kept_back
}

fn edit(entry: &mut Map<String, Value>, told: &Told, fact: &Fact, language: Language) {
    if let Some(text) = fact.text_in(language).filter(|text| *text != told.text) {
        entry.insert("content".into(), text.into());
    }
    if let Some(keys) = fact.keys.get(&language).filter(|keys| **keys != told.keys) {
        entry.insert("keys".into(), json!(plain_keys(keys)));
    }
    let title = fact.title.get(&language).map(String::as_str);
    // Without any title it has lost the one it had; one in another language says nothing.
    let title = title.or(fact.title.is_empty().then_some(""));
    if let Some(title) = title.filter(|title| *title != told.title) {
        entry.insert("name".into(), title.into());
    }
}

fn entry(fact: &Fact, language: Language, order: usize) -> Option<Value> {
    let keys = fact.keys.get(&language).map(|keys| plain_keys(keys)).unwrap_or_default();
    let mut entry = json!({
        "keys": keys,
        "content": fact.text.get(&language)?,
        "extensions": {},
        "enabled": true,
        "insertion_order": order,
        "use_regex": false,
    });
    if let (Some(title), Value::Object(entry)) = (fact.title.get(&language), &mut entry) {
        entry.insert("name".into(), title.as_str().into());
    }
    Some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decorators_are_no_text() {
        assert_eq!(without_decorators("@@depth 4\n@@@x\n\nThe well glows."), "\nThe well glows.");
        assert_eq!(without_decorators("Mail @@me"), "Mail @@me");
        assert_eq!(without_decorators("@@only"), "");
    }

    #[test]
    fn keys_are_asked_for_and_found_again() {
        let voice = Voice { name: "Nuri", language: Language::English };
        let written = ["well", " ", "the\nwell", "well", "Ann"].map(Into::into);
        let asked = keys(&written, &voice);
        for key in ["what is the well", "where is the well", "who is Ann"] {
            assert!(asked.iter().any(|asked| asked == key), "{asked:?}");
        }
        assert!(!asked.iter().any(|asked| asked.contains("the the")), "{asked:?}");
        assert_eq!(plain_keys(&asked), ["well", "the well", "Ann"]);
    }
}
