//! Words that only one fan knows: where another one hears them, fans are mixed up.

use std::collections::HashMap;

use crate::dice::roll;

/// How many words each fan has.
pub const WORDS: usize = 4;
/// How long each of them is, so that all are looked for at once.
const LENGTH: usize = 9;

const CONSONANTS: [&str; 14] =
    ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z"];
const VOWELS: [&str; 5] = ["a", "e", "i", "o", "u"];
/// Pairs that no English word has, but a tongue can say.
const KNOTS: [&str; 8] = ["zk", "vz", "kv", "gv", "zg", "fk", "vd", "zv"];

/// The words of all fans.
#[derive(Debug)]
pub struct Markers {
    words: Vec<[String; WORDS]>,
    owners: HashMap<Vec<u8>, Owner>,
}

/// Whose a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner {
    /// The fan, by number.
    pub fan: usize,
    /// Which of her words.
    pub word: usize,
}

impl Markers {
    /// Words for fans of these names or tokens: the same each time the same fan comes, so that what a
    /// server remembers of an earlier run is still hers.
    pub fn of<'a>(fans: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut words, mut owners) = (Vec::new(), HashMap::new());
        for (fan, identity) in fans.into_iter().enumerate() {
            words.push(std::array::from_fn(|word| {
                let mut salt = word as u64;
                loop {
                    let text = nonsense(salt, identity);
                    if !owners.contains_key(text.as_bytes()) {
                        owners.insert(text.clone().into_bytes(), Owner { fan, word });
                        return capitalised(&text);
                    }
                    salt += WORDS as u64;
                }
            }));
        }
        Self { words, owners }
    }

    /// A word of a fan, as she writes it.
    pub fn word(&self, owner: Owner) -> &str {
        self.words.get(owner.fan).map_or("", |words| words[owner.word].as_str())
    }

    /// Whose words are in a text, in upper or lower case, and within other words, too.
    pub fn in_text(&self, text: &str) -> Vec<Owner> {
        let lower = text.to_ascii_lowercase();
        let places = lower.as_bytes().windows(LENGTH);
        places.filter_map(|place| self.owners.get(place)).copied().collect()
    }
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_ascii_uppercase() + rest
}

/// A word such as `mizkobuta`.
fn nonsense(salt: u64, identity: &str) -> String {
    let pick = |place: &str, from: &'static [&'static str]| {
        from[roll(salt, &[identity, place], from.len())]
    };
    let mut word = String::from(pick("1", &CONSONANTS)) + pick("2", &VOWELS) + pick("3", &KNOTS);
    for place in ["4", "6"] {
        word += pick(place, &VOWELS);
        word += pick(&format!("{place}b"), &CONSONANTS);
    }
    word + pick("8", &VOWELS)
}

/// What is around a place in a text, for people to read.
pub fn around(text: &str, word: &str) -> String {
    const MOST: usize = 160;
    let lower = text.to_ascii_lowercase();
    let place = lower.find(&word.to_ascii_lowercase()).unwrap_or(0);
    let cut = |place: usize| (0..=place.min(text.len())).rfind(|&at| text.is_char_boundary(at));
    let from = cut(place.saturating_sub(MOST / 2)).unwrap_or(0);
    let to = cut(place + MOST / 2).unwrap_or(text.len());
    let (before, after) = (if from > 0 { "…" } else { "" }, if to < text.len() { "…" } else { "" });
    format!("{before}{}{after}", &text[from..to.max(from)])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("fan-{n}")).collect()
    }

    #[test]
    fn every_fan_has_words_of_her_own() {
        let names = names(2000);
        let markers = Markers::of(names.iter().map(String::as_str));
        let words: HashSet<&String> = markers.words.iter().flatten().collect();
        assert_eq!(words.len(), 2000 * WORDS);
        assert!(words.iter().all(|word| word.len() == LENGTH));
    }

    #[test]
    fn a_fan_keeps_her_words_whoever_else_comes() {
        let (all, one) = (Markers::of(["mina", "joon"]), Markers::of(["joon"]));
        let word = |markers: &Markers, fan| markers.word(Owner { fan, word: 2 }).to_owned();
        assert_eq!(word(&all, 1), word(&one, 0));
        assert_ne!(word(&all, 0), word(&all, 1));
    }

    #[test]
    fn what_our_fans_say_by_themselves_holds_no_word() {
        let names = names(500);
        let markers = Markers::of(names.iter().map(String::as_str));
        for text in [include_str!("messages/en.txt"), include_str!("messages/ko.txt")] {
            assert!(markers.in_text(text).is_empty());
        }
    }

    #[test]
    fn a_text_is_cut_around_the_word() {
        let long = "가".repeat(100) + "Mizkobuta" + &"나".repeat(100);
        let shown = around(&long, "mizkobuta");
        assert!(shown.starts_with("…가") && shown.ends_with('…') && shown.contains("Mizkobuta"));
        assert_eq!(around("Hi Mizkobuta!", "mizkobuta"), "Hi Mizkobuta!");
    }

    proptest! {
        #[test]
        fn a_word_is_found_wherever_it_stands(
            before in ".{0,20}", after in ".{0,20}", fan in 0..3_usize, word in 0..WORDS, loud: bool,
        ) {
            let markers = Markers::of(["a", "b", "c"]);
            let owner = Owner { fan, word };
            let said = markers.word(owner);
            let said = if loud { said.to_uppercase() } else { said.into() };
            let text = format!("{before}{said}{after}");
            prop_assert!(markers.in_text(&text).contains(&owner));
            prop_assert!(around(&text, &said).contains(&said));
        }
    }
}
