//! Words whose pronunciation somebody wrote down.

use std::{borrow::Cow, collections::HashMap, fmt, fs, path::Path};

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, Visitor},
};

use super::super::VoiceError;

/// The American lexicons of misaki, in a few megabytes.
///
/// All words stand in one text, sorted, so that a word is found by halving.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// `word<TAB>phones` of all words, one behind the other.
    text: String,
    /// Where each begins; the last is the end.
    starts: Vec<u32>,
    /// Words that are said differently as different parts of speech.
    variants: HashMap<String, Vec<(String, String)>>,
}

impl Lexicon {
    /// A lexicon without words: all are said by rule.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Reads `us_gold.json` and `us_silver.json` of misaki; what is in both is taken from the first.
    ///
    /// # Errors
    /// If one of them is not there, or is no JSON object of words.
    pub fn load(gold: &Path, silver: &Path) -> Result<Self, VoiceError> {
        let read =
            |path: &Path| fs::read(path).map_err(|error| VoiceError::unreadable(path, &error));
        let (gold_text, silver_text) = (read(gold)?, read(silver)?);
        let broken = |path: &Path, problem| VoiceError::Broken { path: path.into(), problem };
        Ok(Self::of(
            read_entries(&gold_text).map_err(|problem| broken(gold, problem))?,
            read_entries(&silver_text).map_err(|problem| broken(silver, problem))?,
        ))
    }

    fn of(gold: Entries, silver: Entries) -> Self {
        let mut lexicon = Self::default();
        let mut plain: Vec<(Cow<str>, Cow<str>)> =
            Vec::with_capacity(gold.0.len() + silver.0.len());
        for (word, said) in gold.0.into_iter().chain(silver.0) {
            match said {
                Said::As(phones) => plain.push((word, phones)),
                Said::Either(variants) => {
                    // The usual one is found as any other word.
                    if let Some((_, usual)) = variants.iter().find(|(part, _)| part == "DEFAULT") {
                        plain.push((word.clone(), Cow::Owned(usual.clone())));
                    }
                    lexicon.variants.entry(word.into_owned()).or_insert(variants);
                }
                Said::Not => {}
            }
        }
        // Stable: of the same word gold stands first.
        plain.sort_by(|(a, _), (b, _)| a.cmp(b));
        plain.dedup_by(|(second, _), (first, _)| second == first);
        lexicon
            .text
            .reserve(plain.iter().map(|(word, phones)| word.len() + phones.len() + 1).sum());
        lexicon.starts.reserve(plain.len() + 1);
        for (word, phones) in plain {
            if word.contains('\t') {
                continue;
            }
            lexicon.starts.push(offset(lexicon.text.len()));
            lexicon.text.push_str(&word);
            lexicon.text.push('\t');
            lexicon.text.push_str(&phones);
        }
        lexicon.starts.push(offset(lexicon.text.len()));
        lexicon
    }

    /// The lexicon of two texts; an error says what is wrong.
    #[cfg(test)]
    pub(super) fn read(gold: &str, silver: &str) -> Result<Self, String> {
        Ok(Self::of(read_entries(gold.as_bytes())?, read_entries(silver.as_bytes())?))
    }

    /// How many words it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How a word is usually said; written exactly so.
    pub(super) fn usual(&self, word: &str) -> Option<&str> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let (found, phones) = self.entry(middle)?;
            match found.cmp(word) {
                std::cmp::Ordering::Equal => return Some(phones),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// How a word is said as a part of speech (`VERB`, `NOUN`, `ADJ`, `VBD`, …, `None` before a pause),
    /// if that is special.
    pub(super) fn variant(&self, word: &str, part: &str) -> Option<&str> {
        let variants = self.variants.get(word)?;
        variants.iter().find(|(known, _)| known == part).map(|(_, phones)| &**phones)
    }

    fn entry(&self, at: usize) -> Option<(&str, &str)> {
        let (start, end) = (*self.starts.get(at)? as usize, *self.starts.get(at + 1)? as usize);
        self.text.get(start..end)?.split_once('\t')
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a lexicon of 4 GB is refused before")]
fn offset(length: usize) -> u32 {
    length as u32
}

/// An error says what is wrong.
fn read_entries(json: &[u8]) -> Result<Entries<'_>, String> {
    if json.len() > 1 << 30 {
        return Err("it is far too big".into());
    }
    serde_json::from_slice(json).map_err(|error| error.to_string())
}

/// The pairs of a JSON object, in its order.
struct Entries<'a>(Vec<(Cow<'a, str>, Said<'a>)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object of words and phones")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::with_capacity(100_000);
                while let Some(Text(word)) = map.next_key()? {
                    pairs.push((word, map.next_value()?));
                }
                Ok(Entries(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// How a word is said.
enum Said<'a> {
    As(Cow<'a, str>),
    /// Part of speech and phones.
    Either(Vec<(String, String)>),
    Not,
}

impl<'de> Deserialize<'de> for Said<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Said<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("phones, or phones by part of speech")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Said::As(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Said::As(Cow::Owned(text.into())))
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Said::Not)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut variants = Vec::new();
                while let Some((part, phones)) = map.next_entry::<String, Option<String>>()? {
                    // What has no phones is spelled.
                    variants.push((part, phones.unwrap_or_default()));
                }
                Ok(Said::Either(variants))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// Text, borrowed where it stands as it is.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrow;
        impl<'de> Visitor<'de> for Borrow {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a word")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.into())))
            }
        }
        deserializer.deserialize_str(Borrow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_gold_wins() {
        let gold =
            r#"{"b": "bˈi", "use": {"DEFAULT": "jˈuz", "NOUN": "jˈus"}, "caf\u00e9": "kæfˈA"}"#;
        let lexicon = Lexicon::read(gold, r#"{"a": "x", "b": "y", "z": null}"#).unwrap();
        assert_eq!(lexicon.usual("b"), Some("bˈi"));
        assert_eq!(lexicon.usual("a"), Some("x"));
        assert_eq!(lexicon.usual("café"), Some("kæfˈA"));
        assert_eq!(lexicon.usual("use"), Some("jˈuz"));
        assert_eq!(lexicon.variant("use", "NOUN"), Some("jˈus"));
        assert_eq!(lexicon.usual("z"), None);
        assert_eq!(lexicon.len(), 4);
        assert!(Lexicon::empty().usual("b").is_none());
    }

    #[test]
    fn what_is_no_lexicon_is_named() {
        assert!(Lexicon::read("{}", r#"{"a": 1}"#).is_err());
        let folder = tempfile::tempdir().unwrap();
        let [gold, silver] = ["gold.json", "silver.json"].map(|name| folder.path().join(name));
        fs::write(&gold, "{}").unwrap();
        let error = Lexicon::load(&gold, &silver).unwrap_err();
        assert!(matches!(error, VoiceError::Missing(path) if path == silver));
        fs::write(&silver, "[]").unwrap();
        let error = Lexicon::load(&gold, &silver).unwrap_err().to_string();
        assert!(error.contains("silver.json is broken"), "{error}");
    }
}
