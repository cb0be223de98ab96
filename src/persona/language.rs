//! The languages a character can speak, and how politely.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A language that a character speaks; English unless said otherwise.
///
/// Written as its code, a bare word in a persona file: `en`, `ko`, `ja`, …
///
/// # Example
/// ```
/// use bevy_persona::persona::Language;
///
/// let language: Language = "ko".parse().unwrap();
/// assert_eq!(language.name(), "Korean");
/// let error = "jp".parse::<Language>().unwrap_err();
/// assert_eq!(error.to_string(), "`jp` is not a language: did you mean `ja`?");
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names say it")]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "ko")]
    Korean,
    #[serde(rename = "ja")]
    Japanese,
    #[serde(rename = "zh")]
    Chinese,
    #[serde(rename = "es")]
    Spanish,
    #[serde(rename = "fr")]
    French,
    #[serde(rename = "de")]
    German,
    #[serde(rename = "pt")]
    Portuguese,
    #[serde(rename = "id")]
    Indonesian,
    #[serde(rename = "th")]
    Thai,
    #[serde(rename = "vi")]
    Vietnamese,
}

impl Language {
    /// All of them, English first.
    pub const ALL: [Self; 11] = [
        Self::English,
        Self::Korean,
        Self::Japanese,
        Self::Chinese,
        Self::Spanish,
        Self::French,
        Self::German,
        Self::Portuguese,
        Self::Indonesian,
        Self::Thai,
        Self::Vietnamese,
    ];

    /// The two-letter code (ISO 639-1, as in BCP 47).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
            Self::Japanese => "ja",
            Self::Chinese => "zh",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::German => "de",
            Self::Portuguese => "pt",
            Self::Indonesian => "id",
            Self::Thai => "th",
            Self::Vietnamese => "vi",
        }
    }

    /// The name in English.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Korean => "Korean",
            Self::Japanese => "Japanese",
            Self::Chinese => "Chinese",
            Self::Spanish => "Spanish",
            Self::French => "French",
            Self::German => "German",
            Self::Portuguese => "Portuguese",
            Self::Indonesian => "Indonesian",
            Self::Thai => "Thai",
            Self::Vietnamese => "Vietnamese",
        }
    }

    /// The language that somebody probably meant by a word that is none of the codes.
    pub(super) fn meant_by(word: &str) -> Option<Self> {
        match word {
            "jp" => Some(Self::Japanese),
            "kr" => Some(Self::Korean),
            "cn" | "tw" => Some(Self::Chinese),
            "us" | "uk" | "gb" => Some(Self::English),
            "br" => Some(Self::Portuguese),
            "vn" => Some(Self::Vietnamese),
            _ => Self::ALL.into_iter().find(|language| {
                language.name().eq_ignore_ascii_case(word)
                    || word.split(['-', '_']).next() == Some(language.code())
                    || language.code().eq_ignore_ascii_case(word)
            }),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A word that is the code of no language we know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{word}` is not a language: {}", self.advice())]
pub struct ParseLanguageError {
    /// The word.
    pub word: String,
}

impl ParseLanguageError {
    fn advice(&self) -> String {
        match Language::meant_by(&self.word) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("use one of {}", Language::ALL.map(Language::code).join(", ")),
        }
    }
}

impl FromStr for Language {
    type Err = ParseLanguageError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|language| language.code() == word);
        known.ok_or_else(|| ParseLanguageError { word: word.into() })
    }
}

/// How politely a character speaks, in a language whose grammar marks it (Korean, Japanese).
///
/// A bare word in a persona file: `level: Polite`.
///
/// # Example
/// ```
/// use bevy_persona::persona::{Language, SpeechLevel};
///
/// assert_eq!(SpeechLevel::Polite.word(Language::Korean), Some("해요체"));
/// assert_eq!(SpeechLevel::Polite.word(Language::English), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SpeechLevel {
    /// As in a speech: 합쇼체, 敬語.
    Formal,
    /// Friendly and polite: 해요체, です・ます.
    Polite,
    /// As among close friends: 반말, タメ口.
    Casual,
    /// Polite, with casual words slipping in.
    Mixed,
}

impl SpeechLevel {
    /// What the language calls it; nothing where it has no such levels.
    #[must_use]
    pub const fn word(self, language: Language) -> Option<&'static str> {
        match (language, self) {
            (Language::Korean, Self::Formal) => Some("합쇼체"),
            (Language::Korean, Self::Polite) => Some("해요체"),
            (Language::Korean, Self::Casual) => Some("반말"),
            (Language::Korean, Self::Mixed) => Some("반말 섞인 해요체"),
            (Language::Japanese, Self::Formal) => Some("敬語"),
            (Language::Japanese, Self::Polite) => Some("です・ます"),
            (Language::Japanese, Self::Casual) => Some("タメ口"),
            (Language::Japanese, Self::Mixed) => Some("タメ口まじりのです・ます"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_reads_back_from_its_code() {
        for language in Language::ALL {
            assert_eq!(language.code().parse(), Ok(language));
            assert_eq!(ron::to_string(&language).unwrap(), language.code());
        }
    }

    #[test]
    fn a_country_or_a_name_leads_to_the_code() {
        for (word, meant) in [("kr", "ko"), ("Korean", "ko"), ("pt_BR", "pt"), ("EN", "en")] {
            let error = word.parse::<Language>().unwrap_err();
            let text = format!("`{word}` is not a language: did you mean `{meant}`?");
            assert_eq!(error.to_string(), text);
        }
    }
}
