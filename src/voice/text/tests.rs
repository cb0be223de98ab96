//! What is said of any text.

use proptest::prelude::*;

use super::*;

fn words(text: &str) -> Vec<&str> {
    let said = pronounce(text, Language::English, &Lexicon::empty());
    said.words.into_iter().map(|word| &text[word.text]).collect()
}

#[test]
fn only_words_are_said() {
    for (text, expected) in [
        ("", vec![]),
        ("💜💜✨", vec![]),
        ("(≧▽≦) :) ^^ T_T", vec![]),
        ("[joy]", vec![]),
        ("... !!! ???", vec![]),
        ("*waves*", vec![]),
        ("漢字", vec![]),
        ("ยินดี", vec![]),
        ("[joy] Hi 💜 there", vec!["Hi", "there"]),
        ("**Siwoo**, yes :)", vec!["Siwoo", "yes"]),
        ("see https://www.example.com/a?b now", vec!["see", "example.com", "now"]),
        ("[my song](https://example.com) is out", vec!["my", "song", "is", "out"]),
        ("ｆｕｌｌ width", vec!["ｆｕｌｌ", "width"]),
        ("ありがとう Marty", vec!["ありがとう", "Marty"]),
        ("I paid 3,000 won", vec!["I", "paid", "3,000", "won"]),
    ] {
        assert_eq!(words(text), expected, "{text}");
    }
}

#[test]
fn pauses_are_kept_and_edges_are_clean() {
    let said = |text| pronounce(text, Language::English, &Lexicon::empty()).to_ipa();
    assert_eq!(said("  [joy] …oh!!!   "), "ˈO!");
    assert_eq!(said("💜 oh 💜, no 💜"), "ˈO , nˈO");
    assert_eq!(said("oh、ありがとう。"), "ˈO,aɾʲiɡatoː.");
}

#[test]
fn a_long_text_is_read() {
    let text = "Siwoo sang 3,000 songs on Nov 26! *waves* (≧▽≦) [joy] ".repeat(200);
    assert_eq!(words(&text).len(), 1200);
    for sign in ["*", "(", "[", "a", "1", "-", "`", "<", "'", "ʕ", "\u{301}", "1,"] {
        let _ = words(&sign.repeat(10_000));
    }
}

proptest! {
    #[test]
    fn places_are_in_order_and_within_the_text(
        text in "\\PC{0,60}|([a-zA-Z0-9.,:/'@#&*_~()\\[\\]<>|`-]{1,8}[ \n]?|[한글ㅋ가あーカ💜…漢é½]{1,3}){0,30}"
    ) {
        for language in [Language::English, Language::Korean] {
            let said = pronounce(&text, language, &Lexicon::empty());
            let (mut at, mut phone) = (0, 0);
            for word in &said.words {
                prop_assert!(at <= word.text.start && word.text.start < word.text.end, "{:?}", said.words);
                prop_assert!(text.get(word.text.clone()).is_some());
                prop_assert!(phone <= word.phones.start && word.phones.start < word.phones.end);
                (at, phone) = (word.text.end, word.phones.end);
            }
            prop_assert!(phone <= said.phones.len());
        }
    }
}
