use proptest::prelude::*;

use super::{pronounce, respelling::lines, spoken};
use crate::hangul::is_syllable;

/// All phones of the voice model.
const VOCABULARY: &str = ";:,.!?—…\"()“” \u{303}ʣʥʦʨᵝꭧAIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔɕçɖðʤəɚɛ\
    ɜɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔˈˌːʰʲ↓→↗↘ᵻ";

fn compare(table: &str) {
    let wrong: Vec<String> = lines(table)
        .filter_map(|line| line.split_once('\t'))
        .filter(|(written, said)| spoken(written) != *said)
        .map(|(written, said)| format!("{written} is {}, not {said}", spoken(written)))
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn words_are_said_by_the_standard() {
    compare(include_str!("tests/spoken.tsv"));
}

#[test]
fn numbers_and_letters_are_said_in_korean() {
    compare(include_str!("tests/numbers.tsv"));
}

#[test]
fn words_and_pauses_stay_in_place() {
    let text = "좋아요, 3시!";
    let pronunciation = pronounce(text);
    assert_eq!(pronunciation.to_ipa(), "ʨoajo, seɕi!");
    let words: Vec<(&str, String)> = pronunciation
        .words
        .iter()
        .map(|word| {
            let phones = pronunciation.phones[word.phones.clone()].iter().collect();
            (&text[word.text.clone()], phones)
        })
        .collect();
    assert_eq!(words, [("좋아요", "ʨoajo".into()), ("3시", "seɕi".into())]);
}

#[test]
fn laughter_and_tears_are_silent() {
    assert_eq!(pronounce("ㅋㅋㅋ ㅠㅠ ~~ ♥").phones, []);
}

/// Checks what holds for every text.
fn check(text: &str) {
    let pronunciation = pronounce(text);
    for phone in &pronunciation.phones {
        assert!(VOCABULARY.contains(*phone), "{phone:?} is unknown");
    }
    let (mut text_end, mut phones_end) = (0, 0);
    for word in &pronunciation.words {
        assert!(text_end <= word.text.start && word.text.start < word.text.end);
        assert!(text.get(word.text.clone()).is_some());
        assert!(phones_end <= word.phones.start && word.phones.start < word.phones.end);
        (text_end, phones_end) = (word.text.end, word.phones.end);
    }
    assert!(phones_end <= pronunciation.phones.len());
    for (place, character) in text.char_indices() {
        if is_syllable(character) || character.is_ascii_alphanumeric() {
            let kept = pronunciation.words.iter().any(|word| word.text.contains(&place));
            assert!(kept, "{character:?} at {place} is left out");
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_korean_is_read(text in "[가-힣ㅋㅠ0-9a-zA-Z~.,:/%+$ -]{0,40}") {
        check(&text);
    }

    #[test]
    fn any_number_is_read(text in "[-0-9,.:/~%시개월만 ]{0,30}") {
        check(&text);
    }
}
