//! What is let through tells nothing, changes nothing, and does not depend on the pieces.

use std::{collections::BTreeMap, sync::OnceLock};

use proptest::prelude::*;

use super::*;
use crate::{
    cuts::cuts,
    mind::{
        disclosure::tests::{FILE, all_locked},
        text::{contains_form, fold},
    },
};

/// Parts of secrets, of harmless phrases, and of neither.
const PARTS: &[&str] = &[
    "seven",
    "blue",
    "herons",
    "heron",
    "the",
    "door",
    "opens",
    "password",
    "s",
    "e",
    "v",
    "n",
    "lantern",
    "festival",
    "night",
    "comeback",
    "3",
    "march",
    "3rd",
    "marching",
    "birthday",
    "my",
    "older",
    "sister",
    "taught",
    "me",
    "r",
    "i",
    "a",
    "Ria",
    "ria",
    "pizzeria",
    "fifth",
    "voice",
    "that",
    "nobody",
    "recorded",
    "member",
    "our",
    "open",
    "gate",
    "again",
    "once",
    "more",
    "pandora",
    "silence",
    "let",
    "us",
    "go",
    "on",
    "purpose",
    "lattice",
    "리아",
    "리",
    "아",
    "마",
    "일곱",
    "파란",
    "왜가리",
    "언니",
    "가르쳐",
    "컴백",
    "랜턴",
    "3월",
    "3일",
    "리을",
    "이",
    "이응",
    "ㄹㅣㅇㅏ",
    "yes",
    "you're",
    "right",
    "네",
    "맞아요",
    "七羽の青い鷺",
    "リア",
    "ル",
    "Umlh",
    "72",
    "69",
    "61",
    ".-.",
    "..",
    ".-",
    "h3r0ns",
    "b1ue",
    "hello",
    "안녕",
    "!",
    "…",
    "🙂",
    "\u{200b}",
    "\u{301}",
    "\u{3099}",
    "<3",
    "a",
    "Um",
];
const GAPS: &[&str] = &["", " ", " ", " ", ", ", "\n", ". ", "-", "\u{3000}"];

prop_compose! {
    fn reply()(parts in prop::collection::vec((0..PARTS.len(), 0..GAPS.len()), 0..24)) -> String {
        parts.iter().flat_map(|(part, gap)| [PARTS[*part], GAPS[*gap]]).collect()
    }
}

/// What is shown after each piece and at the end, and whether there was a leak.
fn shown(member: &str, fan: &str, pieces: &[&str]) -> (Vec<String>, bool) {
    let mut guard = Guard::new(all_locked(member), fan);
    let (mut text, mut all) = (String::new(), Vec::new());
    for piece in pieces {
        text += &guard.push(piece);
        all.push(text.clone());
    }
    text += &guard.finish();
    all.push(text);
    (all, guard.leak().is_some())
}

/// The forms of a secret, for a simpler look at them.
struct Forms {
    certain: Vec<String>,
    harmless: Vec<String>,
    everyday: Vec<String>,
}

fn forms() -> &'static [Forms] {
    static FORMS: OnceLock<Vec<Forms>> = OnceLock::new();
    FORMS.get_or_init(|| {
        let file: toml::Table = FILE.parse().unwrap();
        file.iter().filter(|(id, _)| id.starts_with('s')).map(|(_, secret)| of(secret)).collect()
    })
}

fn of(secret: &toml::Value) -> Forms {
    let strings = |value: Option<&toml::Value>| -> Vec<String> {
        value.and_then(|value| value.clone().try_into().ok()).unwrap_or_default()
    };
    let unless = secret.get("safe_unless").and_then(|all| all.as_array()).into_iter().flatten();
    let unless = unless.map(|safe| safe["phrase"].as_str().unwrap().to_string());
    let certain: BTreeMap<String, Vec<String>> = secret["certain"].clone().try_into().unwrap();
    let certain = certain.values().flatten().map(|form| fold(form));
    Forms {
        // Shorter forms of other scripts are looked for at the beginning of words only.
        certain: certain.filter(|form| form.is_ascii() || form.chars().count() > 2).collect(),
        harmless: strings(secret.get("safe_phrases")).into_iter().chain(unless).collect(),
        everyday: strings(secret.get("everyday").and_then(|everyday| everyday.get("words"))),
    }
}

/// Whether the text holds a form that gives something away, by a simpler look at it.
fn holds_a_form(text: &str) -> bool {
    forms().iter().any(|secret| {
        let blank = |text: String, safe: &String| text.replace(&fold(safe), "x");
        let text = secret.harmless.iter().fold(fold(text), blank);
        !secret.everyday.iter().any(|word| text.contains(word))
            && secret.certain.iter().any(|form| contains_form(&text, form))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_let_through_tells_nothing(
        reply in reply(),
        fan in reply(),
        cuts in cuts(),
        member in prop::sample::select(vec!["siwoo", "jena", "taira", "marty"]),
    ) {
        let (shown, leaks) = shown(member, &fan, &cuts.of(&reply));
        let locked = all_locked(member);
        for text in &shown {
            prop_assert!(reply.starts_with(text.as_str()), "{text:?} of {reply:?}");
            prop_assert_eq!(locked.finds_in_answer(&fan, text), None, "{:?} of {:?}", text, &reply);
            if !fan.contains("birthday") {
                prop_assert_eq!(locked.finds(text), None, "{:?} of {:?}", text, &reply);
                prop_assert!(!holds_a_form(text), "{:?} of {:?}", text, &reply);
            }
        }
        let found = locked.finds_in_answer(&fan, &reply);
        prop_assert_eq!(found.is_some(), leaks);
        if !leaks {
            prop_assert_eq!(shown.last(), Some(&reply));
        }
    }

    #[test]
    fn the_pieces_make_no_difference(
        reply in reply(),
        fan in reply(),
        cuts in cuts(),
    ) {
        let whole = shown("jena", &fan, &[&reply]);
        let cut = shown("jena", &fan, &cuts.of(&reply));
        prop_assert_eq!(whole.0.last(), cut.0.last());
        prop_assert_eq!(whole.1, cut.1);
    }

    #[test]
    fn any_text_is_read(reply in "(?s).{0,60}", fan in "(?s).{0,60}") {
        let (shown, leaks) = shown("siwoo", &fan, &[&reply]);
        prop_assert!(leaks || shown.last() == Some(&reply));
    }
}

#[test]
fn a_harmless_phrase_waits_for_its_end() {
    let mut guard = Guard::new(all_locked("siwoo"), "");
    assert_eq!(guard.push("A new song for the lantern "), "A new song for the");
    assert_eq!(guard.push("festival "), " lantern festival");
    let mut guard = Guard::new(all_locked("siwoo"), "");
    assert_eq!(guard.push("A new song for the lantern "), "A new song for the");
    assert_eq!(guard.push("light "), "");
    assert_eq!(guard.leak().map(|leak| &*leak.id), Some("s05"));
}

#[test]
fn a_reply_that_ends_with_a_secret_keeps_it() {
    let mut guard = Guard::new(all_locked("siwoo"), "");
    assert_eq!(guard.push("She is called Ria"), "She is called");
    assert_eq!(guard.finish(), "");
    assert!(guard.leak().is_some());
}

#[test]
fn little_is_held_back() {
    let text = "[joy] It rained all afternoon, so I sat by the window of the Greenhouse and hummed \
        the second verse until Jena fell over a cable. Did you take an umbrella today, or did you \
        get to dance in it?";
    let mut guard = Guard::new(all_locked("siwoo"), "hi, how was your day?");
    let (mut held, mut pushed, mut shown) = (0, 0, 0);
    for c in text.chars() {
        pushed += 1;
        shown += guard.push(c.encode_utf8(&mut [0; 4])).chars().count();
        held += pushed - shown;
    }
    assert!(held < 6 * pushed, "{held} for {pushed} characters");
}
