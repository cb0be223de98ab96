//! What is said of what is written.

use proptest::prelude::*;

use super::*;

/// The words as one string: letters that are spelled with `~`, pauses as they are.
fn said(text: &str) -> String {
    let all = items(text).into_iter().flat_map(|item| item.said);
    let words = all.map(|said| match said {
        Said::Word(word) => word,
        Said::Letters(letters) => format!("~{letters}"),
        Said::Pause(sign) => sign.into(),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn every_rule_is_a_pattern() {
    let tables = [signs::EARLY, clock::RULES, quantity::RULES, shorthand::RULES, signs::RULES];
    assert_eq!(RULES.len(), tables.iter().map(|table| table.len()).sum::<usize>());
}

#[test]
fn what_is_written_is_said_in_words() {
    for line in include_str!("table.tsv").lines().filter(|line| !line.starts_with('#')) {
        let (written, expected) = line.split_once('\t').unwrap();
        assert_eq!(said(written), expected, "{written}");
    }
}

#[test]
fn the_table_is_long_enough_to_trust() {
    assert!(include_str!("table.tsv").lines().count() > 120);
}

proptest! {
    #[test]
    fn no_letter_and_no_digit_is_dropped(text in "([a-zA-Z0-9.,:/'@#&%$€+*=~()\"-]{1,8} ?){0,30}|[ -~éñ½°–—…]{0,80}") {
        let items = items(&text);
        let mut at = 0;
        for item in &items {
            prop_assert!(at <= item.text.start && item.text.start < item.text.end);
            prop_assert!(!text[at..item.text.start].contains(|c: char| c.is_ascii_alphanumeric()), "{:?}", items);
            at = item.text.end;
            let written = text[item.text.clone()].contains(|c: char| c.is_ascii_alphanumeric());
            let spoken = item.said.iter().any(|said| !matches!(said, Said::Pause(_)));
            prop_assert!(spoken || !written, "{:?}", item);
        }
        prop_assert!(!text[at..].contains(|c: char| c.is_ascii_alphanumeric()));
    }
}
