//! How whole texts are said.

use proptest::prelude::*;

use super::*;

/// A few hundred words of the real lexicons.
fn excerpt() -> Result<Lexicon, String> {
    let text = include_str!("../../../tests/data/voice/lexicon_excerpt.json");
    Lexicon::read(text, "{}")
}

/// The phones that Kokoro knows.
const VOCABULARY: &str = ";:,.!?—…\"()“” ̃ʣʥʦʨᵝꭧAIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔɕçɖðʤəɚɛɜɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔˈˌːʰʲ↓→↗↘ᵻ";

#[test]
fn texts_are_said_as_the_voice_learned_it() {
    let lexicon = excerpt().unwrap();
    let lines = include_str!("table.tsv").lines().filter(|line| !line.starts_with('#'));
    let mut rows = 0;
    for line in lines {
        let (text, expected) = line.split_once('\t').unwrap();
        assert_eq!(pronounce(text, &lexicon).to_ipa(), expected, "{text}");
        rows += 1;
    }
    assert!(rows > 80);
}

#[test]
fn words_are_known_by_their_places() {
    let text = "At 3:30, Siwoo sings.";
    let said = pronounce(text, &excerpt().unwrap());
    let words: Vec<&str> = said.words.iter().map(|word| &text[word.text.clone()]).collect();
    assert_eq!(words, ["At", "3:30", "Siwoo", "sings"]);
    let name: String = said.phones[said.words[2].phones.clone()].iter().collect();
    assert_eq!(name, "ʃˈiwˌu");
}

#[test]
fn without_a_lexicon_everything_is_said_by_rule() {
    let said = pronounce("you and I love the new song, Siwoo!", &Lexicon::empty());
    assert_eq!(said.to_ipa(), "ju ænd ˌI lˈʌv ðə nˈu sˈɔŋ, ʃˈiwˌu!");
}

#[test]
fn names_and_small_words_are_made_of_phones() {
    let tables = [include_str!("names.tsv"), include_str!("common.tsv")];
    for line in tables.into_iter().flat_map(str::lines).filter(|line| !line.starts_with('#')) {
        let (word, phones) = line.split_once('\t').unwrap();
        assert_eq!(word, word.to_lowercase());
        assert!(!phones.is_empty() && phones.chars().all(|c| VOCABULARY.contains(c)), "{line}");
        assert!(phones.matches('ˈ').count() < 2, "{line}");
    }
}

proptest! {
    #[test]
    fn every_word_is_said_in_phones_of_the_vocabulary(
        text in "([a-zA-Z0-9.,:/'@#&%$€+*=~()\"-]{1,8} ?){0,30}|\\PC{0,60}"
    ) {
        let said = pronounce(&text, &Lexicon::empty());
        let (mut at, mut phone) = (0, 0);
        for word in &said.words {
            prop_assert!(at <= word.text.start && word.text.start < word.text.end);
            prop_assert!(phone <= word.phones.start && word.phones.start < word.phones.end);
            prop_assert!(text.get(word.text.clone()).is_some());
            prop_assert!(!text[at..word.text.start].contains(|c: char| c.is_ascii_alphanumeric()));
            (at, phone) = (word.text.end, word.phones.end);
        }
        prop_assert!(!text[at..].contains(|c: char| c.is_ascii_alphanumeric()));
        prop_assert!(phone <= said.phones.len());
        prop_assert!(said.phones.iter().all(|c| VOCABULARY.contains(*c)), "{}", said.to_ipa());
    }
}
