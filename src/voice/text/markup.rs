//! Markup is seen, not heard.

use std::{ops::Range, sync::LazyLock};

use regex::{Captures, Regex};

use super::cleaned::Cleaned;

/// What is said of markup that was found.
type Say = fn(&Captures) -> Option<String>;

/// A kind of markup, and what is said of it.
struct Rule {
    pattern: Regex,
    say: Say,
}

/// What stands in the first group.
fn first_group(found: &Captures) -> Option<String> {
    found.get(1).map(|group| group.as_str().into())
}

#[expect(clippy::unnecessary_wraps, reason = "one of several functions of this type")]
fn nothing(_: &Captures) -> Option<String> {
    Some(" ".into())
}

/// In this order, since what one takes out another needs not see.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rules: [(&str, Say); 22] = [
        // Code that is fenced off, comments, pictures.
        (r"(?s)```.*?(?:```|\z)", |_| Some(" … ".into())),
        (r"(?s)<!--.*?-->", nothing),
        (r"!\[[^\]\n]*\]\([^)\n]*\)", nothing),
        // Links: their words, or the name of the host.
        (r"\[([^\]\n]+)\]\([^)\n]*\)", first_group),
        (
            r"<?\bhttps?://(?:www\.)?([\w.-]+\w)(?::\d+)?(?:[/?#][^\s<>)\]]*[\w/=&#-])?>?",
            first_group,
        ),
        (r"\bwww\.((?:[\w-]+\.)+[A-Za-z]{2,})(?:/[^\s<>)\]]*[\w/])?", first_group),
        (r"\b((?:[\w-]+\.)+(?:com|net|org|io|kr|jp|tv|gg|me))/[^\s<>)\]]*[\w/]", first_group),
        // Tags of feelings and directions for the stage.
        (r"\[[^\]\n]{0,60}\]", nothing),
        (r"</?[A-Za-z][^<>\n]{0,80}>", nothing),
        (r"&(amp|lt|gt|nbsp|quot|apos|#39);", |found| {
            let said = match &found[1] {
                "amp" => "&",
                "quot" => "\"",
                "apos" | "#39" => "'",
                _ => " ",
            };
            Some(said.into())
        }),
        // Lines: rules, table rules, headings, quotes, bullets.
        (r"(?m)^[ \t]*(?:[-*_=][ \t]*){3,}$", nothing),
        (r"(?m)^[ \t]*\|?[ \t:|-]*-{3}[ \t:|-]*$", nothing),
        (r"(?m)^[ \t]{0,3}#{1,6}[ \t]+", nothing),
        (r"(?m)^[ \t]*(?:>[ \t]?)+", nothing),
        (r"(?m)^[ \t]*[-*+•‣▪·][ \t]+", nothing),
        (r"\|\|([^|\n]+)\|\|", first_group),
        (r"[ \t]*\|[ \t]*", |_| Some(", ".into())),
        // Emphasis of two signs, and deleted words.
        (r"\*\*\*?([^*\n]+?)\*\*\*?", first_group),
        (r"\b{start-half}__([^_\n]+?)__\b{end-half}", first_group),
        (r"\b{start-half}~~[^~\s](?:[^~\n]*[^~\s])?~~\b{end-half}", nothing),
        (r"`+([^`\n]*)`+", first_group),
        (r"\b{start-half}_([^_\n]+?)_\b{end-half}", first_group),
    ];
    let rule = |(pattern, say)| Some(Rule { pattern: Regex::new(pattern).ok()?, say });
    rules.into_iter().filter_map(rule).collect()
});

static STARRED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\*([^\s*](?:[^*\n]*[^\s*])?)\*").ok());

/// Takes markup out; what it marked stays.
pub(super) fn without_markup(mut text: Cleaned) -> Cleaned {
    for rule in &*RULES {
        text = replaced(&text, &rule.pattern, rule.say);
    }
    match &*STARRED {
        Some(starred) => without_actions(&text, starred),
        None => text,
    }
}

fn replaced(text: &Cleaned, pattern: &Regex, say: impl Fn(&Captures) -> Option<String>) -> Cleaned {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for found in pattern.captures_iter(text.as_str()) {
        let Some(whole) = found.get(0).filter(|whole| !whole.is_empty()) else { continue };
        let inner = found.get(1);
        let with = say(&found).unwrap_or_default();
        match inner.filter(|inner| inner.as_str() == with) {
            // What stays keeps its own places.
            Some(inner) => {
                edits.push((whole.start()..inner.start(), String::new()));
                edits.push((inner.end()..whole.end(), String::new()));
            }
            None => edits.push((whole.range(), with)),
        }
    }
    edits.retain(|(range, _)| !range.is_empty());
    if edits.is_empty() { text.clone() } else { text.edited(&edits) }
}

/// `*waves*` is done and not said, `*really*` is said.
fn without_actions(text: &Cleaned, starred: &Regex) -> Cleaned {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let all = text.as_str();
    for found in starred.captures_iter(all) {
        let (Some(whole), Some(inner)) = (found.get(0), found.get(1)) else { continue };
        let (before, after) = (&all[..whole.start()], &all[whole.end()..]);
        let glued =
            before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
        if glued {
            continue;
        }
        if is_action(inner.as_str(), before, after) {
            edits.push((whole.range(), " ".into()));
        } else {
            edits.push((whole.start()..inner.start(), String::new()));
            edits.push((inner.end()..whole.end(), String::new()));
        }
    }
    if edits.is_empty() { text.clone() } else { text.edited(&edits) }
}

fn is_action(words: &str, before: &str, after: &str) -> bool {
    const NO_VERBS: [&str; 14] = [
        "is",
        "was",
        "this",
        "always",
        "us",
        "yes",
        "as",
        "its",
        "his",
        "has",
        "does",
        "perhaps",
        "thanks",
        "sometimes",
    ];
    let first = words.split_whitespace().next().unwrap_or_default().to_lowercase();
    let first = first.trim_end_matches(|c: char| !c.is_alphanumeric());
    let verb = (first.ends_with('s') && !first.ends_with("ss") || first.ends_with("ing"))
        && !NO_VERBS.contains(&first);
    let begins = before.trim_end_matches([' ', '\t']);
    let begins = begins.is_empty() || begins.ends_with(['.', '!', '?', '…', '\n', '~']);
    let after = after.trim_start_matches([' ', '\t']);
    let ends = after.is_empty() || after.starts_with(['\n', '.', '!', '?', '…']) || {
        after.starts_with(|c: char| c.is_uppercase() || !c.is_ascii())
    };
    let lowered = words.starts_with(|c: char| !c.is_uppercase());
    begins && ends && lowered || verb && lowered && (begins || ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> String {
        let cleaned = without_markup(Cleaned::new(text));
        cleaned.as_str().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn marks_go_and_words_stay() {
        for (text, said) in [
            ("[joy] Hi **there**!", "Hi there!"),
            ("*waves* Hello!", "Hello!"),
            ("Hello! *giggles softly*", "Hello!"),
            ("I *really* mean it", "I really mean it"),
            ("I *do* love you", "I do love you"),
            ("see [my song](https://example.com/a?b=c)!", "see my song!"),
            ("at https://www.youtube.com/watch?v=abc now", "at youtube.com now"),
            ("# Title\n- one\n- two", "Title one two"),
            ("> quoted\n1. first", "quoted 1. first"),
            ("run `cargo` ```fn main() {}``` ok", "run cargo … ok"),
            ("~~no~~ yes", "yes"),
            ("안녕~~ 보고 싶었어~~", "안녕~~ 보고 싶었어~~"),
            ("a ||secret|| b", "a secret b"),
            ("Tom &amp; Jerry", "Tom & Jerry"),
            ("<b>bold</b> move", "bold move"),
            ("2 * 3 * 4", "2 * 3 * 4"),
            ("snake_case_name", "snake_case_name"),
            ("_soft_ words", "soft words"),
            ("![cat](cat.png) meow", "meow"),
            ("[neutral] 안녕 **시우**", "안녕 시우"),
            ("---\nnew", "new"),
            ("f*** that", "f*** that"),
        ] {
            assert_eq!(cleaned(text), said, "{text}");
        }
    }

    #[test]
    fn every_rule_is_a_pattern() {
        assert_eq!(RULES.len(), 22);
        assert!(STARRED.is_some());
    }
}
